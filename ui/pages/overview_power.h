// Stop, start, pause and kill of what the console runs itself: the entries of a card's menu, and the question before
// something ends.
#pragma once

#include <QString>

#include "cluster/cluster.h"
#include "widgets/inline_bar.h"

class QMenu;
class QWidget;

namespace vx11::ui {

enum class PowerVerb { Start, Stop, Pause, Resume, Kill };

/// Why a process can't take this now, in words; empty when it can.
[[nodiscard]] QString whyNotPower(const cluster::NodeInfo& node, PowerVerb verb, const QString& readOnly);

/// Adds the entries for the process of an instance (`slot`) or of Redis (-1) at the end of `menu`; of several servers
/// and sentinels each has a menu of its own. Nothing where the console doesn't run it. Disabled ones say why. Stop and
/// Kill ask over `window` first.
void addPowerEntries(QMenu& menu, cluster::Cluster& cluster, int slot, QWidget* window);

/// The same for the server or sentinel at this address alone. False where the console doesn't run it.
bool addServerEntries(QMenu& menu, cluster::Cluster& cluster, const QString& address, QWidget* window);

/// The cure for a process of this console's that doesn't run: "Start b", "Resume b". One at most: of Redis (-1) for the
/// first server or sentinel that is stopped or paused. None where it runs, or where somebody else runs it.
[[nodiscard]] QList<BarAction> cureOf(cluster::Cluster& cluster, int slot, QWidget* window);

}  // namespace vx11::ui
