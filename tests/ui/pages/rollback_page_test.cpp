// The Rollback page over a cluster whose jobs do what the test says.
#include <QClipboard>
#include <QGuiApplication>
#include <QPushButton>
#include <QSignalSpy>
#include <memory>

#include "cluster_stage.h"
#include "dialogs/confirm_dialog.h"
#include "pages/rollback_page.h"
#include "pages/rollback_plan_view.h"
#include "pages/rollback_result.h"
#include "pages/rollback_target.h"
#include "pages/rollback_words.h"
#include "widgets/inline_bar.h"
#include "widgets/page_header.h"

using namespace vx11;
using namespace vx11::ui;
using namespace vx11::ui::testing;
using cluster::RollbackOutcome;
using cluster::RollbackStep;
using Kind = RollbackStep::Kind;
using State = RollbackStep::State;

class RollbackPageTest : public QObject {
  Q_OBJECT
  std::unique_ptr<ThemeManager> themes_;
  std::unique_ptr<ClipboardGuard> clipboard_;
  std::unique_ptr<FakeCluster> cluster_;
  std::unique_ptr<RollbackPage> page_;

  void open(const QString& mode = QStringLiteral("hybrid")) {
    page_.reset();
    cluster_ = std::make_unique<FakeCluster>();
    addThree(*cluster_, mode);
    for (int slot = 0; slot < 3; ++slot) {
      InstanceInfo info = cluster_->instances().at(slot);
      info.maxTtlSec = 300;
      cluster_->setInstance(info);
    }
    openPage();
  }
  void openPage() {
    page_ = std::make_unique<RollbackPage>(Services{*cluster_, *themes_, *clipboard_});
    page_->resize(1063, 703);
    page_->show();
    page_->setInView(true);
  }
  void setMode(int slot, const QString& mode) {
    InstanceInfo info = cluster_->instances().at(slot);
    info.mode = mode;
    cluster_->setInstance(info);
  }
  [[nodiscard]] PageHeader& header() const { return *page_->findChild<PageHeader*>(); }
  [[nodiscard]] InlineBar& bar() const { return *page_->findChild<InlineBar*>(); }
  [[nodiscard]] const RollbackPlanModel& plan() const { return page_->findChild<RollbackPlanView*>()->plan(); }
  [[nodiscard]] QAbstractButton& button(const char* text) const { return *buttonOf(*page_, QString::fromUtf8(text)); }
  [[nodiscard]] QString line(int row) const { return plan().index(row).data(Qt::AccessibleTextRole).toString(); }
  [[nodiscard]] QAbstractButton& segment(const char* mode) const {
    return *buttonOf(*page_->findChild<RollbackTarget*>(), QString::fromUtf8(mode));
  }

  void startForReal(const char* verb = "Roll back to memory…") {
    button(verb).click();
    page_->findChild<ConfirmDialog*>()->verbButton()->click();
    QTRY_VERIFY(!page_->findChild<ConfirmDialog*>());
  }
  /// As the real job begins: its plan is known.
  void tellPlan(const QString& from, const QString& to) {
    QList<RollbackStep> steps;
    const auto add = [&](Kind kind, int slot) {
      RollbackStep step;
      step.kind = kind;
      step.slot = slot;
      step.to = to;
      if (slot >= 0) step.instance = cluster_->instances().at(slot).id;
      if (kind == Kind::Switch) step.from = from;
      steps << step;
    };
    add(Kind::Look, -1);
    for (int slot = 0; slot < 3; ++slot) {
      add(Kind::Switch, slot);
      add(Kind::Gate, slot);
    }
    add(Kind::Matrix, -1);
    add(Kind::Drain, -1);
    cluster_->rollbackJob->setPlan(steps);
  }
  void step(int index, State state, const QString& detail = {}, qint64 remainingMs = 0) {
    RollbackStep changed = cluster_->rollbackJob->plan.at(index);
    changed.state = state;
    changed.detail = detail;
    changed.remainingMs = remainingMs;
    cluster_->rollbackJob->setStep(index, changed);
  }
  void stepsDone(int from, int to) {
    for (int i = from; i <= to; ++i) {
      step(i, State::Running);
      cluster_->advance(4);
      step(i, State::Done);
    }
  }
  static RollbackOutcome outcome(RollbackOutcome::Result result, const QString& reason = {}, bool restored = true) {
    RollbackOutcome made;
    made.result = result;
    made.reason = reason;
    made.restored = restored;
    return made;
  }

 private Q_SLOTS:
  void initTestCase() {
    themes_ = std::make_unique<ThemeManager>();
    clipboard_ = std::make_unique<ClipboardGuard>();
  }
  void cleanup() {
    page_.reset();
    cluster_.reset();
    themes_->choose(ThemeChoice::Light);
  }

  void showsThePlanBeforeAnythingIsBegun() {
    open();
    QCOMPARE(header().verdict(), QStringLiteral("All in hybrid mode. A dry run asks every instance and changes nothing."));
    QCOMPARE(plan().rowCount(), 9);
    QCOMPARE(line(1), QStringLiteral("Step 2 of 9, Switch fra-1 to memory, Waiting, Now hybrid"));
    QVERIFY(textOf(*page_).contains(QStringLiteral("routing must be sticky")));
    QVERIFY(textOf(*page_).contains(QStringLiteral("5 min at most")));
    QVERIFY(!segment("hybrid").isEnabled());
    QCOMPARE(segment("hybrid").toolTip(), QStringLiteral("Every instance is in hybrid mode already."));
    QVERIFY(!button("Abort and put back").isVisible());
    QCOMPARE(cluster_->rollbackRuns, 0);
    shoot(*page_, *themes_, QStringLiteral("rollback-before"));
  }

  void anotherTargetIsAnotherPlan() {
    open();
    segment("redis").click();
    QVERIFY(button("Roll forward to redis…").isEnabled());
    QCOMPARE(plan().index(1).data().toString(), QStringLiteral("Switch fra-1 to redis"));
    QVERIFY(textOf(*page_).contains(QStringLiteral("each check asks Redis")));
  }

  void saysWhyItCannot_data() {
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("reason");
    QTest::newRow("dead") << "dead" << "fra-2 doesn't answer, so nothing is begun.";
    QTest::newRow("foreign") << "foreign" << "fra-2 is a backend of others: there is no call to change its mode.";
    QTest::newRow("read-only") << "read-only" << "Read-only profile. Allow changes with Ctrl+Shift+L.";
  }
  void saysWhyItCannot() {
    QFETCH(QString, what);
    QFETCH(QString, reason);
    open();
    InstanceInfo info = cluster_->instances().at(1);
    if (what == QStringLiteral("dead")) info.state = InstanceState::Unreachable;
    if (what == QStringLiteral("foreign")) info.internalCalls = false;
    cluster_->setInstance(info);
    cluster_->setCanChange(what != QStringLiteral("read-only"));
    QVERIFY(!button("Roll back to memory…").isEnabled());
    QCOMPARE(button("Roll back to memory…").toolTip(), reason);
    button("Roll back to memory…").click();
    QVERIFY(!page_->findChild<ConfirmDialog*>());
    QVERIFY(button("Dry run").isEnabled());  // it changes nothing, and says the same
  }

  void withoutRedisThereIsNothingToRollBack() {
    cluster_ = std::make_unique<FakeCluster>();
    InstanceInfo local = instance(QStringLiteral("local"), QStringLiteral("memory"));
    local.redisConfigured = false;
    cluster_->addInstance(local);
    openPage();
    QCOMPARE(header().verdict(), QStringLiteral("Needs a cluster. This profile has one instance in memory mode: there is nothing to roll back."));
    QVERIFY(!button("Dry run").isVisible());
    page_->run();
    QCOMPARE(cluster_->rollbackRuns, 0);
    QSignalSpy asked(page_.get(), &Page::actionRequested);
    button("Try a cluster").click();
    QCOMPARE(asked.last().first().toString(), QStringLiteral("profile.cluster"));
    shoot(*page_, *themes_, QStringLiteral("rollback-none"));
  }

  void aDryRunChangesNothing() {
    open();
    page_->run();
    QVERIFY(cluster_->rollbackSpec.dryRun);
    QCOMPARE(cluster_->rollbackSpec.to, QStringLiteral("memory"));
    QVERIFY(!button("Abort and put back").isVisible());
    tellPlan(QStringLiteral("hybrid"), QStringLiteral("memory"));
    step(0, State::Running);
    QCOMPARE(header().verdict(), QStringLiteral("Step 1 of 9, asking every instance."));
    step(0, State::Done, QStringLiteral("3 of 3 answer"));
    for (int i = 1; i < 9; ++i) step(i, State::Skipped);
    cluster_->rollbackJob->finish(outcome(RollbackOutcome::Result::Done));
    QCOMPARE(header().mark(), Mark::Pass);
    QCOMPARE(header().verdict(), QStringLiteral("It can be done. Every instance was asked, and nothing was changed."));
    QVERIFY(button("Roll back to memory…").isEnabled());
    shoot(*page_, *themes_, QStringLiteral("rollback-dry"));
  }

  void aDryRunThatIsRefusedSaysWhy() {
    open();
    page_->run();
    tellPlan(QStringLiteral("hybrid"), QStringLiteral("memory"));
    cluster_->rollbackJob->finish(outcome(RollbackOutcome::Result::Refused, QStringLiteral("fra-2 is draining: it is about to end.")));
    QCOMPARE(header().verdict(), QStringLiteral("It can’t be done now. Nothing was changed."));
    QVERIFY(bar().text().contains(QStringLiteral("fra-2 is draining")));
    buttonOf(bar(), QStringLiteral("Try a dry run"))->click();
    QCOMPARE(cluster_->rollbackRuns, 2);
  }

  void asksOnceAndSwitchesOneByOne() {
    open();
    button("Roll back to memory…").click();
    auto* dialog = page_->findChild<ConfirmDialog*>();
    QVERIFY(dialog);
    QVERIFY(textOf(*dialog).contains(QStringLiteral("Switch 3 instances to memory mode?")));
    QVERIFY(dialog->cancelButton()->isDefault());
    dialog->cancelButton()->click();
    QCOMPARE(cluster_->rollbackRuns, 0);
    QTRY_VERIFY(!page_->findChild<ConfirmDialog*>());

    QSignalSpy badges(page_.get(), &Page::badgeChanged);
    startForReal();
    QVERIFY(!cluster_->rollbackSpec.dryRun);
    tellPlan(QStringLiteral("hybrid"), QStringLiteral("memory"));
    stepsDone(0, 2);
    step(3, State::Running);
    cluster_->advance(4000);
    QCOMPARE(header().verdict(), QStringLiteral("Step 4 of 9, switching fra-2 to memory."));
    QCOMPARE(badges.last().first().value<Badge>(), (Badge{QStringLiteral("4/9"), false, false}));
    QVERIFY(page_->unfinished().contains(QStringLiteral("1 of 3 instances switched")));
    QVERIFY(button("Abort and put back").isVisible());
    QVERIFY(!segment("redis").isEnabled());
    step(3, State::Running, QStringLiteral("fra-2 doesn't answer (timeout)"));
    QVERIFY(header().verdict().endsWith(QStringLiteral(" fra-2 doesn't answer (timeout); it is tried again.")));
    shoot(*page_, *themes_, QStringLiteral("rollback-running"));
  }

  void countsTheDrainWindowDown() {
    open();
    startForReal();
    tellPlan(QStringLiteral("hybrid"), QStringLiteral("memory"));
    stepsDone(0, 7);
    step(8, State::Running, {}, 60'000);
    for (int slot = 0; slot < 3; ++slot) setMode(slot, QStringLiteral("memory"));
    RollbackOutcome done = outcome(RollbackOutcome::Result::Done);
    done.matrix.members = {0, 1, 2};
    done.matrix.names = {QStringLiteral("fra-1"), QStringLiteral("fra-2"), QStringLiteral("fra-3")};
    done.matrix.verdict = cluster::MatrixVerdict::Diagonal;
    for (int i = 0; i < 9; ++i) {
      cluster::MatrixCell cell;
      cell.issuer = i / 3;
      cell.validator = i % 3;
      cell.state = i % 4 == 0 ? cluster::MatrixCell::State::Accepted : cluster::MatrixCell::State::Refused;
      done.matrix.cells << cell;
    }
    const QPointer job = cluster_->rollbackJob.data();
    Q_EMIT job->finished(done);  // it stays while the window is open
    QCOMPARE(header().mark(), Mark::Draining);
    QCOMPARE(header().verdict(), QStringLiteral("Done, draining. 3 instances in memory mode after 32 ms."));
    QVERIFY(page_->unfinished().isEmpty());
    auto* drain = page_->findChild<RollbackDrain*>();
    QVERIFY(drain->isVisible());
    QVERIFY(textOf(*drain).contains(QStringLiteral("1:00")));
    step(8, State::Running, {}, 37'400);
    QVERIFY(textOf(*drain).contains(QStringLiteral("0:38")));
    QVERIFY(textOf(*page_->findChild<RollbackMatrix*>()).contains(QStringLiteral("As memory mode promises")));
    QVERIFY(button("Roll forward to hybrid…").isEnabled());  // where it came from
    shoot(*page_, *themes_, QStringLiteral("rollback-draining"));
    step(8, State::Done);
    QVERIFY(!drain->isVisible());
    QCOMPARE(header().mark(), Mark::Pass);
  }

  void theWayBackMayBeginWhileItDrains() {
    open();
    startForReal();
    tellPlan(QStringLiteral("hybrid"), QStringLiteral("memory"));
    stepsDone(0, 7);
    step(8, State::Running, {}, 60'000);
    for (int slot = 0; slot < 3; ++slot) setMode(slot, QStringLiteral("memory"));
    const QPointer first = cluster_->rollbackJob.data();
    Q_EMIT first->finished(outcome(RollbackOutcome::Result::Done));
    startForReal("Roll forward to hybrid…");
    QCOMPARE(cluster_->rollbackRuns, 2);
    QVERIFY(first->cancelled);  // its countdown is of no use any more
    QCOMPARE(cluster_->rollbackSpec.to, QStringLiteral("hybrid"));
    QVERIFY(header().verdict().startsWith(QStringLiteral("Beginning.")));
  }

  void abortPutsBack() {
    open();
    startForReal();
    tellPlan(QStringLiteral("hybrid"), QStringLiteral("memory"));
    stepsDone(0, 2);
    step(3, State::Running);
    button("Abort and put back").click();
    QVERIFY(cluster_->rollbackJob->cancelled);
    QVERIFY(!button("Abort and put back").isEnabled());
    QVERIFY(header().verdict().startsWith(QStringLiteral("Aborting.")));
    step(3, State::Failed, QStringLiteral("Aborted"));
    for (int i = 4; i < 9; ++i) step(i, State::Skipped);
    QList<RollbackStep> steps = cluster_->rollbackJob->plan;
    RollbackStep back = steps.at(1);
    back.kind = Kind::Restore;
    back.state = State::Running;
    std::swap(back.from, back.to);
    steps << back;
    cluster_->rollbackJob->setPlan(steps);
    QCOMPARE(header().verdict(), QStringLiteral("Step 10 of 10, putting fra-1 back to hybrid."));
    step(9, State::Done);
    cluster_->rollbackJob->finish(outcome(RollbackOutcome::Result::Aborted, QStringLiteral("Aborted; every instance is back in the mode it had.")));
    QCOMPARE(header().verdict(), QStringLiteral("Aborted. Every instance is in the mode it had."));
    QVERIFY(bar().text().contains(QStringLiteral("every instance is back")));
    QCOMPARE(page_->unfinished(), QString());
    shoot(*page_, *themes_, QStringLiteral("rollback-aborted"));
  }

  void whatIsNotPutBackIsCritical() {
    open();
    startForReal();
    tellPlan(QStringLiteral("hybrid"), QStringLiteral("memory"));
    QSignalSpy badges(page_.get(), &Page::badgeChanged);
    cluster_->rollbackJob->finish(outcome(RollbackOutcome::Result::Aborted, QStringLiteral("fra-2 doesn't answer; not restored: fra-1."), false));
    QCOMPARE(header().mark(), Mark::Fail);
    QCOMPARE(badges.last().first().value<Badge>(), (Badge{{}, false, true}));
  }

  void anAbortIsAtHandWhileTheViewIsPaused() {
    open();
    startForReal();
    page_->setPaused(true);
    tellPlan(QStringLiteral("hybrid"), QStringLiteral("memory"));
    step(0, State::Running);
    QVERIFY(button("Abort and put back").isVisible());
    QVERIFY(header().verdict().startsWith(QStringLiteral("Beginning.")));
    page_->setPaused(false);
    QVERIFY(header().verdict().startsWith(QStringLiteral("Step 1 of 9")));
  }

  void goesOnOutOfView() {
    open();
    startForReal();
    page_->setInView(false);
    QSignalSpy said(page_.get(), &Page::message);
    tellPlan(QStringLiteral("hybrid"), QStringLiteral("memory"));
    stepsDone(0, 8);
    cluster_->rollbackJob->finish(outcome(RollbackOutcome::Result::Done));
    QVERIFY(said.last().first().toString().startsWith(QStringLiteral("Done. 3 instances in memory mode")));
    page_->setInView(true);
    QVERIFY(header().verdict().startsWith(QStringLiteral("Done.")));
  }

  void mixedModesAreSaid() {
    open();
    setMode(1, QStringLiteral("memory"));
    QCOMPARE(header().verdict(), QStringLiteral("Modes differ. fra-1 hybrid, fra-2 memory, fra-3 hybrid."));
    QVERIFY(segment("hybrid").isEnabled());
  }

  void theShellLineNamesEveryInstance() {
    open();
    for (auto* each : page_->findChildren<QAbstractButton*>())
      if (each->text() == QStringLiteral("Copy")) each->click();
    QCOMPARE(QGuiApplication::clipboard()->text(),
             QStringLiteral("vx11ctl --instance http://127.0.0.1:8011 --instance http://127.0.0.1:8011 --instance "
                            "http://127.0.0.1:8011 rollback --to memory"));
  }

  void aClusterThatCannotAtAllSaysSo() {
    open();
    cluster_->rollbackPossible = false;
    page_->run();
    QVERIFY(!button("Dry run").isEnabled());
    QVERIFY(button("Dry run").toolTip().contains(QStringLiteral("can’t be changed")));
  }
};

QTEST_MAIN(RollbackPageTest)
#include "rollback_page_test.moc"
