// What the answers during a rollback mean for it. No I/O.
#pragma once

#include "cluster/matrix.h"

namespace vx11::cluster {

/// The instance has answered, and says no: another attempt would hear the same.
[[nodiscard]] bool isFinal(const Failure& failure);
/// The request had no effect: it was answered with a no, or never reached anybody.
[[nodiscard]] bool hadNoEffect(const Failure& failure);
/// What happened, without a full stop.
[[nodiscard]] QString sentenceOf(const QString& instance, const Failure& failure);
/// What a mode promises: every token on every instance, in memory mode each instance's own on itself. Empty: kept; else
/// why not, without a full stop.
[[nodiscard]] QString brokenPromise(const MatrixResult& result, const QString& mode);

}  // namespace vx11::cluster
