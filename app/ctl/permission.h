// What a command may change of a saved profile. Naming a production profile and a command that only issues is consent
// enough; what takes back, publishes or switches asks for the name. A profile marked read-only elsewhere stays so.
#pragma once

#include "cluster/cluster.h"
#include "ctl/output.h"

namespace vx11::ctl {

/// Lifts the read-only state in which production begins, for 15 minutes.
void permit(cluster::Cluster& cluster);
/// Permits, where it is production only after its name was typed, `toDo` ("to revoke every token"); with `sure` or
/// without a terminal nobody is asked. False: another word was typed, and that is said.
[[nodiscard]] bool permitByName(Output& output, cluster::Cluster& cluster, const QString& toDo, bool sure);

}  // namespace vx11::ctl
