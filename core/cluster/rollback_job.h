// Carries out what the runner says, over the instances of a LiveCluster, and keeps on the disk how far it came: before
// whatever has an effect, and after each step. Nothing is changed in a read-only cluster, except that what was begun
// before is put back; a permission that lapses meanwhile keeps nothing from its end.
#pragma once

#include <QTimer>
#include <memory>
#include <optional>

#include "cluster/command_run.h"
#include "cluster/job_context.h"
#include "cluster/matrix_job.h"
#include "cluster/own_checks.h"
#include "cluster/rollback_files.h"
#include "cluster/rollback_runner.h"
#include "cluster/rollback_store.h"

namespace vx11::cluster {

/// After its end it stays while the drain window counts down, and then deletes itself.
class LiveRollbackJob final : public RollbackJob {
 public:
  /// `kept`: what is saved of it, its state while it is under way; with a state already, it goes on with what was
  /// interrupted. Nothing: it isn't saved.
  LiveRollbackJob(const JobContext& context, RollbackRunner runner, std::optional<SavedRollback> kept, QObject* parent);
  ~LiveRollbackJob() override;

  [[nodiscard]] int done() const override;
  [[nodiscard]] int total() const override { return static_cast<int>(steps().size()); }
  void cancel() override;
  [[nodiscard]] const QList<RollbackStep>& steps() const override { return runner_.steps(); }
  [[nodiscard]] QString operationId() const override { return runner_.operation().id; }
  [[nodiscard]] QStringList warnings() const override { return runner_.warnings() + ownWarnings_; }
  void pause() override;
  void resume() override;
  [[nodiscard]] bool paused() const override { return runner_.paused(); }
  void confirm() override;
  void retry() override;
  void skip(const QString& why) override;

  /// Of the state that is saved: the runner's.
  [[nodiscard]] static QJsonObject runnerIn(const QJsonObject& state);

 private:
  void begin();
  void proceed(const rollback::Event& event);
  void perform(const rollback::Action& action);
  /// False: it is one that changes something, and that isn't allowed now.
  [[nodiscard]] bool isAllowed(const rollback::Action& action);
  [[nodiscard]] bool mayChange();
  void carryOut(const rollback::Look& look);
  void carryOut(const rollback::Sign& sign);
  void carryOut(const rollback::Post& post);
  void carryOut(const rollback::Issue& issue);
  void carryOut(const rollback::Check& check);
  void check(int slot, bool byStream);
  void carryOut(const rollback::WriteFile& write);
  void carryOut(const rollback::PutFileBack& back);
  void carryOut(const rollback::Run& run);
  void carryOut(const rollback::Await& await);
  void carryOut(const rollback::ProbeRouting& probe);
  void carryOut(const rollback::DrainInstance& drain);
  void carryOut(const rollback::AskAlive& ask);
  void carryOut(const rollback::RunMatrix& run);
  void carryOut(const rollback::Count& count);
  void carryOut(const rollback::WaitUntil& wait);
  void carryOut(const rollback::Finish& end);
  /// The instance's client; null: told as a failure already.
  [[nodiscard]] InstanceClient* clientFor(int slot);
  void endCommand();
  [[nodiscard]] RollbackFiles nginx() const { return {runner_.spec().nginxFile, runner_.operation().id}; }
  void written(const RollbackFiles::Result& result);
  [[nodiscard]] bool tellChanges();
  void cutWait();

  void keep(const rollback::Action& next);
  void keepNoLonger(const RollbackOutcome& outcome);

  const JobContext& given_;
  JobContext context_;  ///< given_ with a permission that lasts to the end
  RollbackRunner runner_;
  RollbackStore store_;
  std::optional<SavedRollback> kept_;
  bool isKept_ = false, resumed_ = false, begun_ = false;
  QList<RollbackStep::State> keptStates_;
  QStringList ownWarnings_;
  OwnChecks own_;
  HttpCall call_;
  QList<HttpCall> calls_;  ///< of an action that asks several at the same time
  TokenText token_;        ///< of the gate
  QPointer<CommandRun> command_;
  std::optional<rollback::Ran> ran_;  ///< ended while nobody waited for it
  bool awaiting_ = false;
  QPointer<RoutingProbe> probe_;
  QPointer<MatrixJob> matrix_;
  QTimer wait_, drain_;
  qsizetype toldSteps_ = 0;
  bool ended_ = false;
};

}  // namespace vx11::cluster
