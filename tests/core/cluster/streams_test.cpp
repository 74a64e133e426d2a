// Streams of a LiveCluster on real instances: opened with fresh tokens, revoked, drained, killed, refused for now, and
// taken up again, also behind a balancer.
#include <QElapsedTimer>
#include <QTest>

#include "cluster/live_cluster.h"
#include "cluster/streams.h"
#include "core/cluster/scripted_server.h"
#include "core/cluster/tcp_balancer.h"
#include "core/cluster/tokend.h"
#include "support/needs_processes.h"
#include "support/test_instance.h"

using namespace vx11::cluster;
using vx11::test::RedisServer;
using vx11::test::TestInstance;
using State = StreamInfo::State;
using Where = StreamSpec::Where;

namespace {

constexpr int patience = 20'000;

}  // namespace

class StreamsTest : public QObject {
  Q_OBJECT
  vx11::SystemClock clock_;
  vx11::SystemRandom random_;
  std::unique_ptr<RedisServer> redis_;
  std::vector<std::unique_ptr<TestInstance>> instances_;
  std::unique_ptr<testing::TcpBalancer> balancer_;
  std::unique_ptr<LiveCluster> cluster_;

  void addInstance(const std::string& mode) {
    auto settings = vx11::test::test_settings();
    settings.instance_id = std::string(1, static_cast<char>('a' + instances_.size()));
    settings.mode = mode;
    if (mode != "memory") settings.redis_url = redis_->url();
    instances_.push_back(std::make_unique<TestInstance>(std::move(settings)));
    QVERIFY2(*instances_.back(), instances_.back()->error().c_str());
  }
  void openCluster(const QList<QUrl>& urls, const char* principal = vx11::test::principal) {
    Profile profile;
    if (balancer_) profile.balancer = balancer_->url();
    cluster_ = std::make_unique<LiveCluster>(profile, clock_, random_);
    for (const QUrl& url : urls) cluster_->connectInstance(cluster_->addInstance({}), url, vx11::Secret(principal));
    for (const QUrl& url : urls) {
      const int slot = static_cast<int>(urls.indexOf(url));
      QTRY_COMPARE_WITH_TIMEOUT(cluster_->instances()[slot].state, InstanceState::Live, patience);
    }
  }
  void openInstances(int count, const std::string& mode, bool balanced = false) {
    if (mode != "memory") {
      redis_ = std::make_unique<RedisServer>();
      if (!*redis_) QSKIP("there is no redis-server in VX11_TOOLS");
    }
    QList<QUrl> urls;
    QList<quint16> ports;
    for (int i = 0; i < count; ++i) {
      addInstance(mode);
      ports << instances_.back()->port();
      urls << QUrl(QStringLiteral("http://127.0.0.1:%1").arg(ports.last()));
    }
    if (balanced) balancer_ = std::make_unique<testing::TcpBalancer>(ports);
    openCluster(urls);
  }
  [[nodiscard]] Streams& streams() const { return *cluster_->streams(); }
  [[nodiscard]] const StreamInfo& info(int place) const { return streams().streams().at(place); }
  [[nodiscard]] int in(State state) const {
    const auto& all = streams().streams();
    return static_cast<int>(std::count_if(all.begin(), all.end(), [=](const auto& each) { return each.state == state; }));
  }
  [[nodiscard]] QStringList names(quint64 stream) const {
    QStringList found;
    for (const StreamEvent& event : streams().events()) {
      if (event.stream == stream && event.kind == StreamEvent::Kind::Event) found << event.name;
    }
    return found;
  }
  [[nodiscard]] QStringList reasons(quint64 stream, StreamEvent::Kind kind) const {
    QStringList found;
    for (const StreamEvent& event : streams().events()) {
      if (event.stream == stream && event.kind == kind) found << event.reason;
    }
    return found;
  }
  void publish(const QString& name, int slot = -1) {
    PublishOutcome outcome;
    bool ended = false;
    connect(cluster_->publish({name, QStringLiteral("data of ") + name, slot}), &PublishJob::finished, this,
            [&](const PublishOutcome& told) {
              outcome = told;
              ended = true;
            });
    QTRY_VERIFY_WITH_TIMEOUT(ended, patience);
    QVERIFY2(!outcome.failure, qPrintable(outcome.failure.code));
  }
  void revoke(const TokenId& id) {
    RevokeSpec spec;
    spec.ids = {id};
    bool ended = false;
    connect(cluster_->revoke(spec), &RevokeJob::finished, this, [&] { ended = true; });
    QTRY_VERIFY_WITH_TIMEOUT(ended, patience);
  }

 private Q_SLOTS:
  void cleanup() {
    cluster_.reset();
    balancer_.reset();
    instances_.clear();
    redis_.reset();
  }

  void eventsArriveOnEveryInstance() {
    openInstances(2, "memory");
    StreamSpec spec;
    spec.where = Where::EveryInstance;
    spec.count = 5;
    QVERIFY(!streams().open(spec));
    QTRY_COMPARE_WITH_TIMEOUT(in(State::Open), 10, patience);
    QCOMPARE(info(0).instance, QStringLiteral("a"));
    QCOMPARE(info(1).instance, QStringLiteral("b"));
    QVERIFY(!info(0).masked.isEmpty() && info(0).masked != info(1).masked);
    QTRY_COMPARE_WITH_TIMEOUT(names(info(0).id), QStringList{QStringLiteral("snapshot")}, patience);

    publish(QStringLiteral("hello"), 0);
    QTRY_COMPARE_WITH_TIMEOUT(names(info(0).id).value(1), QStringLiteral("hello"), patience);
    QTRY_COMPARE_WITH_TIMEOUT(names(info(8).id).value(1), QStringLiteral("hello"), patience);
    QCOMPARE(names(info(1).id).size(), 1);  // the other process has events of its own
    QCOMPARE(info(0).position.count(u'.'), 1);
    QCOMPARE(info(0).events, 2);
  }

  void inTurnMeansInTurn() {
    openInstances(3, "memory");
    StreamSpec spec;
    spec.count = 4;
    QVERIFY(!streams().open(spec));
    QTRY_COMPARE_WITH_TIMEOUT(in(State::Open), 4, patience);
    QStringList who;
    for (const StreamInfo& each : streams().streams()) who << each.instance;
    QCOMPARE(who.join(u' '), QStringLiteral("a b c a"));
  }

  void itsTokenIsOneOfTheConsole() {
    openInstances(1, "memory");
    StreamSpec spec;
    spec.singleUse = true;
    QVERIFY(!streams().open(spec));
    QTRY_COMPARE_WITH_TIMEOUT(in(State::Open), 1, patience);
    QVERIFY(cluster_->tokens().find(info(0).token)->own);
    QVERIFY(info(0).singleUse);
    for (const LogEntry& entry : cluster_->journal().entries()) {
      for (const QVariant& field : entry.fields) QVERIFY(!field.toString().contains(QStringLiteral("token=")));
    }
  }

  void aRevokedStreamAsksOnceMoreAndIsRefused() {
    openInstances(1, "memory");
    QVERIFY(!streams().open({}));
    QTRY_COMPARE_WITH_TIMEOUT(in(State::Open), 1, patience);
    revoke(info(0).token);
    QTRY_COMPARE_WITH_TIMEOUT(info(0).state, State::Waiting, patience);
    QCOMPARE(info(0).reason, QStringLiteral("revoked"));
    QVERIFY(!streams().reconnect(info(0).id));  // rather than after the ten seconds
    QTRY_COMPARE_WITH_TIMEOUT(info(0).state, State::Closed, patience);
    QCOMPARE(info(0).reason, QStringLiteral("revoked"));
    QCOMPARE(info(0).failure.httpStatus, 403);
    QCOMPARE(reasons(info(0).id, StreamEvent::Kind::Closed), QStringList{QStringLiteral("revoked")});

    // With a fresh token it is back.
    const QString before = info(0).masked;
    QVERIFY(!streams().reconnect(info(0).id));
    QTRY_COMPARE_WITH_TIMEOUT(info(0).state, State::Open, patience);
    QVERIFY(info(0).masked != before);
  }

  void whatWasMissedComesWithTheLastId() {
    openInstances(1, "memory");
    QVERIFY(!streams().open({}));
    QTRY_COMPARE_WITH_TIMEOUT(in(State::Open), 1, patience);
    publish(QStringLiteral("one"));
    QTRY_VERIFY_WITH_TIMEOUT(names(info(0).id).contains(QStringLiteral("one")), patience);
    const QString after = info(0).position;
    streams().close(info(0).id);
    QCOMPARE(info(0).reason, QStringLiteral("closed"));
    publish(QStringLiteral("two"));
    QVERIFY(!streams().reconnect(info(0).id));
    QTRY_VERIFY_WITH_TIMEOUT(names(info(0).id).contains(QStringLiteral("two")), patience);

    StreamSpec typed;  // the same by hand, in a stream of its own
    typed.lastEventId = after;
    QVERIFY(!streams().open(typed));
    QTRY_VERIFY_WITH_TIMEOUT(names(info(1).id).contains(QStringLiteral("two")), patience);
    QVERIFY(!names(info(1).id).contains(QStringLiteral("one")));
    typed.lastEventId = QStringLiteral("nowhere.7");
    QVERIFY(!streams().open(typed));
    QTRY_COMPARE_WITH_TIMEOUT(info(2).resets, 1, patience);
  }

  void behindABalancerItGoesOnElsewhere() {
    openInstances(2, "hybrid", true);
    StreamSpec spec;
    spec.where = Where::Balancer;
    QVERIFY(!streams().open(spec));
    QTRY_COMPARE_WITH_TIMEOUT(in(State::Open), 1, patience);
    const QString first = info(0).instance;
    publish(QStringLiteral("before"));
    QTRY_VERIFY_WITH_TIMEOUT(names(info(0).id).contains(QStringLiteral("before")), patience);

    const auto leaving = first == QStringLiteral("a") ? 0U : 1U;
    (*instances_[leaving])->drain();
    QTRY_COMPARE_WITH_TIMEOUT(info(0).connections, 2, patience);
    QVERIFY(info(0).instance != first);
    QVERIFY(names(info(0).id).contains(QStringLiteral("drain")));
    QCOMPARE(reasons(info(0).id, StreamEvent::Kind::Retry).first(), QStringLiteral("drain"));
    publish(QStringLiteral("after"), leaving == 0 ? 1 : 0);
    QTRY_VERIFY_WITH_TIMEOUT(names(info(0).id).contains(QStringLiteral("after")), patience);
    QCOMPARE(names(info(0).id).count(QStringLiteral("before")), 1);
  }

  void aRefusalThatPassesIsWaitedFor() {
    int asked = 0;
    testing::ScriptedServer server([&](const testing::ScriptedRequest& request) {
      testing::ScriptedReply reply;
      if (request.path == "/operator/api/events/sse-token") {
        reply.body = R"({"sse_token":"11111111-2222-4333-8444-555555555555","expires_in_sec":60})";
      } else if (request.path == "/operator/api/events/stream") {
        reply.contentType = "text/event-stream";
        reply.stays = ++asked > 2;
        reply.body = reply.stays ? "event: snapshot\ndata: {}\n\n" : "retry: 50\n\n";
      } else if (request.path == "/operator/api/health") {
        reply.body = R"({"status":"ok"})";
      } else {
        reply.status = 404;
      }
      return reply;
    });
    openCluster({server.url()});
    QVERIFY(!streams().open({}));
    QTRY_COMPARE_WITH_TIMEOUT(names(info(0).id), QStringList{QStringLiteral("snapshot")}, patience);
    QCOMPARE(reasons(info(0).id, StreamEvent::Kind::Retry), QStringList(2, QStringLiteral("not_now")));
    QVERIFY(reasons(info(0).id, StreamEvent::Kind::Closed).isEmpty());
    QCOMPARE(info(0).state, State::Open);
    QVERIFY(server.requests().last().header("X-VX11-Token").isEmpty());
  }

  void whileRedisIsAwayAStreamComesBackAndNoNewOneIsGiven() {
    openInstances(1, "redis");
    QVERIFY(!streams().open({}));
    QTRY_COMPARE_WITH_TIMEOUT(in(State::Open), 1, patience);
    redis_->pause();
    QVERIFY(!streams().open({}));
    QTRY_COMPARE_WITH_TIMEOUT(info(1).state, State::Closed, patience);
    QCOMPARE(info(1).failure.httpStatus, 503);
    QVERIFY(!streams().reconnect(info(0).id));  // its credential counts
    QTRY_COMPARE_WITH_TIMEOUT(info(0).connections, 2, patience);
    QTRY_COMPARE_WITH_TIMEOUT(info(0).state, State::Open, patience);
    redis_->resume();
  }

  void aKilledInstanceIsTriedAgain() {
    VX11_NEEDS_PROCESSES();
    testing::Tokend tokend(QStringLiteral("a"), {});
    if (!tokend.start()) QFAIL(tokend.said());
    openCluster({tokend.url()}, testing::tokendPrincipal);
    QVERIFY(!streams().open({}));
    QTRY_COMPARE_WITH_TIMEOUT(in(State::Open), 1, patience);
    tokend.kill();
    QTRY_COMPARE_WITH_TIMEOUT(info(0).state, State::Waiting, patience);
    QVERIFY(info(0).retryAt > cluster_->now());
    QVERIFY(!streams().reconnect(info(0).id));
    QTRY_COMPARE_WITH_TIMEOUT(info(0).reason, QStringLiteral("connection_refused"), patience);

    // The new process knows nothing of the token.
    if (!tokend.start()) QFAIL(tokend.said());
    QVERIFY(!streams().reconnect(info(0).id));
    QTRY_COMPARE_WITH_TIMEOUT(info(0).state, State::Closed, patience);
    QCOMPARE(info(0).reason, QStringLiteral("invalid_token"));
  }

  void whoWaitsForATokenTakesThePlaceOfOneThatIsClosed() {
    openInstances(1, "memory");
    StreamSpec many;
    many.count = 12;
    QVERIFY(!streams().open(many));
    QList<quint64> asked;
    for (int place = 0; place < 8; ++place) asked << info(place).id;  // as many as are asked for at once
    for (const quint64 id : asked) streams().close(id);
    QTRY_COMPARE_WITH_TIMEOUT(in(State::Open), 4, patience);
    QCOMPARE(in(State::Closed), 8);
  }

  void readOnlyOpensNothing() {
    openInstances(1, "memory");
    QVERIFY(!streams().open({}));
    QTRY_COMPARE_WITH_TIMEOUT(in(State::Open), 1, patience);
    cluster_->setCanChange(false);
    QCOMPARE(streams().open({}).kind, Failure::Kind::ReadOnly);
    QCOMPARE(streams().streams().size(), 1);
    QVERIFY(!streams().reconnect(info(0).id));  // by the same URL: nothing changes
    QTRY_COMPARE_WITH_TIMEOUT(info(0).connections, 2, patience);
    streams().close(info(0).id);
    QCOMPARE(streams().reconnect(info(0).id).kind, Failure::Kind::ReadOnly);
  }

  void whereNothingCanBeLiveClusterNothingIs() {
    openInstances(1, "memory");
    StreamSpec spec;
    spec.where = Where::Balancer;
    QCOMPARE(streams().open(spec).code, QStringLiteral("no_balancer"));
    spec.where = Where::Instance;
    spec.slot = 7;
    QCOMPARE(streams().open(spec).code, QStringLiteral("no_instance"));
    spec.slot = 0;
    spec.count = Streams::most + 1;
    QCOMPARE(streams().open(spec).code, QStringLiteral("too_many_streams"));
    QVERIFY(streams().streams().isEmpty());
  }

  void endedOnesGiveWay() {
    openInstances(1, "memory");
    StreamSpec spec;
    spec.count = Streams::most;
    QVERIFY(!streams().open(spec));
    QTRY_COMPARE_WITH_TIMEOUT(in(State::Open), Streams::most, patience);
    QCOMPARE(streams().open({}).code, QStringLiteral("too_many_streams"));
    streams().close(info(3).id);
    QVERIFY(!streams().open({}));
    QCOMPARE(streams().streams().size(), Streams::most);
    QTRY_COMPARE_WITH_TIMEOUT(in(State::Open), Streams::most, patience);
    streams().forget(info(0).id);
    QCOMPARE(streams().streams().size(), Streams::most - 1);
  }
};

QTEST_GUILESS_MAIN(StreamsTest)
#include "streams_test.moc"
