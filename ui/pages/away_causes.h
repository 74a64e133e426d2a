// The bar's causes of instances that do not answer, alike on every page that shows what they hold.
#pragma once

#include <functional>

#include "cluster/cluster.h"
#include "widgets/inline_bar.h"

namespace vx11::ui {

/// A cause for each that is unreachable, with the next attempt; of the others it is cleared. `meaning` says what its
/// absence means on this page.
/// Where the console runs it itself, the first button starts or resumes it; a question asks over the bar's window.
void showAway(InlineBar& bar, cluster::Cluster& cluster,
              const std::function<QString(const cluster::InstanceInfo& info)>& meaning, std::function<void()> openLog);

}  // namespace vx11::ui
