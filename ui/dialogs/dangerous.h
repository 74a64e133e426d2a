// The one way by which a page changes the cluster: whether it may at all, who is asked before, and what production
// asks more. Production that is read-only is changed only after its name was typed, which lifts that for a while; what
// core/cluster refuses it refuses all the same.
#pragma once

#include <functional>

#include "cluster/cluster.h"
#include "dialogs/confirm_dialog.h"

namespace vx11::ui::dangerous {

/// Before what is asked.
enum class Asks {
  Always,        ///< it can't be taken back
  InProduction,  ///< elsewhere it goes at once: one token, one event
  ToLift,        ///< only while production is read-only: issuing, testing
};

[[nodiscard]] bool isProduction(const cluster::Cluster& cluster);
/// Why nothing can be changed from here, and the way out. Empty: it can, in production perhaps after a question.
[[nodiscard]] QString whyNot(const cluster::Cluster& cluster);

/// `go` runs once: now, where nothing is to be asked, or when it is confirmed; never while the cluster is read-only.
/// The dialog, or null: nothing was asked. The question needs no name and no word about read-only of its own.
ConfirmDialog* ask(QWidget* parent, cluster::Cluster& cluster, Confirmation question, Asks asks,
                   std::function<void()> go);

/// Read-only or not, by the operator's wish for its own sake: production asks before it is lifted. `done` runs when it
/// is so.
void setReadOnly(QWidget* parent, cluster::Cluster& cluster, bool readOnly, std::function<void()> done);

}  // namespace vx11::ui::dangerous
