// A walk over every action of the console against two real instances with audit logs: over a read-only profile it
// changes nothing, over production it changes nothing before the name is typed; and elsewhere it does change things,
// which is how one knows that it presses what it should.
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <cstdio>

#include "cluster/local_cluster.h"
#include "cluster/remote_cluster.h"
#include "core/cluster/tokend.h"
#include "platform/settings_store.h"
#include "shell/profiles.h"
#include "support/needs_processes.h"
#include "ui/shell/action_walk.h"

using namespace vx11;
using namespace vx11::ui;
using cluster::Environment;
using cluster::testing::Tokend;
using cluster::testing::tokendPrincipal;
using testing::ActionWalk;

namespace {

constexpr int patienceMs = 30'000;
const auto name = QStringLiteral("eu-prod");
const QStringList ids{QStringLiteral("a"), QStringLiteral("b")};

}  // namespace

class TestEveryAction : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  std::unique_ptr<test::RedisServer> redis_;
  std::vector<std::unique_ptr<Tokend>> instances_;
  std::unique_ptr<ThemeManager> themes_;
  std::unique_ptr<SettingsStore> settings_;
  std::unique_ptr<Profiles> profiles_;
  std::unique_ptr<cluster::Cluster> cluster_;
  std::unique_ptr<MainWindow> window_;

  [[nodiscard]] QString auditOf(const QString& id) const { return dir_.filePath(QStringLiteral("audit-") + id); }
  [[nodiscard]] QByteArray audit() const {
    QByteArray all;
    for (const QString& id : ids) {
      QFile file(auditOf(id));
      if (file.open(QIODevice::ReadOnly)) all += file.readAll();
    }
    return all;
  }
  /// The audit log tells of no event.
  [[nodiscard]] double published() const {
    double all = 0;
    for (const auto& instance : instances_) {
      test::RawClient client(instance->port());
      const std::string metrics = client.ask(test::request_text("GET", "/metrics")).body;
      constexpr std::string_view counter = "\nvx11_operator_events_published_total ";
      const std::size_t at = metrics.find(counter);
      all += at == std::string::npos ? 1e9 : std::atof(metrics.c_str() + at + counter.size());
    }
    return all;
  }
  void add(const QString& id) {
    const QStringList more{QStringLiteral("--audit-log"), auditOf(id), QStringLiteral("--ttl"), QStringLiteral("250")};
    instances_.push_back(std::make_unique<Tokend>(id, redis_->url(), QString(), more));
    QVERIFY(instances_.back()->start());
  }
  void open(Environment environment, bool readOnly) {
    cluster::Profile profile;
    profile.name = name;
    profile.id = QStringLiteral("p1");
    profile.kind = cluster::ProfileKind::RemoteCluster;
    profile.environment = environment;
    profile.readOnly = readOnly;
    profile.discover = false;
    for (const auto& instance : instances_) profile.instances << instance->url();
    const Secret principal{std::string(tokendPrincipal)};
    profiles_ = std::make_unique<Profiles>(Profiles::Surroundings{
        cluster::ProfileStore(dir_.filePath(QStringLiteral("profiles.json"))), principal});
    QVERIFY(profiles_->store().save(profile).has_value());
    cluster_ = cluster::openRemoteCluster(profile, principal, {});
    show();
    QTRY_VERIFY_WITH_TIMEOUT(cluster_->tokens().liveCount() >= 4, patienceMs);
  }
  void show() {
    window_ = std::make_unique<MainWindow>(*cluster_, *themes_, *settings_, *profiles_);
    window_->show();
    const auto isLive = [](const cluster::InstanceInfo& info) { return info.state == cluster::InstanceState::Live; };
    QTRY_VERIFY_WITH_TIMEOUT(cluster_->instances().size() == 2 && std::all_of(cluster_->instances().begin(),
                                                                             cluster_->instances().end(), isLive),
                             patienceMs);
  }
  /// Whatever lifts read-only is seen, and undone before it is used.
  [[nodiscard]] QSet<QString> walkReadOnly(ActionWalk& walk) {
    QSet<QString> lifting;
    walk.afterEach = [&](const QString& what) {
      if (!cluster_->canChange()) return;
      lifting << what;
      cluster_->setCanChange(false);
    };
    walk.walk();
    return lifting;
  }
  /// The way out is an action, too.
  [[nodiscard]] static bool isWayOut(const QSet<QString>& lifting) {
    return std::all_of(lifting.begin(), lifting.end(),
                       [](const QString& what) { return what.endsWith(QStringLiteral("ead-only")); });
  }
  [[nodiscard]] QList<qint64> processes() const {
    QList<qint64> pids;
    for (const cluster::NodeInfo& node : cluster_->supervisor()->nodes())
      pids << (node.state == cluster::NodeInfo::State::Running ? node.pid : -1);
    return pids;
  }
  void quiet() {
    QTRY_VERIFY_WITH_TIMEOUT(cluster_->findChildren<cluster::Job*>().isEmpty(), patienceMs);
    QTest::qWait(300);
  }
  [[nodiscard]] static QSet<QString> titles(const ActionWalk& walk, bool named) {
    QSet<QString> all;
    for (const ActionWalk::Question& question : walk.questions())
      if (question.named == named) all << question.title;
    return all;
  }

 private Q_SLOTS:
  void initTestCase() {
    VX11_NEEDS_PROCESSES();
    qputenv("XDG_STATE_HOME", dir_.path().toLocal8Bit());
    themes_ = std::make_unique<ThemeManager>();
    settings_ = std::make_unique<SettingsStore>(dir_.path());
    redis_ = std::make_unique<test::RedisServer>();
    QVERIFY2(*redis_, redis_->error().c_str());
  }
  void init() {
    for (const QString& id : ids) add(id);
    // Something to be revoked; from here on the logs are to stay empty.
    for (const auto& instance : instances_) {
      test::RawClient client(instance->port());
      for (int i = 0; i < 3; ++i) {
        const auto answer = client.ask(test::request_text(
            "POST", "/operator/api/events/sse-token", std::string("X-VX11-Token: ") + tokendPrincipal + "\r\n"));
        QCOMPARE(answer.status, 200);
      }
    }
    QTRY_COMPARE(audit().count('\n'), 6);
    for (const QString& id : ids) QVERIFY(QFile::resize(auditOf(id), 0));
  }
  void cleanup() {
    window_.reset();
    cluster_.reset();
    profiles_.reset();
    instances_.clear();
    for (const QString& id : ids) QFile::remove(auditOf(id));
  }

  void overAReadOnlyProfileItChangesNothing() {
#ifdef VX11_SANITIZED
    QSKIP("the walk over the local cluster is read-only as well, and a walk takes a sanitizer half a minute");
#endif
    open(Environment::Staging, true);
    ActionWalk walk(*window_, ActionWalk::Answer::Confirm, name);
    const QSet<QString> lifting = walkReadOnly(walk);
    quiet();
    QCOMPARE(audit(), QByteArray());
    QCOMPARE(published(), 0.0);
    QVERIFY(walk.presses() > 500);
    QVERIFY2(isWayOut(lifting), qPrintable(lifting.values().join(u'\n')));
    std::printf("every action: proved: %d presses on a read-only profile, 0 lines in the audit logs, "
                "0 events published\n",
                walk.presses());
  }

  void overALocalClusterItTouchesNoProcess() {
    profiles_ = std::make_unique<Profiles>(
        Profiles::Surroundings{cluster::ProfileStore(dir_.filePath(QStringLiteral("none.json")))});
    cluster::LocalClusterOptions options;
    options.instances = 2;
    options.firstPort = 0;
    options.tokendProgram = QStringLiteral(VX11_BIN_DIR "/vx11-tokend");
    cluster_ = cluster::openLocalCluster(options);
    show();
    cluster_->setCanChange(false);
    const QList<qint64> before = processes();
    QVERIFY(before.size() == 3 && !before.contains(-1));
    ActionWalk walk(*window_, ActionWalk::Answer::Confirm, name);
    const QSet<QString> lifting = walkReadOnly(walk);
    quiet();
    QCOMPARE(processes(), before);
    QCOMPARE(cluster_->tokens().count(), 0);
    QVERIFY2(isWayOut(lifting), qPrintable(lifting.values().join(u'\n')));
    std::printf("every action: proved: %d presses on a local cluster that is read-only, its 3 processes run on\n",
                walk.presses());
  }

  void overProductionTheNameIsAskedFor() {
    open(Environment::Production, false);
    ActionWalk walk(*window_, ActionWalk::Answer::Cancel, name);
    QStringList lifting;
    walk.afterEach = [&](const QString& what) {
      if (cluster_->canChange()) lifting << what;
    };
    walk.walk();
    quiet();
    QVERIFY2(lifting.isEmpty(), qPrintable(lifting.join(u'\n')));
    QVERIFY(!walk.armed());
    QCOMPARE(audit(), QByteArray());
    QCOMPARE(published(), 0.0);
    const QSet<QString> asked = titles(walk, true);
    for (const char* title : {"Allow changes", "Issue tokens", "Test across instances", "Revoke selected tokens",
                              "Revoke all tokens", "Change the mode", "Open streams", "Publish an event"})
      QVERIFY2(asked.contains(QString::fromLatin1(title)), title);
    std::printf("every action: proved: %d presses on production, %d kinds of questions ask for the name, "
                "0 lines in the audit logs before it is typed\n",
                walk.presses(), static_cast<int>(asked.size()));
  }

  void elsewhereItDoesChangeThings() {
    open(Environment::Test, false);
    ActionWalk walk(*window_, ActionWalk::Answer::Confirm, name);
    walk.walk();
    const QByteArray told = audit();
    QVERIFY(told.contains("\"issue\"") && told.contains("\"revoke\""));
    const auto& entries = cluster_->journal().entries();
    QVERIFY(std::any_of(entries.begin(), entries.end(), [](const cluster::LogEntry& entry) {
      return entry.event == QStringLiteral("rollback_begun");  // and was aborted by the next button
    }));
    QVERIFY(published() > 0);
    QVERIFY(titles(walk, true).isEmpty());
    std::printf("every action: proved: %d presses elsewhere, %d lines in the audit logs\n", walk.presses(),
                static_cast<int>(told.count('\n')));
  }
};

QTEST_MAIN(TestEveryAction)
#include "test_every_action.moc"
