// The console's session with real processes: from the local server to a local cluster and back, in one place on the
// screen, never without a window, and leaving nothing behind.
#include <QApplication>
#include <QPushButton>
#include <QSignalSpy>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <csignal>
#include <memory>

#include "console/session.h"
#include "dialogs/confirm_dialog.h"
#include "platform/settings_store.h"
#include "platform/theme.h"
#include "shell/main_window.h"
#include "shell/profiles.h"

using namespace vx11;
using namespace vx11::ui;
using cluster::InstanceState;
using cluster::ProfileKind;
using console::Session;

namespace {

constexpr int patienceMs = 20'000;

/// Counts the windows at every event; how few there were.
class WindowCounter : public QObject {
 public:
  using QObject::QObject;
  [[nodiscard]] int least() const { return least_; }

 protected:
  bool eventFilter(QObject*, QEvent*) override {
    const auto all = QApplication::topLevelWidgets();
    const auto shown = std::count_if(all.begin(), all.end(), [](const QWidget* widget) {
      return widget->isVisible() && qobject_cast<const MainWindow*>(widget) != nullptr;
    });
    least_ = std::min(least_, static_cast<int>(shown));
    return false;
  }

 private:
  int least_ = 99;
};

}  // namespace

class TestConsoleSession : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  std::unique_ptr<ThemeManager> themes_;
  std::unique_ptr<SettingsStore> settings_;
  std::unique_ptr<Profiles> profiles_;
  std::unique_ptr<Session> session_;

  [[nodiscard]] bool allLive(int count) const {
    const auto& all = session_->cluster().instances();
    return all.size() == count &&
           std::all_of(all.begin(), all.end(), [](const auto& info) { return info.state == InstanceState::Live; });
  }
  QList<qint64> pids() {
    QList<qint64> pids;
    for (const auto& node : session_->cluster().supervisor()->nodes()) {
      if (node.pid != 0) pids.append(node.pid);
    }
    return pids;
  }

 private Q_SLOTS:
  void init() {
    themes_ = std::make_unique<ThemeManager>();
    themes_->choose(ThemeChoice::Dark);
    settings_ = std::make_unique<SettingsStore>(dir_.path());
    settings_->resetLayout();
    profiles_ = std::make_unique<Profiles>(
        Profiles::Surroundings{cluster::ProfileStore(dir_.filePath(QStringLiteral("profiles.json")))});
    Session::Given given;
    given.localCluster.firstPort = 0;
    given.localCluster.tokendProgram = QString::fromLocal8Bit(qgetenv("VX11_BIN")) + QStringLiteral("/vx11-tokend");
    given.size = {1200, 700};
    session_ = std::make_unique<Session>(given, *themes_, *settings_, *profiles_);
    session_->open(Profiles::localServer());
    QTRY_VERIFY_WITH_TIMEOUT(allLive(1), patienceMs);
  }
  void cleanup() {
    session_.reset();
    profiles_.reset();
    settings_.reset();
    themes_.reset();
  }

  void thereAndBackInOnePlace() {
    session_->window().move(0, 0);
    session_->window().showPage(PageId::Charts);
    const QRect place = session_->window().geometry();
    WindowCounter counter;
    qApp->installEventFilter(&counter);
    QSignalSpy opened(session_.get(), &Session::opened);

    session_->window().actions().get(QStringLiteral("profile.cluster"))->trigger();
    QCOMPARE(session_->cluster().profile().kind, ProfileKind::LocalCluster);
    QTRY_COMPARE_WITH_TIMEOUT(opened.count(), 1, patienceMs);
    QCOMPARE(session_->window().geometry(), place);
    QCOMPARE(session_->window().windowTitle(), QStringLiteral("Local cluster – VX11 console"));
    QVERIFY(themes_->theme().dark);
    QTRY_VERIFY_WITH_TIMEOUT(allLive(3), patienceMs);
    const QList<qint64> processes = pids();
    QCOMPARE(processes.size(), 4);

    session_->window().actions().get(QStringLiteral("profile.local"))->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(opened.count(), 2, patienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(allLive(1), patienceMs);
    QCOMPARE(session_->window().geometry(), place);
    for (const qint64 pid : processes)
      QVERIFY2(::kill(static_cast<pid_t>(pid), 0) != 0, qPrintable(QString::number(pid)));
    QCOMPARE(counter.least(), 1);
    qApp->removeEventFilter(&counter);
  }

  void whoHoldsAStreamHearsThatItIsLeft() {
    cluster::Cluster& left = session_->cluster();
    cluster::IssueOutcome issued;
    connect(left.issue({}), &cluster::IssueJob::finished, this, [&](const auto& outcome) { issued = outcome; });
    QTRY_COMPARE_WITH_TIMEOUT(issued.ids.size(), 1, patienceMs);
    const TokenText token = *left.tokens().value(issued.ids[0]);
    const QUrl url = left.instances().first().url;
    QTcpSocket stream;
    stream.connectToHost(url.host(), static_cast<quint16>(url.port()));
    stream.write("GET /operator/api/events/stream?token=" + QByteArray::fromStdString(std::string(token.reveal())) +
                 " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    QTRY_VERIFY_WITH_TIMEOUT(left.instances().first().streams == 1, patienceMs);
    QSignalSpy opened(session_.get(), &Session::opened);
    session_->open(Profiles::localCluster());
    auto* question = session_->window().findChild<ConfirmDialog*>();
    QVERIFY(question);
    question->verbButton()->click();
    QTRY_COMPARE_WITH_TIMEOUT(opened.count(), 1, patienceMs);
    QTRY_COMPARE(stream.state(), QAbstractSocket::UnconnectedState);
    const QByteArray heard = stream.readAll();
    QVERIFY2(heard.contains("event: drain"), heard.constData());
  }

  void switchingTwiceAtOnceEndsAtTheLast() {
    QSignalSpy opened(session_.get(), &Session::opened);
    session_->open(Profiles::localCluster());
    session_->open(Profiles::localServer());
    QTRY_VERIFY_WITH_TIMEOUT(opened.count() > 0, patienceMs);
    QCOMPARE(session_->cluster().profile().kind, ProfileKind::LocalServer);
    QTRY_VERIFY_WITH_TIMEOUT(allLive(1), patienceMs);
    const auto all = QApplication::topLevelWidgets();
    QCOMPARE(std::count_if(all.begin(), all.end(),
                           [](QWidget* widget) { return qobject_cast<MainWindow*>(widget) != nullptr; }),
             1);
  }

  void aRemoteClusterIsReachedWithTheSecretsOfThisRun() {
    const Secret principal = session_->cluster().localPrincipal();
    cluster::Profile profile;
    profile.name = QStringLiteral("eu");
    profile.kind = ProfileKind::RemoteCluster;
    profile.instances = {QUrl(QStringLiteral("http://127.0.0.1:1"))};
    const auto saved = profiles_->store().save(profile);
    QVERIFY(saved.has_value());
    profiles_->keep(*saved, *saved, {principal, {}}, [](const QString&) {});
    QSignalSpy opened(session_.get(), &Session::opened);
    session_->open(*saved);
    QTRY_COMPARE_WITH_TIMEOUT(opened.count(), 1, patienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(session_->cluster().instances().value(0).state == InstanceState::Unreachable, patienceMs);
    QVERIFY(session_->window().windowTitle().startsWith(QStringLiteral("eu")));
  }
};

QTEST_MAIN(TestConsoleSession)
#include "test_console_session.moc"
