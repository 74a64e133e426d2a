// The real thing: an embedded server, reached over loopback HTTP, and the window over it. A token is issued by its key,
// counts down in the table and leaves it; closing leaves nothing that listens.
#include <QHostAddress>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <memory>

#include "cluster/local_server.h"
#include "cluster/streams.h"
#include "dialogs/confirm_dialog.h"
#include "platform/settings_store.h"
#include "shell/action_registry.h"
#include "shell/main_window.h"
#include "shell/page_list.h"
#include "shell/page_stack.h"
#include "shell/profiles.h"
#include "shell/status_bar.h"
#include "widgets/page_header.h"

using namespace vx11;
using namespace vx11::ui;

class TestWindowLocalServer : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  std::unique_ptr<ThemeManager> themes_;
  std::unique_ptr<SettingsStore> settings_;
  std::unique_ptr<Profiles> profiles_;
  std::unique_ptr<cluster::Cluster> cluster_;
  std::unique_ptr<MainWindow> window_;

  [[nodiscard]] const cluster::InstanceInfo& instance() const { return cluster_->instances().first(); }
  [[nodiscard]] bool live() const {
    return !cluster_->instances().isEmpty() && instance().state == cluster::InstanceState::Live;
  }
  /// Where VX11_SHOTS names a folder.
  static void shoot(QWidget& widget, const QString& name) {
    const QString folder = qEnvironmentVariable("VX11_SHOTS");
    if (folder.isEmpty()) return;
    QTest::qWait(300);
    widget.grab().save(QStringLiteral("%1/%2.png").arg(folder, name));
  }

 private Q_SLOTS:
  void init() {
    themes_ = std::make_unique<ThemeManager>();
    settings_ = std::make_unique<SettingsStore>(dir_.path());
    settings_->resetLayout();
    profiles_ = std::make_unique<Profiles>(
        Profiles::Surroundings{cluster::ProfileStore(dir_.filePath(QStringLiteral("profiles.json")))});
    cluster::LocalServerOptions options;
    options.firstPort = 0;
    options.ttlSec = 2;
    cluster_ = cluster::openLocalServer(options);
    window_ = std::make_unique<MainWindow>(*cluster_, *themes_, *settings_, *profiles_);
    window_->show();
    QTRY_VERIFY_WITH_TIMEOUT(live(), 10'000);
  }
  void cleanup() {
    window_.reset();
    cluster_.reset();
    settings_.reset();
    themes_.reset();
  }

  void issuedTokenAppearsCountsDownAndGoes() {
    window_->showPage(PageId::Tokens);
    const auto* table = window_->pages().current()->findChild<QTableView*>();
    QVERIFY(table);
    QCOMPARE(table->model()->rowCount(), 0);

    QTest::keyClick(window_.get(), Qt::Key_N, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 1, 5'000);
    QTRY_VERIFY(window_->statusLine().message().startsWith(QStringLiteral("Issued 1 token")));
    const auto row = cluster_->tokens().newest(1).value(0);
    QVERIFY(row.own);
    const qint64 before = row.expiresAt - cluster_->now();
    QVERIFY2(before > 0 && before <= 2'000, qPrintable(QString::number(before)));

    QTRY_VERIFY(row.expiresAt - cluster_->now() < before - 500);
    QCOMPARE(table->model()->rowCount(), 1);
    QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 0, 5'000);
    QTRY_COMPARE(cluster_->tokens().count(), 0);
  }

  void aStreamOpensHearsWhatIsPublishedAndAsksNobodyAtTheEnd() {
    window_->showPage(PageId::Streams);
    Page* page = window_->pages().current();
    QTest::keyClick(window_.get(), Qt::Key_F5);
    const auto& streams = cluster_->streams()->streams();
    QTRY_COMPARE_WITH_TIMEOUT(streams.size(), 1, 5'000);
    QTRY_COMPARE_WITH_TIMEOUT(streams.first().state, cluster::StreamInfo::State::Open, 5'000);
    QTRY_VERIFY(page->findChild<PageHeader*>()->verdict().startsWith(QStringLiteral("1 stream open.")));

    const auto field = [page](const QString& name) {
      for (auto* each : page->findChildren<QLineEdit*>())
        if (each->accessibleName() == name) return each;
      return static_cast<QLineEdit*>(nullptr);
    };
    field(QStringLiteral("Name of the event"))->setText(QStringLiteral("order.updated"));
    field(QStringLiteral("Data of the event"))->setText(QStringLiteral("{\"id\": 4711}"));
    QTest::keyClick(field(QStringLiteral("Data of the event")), Qt::Key_Return);
    const auto came = [this] {
      const auto& events = cluster_->streams()->events();
      return std::any_of(events.begin(), events.end(), [](const cluster::StreamEvent& event) {
        return event.name == QStringLiteral("order.updated") && event.data == QStringLiteral("{\"id\":4711}");
      });
    };
    QTRY_VERIFY_WITH_TIMEOUT(came(), 5'000);
    QTRY_VERIFY(window_->statusLine().message().startsWith(QStringLiteral("Published order.updated on ")));
    QTRY_COMPARE_WITH_TIMEOUT(instance().streams, 1, 5'000);
    QVERIFY(window_->close());  // it is nobody's but this console's
  }

  void theServerIsStoppedAfterAQuestionAndStartedAgain() {
    QAction* action = window_->actions().get(QStringLiteral("server"));
    QVERIFY(action->isEnabled());
    QCOMPARE(ActionRegistry::plainText(action), QStringLiteral("Stop server…"));
    action->trigger();
    auto* question = window_->findChild<ConfirmDialog*>();
    QVERIFY(question);
    QVERIFY(live());
    shoot(*question, QStringLiteral("server-stop"));
    question->verbButton()->click();
    QTRY_COMPARE_WITH_TIMEOUT(instance().state, cluster::InstanceState::Stopped, 15'000);
    QCOMPARE(window_->statusLine().message(), QStringLiteral("The local server has stopped"));
    QTRY_VERIFY(
        window_->pages().current()->findChild<PageHeader*>()->verdict().contains(QStringLiteral("Start server")));
    shoot(*window_, QStringLiteral("server-stopped"));
    QCOMPARE(ActionRegistry::plainText(action), QStringLiteral("Start server"));
    QVERIFY(action->isEnabled());
    action->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(live(), 10'000);
    QTRY_COMPARE(ActionRegistry::plainText(action), QStringLiteral("Stop server…"));
  }

  void readOnlyIssuesNothing() {
    cluster_->setCanChange(false);
    cluster::Failure failure;
    auto* job = cluster_->issue({});
    connect(job, &cluster::IssueJob::finished, this,
            [&failure](const cluster::IssueOutcome& outcome) { failure = outcome.failure; });
    QTRY_VERIFY(failure.kind == cluster::Failure::Kind::ReadOnly);
    QCOMPARE(cluster_->tokens().liveCount(), 0);
  }

  void closingStopsTheServer() {
    const QUrl url = instance().url;
    QVERIFY(window_->close());
    window_.reset();
    cluster_.reset();
    QTcpSocket socket;
    QSignalSpy refused(&socket, &QTcpSocket::errorOccurred);
    socket.connectToHost(QHostAddress(url.host()), static_cast<quint16>(url.port()));
    QTRY_COMPARE(refused.count(), 1);
    QCOMPARE(socket.error(), QAbstractSocket::ConnectionRefusedError);
  }
};

QTEST_MAIN(TestWindowLocalServer)
#include "test_window_local_server.moc"
