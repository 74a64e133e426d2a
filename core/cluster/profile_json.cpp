#include "cluster/profile_json.h"

#include <algorithm>
#include <array>

#include "cluster/json_fields.h"
#include "cluster/redis_address.h"

namespace vx11::cluster {
namespace {

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

QUrl bare(const QUrl& url) { return url.adjusted(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment); }

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

}  // namespace

Profile profile_json::withoutSecrets(Profile profile) {
  for (QUrl& url : profile.instances) url = bare(url);
  QMap<QString, QUrl> map;
  for (auto entry = profile.addressMap.begin(); entry != profile.addressMap.end(); ++entry) {
    map.insert(bare(QUrl(entry.key())).toString(), bare(entry.value()));
  }
  profile.addressMap = map;
  profile.balancer = bare(profile.balancer);
  profile.redis = redis_address::withoutSecrets(profile.redis);
  return profile;
}

QJsonObject profile_json::written(const Profile& profile, QJsonObject object) {
  QJsonArray instances;
  for (const QUrl& url : profile.instances) instances.append(url.toString(QUrl::FullyEncoded));
  QJsonObject map;
  for (auto entry = profile.addressMap.begin(); entry != profile.addressMap.end(); ++entry) {
    map.insert(entry.key(), entry.value().toString(QUrl::FullyEncoded));
  }
  object.insert(u"id", profile.id);
  object.insert(u"name", profile.name);
  object.insert(u"group", profile.group);
  object.insert(u"colour", profile.colour);
  object.insert(u"read_only", profile.readOnly);
  object.insert(u"keeps_secrets", profile.keepsSecrets);
  object.insert(u"kind", wordOf(profile.kind, kinds));
  object.insert(u"environment", wordOf(profile.environment, environments));
  object.insert(u"instance_count", profile.instanceCount);
  object.insert(u"mode", profile.mode);
  object.insert(u"instances", instances);
  object.insert(u"discover", profile.discover);
  object.insert(u"address_map", map);
  object.insert(u"balancer", profile.balancer.toString(QUrl::FullyEncoded));
  object.insert(u"redis", profile.redis);
  object.insert(u"sentinel_user", profile.sentinelUser);
  object.insert(u"ca_file", profile.caFile);
  object.insert(u"server_name", profile.serverName);
  object.insert(u"nginx_file", profile.nginxFile);
  object.insert(u"reload_command", QJsonArray::fromStringList(profile.reloadCommand));
  object.insert(u"restart_command", QJsonArray::fromStringList(profile.restartCommand));
  return object;
}

std::optional<Profile> profile_json::read(const QJsonObject& object) {
  const auto text = [&](QStringView name) { return json::text(object, name).value_or(QString()); };
  const auto kind = valueOf<ProfileKind>(text(u"kind"), kinds);
  if (!kind) return std::nullopt;
  Profile profile;
  profile.id = text(u"id");
  profile.name = text(u"name");
  profile.group = text(u"group");
  profile.colour = text(u"colour");
  profile.readOnly = json::flag(object, u"read_only").value_or(false);
  profile.keepsSecrets = json::flag(object, u"keeps_secrets").value_or(false);
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
  profile.redis = text(u"redis");
  profile.sentinelUser = text(u"sentinel_user");
  profile.caFile = text(u"ca_file");
  profile.serverName = text(u"server_name");
  profile.nginxFile = text(u"nginx_file");
  profile.reloadCommand = command(object, u"reload_command");
  profile.restartCommand = command(object, u"restart_command");
  return withoutSecrets(profile);  // whoever wrote it
}

}  // namespace vx11::cluster
