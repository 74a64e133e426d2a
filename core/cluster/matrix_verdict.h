// What a cross-instance test means: its shape, and a sentence that names the likeliest cause. No I/O; what isn't known
// of a member is never taken for a cause.
#pragma once

#include "cluster/matrix.h"
#include "cluster/redis_info.h"

namespace vx11::cluster {

/// What is known of a member besides its cells.
struct MatrixMember {
  int slot = 0;
  QString name;
  QString mode;                      ///< empty: unknown
  bool foreign = false;              ///< a backend with the public calls only
  std::optional<RedisSeenBy> redis;  ///< empty: it has none, or doesn't say
};

struct MatrixMeaning {
  MatrixVerdict verdict = MatrixVerdict::None;
  QString explanation;
};

/// `cells` as in MatrixResult. Cells still pending are those of a test that was cancelled.
[[nodiscard]] MatrixMeaning meaningOf(const QList<MatrixMember>& members, const QList<MatrixCell>& cells);

/// "whole", "diagonal", "partial", "none": the word of `vx11ctl matrix --json`.
[[nodiscard]] QString verdictWord(MatrixVerdict verdict);

}  // namespace vx11::cluster
