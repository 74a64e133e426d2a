// An operation, or another command, as one would type it into a shell. Pure functions.
#pragma once

#include "cluster/profile.h"
#include "cluster/rollback.h"
#include "cluster/types.h"

namespace vx11::ui::rollback {

/// "vx11ctl --profile eu-staging rollback --to memory --watch-seconds 60". A profile that isn't saved is spelled out by
/// its addresses.
[[nodiscard]] QString shellCommand(const cluster::Profile& profile, const QList<cluster::InstanceInfo>& instances,
                                   const cluster::RollbackSpec& spec);
/// Any other command of vx11ctl on this cluster, "revoke --all".
[[nodiscard]] QString shellCommand(const cluster::Profile& profile, const QList<cluster::InstanceInfo>& instances,
                                   const QStringList& words);
/// What goes on with an operation of this machine that was begun and not ended.
[[nodiscard]] QString resumeCommand(const cluster::Profile& profile, const QList<cluster::InstanceInfo>& instances,
                                    const cluster::RollbackSpec& spec, const QString& operationId);

}  // namespace vx11::ui::rollback
