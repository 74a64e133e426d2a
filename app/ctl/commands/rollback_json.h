// The steps of an operation on the whole cluster, for people and in JSON. Pure functions.
#pragma once

#include <QJsonObject>

#include "cluster/rollback.h"
#include "ctl/table.h"

namespace vx11::ctl {

[[nodiscard]] QJsonObject toJson(const cluster::RollbackStep& step);
/// Of a dry run: what hasn't been done is planned.
[[nodiscard]] QJsonObject planned(const cluster::RollbackStep& step);
[[nodiscard]] QJsonObject toJson(const cluster::RollbackOutcome& outcome, const QStringList& warnings);

/// "done     Switch a to memory: it issues again after 3 ms"
[[nodiscard]] QString sentence(const cluster::RollbackStep& step);
/// "switching a to memory", with what is left of a step that takes its time.
[[nodiscard]] QString running(const cluster::RollbackStep& step);
[[nodiscard]] Tone toneOf(cluster::RollbackStep::State state);
/// Each step with its place and effect.
[[nodiscard]] Table planTable(const QList<cluster::RollbackStep>& steps);
/// Each step with what came of it.
[[nodiscard]] Table progressTable(const QList<cluster::RollbackStep>& steps);

/// "every instance is in mode memory: a, b, c"
[[nodiscard]] QString achieved(const cluster::RollbackSpec& spec, const QList<cluster::RollbackStep>& steps);
/// "The change to memory begun at 14:03 on 2 May"
[[nodiscard]] QString nameOf(const cluster::UnfinishedRollback& one);
/// "rollback --resume 7d9f2f6e"
[[nodiscard]] QString resumeLine(const cluster::UnfinishedRollback& one);

/// "y", "yes", in any case.
[[nodiscard]] bool isYes(const QString& answer);

}  // namespace vx11::ctl
