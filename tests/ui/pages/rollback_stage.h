// The Rollback page over a cluster of three whose operations do what the test says.
#pragma once

#include <QPushButton>
#include <QSignalSpy>
#include <QStandardPaths>
#include <memory>

#include "cluster_stage.h"
#include "dialogs/confirm_dialog.h"
#include "pages/rollback_page.h"
#include "pages/rollback_plan_view.h"
#include "pages/rollback_setup.h"
#include "widgets/inline_bar.h"
#include "widgets/page_header.h"

namespace vx11::ui::testing {

using cluster::RollbackOutcome;
using cluster::RollbackSpec;
using cluster::RollbackStep;
using Kind = RollbackStep::Kind;
using State = RollbackStep::State;
using Result = RollbackOutcome::Result;

/// What the real planner makes of three instances and a nginx file: 15 steps.
inline QList<RollbackStep> planOf(const cluster::Cluster& cluster, const RollbackSpec& spec) {
  QList<RollbackStep> steps;
  const auto add = [&](Kind kind, int slot = -1) -> RollbackStep& {
    RollbackStep step;
    step.kind = kind;
    step.slot = slot;
    if (spec.plan == RollbackSpec::Plan::Mode) step.to = spec.to;
    if (slot >= 0) step.instance = cluster.instances().at(slot).id;
    steps << step;
    return steps.last();
  };
  add(Kind::Look);
  add(Kind::Lock);
  if (!spec.nginxFile.isEmpty()) {
    auto& route = add(Kind::Route);
    route.sticky = true;
    route.servers = QStringList{QStringLiteral("10.0.0.1:8011"), QStringLiteral("10.0.0.2:8011"),
                                QStringLiteral("10.0.0.3:8011")};
    add(Kind::Reload).command = spec.reloadCommand;
    add(Kind::Sticky).sticky = true;
  }
  for (const InstanceInfo& info : cluster.instances()) {
    if (spec.skip.contains(info.id)) continue;
    if (spec.plan == RollbackSpec::Plan::Restart) {
      add(Kind::Stop, info.slot);
      add(Kind::Start, info.slot).command = spec.restartCommand;
    } else {
      add(Kind::Switch, info.slot).from = info.mode;
    }
    add(Kind::Gate, info.slot);
  }
  add(Kind::Matrix);
  if (spec.plan == RollbackSpec::Plan::Mode) {
    add(Kind::Drain);
    if (spec.watchSec > 0) add(Kind::Watch);
  }
  add(Kind::Release);
  return steps;
}

class RollbackStage {
 public:
  RollbackStage() : themes_(new ThemeManager), clipboard_(new ClipboardGuard) { QStandardPaths::setTestModeEnabled(true); }

  ~RollbackStage() { themes_->choose(ThemeChoice::Light); }

  void open(const QString& mode = QStringLiteral("hybrid")) {
    make(mode);
    openPage();
  }
  /// The cluster alone, to be changed before `openPage`.
  void make(const QString& mode = QStringLiteral("hybrid")) {
    page.reset();
    cluster = std::make_unique<FakeCluster>();
    addThree(*cluster, mode);
    for (int slot = 0; slot < 3; ++slot) {
      InstanceInfo info = cluster->instances().at(slot);
      info.url = QUrl(QStringLiteral("http://10.0.0.%1:8011").arg(slot + 1));
      info.maxTtlSec = 300;
      cluster->setInstance(info);
    }
    cluster::Profile profile = cluster->profile();
    profile.id = QStringLiteral("p1");
    profile.environment = cluster::Environment::Staging;
    cluster->setProfile(profile);
    cluster->foresee = [this](const RollbackSpec& spec) {
      cluster::RollbackOutlook outlook;
      outlook.summary = summary;
      outlook.refusal = refusal;
      outlook.warnings = warnings;
      outlook.steps = planOf(*cluster, spec);
      return outlook;
    };
  }
  void openPage() {
    page = std::make_unique<RollbackPage>(Services{*cluster, *themes_, *clipboard_, nullptr, consents});
    page->resize(1063, 703);
    page->show();
    page->setInView(true);
  }
  void setProfile(cluster::Profile profile) { cluster->setProfile(std::move(profile)); }
  void setState(int slot, InstanceState state) {
    InstanceInfo info = cluster->instances().at(slot);
    info.state = state;
    cluster->setInstance(info);
  }
  void setMode(int slot, const QString& mode) {
    InstanceInfo info = cluster->instances().at(slot);
    info.mode = mode;
    cluster->setInstance(info);
  }

  [[nodiscard]] PageHeader& header() const { return *page->findChild<PageHeader*>(); }
  [[nodiscard]] InlineBar& bar() const { return *page->findChild<InlineBar*>(); }
  [[nodiscard]] RollbackSetup& setup() const { return *page->findChild<RollbackSetup*>(); }
  [[nodiscard]] const RollbackPlanModel& plan() const { return page->findChild<RollbackPlanView*>()->plan(); }
  [[nodiscard]] QAbstractButton& button(const char* text) const { return *buttonOf(*page, QString::fromUtf8(text)); }
  [[nodiscard]] bool offers(const char* text) const {
    auto* found = buttonOf(*page, QString::fromUtf8(text));
    return found != nullptr && found->isVisible();
  }
  [[nodiscard]] QString line(int row) const { return plan().index(row).data(Qt::AccessibleTextRole).toString(); }
  [[nodiscard]] QAbstractButton& segment(const char* target) const {
    return *buttonOf(setup(), QString::fromUtf8(target));
  }
  [[nodiscard]] ConfirmDialog* dialog() const { return page->findChild<ConfirmDialog*>(); }
  [[nodiscard]] bool says(const QString& words) const { return textOf(*page).contains(words); }
  [[nodiscard]] cluster::testing::FakeRollbackJob& job() const { return *cluster->rollbackJob; }

  void begin(const char* verb = "Roll back to memory…") {
    button(verb).click();
    QVERIFY(dialog());
    dialog()->verbButton()->click();
    QTRY_VERIFY(!dialog());
    job().setPlan(planOf(*cluster, cluster->rollbackSpec));
  }
  [[nodiscard]] int indexOf(Kind kind, int slot = -1) const {
    const auto& plan = job().plan;
    for (int i = 0; i < plan.size(); ++i)
      if (plan.at(i).kind == kind && plan.at(i).slot == slot) return i;
    return -1;
  }
  void step(int index, State state, const QString& detail = {}, qint64 remainingMs = 0) {
    RollbackStep changed = job().plan.at(index);
    changed.state = state;
    changed.detail = detail;
    changed.remainingMs = remainingMs;
    changed.failed = false;
    job().setStep(index, changed);
  }
  void ask(int index, bool failed, const QString& detail) {
    RollbackStep changed = job().plan.at(index);
    changed.state = State::Asking;
    changed.failed = failed;
    changed.detail = detail;
    job().setStep(index, changed);
  }
  void stepsDone(int from, int to) {
    for (int i = from; i <= to; ++i) {
      step(i, State::Running);
      cluster->advance(4);
      step(i, State::Done);
    }
  }
  static RollbackOutcome outcome(Result result, const QString& reason = {}, bool restored = true) {
    RollbackOutcome made;
    made.result = result;
    made.reason = reason;
    made.restored = restored;
    return made;
  }
  void shootAs(const QString& name) { shoot(*page, *themes_, name); }
  [[nodiscard]] ThemeManager& themes() { return *themes_; }

  std::unique_ptr<FakeCluster> cluster;
  std::unique_ptr<RollbackPage> page;
  QString summary = QStringLiteral(
      "Switches 3 instances from hybrid to memory mode, one at a time, in about 6 min: 5 min until the last token "
      "of before has expired, 1 min of watching. Clients notice nothing as long as one client stays on one instance.");
  QString refusal;
  const cluster::CommandConsents* consents = nullptr;  ///< null: commands are run without asking
  QStringList warnings;

 private:
  std::unique_ptr<ThemeManager> themes_;
  std::unique_ptr<ClipboardGuard> clipboard_;
};

}  // namespace vx11::ui::testing
