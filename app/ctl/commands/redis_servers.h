// The servers behind Redis, for people and in JSON. Pure functions.
#pragma once

#include <QJsonObject>

#include "cluster/cluster.h"
#include "ctl/table.h"

namespace vx11::ctl {

/// Into the document of `redis`, with its names.
void addServers(QJsonObject& document, const cluster::Cluster& cluster);
/// Names and values, under those that are told of Redis as a whole.
void addServers(Table& table, const cluster::RedisServers& servers);
/// A row a server; masters first, each before its replicas. Empty where it is one alone.
[[nodiscard]] Table redisNodes(const cluster::RedisServers& servers);
/// A row a sentinel.
[[nodiscard]] Table redisSentinels(const cluster::RedisServers& servers);
/// Sentences on what is wrong among them.
[[nodiscard]] QStringList serverWarnings(const cluster::RedisServers& servers);

}  // namespace vx11::ctl
