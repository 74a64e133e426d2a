// The cross-instance test: a token of each instance, checked on each. Values and the job; what the result means is
// worked out in matrix_verdict.h, without I/O.
#pragma once

#include <QList>
#include <QString>
#include <optional>

#include "cluster/jobs.h"

namespace vx11::cluster {

struct MatrixSpec {
  QList<int> members;           ///< slots; empty: all
  bool throughBalancer = true;  ///< too, where the profile has one
  std::optional<int> ttlSec;
};

/// A row issues, a column checks. `balancer` stands for the balancer in either place.
struct MatrixCell {
  static constexpr int balancer = -1;
  /// `NotIssued`: its row's token could not be had. `NoAnswer`: a bad node is a dark cross.
  enum class State { Pending, Accepted, Refused, CantTell, NoAnswer, NotIssued };

  int issuer = 0, validator = 0;
  State state = State::Pending;
  int httpStatus = 0;
  double latencyMs = 0;
  QString answeredBy;  ///< X-VX11-Instance; tells who stood behind the balancer
  QString correlationId;
  Failure failure;
};

enum class MatrixVerdict { Running, Whole, Diagonal, Partial, None };

struct MatrixResult {
  QList<int> members;                             ///< in the order of rows and columns
  QStringList names;                              ///< of the members
  QList<MatrixCell> cells;                        ///< members x members, by rows; then what went through the balancer
  QList<std::pair<QString, int>> behindBalancer;  ///< how many answers each instance gave
  MatrixVerdict verdict = MatrixVerdict::Running;
  QString explanation;  ///< one sentence for people: "403 off the diagonal: memory mode without sticky routing"
  QDateTime at;
};

class MatrixJob : public Job {
  Q_OBJECT
 public:
  using Job::Job;
  [[nodiscard]] virtual const MatrixResult& result() const = 0;
  /// The curl lines that do the same, with $VX11_OPERATOR_TOKEN; no token and no principal in it.
  [[nodiscard]] virtual QString asShell() const = 0;

 Q_SIGNALS:
  void cellChanged(const vx11::cluster::MatrixCell& cell);
  void finished(const vx11::cluster::MatrixResult& result);
};

}  // namespace vx11::cluster
