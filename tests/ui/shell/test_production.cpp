// A window over production: its signs, what it asks before it changes anything, and how long it may. With VX11_LOOK a
// folder gets pictures of it.
#include <QAbstractButton>
#include <QCheckBox>
#include <QPainter>
#include <QPushButton>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>

#include "core/cluster/fake_cluster.h"
#include "dialogs/confirm_dialog.h"
#include "dialogs/typed_name.h"
#include "pages/tokens_page.h"
#include "platform/settings_store.h"
#include "shell/main_window.h"
#include "shell/page_stack.h"
#include "shell/production_banner.h"
#include "shell/profiles.h"
#include "shell/status_bar.h"
#include "widgets/text_label.h"

using namespace vx11;
using namespace vx11::ui;
using cluster::Environment;
using cluster::testing::FakeCluster;

class TestProduction : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  ThemeManager themes_;
  SettingsStore settings_{dir_.path()};
  Profiles profiles_{Profiles::Surroundings{cluster::ProfileStore(dir_.filePath(QStringLiteral("profiles.json")))}};
  std::unique_ptr<FakeCluster> cluster_;
  std::unique_ptr<MainWindow> window_;

  void open(Environment environment, bool canChange, ThemeChoice theme = ThemeChoice::Dark) {
    window_.reset();
    themes_.choose(theme);
    cluster_ = std::make_unique<FakeCluster>();
    cluster::Profile profile;
    profile.name = QStringLiteral("eu-prod");
    profile.kind = cluster::ProfileKind::RemoteCluster;
    profile.environment = environment;
    cluster_->setProfile(profile);
    cluster_->setPrincipal({});
    for (const char16_t id : {u'1', u'2', u'3'}) {
      cluster::InstanceInfo info;
      info.id = QStringLiteral("p-") + QChar(id);
      info.url = QUrl(QStringLiteral("http://127.0.0.1:801") + QChar(id));
      info.mode = QStringLiteral("hybrid");
      info.state = cluster::InstanceState::Live;
      info.answeredAt = 0;
      info.internalCalls = true;
      cluster_->addInstance(info);
    }
    for (quint32 seed = 1; seed < 20; ++seed) cluster_->fakeTokens().add({cluster::testing::makeRow(seed)});
    cluster_->setCanChange(canChange);
    window_ = std::make_unique<MainWindow>(*cluster_, themes_, settings_, profiles_);
    window_->show();
    QVERIFY(QTest::qWaitForWindowExposed(window_.get()));
  }
  void look(const QString& shot) {
    const QString dir = qEnvironmentVariable("VX11_LOOK");
    if (dir.isEmpty()) return;
    QTest::qWait(300);
    QPixmap picture = window_->grab();
    if (ConfirmDialog* asked = dialog()) {
      QPainter painter(&picture);
      painter.drawPixmap(380, 160, asked->grab());
    }
    picture.save(dir + u'/' + shot + QStringLiteral(".png"));
    window_->resize(window_->minimumSize());
    QTest::qWait(100);
    window_->grab().save(dir + u'/' + shot + QStringLiteral("-small.png"));
  }
  [[nodiscard]] ConfirmDialog* dialog() const { return window_->findChild<ConfirmDialog*>(); }
  [[nodiscard]] ProductionBanner* banner() const { return window_->findChild<ProductionBanner*>(); }
  void confirm() {
    QVERIFY(dialog());
    QVERIFY(!dialog()->verbButton()->isEnabled());
    dialog()->nameField()->setText(QStringLiteral("eu-prod"));
    dialog()->verbButton()->click();
    QTRY_VERIFY(!dialog());
  }
  void cancel() {
    QVERIFY(dialog());
    dialog()->cancelButton()->click();
    QTRY_VERIFY(!dialog());
  }

 private Q_SLOTS:
  void cleanup() {
    window_.reset();
    cluster_.reset();
  }

  void signs_data() {
    QTest::addColumn<ThemeChoice>("theme");
    QTest::newRow("dark") << ThemeChoice::Dark;
    QTest::newRow("light") << ThemeChoice::Light;
  }
  void signs() {
    QFETCH(ThemeChoice, theme);
    open(Environment::Production, false, theme);
    QCOMPARE(window_->windowTitle(), QStringLiteral("PRODUCTION eu-prod – VX11 console"));
    QVERIFY(!window_->windowIcon().isNull());
    QVERIFY(banner() && banner()->isVisible());
    QCOMPARE(banner()->height(), 30);
    QCOMPARE(banner()->state(), QStringLiteral("Read-only"));
    const auto words = window_->statusLine().findChildren<TextLabel*>();
    QVERIFY(std::any_of(words.begin(), words.end(),
                        [](const TextLabel* label) { return label->text() == QStringLiteral("PRODUCTION"); }));
    const QImage seen = window_->grab().toImage();
    const QRgb red = themes_.theme().color(Token::Prod).rgb();
    const int right = seen.width() - 1, bottom = seen.height() - 1;
    const int frame = qRound(4 * seen.devicePixelRatio());
    for (int i = 0; i < frame; ++i) {
      for (const QPoint at : {QPoint(i, bottom / 2), QPoint(right - i, bottom / 2), QPoint(right / 2, i),
                              QPoint(right / 2, bottom - i)})
        QCOMPARE(seen.pixel(at), red);
    }
    QVERIFY(seen.pixel(frame, bottom / 2) != red && seen.pixel(right / 2, bottom - frame) != red);
    look(QStringLiteral("production-") + QString::fromLatin1(QTest::currentDataTag()));
    window_->showPage(PageId::Tokens);
    window_->pages().tokensPage().revokeAll();
    dialog()->nameField()->setText(QStringLiteral("eu-pr"));
    look(QStringLiteral("confirm-") + QString::fromLatin1(QTest::currentDataTag()));
  }
  void elsewhereThereAreNone() {
    for (const Environment environment : {Environment::Local, Environment::Test, Environment::Staging}) {
      open(environment, true);
      QCOMPARE(window_->windowTitle(), QStringLiteral("eu-prod – VX11 console"));
      QVERIFY(!banner());
      QVERIFY(window_->contentsMargins().isNull());
    }
  }

  void theBannerCountsDown() {
    open(Environment::Production, true);
    QCOMPARE(banner()->state(), QStringLiteral("Changes allowed, 15:00 left"));
    cluster_->advance(27'001);
    QTRY_COMPARE(banner()->state(), QStringLiteral("Changes allowed, 14:33 left"));
    look(QStringLiteral("allowed"));
    cluster_->advance(14 * 60'000 + 32'500);
    QTRY_COMPARE(banner()->state(), QStringLiteral("Changes allowed, 0:01 left"));
    cluster_->setCanChange(false);
    QCOMPARE(banner()->state(), QStringLiteral("Read-only"));
    QCOMPARE(banner()->button()->text(), QStringLiteral("Allow changes…"));
  }
  void theBannerAllowsAfterTheName() {
    open(Environment::Production, false);
    banner()->button()->click();
    cancel();
    QVERIFY(!cluster_->canChange());
    banner()->button()->click();
    confirm();
    QVERIFY(cluster_->canChange());
    QCOMPARE(banner()->button()->text(), QStringLiteral("Make read-only"));
    banner()->button()->click();
    QVERIFY(!dialog() && !cluster_->canChange());
  }
  void theKeyAsksTooAndFallsBack() {
    open(Environment::Production, false);
    QAction* action = window_->actions().get(QStringLiteral("readonly"));
    action->trigger();
    QVERIFY(dialog() && action->isChecked());
    cancel();
    QVERIFY(action->isChecked() && !cluster_->canChange());
  }

  void anIssueIsAskedForOnce() {
    open(Environment::Production, false);
    QAction* issue = window_->actions().get(QStringLiteral("issue"));
    QVERIFY(issue->isEnabled());
    issue->trigger();
    QVERIFY(!cluster_->issueJob);
    cancel();
    QVERIFY(!cluster_->issueJob && !cluster_->canChange());
    issue->trigger();
    confirm();
    QVERIFY(cluster_->issueJob && cluster_->canChange());
    cluster_->issueJob->finish(cluster::IssueOutcome());
    issue->trigger();
    QVERIFY(!dialog() && cluster_->issueJob);
  }
  void takingAllBackIsAskedForAlways() {
    open(Environment::Production, false);
    auto& tokens = window_->pages().tokensPage();
    for (int time = 0; time < 2; ++time) {
      tokens.revokeAll();
      QVERIFY(!cluster_->revokeJob);
      confirm();
      QVERIFY(cluster_->revokeJob && cluster_->revokeSpec.all);
      cluster_->revokeJob->finish(cluster::RevokeOutcome());
      QTRY_VERIFY(!cluster_->revokeJob);
    }
  }
  void aTestIsAskedForAndIsNotRepeatedUnasked() {
    open(Environment::Production, false);
    window_->actions().get(QStringLiteral("test"))->trigger();
    QCOMPARE(cluster_->matrixRuns, 0);
    confirm();
    QCOMPARE(cluster_->matrixRuns, 1);
    auto* page = window_->pages().current();
    auto* repeat = page->findChild<QCheckBox*>(QString(), Qt::FindChildrenRecursively);
    QVERIFY(repeat && repeat->text() == QStringLiteral("Repeat every"));
    auto* every = page->findChild<QSpinBox*>();
    every->setMinimum(0);
    every->setValue(0);
    repeat->setChecked(true);
    cluster_->setCanChange(false);
    cluster_->matrixJob->finish(cluster_->matrixJob->now);
    QTRY_VERIFY(!repeat->isChecked());
    QVERIFY(!dialog());
    QCOMPARE(cluster_->matrixRuns, 1);
  }

  void elsewhereReadOnlyTellsTheWayOut() {
    open(Environment::Staging, false);
    for (const char* id : {"issue", "test"}) {
      const QAction* action = window_->actions().get(QLatin1String(id));
      QVERIFY(!action->isEnabled());
      QVERIFY2(action->toolTip().contains(QStringLiteral("Ctrl+Shift+L")), qPrintable(action->toolTip()));
    }
    window_->actions().get(QStringLiteral("readonly"))->trigger();
    QVERIFY(!dialog() && cluster_->canChange());
  }
};

QTEST_MAIN(TestProduction)
#include "test_production.moc"
