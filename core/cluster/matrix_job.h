// The cross-instance test over a LiveCluster: a token from each member, each checked on all of them as soon as it is
// there. Its tokens live for seconds and are never shown as the operator's own; the journal gets one line of it.
#pragma once

#include <QHash>
#include <vector>

#include "cluster/job_steps.h"
#include "cluster/matrix_verdict.h"

namespace vx11::cluster {

/// Members are asked at the same time, and what they say of their mode and Redis at that moment explains the result.
/// With a balancer each token is checked through it as many times as there are members, and one is issued through it.
class LiveMatrixJob final : public SteppedJob<MatrixJob> {
 public:
  LiveMatrixJob(JobContext& context, const MatrixSpec& spec, QObject* parent);
  ~LiveMatrixJob() override;
  void cancel() override;
  [[nodiscard]] const MatrixResult& result() const override { return result_; }
  [[nodiscard]] QString asShell() const override;

 protected:
  void step() override;

 private:
  void addCell(int issuer, int validator);
  void ask(int index);
  void issue(int issuer, std::optional<int> ttlSec);
  void onIssued(int issuer, const Answer<wire::Issued>& issued);
  void check(int index, const TokenText& token, bool byStream);
  void settle(int index, MatrixCell::State state, const Failure& failure);
  void conclude();
  [[nodiscard]] InstanceClient* clientOf(int member) const;
  [[nodiscard]] int ttlOf(int member) const;

  MatrixSpec spec_;
  MatrixResult result_;
  QList<MatrixMember> members_;
  QHash<int, std::vector<int>> cellsOf_;  ///< by issuer: places in the result
  QHash<QString, int> behindBalancer_;
  QHash<int, HttpCall> calls_;
  qint64 beganAt_ = -1;
  int sent_ = 0;
  bool cancelled_ = false;
};

}  // namespace vx11::cluster
