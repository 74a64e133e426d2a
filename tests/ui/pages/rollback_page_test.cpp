// The Rollback page while an operation runs, and after it.
#include "pages/rollback_result.h"
#include "pages/rollback_step_card.h"
#include "rollback_stage.h"

using namespace vx11;
using namespace vx11::ui;
using namespace vx11::ui::testing;

class RollbackPageTest : public QObject {
  Q_OBJECT
  std::unique_ptr<RollbackStage> stage_;

 private Q_SLOTS:
  void init() { stage_ = std::make_unique<RollbackStage>(); }
  void cleanup() { stage_.reset(); }

  void aDryRunChangesNothing() {
    stage_->open();
    stage_->page->run();
    QVERIFY(stage_->cluster->rollbackSpec.dryRun);
    QCOMPARE(stage_->cluster->rollbackSpec.to, QStringLiteral("memory"));
    QVERIFY(!stage_->offers("Abort and put back…"));
    QVERIFY(stage_->offers("End the dry run"));
    stage_->job().setPlan(planOf(*stage_->cluster, stage_->cluster->rollbackSpec));
    stage_->step(0, State::Running);
    QCOMPARE(stage_->header().verdict(), QStringLiteral("Step 1 of 12, asking every instance."));
    stage_->step(0, State::Done, QStringLiteral("3 of 3 answer"));
    for (int i = 1; i < 12; ++i) stage_->step(i, State::Skipped);
    stage_->job().finish(RollbackStage::outcome(Result::Done));
    QCOMPARE(stage_->header().mark(), Mark::Pass);
    QCOMPARE(stage_->header().verdict(), QStringLiteral("It can be done. Every instance was asked, and nothing was changed."));
    QVERIFY(stage_->button("Roll back to memory…").isEnabled());  // at once, as it was tried
    QVERIFY(stage_->setup().isVisible());
    stage_->shootAs(QStringLiteral("rollback-dry"));
  }

  void aDryRunThatIsRefusedSaysWhy() {
    stage_->open();
    stage_->page->run();
    stage_->job().finish(RollbackStage::outcome(Result::Refused, QStringLiteral("fra-2 is draining: it is about to end.")));
    QCOMPARE(stage_->header().verdict(), QStringLiteral("It can’t be done now. Nothing was changed."));
    QVERIFY(stage_->bar().text().contains(QStringLiteral("fra-2 is draining")));
    buttonOf(stage_->bar(), QStringLiteral("Try a dry run"))->click();
    QCOMPARE(stage_->cluster->rollbackRuns, 2);
  }

  void asksOnceAndSwitchesOneByOne() {
    stage_->open();
    stage_->button("Roll back to memory…").click();
    auto* dialog = stage_->dialog();
    QVERIFY(dialog);
    QVERIFY(textOf(*dialog).contains(QStringLiteral("Switch 3 instances of eu-staging to memory mode?")));
    QVERIFY(!dialog->nameField());
    QVERIFY(dialog->cancelButton()->isDefault());
    dialog->cancelButton()->click();
    QCOMPARE(stage_->cluster->rollbackRuns, 0);
    QTRY_VERIFY(!stage_->dialog());

    QSignalSpy badges(stage_->page.get(), &Page::badgeChanged), lasting(stage_->page.get(), &Page::lasting);
    stage_->begin();
    QVERIFY(!stage_->cluster->rollbackSpec.dryRun);
    QVERIFY(stage_->cluster->rollbackSpec.attended);
    stage_->stepsDone(0, 3);
    stage_->step(4, State::Running);
    stage_->cluster->advance(4000);
    stage_->step(4, State::Running);
    QCOMPARE(stage_->header().verdict(), QStringLiteral("Step 5 of 12, switching fra-2 to memory."));
    QCOMPARE(badges.last().first().value<Badge>(), (Badge{QStringLiteral("5/12"), false, false}));
    QCOMPARE(lasting.last().first().toString(), QStringLiteral("Plan saved, survives closing the console"));
    QVERIFY(stage_->page->unfinished().contains(QStringLiteral("A change to memory mode is under way, 1 of 3 instances changed.")));
    QVERIFY(stage_->page->unfinished().contains(QStringLiteral("can be resumed")));
    QVERIFY(stage_->offers("Abort and put back…"));
    QVERIFY(!stage_->setup().isVisible());
    QVERIFY(stage_->says(QStringLiteral("vx11ctl --profile eu-staging rollback --resume 0123456789abcdef")));
    stage_->shootAs(QStringLiteral("rollback-running"));
  }

  void countsTheDrainWindowDown() {
    stage_->open();
    stage_->begin();
    const int drain = stage_->indexOf(Kind::Drain);
    stage_->stepsDone(0, drain - 1);
    stage_->step(drain, State::Running, {}, 60'000);
    for (int slot = 0; slot < 3; ++slot) {
      InstanceInfo info = stage_->cluster->instances().at(slot);
      info.mode = QStringLiteral("memory");
      info.checkRate = 50;
      info.refusedRate = 0.1;
      stage_->cluster->setInstance(info);
    }
    auto* card = stage_->page->findChild<RollbackStepCard*>();
    QVERIFY(textOf(*card).contains(QStringLiteral("1:00")));
    stage_->step(drain, State::Running, {}, 37'400);
    QVERIFY(textOf(*card).contains(QStringLiteral("0:38")));
    QCOMPARE(stage_->header().verdict(),
             QStringLiteral("Step 10 of 12, letting old tokens run out. 0:38 left."));
    stage_->step(drain, State::Done);
    stage_->step(drain + 1, State::Running, QStringLiteral("3 of 1200 checks refused (0.3 %), before 0.2 %"), 20'000);
    QCOMPARE(stage_->header().verdict(), QStringLiteral("Step 11 of 12, watching refusals. 0:20 left. 3 of 1200 checks "
                                                        "refused (0.3 %), before 0.2 %."));
    QVERIFY(textOf(*card).contains(QStringLiteral("Cross-instance test as the mode promises: Pass")));
    stage_->shootAs(QStringLiteral("rollback-draining"));
  }

  void theResultStaysUntilANewPlan() {
    stage_->open();
    stage_->begin();
    stage_->stepsDone(0, 11);
    for (int slot = 0; slot < 3; ++slot) stage_->setMode(slot, QStringLiteral("memory"));
    RollbackOutcome done = RollbackStage::outcome(Result::Done);
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
    QSignalSpy lasting(stage_->page.get(), &Page::lasting);
    stage_->job().finish(done);
    QCOMPARE(stage_->header().mark(), Mark::Pass);
    QCOMPARE(stage_->header().verdict(), QStringLiteral("Done. 3 instances in memory mode after 48 ms."));
    QVERIFY(stage_->page->unfinished().isEmpty());
    QCOMPARE(lasting.last().first().toString(), QString());
    QVERIFY(textOf(*stage_->page->findChild<RollbackMatrix*>()).contains(QStringLiteral("As memory mode promises")));
    QVERIFY(textOf(*stage_->page->findChild<RollbackResult*>()).contains(QStringLiteral("Changed: 3 of 3 instances")));
    stage_->shootAs(QStringLiteral("rollback-done"));
    stage_->button("New plan").click();
    QVERIFY(stage_->setup().isVisible());
    QVERIFY(stage_->button("Roll forward to hybrid…").isEnabled());  // where it came from
  }

  void aWindowThatStillDrainsIsCounted() {
    stage_->open();
    stage_->begin();
    const int drain = stage_->indexOf(Kind::Drain);
    stage_->stepsDone(0, drain - 1);
    stage_->step(drain, State::Running, {}, 60'000);
    const QPointer first = stage_->cluster->rollbackJob.data();
    Q_EMIT first->finished(RollbackStage::outcome(Result::Done));  // it stays while the window is open
    QCOMPARE(stage_->header().mark(), Mark::Draining);
    QVERIFY(stage_->header().verdict().startsWith(QStringLiteral("Done, draining. 3 instances in memory mode")));
    QVERIFY(textOf(*stage_->page->findChild<RollbackStepCard*>()).contains(QStringLiteral("1:00")));
    for (int slot = 0; slot < 3; ++slot) stage_->setMode(slot, QStringLiteral("memory"));
    stage_->button("New plan").click();
    QVERIFY(first->cancelled);  // its countdown is of no use any more
    stage_->begin("Roll forward to hybrid…");
    QCOMPARE(stage_->cluster->rollbackSpec.to, QStringLiteral("hybrid"));
  }

  void abortAsksAndPutsBack() {
    stage_->open();
    stage_->begin();
    stage_->stepsDone(0, 3);
    stage_->step(4, State::Running);
    stage_->button("Abort and put back…").click();
    QVERIFY(textOf(*stage_->dialog()).contains(QStringLiteral("Abort at step 5 of 12?")));
    QVERIFY(textOf(*stage_->dialog()).contains(QStringLiteral("fra-2, fra-1 to hybrid")));
    QVERIFY(!stage_->job().cancelled);
    stage_->dialog()->verbButton()->click();
    QVERIFY(stage_->job().cancelled);
    QVERIFY(!stage_->button("Abort and put back…").isEnabled());
    QVERIFY(!stage_->button("Pause after this step").isEnabled());
    QVERIFY(stage_->header().verdict().startsWith(QStringLiteral("Aborting.")));
    stage_->step(4, State::Failed, QStringLiteral("Aborted"));
    for (int i = 5; i < 12; ++i) stage_->step(i, State::Skipped);
    QList<RollbackStep> steps = stage_->job().plan;
    RollbackStep back = steps.at(2);
    back.kind = Kind::Restore;
    back.state = State::Running;
    std::swap(back.from, back.to);
    steps << back;
    stage_->job().setPlan(steps);
    QCOMPARE(stage_->header().verdict(), QStringLiteral("Step 13 of 13, putting fra-1 back to hybrid."));
    stage_->shootAs(QStringLiteral("rollback-aborting"));
    stage_->step(12, State::Done);
    stage_->job().finish(RollbackStage::outcome(Result::Aborted, QStringLiteral("Aborted; every instance is back in the mode it had.")));
    QCOMPARE(stage_->header().verdict(), QStringLiteral("Aborted. Everything is as it was."));
    QVERIFY(stage_->bar().text().contains(QStringLiteral("every instance is back")));
    QCOMPARE(stage_->page->unfinished(), QString());
    stage_->shootAs(QStringLiteral("rollback-aborted"));
  }

  void whatIsNotPutBackIsCritical() {
    stage_->open();
    stage_->begin();
    QSignalSpy badges(stage_->page.get(), &Page::badgeChanged);
    stage_->job().finish(RollbackStage::outcome(Result::Aborted, QStringLiteral("fra-2 doesn't answer; not restored: fra-1."), false));
    QCOMPARE(stage_->header().mark(), Mark::Fail);
    QCOMPARE(badges.last().first().value<Badge>(), (Badge{{}, false, true}));
  }

  void anAbortIsAtHandWhileTheViewIsPaused() {
    stage_->open();
    stage_->button("Roll back to memory…").click();
    stage_->dialog()->verbButton()->click();
    stage_->page->setPaused(true);
    stage_->job().setPlan(planOf(*stage_->cluster, stage_->cluster->rollbackSpec));
    stage_->step(0, State::Running);
    QVERIFY(stage_->offers("Abort and put back…"));
    QVERIFY(stage_->header().verdict().startsWith(QStringLiteral("Beginning.")));
    stage_->page->setPaused(false);
    QVERIFY(stage_->header().verdict().startsWith(QStringLiteral("Step 1 of 12")));
  }

  void goesOnOutOfView() {
    stage_->open();
    stage_->begin();
    stage_->page->setInView(false);
    QSignalSpy said(stage_->page.get(), &Page::message);
    stage_->stepsDone(0, 11);
    stage_->job().finish(RollbackStage::outcome(Result::Done));
    QVERIFY(said.last().first().toString().startsWith(QStringLiteral("Done. 3 instances in memory mode")));
    stage_->page->setInView(true);
    QVERIFY(stage_->header().verdict().startsWith(QStringLiteral("Done.")));
  }

  void aClusterThatCannotAtAllSaysSo() {
    stage_->open();
    stage_->cluster->rollbackPossible = false;
    stage_->page->run();
    QVERIFY(!stage_->button("Dry run").isEnabled());
    QVERIFY(stage_->button("Dry run").toolTip().contains(QStringLiteral("can’t be changed")));
  }

  void closingALocalClusterSavesNothing() {
    stage_->make();
    cluster::Profile profile = stage_->cluster->profile();
    profile.kind = cluster::ProfileKind::LocalCluster;
    stage_->setProfile(profile);
    stage_->openPage();
    QSignalSpy lasting(stage_->page.get(), &Page::lasting);
    stage_->begin();
    stage_->stepsDone(0, 1);
    QCOMPARE(lasting.last().first().toString(), QString());
    QVERIFY(!stage_->page->unfinished().contains(QStringLiteral("resumed")));
  }
};

QTEST_MAIN(RollbackPageTest)
#include "rollback_page_test.moc"
