#include "cluster/profile_store.h"

#include <QCoreApplication>
#include <QFile>
#include <QStandardPaths>
#include <QUuid>

#include "cluster/json_fields.h"
#include "cluster/private_file.h"
#include "cluster/profile_json.h"

namespace vx11::cluster {
namespace {

constexpr qint64 mostBytes = 4 * 1024 * 1024;

struct Words {
  Q_DECLARE_TR_FUNCTIONS(ProfileStore)
};

boost::system::result<QJsonObject, QString> readFile(const QString& path) {
  QFile file(path);
  if (!file.exists()) return QJsonObject{{QStringLiteral("version"), 1}, {QStringLiteral("profiles"), QJsonArray()}};
  if (!file.open(QIODevice::ReadOnly)) return Words::tr("%1 can't be read: %2").arg(path, file.errorString());
  const auto root = json::object(file.read(mostBytes));
  if (!root || !root->value(u"profiles").isArray()) return Words::tr("%1 holds no profiles that can be read").arg(path);
  return *root;
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
    auto profile = profile_json::read(value.toObject());
    if (profile && !profile->id.isEmpty()) profiles.append(*std::move(profile));
  }
  return profiles;
}

boost::system::result<Profile, QString> ProfileStore::save(const Profile& profile) const {
  const auto saved = saveAll({profile});
  if (saved.has_error()) return {boost::system::in_place_error, saved.error()};
  return saved->first();
}

boost::system::result<QList<Profile>, QString> ProfileStore::saveAll(const QList<Profile>& profiles) const {
  auto root = readFile(path_);
  if (root.has_error()) return {boost::system::in_place_error, root.error()};
  QJsonArray all = root->value(u"profiles").toArray();
  QList<Profile> saved;
  for (const Profile& profile : profiles) {
    Profile& bare = saved.emplace_back(profile_json::withoutSecrets(profile));
    if (bare.id.isEmpty()) bare.id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    const qsizetype place = placeOf(all, bare.id);
    if (place < all.size())
      all.replace(place, profile_json::written(bare, all[place].toObject()));
    else
      all.append(profile_json::written(bare));
  }
  root->insert(u"profiles", all);
  const auto done = writePrivateFile(path_, QJsonDocument(*root).toJson());
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
  return writePrivateFile(path_, QJsonDocument(*root).toJson());
}

}  // namespace vx11::cluster
