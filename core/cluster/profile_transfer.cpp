#include "cluster/profile_transfer.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <algorithm>
#include <array>

#include "cluster/json_fields.h"
#include "cluster/profile_json.h"
#include "cluster/redis_address.h"

namespace vx11::cluster {
namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(ProfileTransfer)
};

constexpr QStringView format = u"vx11-profiles";
constexpr std::array<QStringView, 3> ofThisMachine{u"nginx_file", u"reload_command", u"restart_command"};

bool isAddress(const QUrl& url) {
  return (url.scheme() == QStringLiteral("http") || url.scheme() == QStringLiteral("https")) && !url.host().isEmpty();
}

/// Of a URL that a file holds, in any of its fields.
bool holdsSecret(const QJsonObject& object) {
  if (redis_address::holdsPassword(object.value(u"redis").toString())) return true;
  QStringList texts{object.value(u"balancer").toString()};
  const QJsonArray instances = object.value(u"instances").toArray();
  for (const QJsonValue& url : instances) texts << url.toString();
  const QJsonObject map = object.value(u"address_map").toObject();
  for (auto entry = map.begin(); entry != map.end(); ++entry) texts << entry.key() << entry.value().toString();
  return std::any_of(texts.begin(), texts.end(), [](const QString& text) { return !QUrl(text).password().isEmpty(); });
}

bool has(const QJsonObject& object, QStringView name) {
  const QJsonValue value = object.value(name);
  return value.isArray() ? !value.toArray().isEmpty() : !value.toString().isEmpty();
}

/// One line, of a length that fits.
QString tidy(const QString& text) { return text.simplified().left(profile_transfer::longestText); }

class Reader {
 public:
  explicit Reader(QStringList names) : names_(std::move(names)) {}

  void read(const QJsonObject& object) {
    const QString called = tidy(object.value(u"name").toString());
    const auto found = profile_json::read(object);
    if (!found || found->kind != ProfileKind::RemoteCluster)
      return say(called, Words::tr("it is no remote cluster, so it was left out"));
    Profile profile = *found;
    profile.name = called.isEmpty() ? Words::tr("Imported") : called;
    checkAddresses(profile);
    if (profile.instances.isEmpty())
      return say(profile.name, Words::tr("it names no instance that can be reached, so it was left out"));
    takeTexts(profile);
    takeWhatIsOfThisMachine(profile, object);
    if (holdsSecret(object)) say(profile.name, Words::tr("a password in an address was left out"));
    if (names_.contains(profile.name)) {
      const QString name = freeName(profile.name, names_);
      say(profile.name, Words::tr("there is one of that name, so it is called %1").arg(name));
      profile.name = name;
    }
    names_ << profile.name;
    imported_.profiles << profile;
  }
  void say(const QString& name, const QString& what) {
    imported_.leftOut << QStringLiteral("%1: %2.").arg(name.isEmpty() ? Words::tr("A profile without a name") : name,
                                                       what);
  }
  [[nodiscard]] profile_transfer::Imported take() { return std::move(imported_); }

 private:
  void checkAddresses(Profile& profile) {
    const qsizetype told = profile.instances.size();
    profile.instances.removeIf([](const QUrl& url) { return !isAddress(url); });
    bool dropped = profile.instances.size() < told;
    if (profile.instances.size() > profile_transfer::mostInstances) {
      profile.instances.resize(profile_transfer::mostInstances);
      dropped = true;
    }
    dropped = profile.addressMap.removeIf([](const auto& entry) {
      return !isAddress(QUrl(entry.key())) || !isAddress(entry.value());
    }) > 0 || dropped;
    if (!profile.balancer.isEmpty() && !isAddress(profile.balancer)) {
      profile.balancer.clear();
      dropped = true;
    }
    if (!profile.redis.isEmpty() && !redis_address::problemOf(profile.redis).isEmpty()) {
      profile.redis.clear();
      dropped = true;
    }
    if (dropped) say(profile.name, Words::tr("an address that can't be used was left out"));
  }
  static void takeTexts(Profile& profile) {
    profile.id.clear();
    profile.group = tidy(profile.group);
    profile.colour = tidy(profile.colour);
    profile.serverName = tidy(profile.serverName);
    profile.sentinelUser = tidy(profile.sentinelUser);
    profile.keepsSecrets = false;
  }
  void takeWhatIsOfThisMachine(Profile& profile, const QJsonObject& object) {
    profile.nginxFile.clear();
    profile.reloadCommand.clear();
    profile.restartCommand.clear();
    const bool had =
        std::any_of(ofThisMachine.begin(), ofThisMachine.end(), [&](QStringView field) { return has(object, field); });
    if (had) say(profile.name, Words::tr("its nginx file and commands were left out: they are of another machine"));
    if (!profile.caFile.isEmpty() && !QFileInfo::exists(profile.caFile))
      say(profile.name, Words::tr("its CA file %1 isn't on this machine").arg(profile.caFile));
  }

  QStringList names_;
  profile_transfer::Imported imported_;
};

}  // namespace

QByteArray profile_transfer::written(const QList<Profile>& profiles) {
  QJsonArray all;
  for (const Profile& profile : profiles) {
    QJsonObject object = profile_json::written(profile_json::withoutSecrets(profile));
    for (const QStringView field : ofThisMachine) object.remove(field);
    for (const QStringView field : {QStringView(u"id"), QStringView(u"keeps_secrets")}) object.remove(field);
    all.append(object);
  }
  return QJsonDocument({{QStringLiteral("format"), format.toString()},
                        {QStringLiteral("version"), 1},
                        {QStringLiteral("profiles"), all}})
      .toJson();
}

QStringList profile_transfer::leftOut(const QList<Profile>& profiles) {
  QStringList sentences;
  for (const Profile& profile : profiles) {
    const bool commands = !profile.reloadCommand.isEmpty() || !profile.restartCommand.isEmpty();
    if (commands || !profile.nginxFile.isEmpty())
      sentences << Words::tr("%1: its nginx file and commands stay on this machine.").arg(profile.name);
  }
  return sentences;
}

boost::system::result<profile_transfer::Imported, QString> profile_transfer::read(const QByteArray& text,
                                                                                  const QStringList& names) {
  if (text.size() > mostBytes)
    return {boost::system::in_place_error, Words::tr("It is larger than 4 MiB, and no file of profiles.")};
  const auto root = json::object(text);
  if (!root || json::text(*root, u"format").value_or(QString()) != format || !root->value(u"profiles").isArray())
    return {boost::system::in_place_error, Words::tr("It holds no profiles that the console exported.")};
  const QJsonArray all = root->value(u"profiles").toArray();
  if (all.size() > mostProfiles)
    return {boost::system::in_place_error,
            Words::tr("It holds %1 profiles; %2 are the most.").arg(all.size()).arg(mostProfiles)};
  Reader reader(names);
  for (const QJsonValue& value : all) reader.read(value.toObject());
  return reader.take();
}

QString freeName(const QString& name, const QStringList& taken) {
  QString free = name;
  for (int number = 2; taken.contains(free); ++number) free = QStringLiteral("%1 %2").arg(name).arg(number);
  return free;
}

Profile cloneOf(const Profile& profile, const QStringList& taken) {
  Profile clone = profile;
  clone.id.clear();
  clone.name = freeName(Words::tr("%1 copy").arg(profile.name), taken);
  return clone;
}

}  // namespace vx11::cluster
