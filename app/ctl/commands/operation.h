// An operation on the whole cluster from a shell: it looks, asks where somebody can be asked, tells each step, and
// passes the answers of who sits there. An interruption puts back what was changed.
#pragma once

#include <QHash>
#include <QPointer>

#include "ctl/command.h"
#include "ctl/prompt.h"

namespace vx11::ctl {

class Operation final : public Command {
 public:
  Operation(Output& output, cluster::RollbackSpec::Plan plan) : Command(output), prompt_(output) { spec_.plan = plan; }

  QString read(const Arguments& arguments) override;
  void run(cluster::Cluster& cluster) override;
  void interrupt() override;

  /// Those that both commands take.
  [[nodiscard]] static QList<OptionSpec> commonOptions();

 private:
  [[nodiscard]] QString readMode(const Arguments& arguments);
  void takeDefaults(const cluster::Profile& profile);
  void tellUnfinished();
  void look();
  void ask(const QList<cluster::RollbackStep>& steps, const QStringList& warnings);
  void askToBegin();
  /// The profile's commands, of which nobody said on this machine that they may be run; those of this line are.
  [[nodiscard]] QList<QStringList> unconfirmed() const;
  void askToRun(const QList<QStringList>& commands);
  void askFor(const QString& question, const QString& wanted);
  void start();
  void goOn();
  void resume();
  void follow(cluster::RollbackJob* job);
  void tell(int index);
  void askAbout(const cluster::RollbackStep& step);
  void answerFailed(const std::optional<QString>& answer);
  void conclude(const QList<cluster::RollbackStep>& steps, const QStringList& warnings,
                const cluster::RollbackOutcome& outcome);
  void refuse(const QString& reason);
  void tellWarnings(const QStringList& warnings);
  void showPlan(const QList<cluster::RollbackStep>& steps, const QStringList& warnings);

  cluster::Cluster* cluster_ = nullptr;
  cluster::RollbackSpec spec_;
  QPointer<cluster::RollbackJob> job_;
  Prompt prompt_;
  QList<QStringList> ownCommands_;  ///< given on this line
  QStringList toldWarnings_;
  QHash<int, QString> told_;  ///< what was said last of each step
  QString resumed_;           ///< the operation's id, or its beginning
  int asking_ = -1;           ///< the step that a question is open of
  bool sure_ = false, resumes_ = false;
};

}  // namespace vx11::ctl
