#include "platform/settings_store.h"

#include <QMap>

namespace vx11::ui {
namespace {

const QString geometryKey = QStringLiteral("window/geometry");
const QString pageKey = QStringLiteral("window/page");
const QString dockKey = QStringLiteral("window/dock");
const QString dockHeightKey = QStringLiteral("window/dockHeight");
const QString profileKey = QStringLiteral("session/profile");
const QString themeKey = QStringLiteral("appearance/theme");
const QString densityKey = QStringLiteral("appearance/density");
const QString restoreKey = QStringLiteral("session/restore");
const QString notifyKey = QStringLiteral("alerts/notify");
const QString countKey = QStringLiteral("issue/count");
const QString ttlKey = QStringLiteral("issue/ttl");
const QString localKey = QStringLiteral("local/instances");
const QString localRedisKey = QStringLiteral("local/redisServers");

const QMap<QString, ThemeChoice> themeWords = {{QStringLiteral("system"), ThemeChoice::System},
                                               {QStringLiteral("light"), ThemeChoice::Light},
                                               {QStringLiteral("dark"), ThemeChoice::Dark}};
const QMap<QString, Density> densityWords = {{QStringLiteral("normal"), Density::Normal},
                                             {QStringLiteral("compact"), Density::Compact},
                                             {QStringLiteral("relaxed"), Density::Relaxed}};

template <typename Choice>
Choice wordOf(const QMap<QString, Choice>& words, const QVariant& word, Choice otherwise) {
  return words.value(word.toString(), otherwise);
}

/// Nothing where there is none, or one that makes no sense.
std::optional<int> numberOf(const QSettings& settings, const QString& key, int least, int most) {
  bool number = false;
  const int value = settings.value(key).toInt(&number);
  return number && value >= least && value <= most ? std::optional(value) : std::nullopt;
}

QString viewKey(const QString& page) { return QStringLiteral("pages/") + page; }

QString alertKey(const QString& profile) {
  // A slash would be a group of its own.
  return QStringLiteral("alerts/of ") + QString::fromLatin1(profile.toUtf8().toPercentEncoding());
}

std::unique_ptr<QSettings> open(const QString& directory) {
  if (directory.isEmpty())
    return std::make_unique<QSettings>(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("vx11"),
                                       QStringLiteral("console"));
  return std::make_unique<QSettings>(directory + QStringLiteral("/console.ini"), QSettings::IniFormat);
}

}  // namespace

SettingsStore::SettingsStore(const QString& directory) : settings_(open(directory)) {}

QByteArray SettingsStore::geometry() const { return settings_->value(geometryKey).toByteArray(); }

void SettingsStore::setGeometry(const QByteArray& geometry) { settings_->setValue(geometryKey, geometry); }

QString SettingsStore::lastPage() const { return settings_->value(pageKey).toString(); }

void SettingsStore::setLastPage(const QString& name) { settings_->setValue(pageKey, name); }

QString SettingsStore::dock() const { return settings_->value(dockKey).toString(); }

void SettingsStore::setDock(const QString& name) { settings_->setValue(dockKey, name); }

int SettingsStore::dockHeight() const { return settings_->value(dockHeightKey).toInt(); }

void SettingsStore::setDockHeight(int height) { settings_->setValue(dockHeightKey, height); }

Preferences SettingsStore::preferences() const {
  const Preferences first;
  Preferences read;
  read.theme = wordOf(themeWords, settings_->value(themeKey), first.theme);
  read.density = wordOf(densityWords, settings_->value(densityKey), first.density);
  read.restoresSession = settings_->value(restoreKey, first.restoresSession).toBool();
  read.notifies = settings_->value(notifyKey, first.notifies).toBool();
  read.issueCount = numberOf(*settings_, countKey, 1, 100'000).value_or(first.issueCount);
  read.issueTtlSec = numberOf(*settings_, ttlKey, 1, 86'400);
  read.localInstances = numberOf(*settings_, localKey, 1, 10).value_or(first.localInstances);
  read.localRedisServers = numberOf(*settings_, localRedisKey, 1, 3).value_or(1) == 3 ? 3 : 1;
  return read;
}

void SettingsStore::setPreferences(const Preferences& preferences) {
  settings_->setValue(themeKey, themeWords.key(preferences.theme));
  settings_->setValue(densityKey, densityWords.key(preferences.density));
  settings_->setValue(restoreKey, preferences.restoresSession);
  settings_->setValue(notifyKey, preferences.notifies);
  settings_->setValue(countKey, preferences.issueCount);
  if (preferences.issueTtlSec)
    settings_->setValue(ttlKey, *preferences.issueTtlSec);
  else
    settings_->remove(ttlKey);
  settings_->setValue(localKey, preferences.localInstances);
  settings_->setValue(localRedisKey, preferences.localRedisServers);
}

QString SettingsStore::lastProfile() const { return settings_->value(profileKey).toString(); }

void SettingsStore::setLastProfile(const QString& key) { settings_->setValue(profileKey, key); }

QVariantMap SettingsStore::viewState(const QString& page) const { return settings_->value(viewKey(page)).toMap(); }

void SettingsStore::setViewState(const QString& page, const QVariantMap& state) {
  settings_->setValue(viewKey(page), state);
}

QVariantMap SettingsStore::alertState(const QString& profile) const {
  return settings_->value(alertKey(profile)).toMap();
}

void SettingsStore::setAlertState(const QString& profile, const QVariantMap& state) {
  settings_->setValue(alertKey(profile), state);
}

void SettingsStore::resetLayout() {
  settings_->remove(QStringLiteral("window"));
  settings_->remove(QStringLiteral("pages"));
}

}  // namespace vx11::ui
