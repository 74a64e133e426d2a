// A row of the token list, for people and in JSON. The value of a token is never in it.
#pragma once

#include <QJsonObject>

#include "cluster/cluster.h"
#include "cluster/foreign_tokens.h"
#include "ctl/table.h"

namespace vx11::ctl {

[[nodiscard]] QString stateWord(cluster::TokenState state);
[[nodiscard]] QJsonObject toJson(cluster::Cluster& cluster, const cluster::TokenRow& row);
[[nodiscard]] QJsonObject toJson(const cluster::ForeignTokens& counted);
/// The ids of the instances that are known to hold it.
[[nodiscard]] QStringList cachedOn(const cluster::Cluster& cluster, const cluster::TokenRow& row);

[[nodiscard]] Table tokenTable();
void addTo(Table& table, cluster::Cluster& cluster, const cluster::TokenRow& row);

}  // namespace vx11::ctl
