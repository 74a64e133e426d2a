// The steps of a change of mode, for people and in JSON. Pure functions.
#pragma once

#include <QJsonObject>

#include "cluster/rollback.h"
#include "ctl/table.h"

namespace vx11::ctl {

[[nodiscard]] QJsonObject toJson(const cluster::RollbackStep& step);
/// Of a dry run: what hasn't been done is planned.
[[nodiscard]] QJsonObject planned(const cluster::RollbackStep& step);
[[nodiscard]] QJsonObject toJson(const cluster::RollbackOutcome& outcome);

[[nodiscard]] QString sentence(const cluster::RollbackStep& step);
[[nodiscard]] Tone toneOf(cluster::RollbackStep::State state);
/// The instances and their modes before and after.
[[nodiscard]] Table planTable(const QList<cluster::RollbackStep>& steps);

}  // namespace vx11::ctl
