// Carries out what the runner says, over the instances of a LiveCluster. Nothing is changed in a read-only cluster,
// except that what was begun before is put back.
#pragma once

#include <QTimer>
#include <memory>

#include "cluster/job_context.h"
#include "cluster/matrix_job.h"
#include "cluster/rollback_runner.h"

namespace vx11::cluster {

/// After its end it stays while the drain window counts down, and then deletes itself.
class LiveRollbackJob final : public RollbackJob {
 public:
  LiveRollbackJob(JobContext& context, const RollbackSpec& spec, const QString& operationId, QObject* parent);
  ~LiveRollbackJob() override;

  [[nodiscard]] int done() const override;
  [[nodiscard]] int total() const override { return static_cast<int>(steps().size()); }
  void cancel() override;
  [[nodiscard]] const QList<RollbackStep>& steps() const override { return runner_.steps(); }
  void pause() override;
  void resume() override;
  [[nodiscard]] bool paused() const override { return runner_.paused(); }

 private:
  void begin();
  void proceed(const rollback::Event& event);
  void perform(const rollback::Action& action);
  void carryOut(const rollback::Look& look);
  void carryOut(const rollback::Post& post);
  void carryOut(const rollback::Sign& sign);
  void carryOut(const rollback::Issue& issue);
  void carryOut(const rollback::Check& check);
  void carryOut(const rollback::RunMatrix& run);
  void carryOut(const rollback::WaitUntil& wait);
  void carryOut(const rollback::Finish& end);
  template <typename Other>
  void carryOut(const Other&) {}
  /// The instance's client; null: told as a failure already.
  [[nodiscard]] InstanceClient* clientFor(int slot, bool changes);
  [[nodiscard]] bool tellChanges();
  void cutWait();

  JobContext& context_;
  RollbackSpec spec_;
  RollbackRunner runner_;
  HttpCall call_;
  QList<HttpCall> signs_;
  TokenText token_;  ///< of the gate
  QPointer<MatrixJob> matrix_;
  QTimer wait_, drain_;
  qsizetype toldSteps_ = 0;
  bool ended_ = false;
};

}  // namespace vx11::cluster
