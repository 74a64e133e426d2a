// The cluster's condition in the few words of toolbar and status bar. Pure functions.
#pragma once

#include <QString>

#include "cluster/cluster.h"
#include "widgets/state_mark.h"

namespace vx11::ui::words {

struct Condition {
  Mark mark = Mark::Unknown;
  QString text;
};

/// "Connected, 1 of 1", "Starting", "Unreachable", "2 of 3".
[[nodiscard]] Condition connection(const QList<cluster::InstanceInfo>& instances);
/// The worst instance, for one mark and a name: "local", or "3 instances"; "2 of 3 instances" where some are away.
[[nodiscard]] Condition instances(const QList<cluster::InstanceInfo>& instances);
/// "Redis down 12 s", "Redis warning"; nothing while it is well, unknown or not used.
[[nodiscard]] std::optional<Condition> redis(const cluster::Cluster& cluster);
/// "4 tokens"; "unknown tokens" where nobody reports.
[[nodiscard]] QString tokens(cluster::Cluster& cluster);
[[nodiscard]] QString streams(const QList<cluster::InstanceInfo>& instances);
/// "1 open stream", "unknown live tokens": what a question names.
[[nodiscard]] QString openStreams(std::optional<qint64> count);
[[nodiscard]] QString liveTokens(std::optional<qint64> count);
/// Sums what is reported; empty where nobody reports.
[[nodiscard]] std::optional<qint64> sum(const QList<cluster::InstanceInfo>& instances,
                                        std::optional<qint64> cluster::InstanceInfo::*field);
/// "Updated 14:32:36", or since when nobody answers.
[[nodiscard]] QString updated(const QList<cluster::InstanceInfo>& instances);

}  // namespace vx11::ui::words
