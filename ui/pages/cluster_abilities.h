// Why the opened cluster can't be tested across its instances, or rolled back: one sentence for the toolbar, the menus
// and the pages alike. Pure functions of what is known; empty where it can be done.
#pragma once

#include <QString>
#include <QStringList>

#include "cluster/cluster.h"

namespace vx11::ui::abilities {

/// What the cluster lacks for it, whoever is allowed to do what.
[[nodiscard]] QString lacksForMatrix(const cluster::Cluster& cluster);
[[nodiscard]] QString lacksForRollback(const cluster::Cluster& cluster);
/// The same, or why it is not possible now: read-only, nobody answers.
[[nodiscard]] QString whyNoMatrix(const cluster::Cluster& cluster);
[[nodiscard]] QString whyNoRollback(const cluster::Cluster& cluster);
/// There is nothing of Redis to show.
[[nodiscard]] QString whyNoRedis(const cluster::Cluster& cluster);

/// The modes it could be taken to, in the order of a choice; whether one is sensible now says `whyNotTo`, also of
/// "single" and "restart".
[[nodiscard]] QStringList modesOf(const cluster::Cluster& cluster);
[[nodiscard]] QString whyNotTo(const cluster::Cluster& cluster, const QString& mode);
/// Those that can be told to change: with the internal calls.
[[nodiscard]] QList<cluster::InstanceInfo> changeable(const cluster::Cluster& cluster);

}  // namespace vx11::ui::abilities
