// A profile as JSON, the one form of it in every file. What is written or read holds no secret, whoever made it. Pure
// functions.
#pragma once

#include <QJsonObject>
#include <optional>

#include "cluster/profile.h"

namespace vx11::cluster::profile_json {

/// Without passwords, users and queries in its addresses; of a Redis URL the user and the database stay.
[[nodiscard]] Profile withoutSecrets(Profile profile);
/// Over `object`, so that fields that this version doesn't know stay.
[[nodiscard]] QJsonObject written(const Profile& profile, QJsonObject object = {});
/// Nothing where this version can't tell what it is. An environment that isn't known may be production.
[[nodiscard]] std::optional<Profile> read(const QJsonObject& object);

}  // namespace vx11::cluster::profile_json
