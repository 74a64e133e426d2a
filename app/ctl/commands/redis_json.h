// What is known of Redis, for people and in JSON. Pure functions.
#pragma once

#include <QJsonObject>

#include "cluster/cluster.h"
#include "ctl/table.h"

namespace vx11::ctl {

/// Sentences on what will go wrong: a database or prefix that differs, a policy that takes tokens away.
[[nodiscard]] QStringList redisWarnings(const cluster::Cluster& cluster);
[[nodiscard]] QJsonObject redisJson(const cluster::Cluster& cluster, const QStringList& warnings);
/// Names and values.
[[nodiscard]] Table redisTable(const cluster::Cluster& cluster);
/// A row an instance.
[[nodiscard]] Table redisViews(const cluster::Cluster& cluster);

}  // namespace vx11::ctl
