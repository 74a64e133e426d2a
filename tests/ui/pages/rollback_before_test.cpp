// The Rollback page before anything is begun: what to do, what it will mean, and why it can't be.
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLineEdit>
#include <QTemporaryDir>

#include "cluster/command_consents.h"
#include "dialogs/typed_name.h"
#include "rollback_stage.h"

using namespace vx11;
using namespace vx11::ui;
using namespace vx11::ui::testing;

class RollbackBeforeTest : public QObject {
  Q_OBJECT
  std::unique_ptr<RollbackStage> stage_;

  [[nodiscard]] QLineEdit& field(const char* name) const {
    for (auto* each : stage_->setup().findChildren<QLineEdit*>())
      if (each->accessibleName() == QString::fromUtf8(name)) return *each;
    qFatal("no such field");
  }
  [[nodiscard]] QString copied() const {
    stage_->button("Copy").click();
    return QGuiApplication::clipboard()->text();
  }

 private Q_SLOTS:
  void init() { stage_ = std::make_unique<RollbackStage>(); }
  void cleanup() { stage_.reset(); }

  void opensWithOneSentence() {
    stage_->open();
    QCOMPARE(stage_->header().verdict(),
             QStringLiteral("All in hybrid mode. A dry run asks every instance and changes nothing."));
    QVERIFY(stage_->says(stage_->summary));
    QCOMPARE(stage_->plan().rowCount(), 12);
    QCOMPARE(stage_->line(2), QStringLiteral("Step 3 of 12, Switch fra-1 to memory, Waiting, Now hybrid"));
    QVERIFY(stage_->says(QStringLiteral("routing must be sticky")));
    QVERIFY(!stage_->segment("hybrid").isEnabled());
    QCOMPARE(stage_->segment("hybrid").toolTip(), QStringLiteral("Every instance is in hybrid mode already."));
    QVERIFY(!stage_->offers("Abort and put back…"));
    QCOMPARE(stage_->cluster->rollbackRuns, 0);
    stage_->shootAs(QStringLiteral("rollback-before"));
  }

  void saysEveryWarning() {
    stage_->warnings = {QStringLiteral("No balancer address in this profile: stickiness isn’t tried."),
                        QStringLiteral("fra-3 is degraded (redis_down).")};
    stage_->open();
    for (const QString& warning : stage_->warnings) QVERIFY(stage_->says(warning));
    QVERIFY(stage_->button("Roll back to memory…").isEnabled());  // they don't refuse
    stage_->button("Roll back to memory…").click();
    QVERIFY(textOf(*stage_->dialog()).contains(stage_->warnings.first()));
    stage_->dialog()->cancelButton()->click();
    stage_->shootAs(QStringLiteral("rollback-warnings"));
  }

  void commandsAreConfirmedAtTheirFirstUse() {
    const QTemporaryDir folder;
    const cluster::CommandConsents consents(folder.filePath(QStringLiteral("confirmed.json")));
    stage_->consents = &consents;
    stage_->make();
    cluster::Profile profile = stage_->cluster->profile();
    profile.nginxFile = QStringLiteral("/etc/nginx/conf.d/vx11.conf");
    profile.reloadCommand = QStringList{QStringLiteral("sudo"), QStringLiteral("nginx"), QStringLiteral("-s reload")};
    stage_->setProfile(profile);
    stage_->openPage();
    QAbstractButton& verb = stage_->button("Roll back to memory…");
    verb.click();
    QVERIFY(stage_->dialog());
    QVERIFY(textOf(*stage_->dialog()).contains(QStringLiteral("sudo nginx \"-s reload\"")));  // in full, as words
    QCOMPARE(stage_->dialog()->verbButton()->text(), QStringLiteral("Allow 1 command"));
    if (const QString shots = qEnvironmentVariable("VX11_SHOTS"); !shots.isEmpty())
      stage_->dialog()->grab().save(shots + "/rollback-command.png");
    stage_->dialog()->cancelButton()->click();
    QTRY_VERIFY(!stage_->dialog());
    QCOMPARE(consents.unconfirmed({profile.reloadCommand}).size(), 1);
    QCOMPARE(stage_->cluster->rollbackRuns, 0);

    verb.click();
    stage_->dialog()->verbButton()->click();  // then the question that is always asked
    QTRY_VERIFY(stage_->dialog() && stage_->dialog()->verbButton()->text() != QStringLiteral("Allow 1 command"));
    stage_->dialog()->cancelButton()->click();
    QTRY_VERIFY(!stage_->dialog());
    verb.click();  // and from now on that alone
    QVERIFY(stage_->dialog()->verbButton()->text() != QStringLiteral("Allow 1 command"));
    stage_->dialog()->cancelButton()->click();
    QTRY_VERIFY(!stage_->dialog());

    field("Reload command").setText(QStringLiteral("sudo nginx -s reload"));  // other words, another command
    verb.click();
    QCOMPARE(stage_->dialog()->verbButton()->text(), QStringLiteral("Allow 1 command"));
  }

  void saysWhyItIsRefused() {
    stage_->refusal = QStringLiteral("fra-2 doesn’t answer. Leave it out, or bring it back.");
    stage_->open();
    stage_->setState(1, InstanceState::Unreachable);
    QVERIFY(stage_->says(stage_->refusal));
    QVERIFY(!stage_->button("Roll back to memory…").isEnabled());
    QCOMPARE(stage_->button("Roll back to memory…").toolTip(), stage_->refusal);
    stage_->button("Roll back to memory…").click();
    QVERIFY(!stage_->dialog());
    QVERIFY(stage_->button("Dry run").isEnabled());  // it changes nothing, and says the same
    stage_->shootAs(QStringLiteral("rollback-refusal"));
  }

  void whoIsAwayCanBeLeftOut() {
    stage_->open();
    QVERIFY(stage_->setup().findChildren<QCheckBox*>().isEmpty());
    stage_->setState(1, InstanceState::Unreachable);
    const auto boxes = stage_->setup().findChildren<QCheckBox*>();
    QCOMPARE(boxes.size(), 1);
    QCOMPARE(boxes.first()->text(), QStringLiteral("fra-2"));
    QVERIFY(stage_->says(QStringLiteral("Skip")));  // the word of the refusal that asks for it
    boxes.first()->click();
    QCOMPARE(stage_->setup().spec().skip, QStringList{QStringLiteral("fra-2")});
    QCOMPARE(stage_->plan().rowCount(), 10);
    stage_->setState(1, InstanceState::Live);  // the word stays the operator's
    QCOMPARE(stage_->setup().spec().skip, QStringList{QStringLiteral("fra-2")});
    stage_->setup().findChild<QCheckBox*>()->click();
    QVERIFY(stage_->setup().spec().skip.isEmpty());
    QCOMPARE(stage_->plan().rowCount(), 12);
  }

  void anotherTargetIsAnotherPlan_data() {
    QTest::addColumn<QString>("segment");
    QTest::addColumn<QString>("verb");
    QTest::addColumn<QString>("promise");
    QTest::addColumn<QString>("line");
    QTest::newRow("redis") << "redis" << "Roll forward to redis…" << "each check asks Redis" << "rollback --to redis --watch-seconds 60";
    QTest::newRow("single") << "one instance" << "Roll back to one instance…" << "The others are drained" << "rollback --to single --keep fra-1 --watch-seconds 60";
    QTest::newRow("restart") << "restart" << "Restart one by one…" << "Modes stay as they are" << "restart";
  }
  void anotherTargetIsAnotherPlan() {
    QFETCH(QString, segment);
    QFETCH(QString, verb);
    QFETCH(QString, promise);
    QFETCH(QString, line);
    stage_->open();
    stage_->segment(qUtf8Printable(segment)).click();
    QVERIFY(stage_->button(qUtf8Printable(verb)).isEnabled());
    QVERIFY(stage_->says(promise));
    QCOMPARE(copied(), QStringLiteral("vx11ctl --profile eu-staging ") + line);
    stage_->shootAs(QStringLiteral("rollback-to-") + segment.section(u' ', -1));
  }

  void oneInstanceStaysByName() {
    stage_->open();
    stage_->segment("one instance").click();
    auto* keep = stage_->setup().findChild<QComboBox*>();
    QVERIFY(keep->isVisible());
    keep->setCurrentIndex(2);
    QCOMPARE(stage_->setup().spec().keep, QStringLiteral("fra-3"));
    QCOMPARE(stage_->setup().spec().to, QStringLiteral("single"));
    stage_->setState(2, InstanceState::Unreachable);  // who is away can't stay
    QCOMPARE(keep->count(), 2);
  }

  void beginsWithTheProfilesCommands() {
    stage_->make();
    cluster::Profile profile = stage_->cluster->profile();
    profile.nginxFile = QStringLiteral("/etc/nginx/vx11-upstream.conf");
    profile.reloadCommand = {QStringLiteral("nginx"), QStringLiteral("-s"), QStringLiteral("reload")};
    profile.restartCommand = {QStringLiteral("docker"), QStringLiteral("restart"), QStringLiteral("{id}")};
    stage_->setProfile(profile);
    stage_->openPage();
    QCOMPARE(field("nginx file").text(), profile.nginxFile);
    QCOMPARE(field("Reload command").text(), QStringLiteral("nginx -s reload"));
    QCOMPARE(stage_->plan().rowCount(), 15);
    QCOMPARE(stage_->line(3), QStringLiteral("Step 4 of 15, Reload nginx, Waiting, nginx -s reload"));
    const RollbackSpec spec = stage_->setup().spec();
    QCOMPARE(spec.reloadCommand, profile.reloadCommand);
    QVERIFY(spec.attended);
    QCOMPARE(copied(), QStringLiteral("vx11ctl --profile eu-staging rollback --to memory --watch-seconds 60"));
    field("Reload command").setText(QStringLiteral("sudo nginx -s reload"));
    QCOMPARE(copied(), QStringLiteral("vx11ctl --profile eu-staging rollback --to memory --reload-command "
                                      "'sudo nginx -s reload' --watch-seconds 60"));
    stage_->shootAs(QStringLiteral("rollback-before-nginx"));
    field("Reload command").setText(QStringLiteral("nginx -s \"reload"));
    QVERIFY(!stage_->button("Dry run").isEnabled());
    QVERIFY(stage_->button("Dry run").toolTip().startsWith(QStringLiteral("Nothing closes the quote at")));
    field("nginx file").clear();  // which no option says
    QVERIFY(copied().startsWith(QStringLiteral("vx11ctl --instance http://10.0.0.1:8011 ")));
  }

  void aProfileThatIsNotSavedIsSpelledOut() {
    stage_->make();
    cluster::Profile profile = stage_->cluster->profile();
    profile.id.clear();
    stage_->setProfile(profile);
    stage_->openPage();
    field("nginx file").setText(QStringLiteral("/tmp/a b.conf"));
    QCOMPARE(copied(), QStringLiteral("vx11ctl --instance http://10.0.0.1:8011 --instance http://10.0.0.2:8011 "
                                      "--instance http://10.0.0.3:8011 rollback --to memory --nginx-out "
                                      "'/tmp/a b.conf' --watch-seconds 60"));
  }

  void readsTheFileOnceASecondAtMost() {
    stage_->open();
    field("nginx file").setText(QStringLiteral("/etc/n"));  // typed letter by letter
    QTest::qWait(10);
    const int before = stage_->cluster->outlooks;
    for (const char* letter : {"g", "i", "n", "x"}) field("nginx file").insert(QString::fromLatin1(letter));
    for (int i = 0; i < 20; ++i) stage_->setState(0, InstanceState::Live);
    QCOMPARE(stage_->cluster->outlooks, before);
    stage_->cluster->advance(1000);
    stage_->setState(0, InstanceState::Live);
    QCOMPARE(stage_->cluster->outlooks, before + 1);
    QCOMPARE(stage_->plan().rowCount(), 15);
  }

  void whatIsTypedIsShownLater() {
    stage_->open();
    stage_->cluster->advance(5000);
    field("nginx file").setText(QStringLiteral("/etc/nginx.conf"));
    field("nginx file").setText(QString());
    QTRY_COMPARE_WITH_TIMEOUT(stage_->plan().rowCount(), 12, 3000);
  }

  void withoutRedisThereIsNothingToRollBack() {
    stage_->make();
    stage_->cluster->clearInstances();
    InstanceInfo local = instance(QStringLiteral("local"), QStringLiteral("memory"));
    local.redisConfigured = false;
    stage_->cluster->addInstance(local);
    stage_->openPage();
    QCOMPARE(stage_->header().verdict(), QStringLiteral("Needs a cluster. This profile has one instance in memory mode: "
                                                        "there is nothing to roll back."));
    QVERIFY(!stage_->offers("Dry run"));
    stage_->page->run();
    QCOMPARE(stage_->cluster->rollbackRuns, 0);
    QSignalSpy asked(stage_->page.get(), &Page::actionRequested);
    stage_->button("Try a cluster").click();
    QCOMPARE(asked.last().first().toString(), QStringLiteral("profile.cluster"));
    stage_->shootAs(QStringLiteral("rollback-none"));
  }

  void aReadOnlyProfileOnlyLooks() {
    stage_->open();
    stage_->cluster->setCanChange(false);
    QCOMPARE(stage_->button("Roll back to memory…").toolTip(), QStringLiteral("Read-only profile. Allow changes with Ctrl+Shift+L."));
    QVERIFY(stage_->button("Dry run").isEnabled());
  }

  void mixedModesAreSaid() {
    stage_->open();
    stage_->setMode(1, QStringLiteral("memory"));
    QCOMPARE(stage_->header().verdict(), QStringLiteral("Modes differ. fra-1 hybrid, fra-2 memory, fra-3 hybrid."));
    QVERIFY(stage_->segment("hybrid").isEnabled());
  }

  void productionAsksForItsName() {
    stage_->make();
    cluster::Profile profile = stage_->cluster->profile();
    profile.name = QStringLiteral("eu-prod");
    profile.environment = cluster::Environment::Production;
    stage_->setProfile(profile);
    stage_->openPage();
    stage_->button("Roll back to memory…").click();
    auto* dialog = stage_->dialog();
    QVERIFY(textOf(*dialog).contains(QStringLiteral("Switch 3 instances of eu-prod to memory mode?")));
    QVERIFY(dialog->nameField());
    QVERIFY(!dialog->verbButton()->isEnabled());
    QTest::keyClicks(dialog->nameField(), QStringLiteral("eu-pr"));
    QCOMPARE(dialog->nameField()->hint(), QStringLiteral("2 more characters"));
    QVERIFY(!dialog->verbButton()->isEnabled());
    if (const QString folder = qEnvironmentVariable("VX11_SHOTS"); !folder.isEmpty())
      dialog->grab().save(folder + QStringLiteral("/confirm-typing.png"));
    QTest::keyClicks(dialog->nameField(), QStringLiteral("xx"));
    QCOMPARE(dialog->nameField()->hint(), QStringLiteral("not that name"));
    dialog->nameField()->setText(QStringLiteral("eu-prod"));
    QVERIFY(dialog->verbButton()->isEnabled());
    if (const QString folder = qEnvironmentVariable("VX11_SHOTS"); !folder.isEmpty()) {
      for (const ThemeChoice choice : {ThemeChoice::Dark, ThemeChoice::Light}) {
        stage_->themes().choose(choice);
        QTest::qWait(30);
        dialog->grab().save(QStringLiteral("%1/confirm-armed-%2.png").arg(folder).arg(static_cast<int>(choice)));
      }
    }
    dialog->verbButton()->click();
    QCOMPARE(stage_->cluster->rollbackRuns, 1);
  }
};

QTEST_MAIN(RollbackBeforeTest)
#include "rollback_before_test.moc"
