#include "cluster/profile_store.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>
#include <QStandardPaths>
#include <QUrlQuery>
#include <QUuid>
#include <array>

#include "cluster/json_fields.h"

namespace vx11::cluster {
namespace {

constexpr qint64 mostBytes = 4 * 1024 * 1024;
constexpr QFileDevice::Permissions ownerOnly = QFileDevice::ReadOwner | QFileDevice::WriteOwner;

struct Words {
  Q_DECLARE_TR_FUNCTIONS(ProfileStore)
};

constexpr std::array<const char16_t*, 3> kinds{u"local_server", u"local_cluster", u"remote_cluster"};
constexpr std::array<const char16_t*, 4> environments{u"local", u"test", u"staging", u"production"};

template <typename Enum, std::size_t Count>
QString wordOf(Enum value, const std::array<const char16_t*, Count>& words) {
  return QString::fromUtf16(words[static_cast<std::size_t>(value)]);
}
template <typename Enum, std::size_t Count>
std::optional<Enum> valueOf(const QString& word, const std::array<const char16_t*, Count>& words) {
  for (std::size_t i = 0; i < Count; ++i) {
    if (word == QStringView(words[i])) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

QUrl withoutSecrets(const QUrl& url) {
  return url.adjusted(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment);
}
/// The user is an ACL's name, and no secret; of the options only the database is.
QUrl redisWithoutSecrets(const QUrl& url) {
  QUrl bare = url.adjusted(QUrl::RemovePassword | QUrl::RemoveQuery | QUrl::RemoveFragment);
  if (const QString database = QUrlQuery(url).queryItemValue(QStringLiteral("db")); !database.isEmpty()) {
    bare.setQuery(QStringLiteral("db=%1").arg(database.toUInt()));
  }
  return bare;
}

Profile withoutSecrets(Profile profile) {
  for (QUrl& url : profile.instances) url = withoutSecrets(url);
  QMap<QString, QUrl> map;
  for (auto entry = profile.addressMap.begin(); entry != profile.addressMap.end(); ++entry) {
    map.insert(withoutSecrets(QUrl(entry.key())).toString(), withoutSecrets(entry.value()));
  }
  profile.addressMap = map;
  profile.balancer = withoutSecrets(profile.balancer);
  profile.redis = redisWithoutSecrets(profile.redis);
  return profile;
}

/// Over what was there, so that unknown fields stay.
QJsonObject written(const Profile& profile, QJsonObject object) {
  QJsonArray instances;
  for (const QUrl& url : profile.instances) instances.append(url.toString(QUrl::FullyEncoded));
  QJsonObject map;
  for (auto entry = profile.addressMap.begin(); entry != profile.addressMap.end(); ++entry) {
    map.insert(entry.key(), entry.value().toString(QUrl::FullyEncoded));
  }
  object.insert(u"id", profile.id);
  object.insert(u"name", profile.name);
  object.insert(u"group", profile.group);
  object.insert(u"kind", wordOf(profile.kind, kinds));
  object.insert(u"environment", wordOf(profile.environment, environments));
  object.insert(u"instance_count", profile.instanceCount);
  object.insert(u"mode", profile.mode);
  object.insert(u"instances", instances);
  object.insert(u"discover", profile.discover);
  object.insert(u"address_map", map);
  object.insert(u"balancer", profile.balancer.toString(QUrl::FullyEncoded));
  object.insert(u"redis", profile.redis.toString(QUrl::FullyEncoded));
  object.insert(u"ca_file", profile.caFile);
  object.insert(u"server_name", profile.serverName);
  object.insert(u"nginx_file", profile.nginxFile);
  object.insert(u"reload_command", QJsonArray::fromStringList(profile.reloadCommand));
  object.insert(u"restart_command", QJsonArray::fromStringList(profile.restartCommand));
  return object;
}

/// One of its words that is none makes it another command, which nobody is to run.
QStringList command(const QJsonObject& object, QStringView name) {
  QStringList words;
  const QJsonArray all = object.value(name).toArray();
  for (const QJsonValue& word : all) {
    if (!word.isString()) return {};
    words << word.toString();
  }
  return words;
}

/// Nothing where this version can't tell what it is.
std::optional<Profile> read(const QJsonObject& object) {
  const auto text = [&](QStringView name) { return json::text(object, name).value_or(QString()); };
  const auto kind = valueOf<ProfileKind>(text(u"kind"), kinds);
  if (text(u"id").isEmpty() || !kind) return std::nullopt;
  Profile profile;
  profile.id = text(u"id");
  profile.name = text(u"name");
  profile.group = text(u"group");
  profile.kind = *kind;
  // What isn't known may be production.
  profile.environment = valueOf<Environment>(text(u"environment"), environments).value_or(Environment::Production);
  profile.instanceCount = std::clamp(object.value(u"instance_count").toInt(profile.instanceCount), 1, 10);
  if (const auto mode = json::text(object, u"mode")) profile.mode = *mode;
  const QJsonArray instances = object.value(u"instances").toArray();
  for (const QJsonValue& url : instances) {
    if (const QUrl instance(url.toString()); instance.isValid()) profile.instances.append(instance);
  }
  profile.discover = json::flag(object, u"discover").value_or(true);
  const QJsonObject map = json::child(object, u"address_map");
  for (auto entry = map.begin(); entry != map.end(); ++entry) {
    profile.addressMap.insert(entry.key(), QUrl(entry.value().toString()));
  }
  profile.balancer = QUrl(text(u"balancer"));
  profile.redis = QUrl(text(u"redis"));
  profile.caFile = text(u"ca_file");
  profile.serverName = text(u"server_name");
  profile.nginxFile = text(u"nginx_file");
  profile.reloadCommand = command(object, u"reload_command");
  profile.restartCommand = command(object, u"restart_command");
  return withoutSecrets(profile);  // whoever wrote it
}

boost::system::result<QJsonObject, QString> readFile(const QString& path) {
  QFile file(path);
  if (!file.exists()) return QJsonObject{{QStringLiteral("version"), 1}, {QStringLiteral("profiles"), QJsonArray()}};
  if (!file.open(QIODevice::ReadOnly)) return Words::tr("%1 can't be read: %2").arg(path, file.errorString());
  const auto root = json::object(file.read(mostBytes));
  if (!root || !root->value(u"profiles").isArray()) return Words::tr("%1 holds no profiles that can be read").arg(path);
  return *root;
}

boost::system::result<void, QString> writeFile(const QString& path, const QJsonObject& root) {
  QDir().mkpath(QFileInfo(path).absolutePath());
  QSaveFile file(path);
  // Before a byte is in it.
  const bool done = file.open(QIODevice::WriteOnly) && file.setPermissions(ownerOnly) &&
                    file.write(QJsonDocument(root).toJson()) >= 0 && file.commit();
  if (!done) return Words::tr("%1 can't be written: %2").arg(path, file.errorString());
  return {};
}

/// The place of the profile with this id, or the end.
qsizetype placeOf(const QJsonArray& profiles, const QString& id) {
  for (qsizetype i = 0; i < profiles.size(); ++i) {
    if (profiles[i].toObject().value(u"id").toString() == id) return i;
  }
  return profiles.size();
}

}  // namespace

ProfileStore::ProfileStore(QString path) : path_(std::move(path)) {}

QString ProfileStore::defaultPath() {
  return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) +
         QStringLiteral("/vx11/profiles.json");
}

boost::system::result<QList<Profile>, QString> ProfileStore::load() const {
  const auto root = readFile(path_);
  if (root.has_error()) return root.error();
  QList<Profile> profiles;
  const QJsonArray all = root->value(u"profiles").toArray();
  for (const QJsonValue& value : all) {
    if (auto profile = read(value.toObject())) profiles.append(*std::move(profile));
  }
  return profiles;
}

boost::system::result<Profile, QString> ProfileStore::save(const Profile& profile) const {
  auto root = readFile(path_);
  if (root.has_error()) return {boost::system::in_place_error, root.error()};
  Profile saved = withoutSecrets(profile);
  if (saved.id.isEmpty()) saved.id = QUuid::createUuid().toString(QUuid::WithoutBraces);
  QJsonArray profiles = root->value(u"profiles").toArray();
  const qsizetype place = placeOf(profiles, saved.id);
  if (place < profiles.size())
    profiles.replace(place, written(saved, profiles[place].toObject()));
  else
    profiles.append(written(saved, {}));
  root->insert(u"profiles", profiles);
  const auto done = writeFile(path_, *root);
  if (done.has_error()) return {boost::system::in_place_error, done.error()};
  return saved;
}

boost::system::result<void, QString> ProfileStore::remove(const QString& id) const {
  auto root = readFile(path_);
  if (root.has_error()) return root.error();
  QJsonArray profiles = root->value(u"profiles").toArray();
  const qsizetype place = placeOf(profiles, id);
  if (place == profiles.size()) return {};
  profiles.removeAt(place);
  root->insert(u"profiles", profiles);
  return writeFile(path_, *root);
}

}  // namespace vx11::cluster
