#include "platform/settings_store.h"

namespace vx11::ui {
namespace {

const QString geometryKey = QStringLiteral("window/geometry");
const QString pageKey = QStringLiteral("window/page");
const QString dockKey = QStringLiteral("window/dock");
const QString dockHeightKey = QStringLiteral("window/dockHeight");
const QString themeKey = QStringLiteral("appearance/theme");

QString viewKey(const QString& page) { return QStringLiteral("pages/") + page; }

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

ThemeChoice SettingsStore::theme() const {
  const QString name = settings_->value(themeKey).toString();
  if (name == QLatin1String("light")) return ThemeChoice::Light;
  if (name == QLatin1String("dark")) return ThemeChoice::Dark;
  return ThemeChoice::System;
}

void SettingsStore::setTheme(ThemeChoice choice) {
  settings_->setValue(themeKey, choice == ThemeChoice::Light  ? QStringLiteral("light")
                                : choice == ThemeChoice::Dark ? QStringLiteral("dark")
                                                              : QStringLiteral("system"));
}

QVariantMap SettingsStore::viewState(const QString& page) const { return settings_->value(viewKey(page)).toMap(); }

void SettingsStore::setViewState(const QString& page, const QVariantMap& state) {
  settings_->setValue(viewKey(page), state);
}

void SettingsStore::resetLayout() {
  settings_->remove(QStringLiteral("window"));
  settings_->remove(QStringLiteral("pages"));
}

}  // namespace vx11::ui
