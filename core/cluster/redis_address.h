// A Redis URL as a profile keeps it: of one server, a Sentinel group or a cluster, so that its authority may name
// several hosts, which QUrl has no room for. Pure functions.
#pragma once

#include <QString>

namespace vx11::cluster::redis_address {

/// Only the user's name and the database are left beside the hosts. Empty where it has no scheme.
[[nodiscard]] QString withoutSecrets(const QString& url);
[[nodiscard]] bool holdsPassword(const QString& url);
/// It names sentinels, who may want credentials of their own.
[[nodiscard]] bool namesSentinels(const QString& url);
/// Why it can't be used, without any part of it; empty: it can.
[[nodiscard]] QString problemOf(const QString& url);

}  // namespace vx11::cluster::redis_address
