// The whole window over a stand-in for the cluster: pages, keys, dock, reasons, what it asks before closing, what it
// remembers.
#include <QAccessible>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>
#include <memory>

#include "core/cluster/fake_cluster.h"
#include "dialogs/confirm_dialog.h"
#include "platform/settings_store.h"
#include "shell/main_window.h"
#include "shell/page_list.h"
#include "shell/page_stack.h"
#include "shell/profiles.h"
#include "shell/status_bar.h"
#include "shell/tool_bar.h"
#include "widgets/state_mark.h"

using namespace vx11;
using namespace vx11::ui;
using cluster::InstanceInfo;
using cluster::InstanceState;
using cluster::testing::FakeCluster;

namespace {

InstanceInfo live(qint64 tokens = 0, qint64 streams = 0) {
  InstanceInfo info;
  info.id = QStringLiteral("local");
  info.url = QUrl(QStringLiteral("http://127.0.0.1:8011"));
  info.mode = QStringLiteral("memory");
  info.state = InstanceState::Live;
  info.answeredAt = 0;
  info.answeredWhen = QDateTime::currentDateTime();
  info.liveTokens = tokens;
  info.streams = streams;
  info.ttlSec = 60;
  return info;
}

}  // namespace

class TestWindow : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  std::unique_ptr<ThemeManager> themes_;
  std::unique_ptr<FakeCluster> cluster_;
  std::unique_ptr<SettingsStore> settings_;
  std::unique_ptr<Profiles> profiles_;
  std::unique_ptr<MainWindow> window_;

  void open() {
    window_ = std::make_unique<MainWindow>(*cluster_, *themes_, *settings_, *profiles_);
    window_->show();
    QVERIFY(QTest::qWaitForWindowExposed(window_.get()));
    window_->activateWindow();
  }
  void press(Qt::Key key, Qt::KeyboardModifiers modifiers) { QTest::keyClick(window_.get(), key, modifiers); }
  QAction* action(const char* id) { return window_->actions().get(QLatin1String(id)); }

 private Q_SLOTS:
  void initTestCase() {
    themes_ = std::make_unique<ThemeManager>();
    profiles_ = std::make_unique<Profiles>(
        Profiles::Surroundings{cluster::ProfileStore(dir_.filePath(QStringLiteral("profiles.json")))});
  }
  void init() {
    themes_->choose(ThemeChoice::Light);
    cluster_ = std::make_unique<FakeCluster>();
    cluster_->addInstance(live());
    settings_ = std::make_unique<SettingsStore>(dir_.path());
    settings_->resetLayout();
    open();
  }
  void cleanup() {
    window_.reset();
    cluster_.reset();
  }

  void titleAndFirstPage() {
    QCOMPARE(window_->windowTitle(), QStringLiteral("Local server – VX11 console"));
    QCOMPARE(window_->pages().currentId(), PageId::Overview);
    QVERIFY(!window_->pages().made(PageId::Charts));
    QCOMPARE(cluster_->attention, cluster::Attention::InView);
  }

  void keysOpenPages() {
    for (int n = 0; n < 8; ++n) {
      press(static_cast<Qt::Key>(Qt::Key_1 + n), Qt::ControlModifier);
      QCOMPARE(static_cast<int>(window_->pages().currentId()), n);
      QCOMPARE(window_->pageList().currentIndex(), window_->pageList().pages().indexOf(static_cast<PageId>(n)));
    }
    press(Qt::Key_PageDown, Qt::ControlModifier);
    QCOMPARE(window_->pages().currentId(), PageId::Overview);
    press(Qt::Key_PageUp, Qt::ControlModifier);
    QCOMPARE(window_->pages().currentId(), PageId::Rollback);
  }

  void issuesFromAnyPage() {
    window_->showPage(PageId::Redis);
    press(Qt::Key_N, Qt::ControlModifier);
    QVERIFY(cluster_->issueJob);
    QCOMPARE(cluster_->issueSpec.count, 1);
    cluster::IssueOutcome outcome;
    outcome.issued = 1;
    cluster_->issueJob->finish(outcome);
    QVERIFY(window_->statusLine().message().startsWith(QStringLiteral("Issued 1 token")));
    QCOMPARE(window_->pages().currentId(), PageId::Redis);
  }

  void verbsThatNeedAClusterSayWhy() {
    for (const char* id : {"test", "rollback"}) {
      QVERIFY(!action(id)->isEnabled());
      QVERIFY2(action(id)->toolTip().startsWith(QStringLiteral("Needs")), qPrintable(action(id)->toolTip()));
    }
  }

  /// Two instances that share Redis.
  void openTwo() {
    window_.reset();
    for (const auto* id : {"a", "b"}) {
      InstanceInfo info = live();
      info.id = QLatin1String(id);
      info.mode = QStringLiteral("hybrid");
      info.redisConfigured = true;
      info.slot = id[0] - 'a';
      if (info.slot < cluster_->instances().size())
        cluster_->setInstance(info);
      else
        cluster_->addInstance(info);
    }
    open();
  }

  void testGoesToItsPageAndRuns() {
    openTwo();
    QVERIFY2(action("test")->isEnabled(), qPrintable(action("test")->toolTip()));
    press(Qt::Key_T, Qt::ControlModifier);
    QCOMPARE(window_->pages().currentId(), PageId::Matrix);
    QCOMPARE(cluster_->matrixRuns, 1);
    press(Qt::Key_T, Qt::ControlModifier);
    QCOMPARE(cluster_->matrixRuns, 1);  // one at a time
    press(Qt::Key_L, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(!action("test")->isEnabled());  // it issues tokens
    QVERIFY(action("test")->toolTip().startsWith(QStringLiteral("Read-only")));
  }

  void rollBackGoesToItsPageAndBeginsNothing() {
    openTwo();
    press(Qt::Key_L, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(action("rollback")->isEnabled());  // a read-only profile can be looked at
    press(Qt::Key_B, Qt::ControlModifier);
    QCOMPARE(window_->pages().currentId(), PageId::Rollback);
    QCOMPARE(cluster_->rollbackRuns, 0);
  }

  void listSaysWhatTheClusterLacks() {
    const PageListModel& pages = window_->pageList().pages();
    const auto available = [&](PageId id) { return pages.indexOf(id).data(PageListModel::AvailableRole).toBool(); };
    for (const PageId id : {PageId::Redis, PageId::Matrix, PageId::Rollback}) QVERIFY(!available(id));
    InstanceInfo info = live();
    info.mode = QStringLiteral("hybrid");
    info.redisConfigured = true;
    cluster_->setInstance(info);
    QVERIFY(available(PageId::Redis));
    QVERIFY(available(PageId::Rollback));
    QVERIFY(!available(PageId::Matrix));
    cluster::RedisInfo redis;
    redis.configured = true;
    redis.up = false;
    cluster_->setRedis(redis);
    QVERIFY(pages.badge(PageId::Redis).critical);  // though its page was never opened
  }

  void readOnlyIsEnforcedBelow() {
    press(Qt::Key_L, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(!cluster_->canChange());
    QCOMPARE(ActionRegistry::plainText(action("readonly")), QStringLiteral("Read-only"));
    QVERIFY(!action("issue")->isEnabled());
    press(Qt::Key_L, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(cluster_->canChange());
    QVERIFY(action("issue")->isEnabled());
  }

  void dockOpensByKey() {
    QVERIFY(!window_->dock().isVisible());
    press(Qt::Key_L, Qt::ControlModifier);
    QVERIFY(window_->dock().isVisible());
    QVERIFY(action("dock.log")->isChecked());
    press(Qt::Key_F8, Qt::NoModifier);
    QCOMPARE(window_->dock().part(), Dock::Part::Alerts);
    QVERIFY(!action("dock.log")->isChecked());
    press(Qt::Key_F8, Qt::NoModifier);
    QVERIFY(!window_->dock().isVisible());
    QVERIFY(!action("dock.alerts")->isChecked());
  }

  void principalIsCopiedForAWhile() {
    action("copy.principal")->trigger();
    QVERIFY(window_->clipboard().holdsSecret());
    QCOMPARE(window_->statusLine().message(), QStringLiteral("Principal copied, leaves the clipboard in 30 s"));
    window_->clipboard().clearNow();
    QVERIFY(!window_->statusLine().message().contains(QStringLiteral("Principal")));
  }

  void badgesFollowTheInstances() {
    cluster_->setInstance(live(398, 24));
    QCOMPARE(window_->pageList().pages().badge(PageId::Streams).text, QStringLiteral("24"));
    cluster_->setInstance(live(0, 0));
    QVERIFY(window_->pageList().pages().badge(PageId::Streams).text.isEmpty());
  }

  void theOverviewsBadgeNeedsNoOverview() {
    window_->showPage(PageId::Charts);
    window_->close();
    open();
    QVERIFY(!window_->pages().made(PageId::Overview));
    const auto badge = [this] { return window_->pageList().pages().badge(PageId::Overview); };
    QCOMPARE(badge(), Badge{});
    InstanceInfo gone = live();
    gone.state = InstanceState::Unreachable;
    cluster_->setInstance(gone);
    QCOMPARE(badge(), (Badge{QStringLiteral("1"), false, true}));
    cluster_->setInstance(live());
    QCOMPARE(badge(), Badge{});
  }

  void connectionTellsTheTruth() {
    QCOMPARE(window_->toolBar().connectionLabel().word(), QStringLiteral("Connected, 1 of 1"));
    InstanceInfo away = live();
    away.state = InstanceState::Unreachable;
    cluster_->setInstance(away);
    QCOMPARE(window_->toolBar().connectionLabel().word(), QStringLiteral("Unreachable"));
  }

  void asksAsOftenAsSomebodyLooks() {
    window_->showPage(PageId::Tokens);
    QCOMPARE(cluster_->attention, cluster::Attention::Behind);
    window_->showPage(PageId::Charts);
    QCOMPARE(cluster_->attention, cluster::Attention::InView);
    window_->showMinimized();
    QTRY_COMPARE(cluster_->attention, cluster::Attention::Minimised);
    window_->showNormal();
    QTRY_COMPARE(cluster_->attention, cluster::Attention::InView);
  }

  void smallWindowHasIconsOnly() {
    window_->resize(1024, 640);
    QTRY_VERIFY(window_->pageList().isNarrow());
    QCOMPARE(window_->width(), 1024);
    window_->resize(1280, 800);
    QTRY_VERIFY(!window_->pageList().isNarrow());
  }

  void closesAtOnceWithoutStreams() { QVERIFY(window_->close()); }

  void asksBeforeClosingStreams() {
    cluster_->setInstance(live(5, 3));
    QVERIFY(!window_->close());
    auto* dialog = window_->findChild<ConfirmDialog*>();
    QVERIFY(dialog);
    QVERIFY(dialog->cancelButton()->isDefault());
    QVERIFY(dialog->verbButton()->text().contains(QLatin1Char('3')));
    QVERIFY(!window_->close());
    QCOMPARE(window_->findChildren<ConfirmDialog*>().size(), 1);
    dialog->cancelButton()->click();
    QVERIFY(window_->isVisible());
    QTRY_VERIFY(!window_->findChild<ConfirmDialog*>());
    QVERIFY(!window_->close());
    window_->findChild<ConfirmDialog*>()->verbButton()->click();
    QTRY_VERIFY(!window_->isVisible());
  }

  void remembersPageAndDock() {
    window_->showPage(PageId::Matrix);
    window_->dock().open(Dock::Part::Alerts);
    window_->resize(1300, 820);
    window_->close();
    window_.reset();
    open();
    QCOMPARE(window_->pages().currentId(), PageId::Matrix);
    QCOMPARE(window_->dock().part(), Dock::Part::Alerts);
    action("view.reset")->trigger();
    QCOMPARE(window_->pages().currentId(), PageId::Overview);
    QCOMPARE(window_->dock().part(), Dock::Part::Closed);
  }

  void themeIsChosenAndKept() {
    action("theme.dark")->trigger();
    QVERIFY(themes_->theme().dark);
    QCOMPARE(settings_->preferences().theme, ThemeChoice::Dark);
    QVERIFY(action("theme.dark")->isChecked());
    QVERIFY(!action("theme.light")->isChecked());
  }

  void everyControlHasAName() {
    window_->dock().open(Dock::Part::Log);
    for (int n = 0; n < 8; ++n) {
      window_->showPage(static_cast<PageId>(n));
      for (QWidget* widget : window_->findChildren<QWidget*>()) {
        if (widget->focusPolicy() == Qt::NoFocus || !widget->isVisible()) continue;
        if (widget->objectName().startsWith(QStringLiteral("qt_"))) continue;  // parts of Qt's own widgets
        QAccessibleInterface* spoken = QAccessible::queryAccessibleInterface(widget);
        const QString name = spoken ? spoken->text(QAccessible::Name) : QString();
        QVERIFY2(!name.isEmpty(),
                 qPrintable(QStringLiteral("%1 in %2")
                                .arg(QLatin1String(widget->metaObject()->className()),
                                     QLatin1String(widget->parentWidget()->metaObject()->className()))));
      }
    }
  }
};

QTEST_MAIN(TestWindow)
#include "test_window.moc"
