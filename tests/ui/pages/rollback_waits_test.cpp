// The Rollback page where an operation waits: for the operator, for an instance, for another operation, or since before
// the console was opened.
#include <QLineEdit>

#include "pages/rollback_gates.h"
#include "pages/rollback_step_card.h"
#include "rollback_stage.h"

using namespace vx11;
using namespace vx11::ui;
using namespace vx11::ui::testing;

class RollbackWaitsTest : public QObject {
  Q_OBJECT
  std::unique_ptr<RollbackStage> stage_;

  [[nodiscard]] cluster::UnfinishedRollback leftOver(bool running) const {
    cluster::UnfinishedRollback left;
    left.id = QStringLiteral("feedc0de");
    left.spec.to = QStringLiteral("memory");
    left.spec.owner = QStringLiteral("ana@ops-1");
    left.begun = QDateTime::currentDateTime().addSecs(-600);
    left.lastSaved = left.begun.addSecs(60);
    left.steps = planOf(*stage_->cluster, left.spec);
    for (int i = 0; i < 4; ++i) left.steps[i].state = State::Done;
    left.processId = 4711;
    left.running = running;
    return left;
  }
  void refuse(bool lapsed) {
    stage_->begin();
    RollbackOutcome refused = RollbackStage::outcome(Result::Refused, QStringLiteral("fra-1 is held by an operation of ana@ops-1."));
    refused.heldBy = cluster::RollbackHolder{QStringLiteral("ana@ops-1"), QDateTime::currentDateTime().addSecs(-300),
                                             QDateTime::currentDateTime().addSecs(lapsed ? -90 : -12), lapsed};
    stage_->job().finish(refused);
  }

 private Q_SLOTS:
  void init() { stage_ = std::make_unique<RollbackStage>(); }
  void cleanup() { stage_.reset(); }

  void pausesAfterTheStep() {
    stage_->open();
    stage_->begin();
    stage_->stepsDone(0, 1);
    stage_->step(2, State::Running);
    stage_->button("Pause after this step").click();
    QVERIFY(stage_->job().paused());
    QVERIFY(stage_->header().verdict().endsWith(QStringLiteral("Pauses after this step.")));
    QVERIFY(stage_->offers("Don’t pause"));
    stage_->step(2, State::Done);
    QCOMPARE(stage_->header().mark(), Mark::Paused);
    QVERIFY(stage_->header().verdict().startsWith(QStringLiteral("Paused before step 4 of 12.")));
    stage_->shootAs(QStringLiteral("rollback-paused"));
    stage_->button("Go on").click();
    QVERIFY(!stage_->job().paused());
    QVERIFY(stage_->offers("Pause after this step"));
  }

  void whatIsToBeDoneByHandIsAsked() {
    stage_->open();
    stage_->begin();
    stage_->stepsDone(0, 1);
    QSignalSpy badges(stage_->page.get(), &Page::badgeChanged);
    stage_->ask(2, false, QStringLiteral("On fra-1: git revert the change, then\ndocker compose -f docker-compose.full-test.yml up -d --no-deps operator-backend"));
    QCOMPARE(stage_->header().mark(), Mark::Warning);
    QVERIFY(stage_->header().verdict().startsWith(QStringLiteral("Step 3 of 12 waits for you")));
    QVERIFY(badges.last().first().value<Badge>().warning);
    QVERIFY(stage_->says(QStringLiteral("docker compose -f")));
    QVERIFY(!stage_->offers("Retry"));
    QVERIFY(!stage_->button("Pause after this step").isEnabled());
    stage_->shootAs(QStringLiteral("rollback-by-hand"));
    stage_->button("Done, go on").click();
    QCOMPARE(stage_->job().said, QStringList{QStringLiteral("confirm")});
    stage_->step(2, State::Running);
    QVERIFY(!stage_->offers("Done, go on"));
  }

  void aFailedStepWaits() {
    stage_->open();
    stage_->begin();
    stage_->stepsDone(0, 2);
    stage_->ask(3, true, QStringLiteral("fra-1 refused its own token (403 invalid_token)"));
    QVERIFY(stage_->header().verdict().startsWith(QStringLiteral("Step 4 of 12 failed, trying fra-1.")));
    QVERIFY(stage_->says(QStringLiteral("fra-1 refused its own token")));
    QVERIFY(!stage_->offers("Done, go on"));
    QVERIFY(stage_->button("Abort and put back…").isEnabled());
    stage_->button("Retry").click();
    QCOMPARE(stage_->job().said, QStringList{QStringLiteral("retry")});

    QVERIFY(!stage_->offers("Skip this step"));
    stage_->button("Skip…").click();
    QVERIFY(stage_->offers("Skip this step"));
    QVERIFY(!stage_->button("Skip this step").isEnabled());  // not without a reason
    stage_->shootAs(QStringLiteral("rollback-failed"));
    auto* why = stage_->page->findChild<RollbackStepCard*>()->findChild<QLineEdit*>();
    why->setText(QStringLiteral("  "));
    QVERIFY(!stage_->button("Skip this step").isEnabled());
    why->setText(QStringLiteral("known fault, ticket 12"));
    stage_->button("Skip this step").click();
    QCOMPARE(stage_->job().said.last(), QStringLiteral("skip: known fault, ticket 12"));
  }

  void aTickLeavesTheReasonAlone() {
    stage_->open();
    stage_->begin();
    stage_->stepsDone(0, 2);
    stage_->ask(3, true, QStringLiteral("fra-1 refused its own token"));
    stage_->button("Skip…").click();
    auto* why = stage_->page->findChild<RollbackStepCard*>()->findChild<QLineEdit*>();
    why->setText(QStringLiteral("known"));
    stage_->setState(0, InstanceState::Live);
    QCOMPARE(why->text(), QStringLiteral("known"));
  }

  void waitsForAnInstance() {
    stage_->open();
    stage_->begin();
    stage_->stepsDone(0, 3);
    stage_->step(4, State::Running);
    stage_->setState(1, InstanceState::Unreachable);
    QCOMPARE(stage_->header().verdict(),
             QStringLiteral("Waiting for fra-2, nothing changes meanwhile. Step 5 of 12, switching fra-2 to memory."));
    QCOMPARE(stage_->header().mark(), Mark::Unreachable);
    stage_->shootAs(QStringLiteral("rollback-waiting"));
    stage_->setState(1, InstanceState::Live);
    QVERIFY(stage_->header().verdict().startsWith(QStringLiteral("Step 5 of 12")));
  }

  void anInstanceThatRestartsIsNotWaitedFor() {
    stage_->open();
    stage_->segment("restart").click();
    stage_->begin("Restart one by one…");
    const int startStep = stage_->indexOf(Kind::Start, 0);
    stage_->stepsDone(0, startStep - 1);
    stage_->step(startStep, State::Running);
    stage_->setState(0, InstanceState::Unreachable);
    const QString said = stage_->header().verdict();
    QVERIFY2(said.startsWith(QStringLiteral("Step 4 of 13, starting fra-1")), qPrintable(said));
  }

  void anotherOperationIsNamed() {
    stage_->open();
    refuse(false);
    QVERIFY(stage_->bar().text().startsWith(QStringLiteral("ana@ops-1 holds the modes since ")));
    QVERIFY(stage_->bar().text().contains(QStringLiteral("Last sign 12 s ago.")));
    QVERIFY(stage_->bar().text().contains(QStringLiteral("Without another sign its place can be taken in 48 s.")));
    QVERIFY(!buttonOf(stage_->bar(), QStringLiteral("Take its place…")));
    QVERIFY(stage_->setup().isVisible());  // nothing was begun
    stage_->shootAs(QStringLiteral("rollback-held"));
  }

  void itsPlaceIsTakenAfterAMinute() {
    stage_->open();
    refuse(true);
    QVERIFY(stage_->bar().text().startsWith(QStringLiteral("An operation of ana@ops-1 was left")));
    stage_->shootAs(QStringLiteral("rollback-lapsed"));
    buttonOf(stage_->bar(), QStringLiteral("Take its place…"))->click();
    QVERIFY(stage_->dialog());
    QCOMPARE(stage_->cluster->rollbackRuns, 1);
    stage_->dialog()->verbButton()->click();
    QCOMPARE(stage_->cluster->rollbackRuns, 2);
    QVERIFY(stage_->cluster->rollbackSpec.breakLock);
    QVERIFY(!stage_->cluster->rollbackSpec.dryRun);
  }

  void whatWasNotEndedIsResumed() {
    stage_->make();
    stage_->cluster->unfinished = {leftOver(false)};
    stage_->openPage();
    QVERIFY(stage_->bar().text().startsWith(QStringLiteral("An operation of ana@ops-1 was not ended.")));
    QVERIFY(stage_->bar().text().contains(QStringLiteral("stands at step 5 of 11, switching fra-2 to memory.")));
    stage_->shootAs(QStringLiteral("rollback-unfinished"));
    buttonOf(stage_->bar(), QStringLiteral("Resume"))->click();
    QCOMPARE(stage_->cluster->resumed, QStringList{QStringLiteral("feedc0de")});
    QVERIFY(stage_->cluster->rollbackSpec.attended);
    QVERIFY(stage_->offers("Pause after this step"));
    QVERIFY(!stage_->bar().isVisible());
    stage_->step(4, State::Running);
    QCOMPARE(stage_->header().verdict(), QStringLiteral("Step 5 of 11, switching fra-2 to memory."));
    QVERIFY(stage_->says(QStringLiteral("--resume feedc0de")));
  }

  void whatWasNotEndedIsForgotten() {
    stage_->make();
    stage_->cluster->unfinished = {leftOver(false)};
    stage_->openPage();
    buttonOf(stage_->bar(), QStringLiteral("Forget…"))->click();
    QVERIFY(textOf(*stage_->dialog()).contains(QStringLiteral("Forget a change to memory mode?")));
    QVERIFY(stage_->cluster->forgotten.isEmpty());
    stage_->dialog()->verbButton()->click();
    QCOMPARE(stage_->cluster->forgotten, QStringList{QStringLiteral("feedc0de")});
    QVERIFY(!stage_->bar().isVisible());
  }

  void whatAnotherProcessDoesIsOnlySaid() {
    stage_->make();
    stage_->cluster->unfinished = {leftOver(true)};
    stage_->openPage();
    QVERIFY(stage_->bar().text().contains(QStringLiteral("is under way in another process.")));
    QVERIFY(stage_->bar().text().contains(QStringLiteral("Process 4711")));
    QVERIFY(!buttonOf(stage_->bar(), QStringLiteral("Resume")));
    stage_->cluster->unfinished.clear();
    buttonOf(stage_->bar(), QStringLiteral("Look again"))->click();
    QVERIFY(!stage_->bar().isVisible());
  }

  void gatesSayWhatMustHold() {
    stage_->open();
    stage_->begin();
    stage_->stepsDone(0, 1);
    stage_->step(2, State::Running);
    const auto* gates = stage_->page->findChild<RollbackGates*>();
    QCOMPARE(gates->lines().size(), 3);
    QCOMPARE(gates->lines().at(0), (GateLine{Mark::Pass, QStringLiteral("fra-1 answers"), QStringLiteral("Live")}));
    QCOMPARE(gates->lines().at(1), (GateLine{Mark::Running, QStringLiteral("It is in memory mode"), QStringLiteral("hybrid")}));
    QCOMPARE(gates->lines().at(2), (GateLine{Mark::Waiting, QStringLiteral("It issues a token and accepts it"), QStringLiteral("later")}));
    stage_->setMode(0, QStringLiteral("memory"));
    QCOMPARE(gates->lines().at(1).mark, Mark::Pass);
  }
};

QTEST_MAIN(RollbackWaitsTest)
#include "rollback_waits_test.moc"
