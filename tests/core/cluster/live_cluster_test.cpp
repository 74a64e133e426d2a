// LiveCluster against backends that are foreign, that go and come back, and whose watch is cut.
#include <QSignalSpy>
#include <QTest>
#include <cmath>

#include "cluster/live_cluster.h"
#include "core/cluster/scripted_server.h"

using namespace vx11::cluster;
using testing::ScriptedReply;
using testing::ScriptedRequest;
using testing::ScriptedServer;

namespace {

QByteArray listed(int number) {
  return R"({"masked":"3f9a…c21e","id":")" + QByteArray::number(number).rightJustified(32, '0') +
         R"(","created_at":1700000000.5,"ttl_sec":60,"expires_in_ms":50000,"issued_by":"a","cached_here":true,)"
         R"("single_use":false})";
}

/// An instance of ours, as far as the console can tell.
struct Ours {
  QByteArray state = "ready", mode = "memory";
  qint64 issued = 0;
  double uptime = 1;
  QList<int> tokens;
  bool watchRefused = false;

  ScriptedReply operator()(const ScriptedRequest& request) {
    ScriptedReply reply;
    if (request.path.endsWith("/cache-stats")) {
      uptime += 1;
      reply.body = R"({"instance_id":"a","version":"1","mode":")" + mode + R"(","state":")" + state +
                   R"(","started_at":5,"uptime_sec":)" + QByteArray::number(uptime) + R"(,"tokens":{"issued":)" +
                   QByteArray::number(issued) + R"(,"active":)" + QByteArray::number(tokens.size()) + "}}";
    } else if (request.path.endsWith("/watch")) {
      reply.status = watchRefused ? 503 : 200;
      reply.contentType = "text/event-stream";
      reply.stays = !watchRefused;
      if (reply.stays) reply.body = "event: snapshot\ndata: {\"instance_id\":\"a\",\"mode\":\"memory\"}\n\n";
    } else if (request.path.endsWith("/tokens")) {
      QByteArrayList rows;
      for (const int number : tokens) rows << listed(number);
      reply.body = "{\"tokens\":[" + rows.join(',') + "],\"cursor\":null}";
    } else {
      reply.status = 404;
    }
    return reply;
  }
};

}  // namespace

class LiveClusterTest : public QObject {
  Q_OBJECT
  vx11::SystemClock clock_;
  vx11::SystemRandom random_;
  std::unique_ptr<LiveCluster> cluster_;

  void open(const QUrl& url) {
    cluster_ = std::make_unique<LiveCluster>(Profile{}, clock_, random_);
    cluster_->connectInstance(cluster_->addInstance({}), url, vx11::Secret("a-principal-0123456789"));
  }
  [[nodiscard]] const InstanceInfo& first() const { return cluster_->instances().first(); }
  [[nodiscard]] int marks(TimeMark::Kind kind) const {
    int found = 0;
    const auto all = cluster_->history().marks(0, std::numeric_limits<qint64>::max());
    for (const TimeMark& mark : all) found += mark.kind == kind;
    return found;
  }
  [[nodiscard]] bool logged(const QString& event) const {
    const auto& entries = cluster_->journal().entries();
    return std::any_of(entries.begin(), entries.end(), [&](const LogEntry& entry) { return entry.event == event; });
  }

 private Q_SLOTS:
  void cleanup() { cluster_.reset(); }

  void aForeignBackendIsAliveAndUnknown() {
    ScriptedServer server([](const ScriptedRequest& request) {
      ScriptedReply reply;
      if (request.path == "/operator/api/health") {
        reply.body = R"({"status":"ok","mode":"redis"})";
      } else if (request.path == "/operator/api/events/sse-token") {
        reply.body = R"({"sse_token":"11111111-2222-4333-8444-555555555555","expires_in_sec":60})";
      } else if (request.path == "/operator/api/events/stream") {
        reply.contentType = "text/event-stream";
        reply.stays = true;
      } else {
        reply.status = 404;
      }
      return reply;
    });
    open(server.url());
    QTRY_COMPARE(first().state, InstanceState::Live);
    QVERIFY(!first().internalCalls);
    QCOMPARE(first().mode, QStringLiteral("redis"));
    QCOMPARE(first().id, server.url().authority());
    QVERIFY(!first().liveTokens && !first().streams && !first().issueRate);
    QTRY_VERIFY(cluster_->tokens().complete());
    QCOMPARE(server.count("/operator/internal/tokens/watch"), 0);

    int issued = 0;
    connect(cluster_->issue({}), &IssueJob::finished, this, [&](const auto& outcome) { issued = outcome.issued; });
    QTRY_COMPARE(issued, 1);
    QCOMPARE(cluster_->tokens().liveCount(), 1);
    const auto value = cluster_->tokens().value(cluster_->tokens().newest(1).first().id);
    QList<CheckAnswer> answers;
    connect(cluster_->check(*value, -1), &CheckJob::finished, this, [&](const auto& came) { answers = came; });
    QTRY_COMPARE(answers.size(), 1);
    QCOMPARE(answers[0].verdict, CheckAnswer::Verdict::Accepted);
    QCOMPARE(server.count("/operator/api/events/validate"), 1);
  }

  void goesAndComesBack() {
    Ours ours;
    auto server = std::make_unique<ScriptedServer>([&](const auto& request) { return ours(request); });
    const quint16 port = server->port();
    ours.tokens = {1, 2};
    open(server->url());
    QTRY_COMPARE(cluster_->tokens().liveCount(), 2);
    QCOMPARE(first().state, InstanceState::Live);
    QCOMPARE(marks(TimeMark::Kind::InstanceGone), 0);
    server.reset();
    QTRY_COMPARE(first().state, InstanceState::Unreachable);
    QCOMPARE(first().reason, QStringLiteral("connection_refused"));
    QVERIFY(first().unreachableSince >= 0 && first().attempts >= 1);
    QTRY_VERIFY(first().nextAttemptAt >= 0);
    QCOMPARE(first().id, QStringLiteral("a"));
    QCOMPARE(first().liveTokens, 2);            // the last value stays
    QCOMPARE(cluster_->tokens().liveCount(), 2);  // and the rows count down
    QCOMPARE(marks(TimeMark::Kind::InstanceGone), 1);
    QVERIFY(logged(QStringLiteral("lost")));

    ours.tokens = {2, 3};
    server = std::make_unique<ScriptedServer>([&](const auto& request) { return ours(request); }, port);
    if (!server->listening()) QSKIP("the port went to somebody else meanwhile");
    cluster_->retryNow();
    QTRY_COMPARE(first().state, InstanceState::Live);
    QCOMPARE(first().unreachableSince, -1);
    QCOMPARE(marks(TimeMark::Kind::InstanceBack), 1);
    QTRY_VERIFY(!cluster_->tokens().find(*TokenId::parse(u"00000000000000000000000000000001")));
    QTRY_VERIFY(cluster_->tokens().complete() && cluster_->tokens().liveCount() == 2);
  }

  void aCutWatchIsWalkedAfter() {
    Ours ours;
    ScriptedServer server([&](const auto& request) { return ours(request); });
    ours.tokens = {1};
    open(server.url());
    QTRY_COMPARE(cluster_->tokens().liveCount(), 1);
    ours.tokens = {1, 2, 3};
    server.cutStreams();
    QTRY_COMPARE(cluster_->tokens().liveCount(), 3);
    QCOMPARE(first().state, InstanceState::Live);
    QVERIFY(logged(QStringLiteral("watch_cut")));
    QCOMPARE(server.count("/operator/internal/tokens/watch"), 2);
  }

  void newsOfTheWatch() {
    Ours ours;
    ScriptedServer server([&](const auto& request) { return ours(request); });
    open(server.url());
    QTRY_VERIFY(cluster_->tokens().complete());
    const QByteArray rows = listed(7) + "," + listed(8) + "," + listed(9);
    server.tell("event: issued\ndata: {\"tokens\":[" + rows + "],\"more\":0}\n\n");
    QTRY_COMPARE(cluster_->tokens().liveCount(), 3);
    server.tell("event: revoked\ndata: {\"ids\":[\"" + QByteArray("7").rightJustified(32, '0') +
                "\"],\"all\":false,\"more\":0}\n\nevent: expired\ndata: {\"ids\":[\"" +
                QByteArray("8").rightJustified(32, '0') + "\"],\"more\":0}\n\n");
    QTRY_COMPARE(cluster_->tokens().liveCount(), 1);
    QCOMPARE(cluster_->tokens().count(), 2);
    const int walks = server.count("/operator/internal/tokens");
    ours.tokens = {9, 10};
    server.tell("event: issued\ndata: {\"tokens\":[],\"more\":1}\n\n");
    QTRY_COMPARE_WITH_TIMEOUT(server.count("/operator/internal/tokens"), walks + 1, 5000);
    QTRY_COMPARE(cluster_->tokens().liveCount(), 2);
  }

  void aWatchThatTalksNonsenseIsReopened() {
    Ours ours;
    ScriptedServer server([&](const auto& request) { return ours(request); });
    open(server.url());
    QTRY_VERIFY(cluster_->tokens().complete());
    server.tell("event: issued\ndata: nonsense\n\n");
    QTRY_COMPARE(server.count("/operator/internal/tokens/watch"), 2);
    QCOMPARE(first().state, InstanceState::Live);
  }

  void aRefusedWatchIsRetriedWithBackOff() {
    Ours ours;
    ours.watchRefused = true;
    ScriptedServer server([&](const auto& request) { return ours(request); });
    open(server.url());
    QTRY_VERIFY(server.count("/operator/internal/tokens/watch") >= 2);
    QTest::qWait(500);
    QVERIFY(server.count("/operator/internal/tokens/watch") < 30);
    QVERIFY(!cluster_->tokens().complete());
    ours.watchRefused = false;
    QTRY_VERIFY(cluster_->tokens().complete());
  }

  void drainsModesAndRestartsAreMarked() {
    Ours ours;
    ScriptedServer server([&](const auto& request) { return ours(request); });
    open(server.url());
    QTRY_COMPARE(first().state, InstanceState::Live);
    ours.mode = "hybrid";
    cluster_->retryNow();
    QTRY_COMPARE(marks(TimeMark::Kind::ModeSwitch), 1);
    ours.uptime = 0;
    cluster_->retryNow();
    QTRY_COMPARE(marks(TimeMark::Kind::ServerStarted), 1);
    QVERIFY(logged(QStringLiteral("restarted")));
    ours.state = "draining";
    server.tell("event: mode\ndata: {\"mode\":\"hybrid\",\"state\":\"draining\"}\n\n");
    QTRY_COMPARE(first().state, InstanceState::Draining);
    QCOMPARE(marks(TimeMark::Kind::Drain), 1);
  }

  void ratesAndSamples() {
    Ours ours;
    ScriptedServer server([&](const auto& request) {
      ours.issued += request.path.endsWith("/cache-stats") ? 7 : 0;
      return ours(request);
    });
    open(server.url());
    QSignalSpy sampled(cluster_.get(), &Cluster::sampled);
    QTRY_VERIFY_WITH_TIMEOUT(first().issueRate.has_value(), 3000);
    QCOMPARE(*first().issueRate, 7.0);  // seven in the second that the instance's own clock says passed
    QTRY_VERIFY_WITH_TIMEOUT(sampled.size() >= 3, 5000);
    QVERIFY(sampled.size() <= 5);
    const qint64 from = *cluster_->history().firstSampleAt(), to = QDateTime::currentMSecsSinceEpoch() - 1500;
    int gaps = 0;
    for (const Point& point : cluster_->history().series(Metric::LiveTokens, 0, from, to, 100)) {
      gaps += std::isnan(point.value);
    }
    QCOMPARE(gaps, 0);
  }

  void neverTwoPollsAtOnce() {
    int polls = 0;
    ScriptedServer server([&](const ScriptedRequest& request) {
      polls += request.path.endsWith("/cache-stats");
      return ScriptedReply{.silent = true};
    });
    open(server.url());
    QTRY_COMPARE(polls, 1);
    for (int i = 0; i < 20; ++i) cluster_->retryNow();
    QTest::qWait(200);
    QCOMPARE(polls, 1);
    QTRY_COMPARE_WITH_TIMEOUT(first().state, InstanceState::Unreachable, 10'000);
    QCOMPARE(first().reason, QStringLiteral("timed_out"));
  }

  void withoutInstancesJobsFailAsValues() {
    cluster_ = std::make_unique<LiveCluster>(Profile{}, clock_, random_);
    IssueOutcome issued;
    RevokeOutcome revoked;
    int ended = 0;
    connect(cluster_->issue({}), &IssueJob::finished, this, [&](const auto& outcome) {
      issued = outcome;
      ++ended;
    });
    RevokeSpec all;
    all.all = true;
    connect(cluster_->revoke(all), &RevokeJob::finished, this, [&](const auto& outcome) {
      revoked = outcome;
      ++ended;
    });
    connect(cluster_->check(vx11::TokenText("x"), -1), &CheckJob::finished, this, [&](const auto& answers) {
      QVERIFY(answers.isEmpty());
      ++ended;
    });
    QCOMPARE(ended, 0);
    QTRY_COMPARE(ended, 3);
    QCOMPARE(issued.failure.kind, Failure::Kind::NoInstance);
    QCOMPARE(revoked.failure.kind, Failure::Kind::NoInstance);
  }
};

QTEST_GUILESS_MAIN(LiveClusterTest)
#include "live_cluster_test.moc"
