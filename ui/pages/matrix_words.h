// What the cross-instance test says: of one place of its grid, and of a whole run. Pure functions.
#pragma once

#include <QString>
#include <optional>

#include "cluster/matrix.h"
#include "widgets/state_mark.h"

namespace vx11::ui::matrix {

/// What was answered at one place: one cell between two instances, several through the balancer.
struct Place {
  enum class Tone { Quiet, Refused, Mixed, Unknown, Pending };
  Tone tone = Tone::Pending;
  std::optional<Mark> mark;
  QString code;    ///< "200", "3 of 4", "no answer"
  QString below;   ///< "0.4 ms", "1 × 403"
  QList<cluster::MatrixCell> cells;
};
[[nodiscard]] Place placeOf(const cluster::MatrixResult& result, int issuer, int validator);
[[nodiscard]] bool hasBalancerColumn(const cluster::MatrixResult& result);
[[nodiscard]] bool hasBalancerRow(const cluster::MatrixResult& result);

/// The name of a row or column; the balancer has one too.
[[nodiscard]] QString nameOf(const cluster::MatrixResult& result, int slot);
/// "fra-1 to fra-3: refused, 403, 0.5 ms", as read aloud.
[[nodiscard]] QString spoken(const cluster::MatrixResult& result, const Place& place, int issuer, int validator);
/// The same with correlation ids, a line an answer.
[[nodiscard]] QString toolTip(const cluster::MatrixResult& result, const Place& place, int issuer, int validator);
/// "accepted", "refused", "can’t tell", "no answer", "not issued", "pending".
[[nodiscard]] QString stateWord(cluster::MatrixCell::State state);
/// "403 invalid_token", "no answer (connection refused)".
[[nodiscard]] QString answerWords(const cluster::MatrixCell& cell);

/// Answers among members only: the balancer's are counted apart.
struct Score {
  int accepted = 0, answered = 0, total = 0;
  std::optional<double> slowestMs;
};
[[nodiscard]] Score scoreOf(const cluster::MatrixResult& result);

struct Verdict {
  Mark mark = Mark::Waiting;
  QString phrase;    ///< "Partial, 10 of 16 accepted."
  QString sentence;
};
[[nodiscard]] Verdict verdictOf(const cluster::MatrixResult& result);
[[nodiscard]] QString verdictWord(const cluster::MatrixResult& result);  ///< "Whole", "Diagonal" …
[[nodiscard]] Mark markOf(const cluster::MatrixResult& result);
/// What the result means, in one or two sentences; never empty.
[[nodiscard]] QString explanationOf(const cluster::MatrixResult& result);
/// Somebody refused a token of others: another mode may cure that, and nothing else.
[[nodiscard]] bool hasRefusal(const cluster::MatrixResult& result);
/// "fra-1 4, fra-2 4, fra-3 none"; empty without a balancer.
[[nodiscard]] QString behindBalancer(const cluster::MatrixResult& result);

/// A line an answer; no token in it.
[[nodiscard]] QByteArray csv(const QList<cluster::MatrixResult>& runs);

}  // namespace vx11::ui::matrix
