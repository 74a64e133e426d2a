// From the start of the console to an issued token, a matrix and a rollback's dry run by keys alone: real keys of the
// display's own keyboard, sent by xdotool, into the session as the program opens it. No mouse is ever touched.
#include <QAbstractButton>
#include <QApplication>
#include <QLineEdit>
#include <QMouseEvent>
#include <QProcess>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cstdio>
#include <memory>

#include "console/session.h"
#include "dialogs/preferences_dialog.h"
#include "dialogs/shortcuts_dialog.h"
#include "pages/page.h"
#include "platform/settings_store.h"
#include "shell/main_window.h"
#include "shell/page_stack.h"
#include "shell/profiles.h"
#include "support/needs_processes.h"
#include "widgets/page_header.h"

using namespace vx11;
using namespace vx11::ui;

namespace {

constexpr int patienceMs = 30'000, mostTabs = 120;

class MouseCounter : public QObject {
 public:
  [[nodiscard]] int presses() const { return presses_; }

 protected:
  bool eventFilter(QObject*, QEvent* event) override {
    if (event->type() == QEvent::MouseButtonPress) ++presses_;
    return false;
  }

 private:
  int presses_ = 0;
};

}  // namespace

class KeyboardWindowTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  MouseCounter mouse_;
  std::unique_ptr<ThemeManager> themes_;
  std::unique_ptr<SettingsStore> settings_;
  std::unique_ptr<Profiles> profiles_;
  std::unique_ptr<console::Session> session_;
  QStringList reached_;
  int keys_ = 0;
  bool broken_ = false;

  [[nodiscard]] MainWindow& window() const { return session_->window(); }
  [[nodiscard]] cluster::Cluster& cluster() const { return session_->cluster(); }
  [[nodiscard]] QString verdict() const {
    return window().pages().current()->findChild<PageHeader*>()->verdict();
  }
  [[nodiscard]] bool live(int count) const {
    const auto& all = cluster().instances();
    return all.size() == count && std::all_of(all.begin(), all.end(), [](const auto& info) {
             return info.state == cluster::InstanceState::Live;
           });
  }
  /// Into whatever window has the say now; without a window manager it is given the keys first.
  void send(const QStringList& words) {
    const QWidget* target = QApplication::activePopupWidget() ? QApplication::activePopupWidget()
                            : QApplication::activeModalWidget() ? QApplication::activeModalWidget()
                                                                : &window();
    QProcess xdotool;
    xdotool.start(qEnvironmentVariable("VX11_XDOTOOL"),
                  QStringList{QStringLiteral("windowfocus"), QStringLiteral("--sync"), QString::number(target->winId())} + words);
    QTRY_COMPARE_WITH_TIMEOUT(xdotool.state(), QProcess::NotRunning, patienceMs);
    QVERIFY2(xdotool.exitStatus() == QProcess::NormalExit && xdotool.exitCode() == 0,
             xdotool.readAllStandardError().constData());
    ++keys_;
    QTest::qWait(30);  // the key is on its way from the display
  }
  void press(const char* keys) { send({QStringLiteral("key"), QString::fromLatin1(keys)}); }
  void type(const char* text) { send({QStringLiteral("type"), QStringLiteral("--delay"), QStringLiteral("15"), QString::fromLatin1(text)}); }
  /// Tab by Tab, as somebody does who looks for it.
  template <typename Fits>
  void tabTo(const char* what, Fits fits) {
    QStringList way;
    for (int i = 0; i < mostTabs; ++i) {
      if (const QWidget* now = QApplication::focusWidget()) way << now->accessibleName() + u'/' + QLatin1String(now->metaObject()->className());
      if (const QWidget* now = QApplication::focusWidget(); now != nullptr && fits(*now)) return;
      press("Tab");
      if (QTest::currentTestFailed()) return;
    }
    QFAIL(qPrintable(QStringLiteral("Tab never reaches %1, but %2").arg(QString::fromUtf8(what), way.mid(0, 30).join(QStringLiteral(", ")))));
  }
  void tabToButton(const char* text) {
    tabTo(text, [&](const QWidget& now) {
      const auto* button = qobject_cast<const QAbstractButton*>(&now);
      return button != nullptr && button->isEnabled() && button->text() == QString::fromUtf8(text);
    });
  }
  void tabToField(const char* name) {
    tabTo(name, [&](const QWidget& now) { return now.accessibleName() == QString::fromUtf8(name); });
  }

 private Q_SLOTS:
  void initTestCase() {
    VX11_NEEDS_PROCESSES();
    QVERIFY2(!qEnvironmentVariableIsEmpty("VX11_XDOTOOL"), "keyboard_test.py starts this with a display");
    qputenv("XDG_STATE_HOME", dir_.filePath(QStringLiteral("state")).toLocal8Bit());
    qApp->installEventFilter(&mouse_);
    themes_ = std::make_unique<ThemeManager>();
    themes_->choose(ThemeChoice::Light);
    settings_ = std::make_unique<SettingsStore>(dir_.path());
    Preferences light;
    light.theme = ThemeChoice::Light;
    settings_->setPreferences(light);
    profiles_ = std::make_unique<Profiles>(
        Profiles::Surroundings{cluster::ProfileStore(dir_.filePath(QStringLiteral("profiles.json")))});
    console::Session::Given given;
    given.localCluster.firstPort = 0;
    given.localCluster.tokendProgram = QStringLiteral(VX11_BIN_DIR "/vx11-tokend");
    session_ = std::make_unique<console::Session>(given, *themes_, *settings_, *profiles_);
    session_->open(Profiles::localServer());
    QTRY_VERIFY_WITH_TIMEOUT(live(1), patienceMs);
    QVERIFY(QTest::qWaitForWindowExposed(&window()));
  }
  // Each goes on where the one before left the window.
  void init() {
    if (broken_) QSKIP("what was before it failed");
  }
  void cleanup() { broken_ = broken_ || QTest::currentTestFailed(); }
  void cleanupTestCase() { session_.reset(); }

  void issuesTokens() {
    press("ctrl+n");
    QTRY_COMPARE_WITH_TIMEOUT(cluster().tokens().liveCount(), 1, patienceMs);
    press("ctrl+2");
    QTRY_COMPARE(window().pages().currentId(), PageId::Tokens);
    tabToField("Count");
    type("3\t");
    tabToButton("Issue 3 tokens");
    press("space");
    QTRY_COMPARE_WITH_TIMEOUT(cluster().tokens().liveCount(), 4, patienceMs);
    reached_ << QStringLiteral("4 tokens issued");
  }

  void findsKeysAndPreferences() {
    press("F1");
    QTRY_VERIFY(window().findChild<ShortcutsDialog*>() != nullptr);
    press("Escape");
    QTRY_VERIFY(window().findChild<ShortcutsDialog*>() == nullptr);
    press("ctrl+comma");
    QTRY_VERIFY(window().findChild<PreferencesDialog*>() != nullptr);
    tabToButton("Light");
    press("Right");
    QTRY_COMPARE(themes_->choice(), ThemeChoice::Dark);
    press("Left");
    QTRY_COMPARE(themes_->choice(), ThemeChoice::Light);
    press("Escape");
    QTRY_VERIFY(window().findChild<PreferencesDialog*>() == nullptr);
    reached_ << QStringLiteral("the preferences");
  }

  void opensALocalClusterByThePalette() {
    press("ctrl+k");
    QTRY_VERIFY(qobject_cast<QLineEdit*>(QApplication::focusWidget()) != nullptr);
    type("local cluster");
    press("Return");
    QTRY_COMPARE_WITH_TIMEOUT(cluster().profile().kind, cluster::ProfileKind::LocalCluster, patienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(live(3), patienceMs);
    reached_ << QStringLiteral("a local cluster of three");
  }

  void runsTheMatrix() {
    press("ctrl+t");
    QTRY_COMPARE(window().pages().currentId(), PageId::Matrix);
    QTRY_VERIFY2_WITH_TIMEOUT(verdict().startsWith(QStringLiteral("Whole, 9 of 9 accepted.")), qPrintable(verdict()), patienceMs);
    reached_ << QStringLiteral("a whole matrix");
  }

  void rehearsesARollback() {
    press("ctrl+b");
    QTRY_COMPARE(window().pages().currentId(), PageId::Rollback);
    tabToButton("Dry run");
    press("space");
    QTRY_VERIFY2_WITH_TIMEOUT(verdict().startsWith(QStringLiteral("It can be done.")), qPrintable(verdict()), patienceMs);
    for (const auto& info : cluster().instances()) QCOMPARE(info.mode, QStringLiteral("hybrid"));
    reached_ << QStringLiteral("a rollback's dry run");
    QCOMPARE(mouse_.presses(), 0);
  }

 public:
  [[nodiscard]] QString proof() const {
    return QStringLiteral("by %1 strokes and no click: %2").arg(keys_).arg(reached_.join(QStringLiteral(", ")));
  }
};

int main(int argc, char** argv) {
  QApplication application(argc, argv);
  KeyboardWindowTest test;
  const int failed = QTest::qExec(&test, argc, argv);
  std::printf("keyboard only (%s): %s: %s\n", qPrintable(QGuiApplication::platformName()),
              failed == 0 ? "proved" : "NOT proved", qPrintable(test.proof()));
  return failed;
}

#include "keyboard_window_test.moc"
