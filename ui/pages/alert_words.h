// What the console says of an alert: a title with its figure, a sentence with duration and consequence, its rule in
// words, and the runbook. Pure functions; the runbooks are part of the program.
#pragma once

#include "cluster/alert_watch.h"
#include "widgets/format.h"
#include "widgets/state_mark.h"

namespace vx11::cluster {
class Cluster;
}

namespace vx11::ui::alerts {

/// "Refusals 12.4/s on fra-3".
[[nodiscard]] QString title(const cluster::Alert& alert, const cluster::Cluster& cluster);
/// "Over 10/s for 4 min. It runs in memory mode, others in hybrid."
[[nodiscard]] QString sentence(const cluster::Alert& alert, const cluster::Cluster& cluster, int forSec);
/// Waiting, warning or failure.
[[nodiscard]] Mark mark(const cluster::Alert& alert);
/// "acknowledged", "silenced for 12 min", "silenced until resolved", "not told now"; empty: nothing of these.
[[nodiscard]] QString note(const cluster::Alert& alert, qint64 now);

/// In the unit of the rule: "12.4/s", "83 %", "72 ms", "9,001".
[[nodiscard]] QString figure(cluster::AlertKind kind, double value);
/// "An instance refuses more than this many tokens a second, finally".
[[nodiscard]] QString ruleSentence(cluster::AlertKind kind);

/// Markdown, with a heading.
[[nodiscard]] QString runbook(cluster::AlertKind kind);

/// "2 alerts", "1 pending", "No alerts".
[[nodiscard]] QString countWords(const cluster::AlertWatch* watch);

}  // namespace vx11::ui::alerts
