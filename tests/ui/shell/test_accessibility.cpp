// Every page and every dialog for somebody without a mouse, and without a screen: each control has a name, what has a
// state says it, and Tab reaches all of them in the order in which one reads.
#include <QDialog>
#include <QDirIterator>
#include <QTemporaryDir>
#include <QTest>
#include <cstdio>
#include <functional>
#include <memory>

#include "cluster/alert_watch.h"
#include "dialogs/confirm_dialog.h"
#include "pages/alerts_view.h"
#include "pages/overview_instance.h"
#include "pages/tokens_page.h"
#include "platform/settings_store.h"
#include "shell/main_window.h"
#include "shell/page_catalog.h"
#include "shell/page_list.h"
#include "shell/page_stack.h"
#include "shell/profiles.h"
#include "ui/pages/cluster_scene.h"
#include "ui/shell/tab_walk.h"
#include "widgets/state_mark.h"

using namespace vx11;
using namespace vx11::ui;
using namespace vx11::ui::testing;
using cluster::testing::FakeCluster;

namespace {

/// A dialog as it is opened, by the name of its header.
struct Opened {
  QString header;
  QString state;
  std::function<QDialog*(MainWindow&)> open;
};

/// A window in some state.
struct Scene {
  QString name;
  std::function<void()> play;
};

Confirmation question(const QString& typed) {
  Confirmation asked;
  asked.title = QStringLiteral("Revoke tokens");
  asked.question = QStringLiteral("Revoke all 4,318 live tokens on eu-prod?");
  asked.facts = {{QStringLiteral("Refused at once"), QStringLiteral("4,318 tokens")},
                 {QStringLiteral("Undo"), QStringLiteral("not possible")}};
  asked.verb = QStringLiteral("Revoke 4,318 tokens");
  asked.icon = QStringLiteral("slash-circle");
  asked.typed = typed;
  asked.note = QStringLiteral("It is written to the log of this console.");
  asked.command = QStringLiteral("vx11ctl --profile eu-prod revoke --all");
  return asked;
}

}  // namespace

class TestAccessibility : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  std::unique_ptr<ThemeManager> themes_;
  std::unique_ptr<FakeCluster> cluster_;
  std::unique_ptr<SettingsStore> settings_;
  std::unique_ptr<Profiles> profiles_;
  std::unique_ptr<MainWindow> window_;
  int looked_ = 0, reached_ = 0, nameless_ = 0;

  [[nodiscard]] QAction* action(const char* id) { return window_->actions().get(QLatin1String(id)); }
  [[nodiscard]] QDialog* byAction(const char* id) {
    action(id)->trigger();
    return window_->findChild<QDialog*>();
  }
  /// Names and the way of Tab.
  void judge(QWidget& top) {
    ++looked_;
    const QStringList nameless = namelessOf(top);
    nameless_ += static_cast<int>(nameless.size());
    QVERIFY2(nameless.isEmpty(), qPrintable(QStringLiteral("\n") + nameless.join(u'\n')));
    const TabWalk walk = walkByTab(top);
    reached_ += static_cast<int>(walk.order.size());
    QVERIFY2(walk.problems.isEmpty(), qPrintable(QStringLiteral("\n") + walk.problems.join(u'\n')));
    QVERIFY(!walk.order.isEmpty());
  }
  /// Of the window as it stands.
  void judgeWindow() {
    QTest::qWait(50);
    window_->pageList().setFocus();
    QTRY_COMPARE(QApplication::focusWidget(), &window_->pageList());
    judge(*window_);
  }
  void openWindow() {
    window_ = std::make_unique<MainWindow>(*cluster_, *themes_, *settings_, *profiles_);
    window_->show();
    QVERIFY(QTest::qWaitForWindowExposed(window_.get()));
    window_->activateWindow();
    QTRY_VERIFY(window_->isActiveWindow());
  }
  [[nodiscard]] QList<Scene> scenes() {
    const auto alerts = [this](AlertsView::Tab tab) {
      cluster::AlertThresholds low;
      low.set(cluster::AlertKind::IssueRate, {.value = 0.1, .forSec = 0});
      low.set(cluster::AlertKind::LiveTokens, {.value = 0.001, .forSec = 600});
      window_->alerts().setThresholds(low);
      window_->alerts().look();
      window_->dock().open(Dock::Part::Alerts);
      window_->dock().alerts()->showTab(tab);
    };
    return {
        {QStringLiteral("the log"), [this] { window_->dock().open(Dock::Part::Log); }},
        {QStringLiteral("alerts"),
         [this, alerts] {
           alerts(AlertsView::Tab::Now);
           QVERIFY(!window_->alerts().alerts().isEmpty());
         }},
        {QStringLiteral("alerts that were"), [alerts] { alerts(AlertsView::Tab::Past); }},
        {QStringLiteral("thresholds"), [alerts] { alerts(AlertsView::Tab::Thresholds); }},
        {QStringLiteral("a chosen token"),
         [this] {
           window_->showPage(PageId::Tokens);
           window_->pages().tokensPage().showToken(cluster_->tokens().newest(1).first().id);
         }},
        {QStringLiteral("an instance away"),
         [this] {
           InstanceInfo info = cluster_->instances().at(2);
           makeUnreachable(info, QDateTime::currentDateTime());
           cluster_->setInstance(info);
         }},
        {QStringLiteral("production"),
         [this] {
           cluster::Profile profile = cluster_->profile();
           profile.kind = cluster::ProfileKind::RemoteCluster;
           profile.environment = cluster::Environment::Production;
           cluster_->setProfile(profile);
           openWindow();
         }},
        {QStringLiteral("read-only"), [this] { cluster_->setCanChange(false); }},
        {QStringLiteral("the first start"),
         [this] {
           window_.reset();
           cluster_ = std::make_unique<FakeCluster>();
           cluster_->addInstance(hybridInstance(QStringLiteral("local"), 0, QDateTime::currentDateTime()));
           InstanceInfo info = cluster_->instances().first();
           info.issuedTotal = 0;
           cluster_->setInstance(info);
           openWindow();
         }},
        {QStringLiteral("streams with events"),
         [this] {
           window_->showPage(PageId::Streams);
           cluster::StreamInfo open;
           open.id = 1;
           open.slot = 0;
           open.state = cluster::StreamInfo::State::Open;
           cluster::StreamInfo closed = open;
           closed.id = 2;
           closed.state = cluster::StreamInfo::State::Closed;
           cluster_->fakeStreams.put({open, closed});
           cluster::StreamEvent event;
           event.stream = 1;
           event.name = QStringLiteral("job.done");
           cluster_->fakeStreams.receive({event});
         }},
        {QStringLiteral("a matrix under way"),
         [this] {
           window_->showPage(PageId::Matrix);
           action("test")->trigger();
           QVERIFY(cluster_->matrixJob);
         }},
        {QStringLiteral("Redis away, on its page"),
         [this] {
           cluster::RedisInfo redis = cluster_->redis();
           makeDown(redis);
           cluster_->setRedis(redis);
           window_->showPage(PageId::Redis);
         }},
    };
  }
  [[nodiscard]] QList<Opened> dialogs() {
    return {
        {QStringLiteral("about_dialog.h"), {}, [this](MainWindow&) { return byAction("about"); }},
        {QStringLiteral("shortcuts_dialog.h"), {}, [this](MainWindow&) { return byAction("shortcuts"); }},
        {QStringLiteral("preferences_dialog.h"), {}, [this](MainWindow&) { return byAction("preferences"); }},
        {QStringLiteral("profile_dialog.h"), {}, [this](MainWindow&) { return byAction("profile.new"); }},
        {QStringLiteral("profiles_dialog.h"), {}, [this](MainWindow&) { return byAction("profile.manage"); }},
        {QStringLiteral("confirm_dialog.h"), QStringLiteral("plain"),
         [](MainWindow& window) { return ConfirmDialog::ask(&window, question({}), [] {}); }},
        {QStringLiteral("confirm_dialog.h"), QStringLiteral("production"),
         [](MainWindow& window) { return ConfirmDialog::ask(&window, question(QStringLiteral("eu-prod")), [] {}); }},
    };
  }

 private Q_SLOTS:
  void initTestCase() {
    themes_ = std::make_unique<ThemeManager>();
    themes_->choose(ThemeChoice::Light);
    settings_ = std::make_unique<SettingsStore>(dir_.path());
    profiles_ = std::make_unique<Profiles>(
        Profiles::Surroundings{cluster::ProfileStore(dir_.filePath(QStringLiteral("profiles.json")))});
  }
  void init() {
    settings_->resetLayout();
    const QDateTime wall = QDateTime::currentDateTime();
    cluster_ = std::make_unique<FakeCluster>();
    setUpHybrid(*cluster_, wall);
    addTraffic(*cluster_, wall, 120);
    addTokens(*cluster_, wall, 40);
    openWindow();
  }
  void cleanup() {
    window_.reset();
    cluster_.reset();
  }

  void pages_data() {
    QTest::addColumn<int>("page");
    QTest::addColumn<QSize>("size");
    for (const PageEntry& entry : pageCatalog()) {
      for (const QSize size : {QSize(1280, 800), QSize(1024, 640)}) {
        QTest::addRow("%s %d", qPrintable(entry.key), size.width())
            << static_cast<int>(entry.id) << size;
      }
    }
  }
  void pages() {
    QFETCH(int, page);
    QFETCH(QSize, size);
    window_->resize(size);
    window_->showPage(static_cast<PageId>(page));
    judgeWindow();
  }

  void everyScene_data() {
    QTest::addColumn<int>("row");
    const auto all = scenes();
    for (int row = 0; row < all.size(); ++row) QTest::addRow("%s", qPrintable(all[row].name)) << row;
  }
  void everyScene() {
    QFETCH(int, row);
    scenes()[row].play();
    judgeWindow();
  }

  void everyDialog_data() {
    QTest::addColumn<int>("row");
    const auto all = dialogs();
    for (int row = 0; row < all.size(); ++row)
      QTest::addRow("%s %s", qPrintable(all[row].header), qPrintable(all[row].state)) << row;
  }
  void everyDialog() {
    QFETCH(int, row);
    QDialog* dialog = dialogs()[row].open(*window_);
    QVERIFY(dialog);
    QVERIFY(QTest::qWaitForWindowExposed(dialog));
    dialog->activateWindow();
    QTRY_VERIFY(QApplication::focusWidget() && QApplication::focusWidget()->window() == dialog);
    QVERIFY(!dialog->windowTitle().isEmpty());
    judge(*dialog);
    QTest::keyClick(dialog, Qt::Key_Escape);
    QTRY_VERIFY(window_->findChild<QDialog*>() == nullptr);
  }

  void theFieldThatChecksATokenAndThePalette() {
    action("check")->trigger();
    QTRY_VERIFY(QApplication::activePopupWidget());
    QCOMPARE(namelessOf(*QApplication::activePopupWidget()), QStringList());
    QApplication::activePopupWidget()->close();
    action("palette")->trigger();
    QCOMPARE(namelessOf(*window_), QStringList());
    QWidget* field = QApplication::focusWidget();
    QTest::keyClick(field, Qt::Key_Tab);  // to the next row, not out of it
    QCOMPARE(QApplication::focusWidget(), field);
  }

  /// A new dialog has to be added above.
  void noDialogIsLeftOut() {
    QStringList here, tested;
    QDirIterator files(QStringLiteral(VX11_SOURCE_DIR "/ui"), {QStringLiteral("*_dialog.h")}, QDir::Files,
                       QDirIterator::Subdirectories);
    while (files.hasNext()) here << QFileInfo(files.next()).fileName();
    for (const Opened& each : dialogs()) tested << each.header;
    tested.removeDuplicates();
    here.sort();
    tested.sort();
    QCOMPARE(tested, here);
  }

  void whatHasAStateSaysIt() {
    window_->showPage(PageId::Overview);
    QTest::qWait(50);
    const auto cards = window_->findChildren<InstanceCard*>();
    QCOMPARE(cards.size(), 3);
    for (const InstanceCard* card : cards)
      QVERIFY2(card->accessibleName().contains(QStringLiteral("Live")), qPrintable(card->accessibleName()));
    for (const auto* mark : window_->findChildren<MarkLabel*>()) {
      if (!mark->isVisible()) continue;
      QAccessibleInterface* spoken = QAccessible::queryAccessibleInterface(const_cast<MarkLabel*>(mark));
      QVERIFY2(spoken && !spoken->text(QAccessible::Name).isEmpty(), qPrintable(whereIs(*mark)));
    }
  }

 public:
  [[nodiscard]] QString proof() const {
    return QStringLiteral("%1 windows and dialogs, %2 stops of Tab in reading order; controls without a name: %3")
        .arg(looked_).arg(reached_).arg(nameless_ == 0 ? QStringLiteral("none") : QString::number(nameless_));
  }
};

int main(int argc, char** argv) {
  QApplication application(argc, argv);
  TestAccessibility test;
  const int failed = QTest::qExec(&test, argc, argv);
  std::printf("names and tab order: %s: %s\n", failed == 0 ? "proved" : "NOT proved", qPrintable(test.proof()));
  return failed;
}

#include "test_accessibility.moc"
