// The connection test of a profile, step by step, against backends that are well, ill, foreign or not there.
#include <QSignalSpy>
#include <QTest>

#include "cluster/connection_test.h"
#include "core/cluster/scripted_server.h"
#include "support/redis_server.h"
#include "support/scripted_redis.h"

using namespace vx11::cluster;
using testing::ScriptedReply;
using testing::ScriptedRequest;
using testing::ScriptedServer;
using State = ConnectionStep::State;
using What = ConnectionStep::What;

namespace {

constexpr const char* principal = "principal-of-the-tests-0123456789";

/// One of ours; `others` is what it reads in the registry.
struct Ours {
  QByteArray id = "a";
  QByteArray others = R"({"instances":[],"source":"self"})";
  ScriptedReply operator()(const ScriptedRequest& request) const {
    ScriptedReply reply;
    const bool known = request.header("X-VX11-Token") == principal;
    if (request.path == "/operator/api/health") {
      reply.body = R"({"status":"ok","mode":"memory","version":"1.0.0","instance_id":")" + id + "\"}";
    } else if (!known) {
      reply.status = 403;
      reply.body = R"({"detail":"invalid_principal"})";
    } else if (request.path.endsWith("/cache-stats")) {
      reply.body = R"({"instance_id":")" + id + R"(","version":"1","mode":"memory","state":"ready","tokens":{}})";
    } else if (request.path.endsWith("/instances")) {
      reply.body = others;
    }
    return reply;
  }
};

QByteArray registered(const QByteArray& id, const QUrl& url) {
  return R"({"id":")" + id + R"(","url":")" + url.toEncoded() + R"(","mode":"memory","version":"1"})";
}

}  // namespace

class ConnectionTestTest : public QObject {
  Q_OBJECT
  vx11::SystemClock clock_;
  vx11::SystemRandom random_;
  std::unique_ptr<ConnectionTest> test_;
  vx11::Secret sentinelPassword_;

  [[nodiscard]] static Profile of(const QList<QUrl>& urls) {
    Profile profile;
    profile.kind = ProfileKind::RemoteCluster;
    profile.instances = urls;
    return profile;
  }
  bool run(const Profile& profile, const char* with = principal) {
    test_ = std::make_unique<ConnectionTest>(
        profile, ConnectionTest::Secrets{vx11::Secret(with), {}, sentinelPassword_}, clock_, random_);
    QSignalSpy ends(test_.get(), &ConnectionTest::finished);
    test_->start();
    const bool ended = ends.wait(30'000);
    for (const ConnectionStep& step : test_->steps()) {
      qInfo("%d  %s: %s", static_cast<int>(step.state), qPrintable(ConnectionStep::titleOf(step.what)),
            qPrintable(step.sentence));
    }
    return ended && ends.count() == 1 && !test_->isRunning();
  }
  [[nodiscard]] const ConnectionStep& step(What what) const { return test_->steps()[static_cast<int>(what)]; }
  [[nodiscard]] State state(What what) const { return step(what).state; }

 private Q_SLOTS:
  void cleanup() {
    test_.reset();
    sentinelPassword_ = {};
  }

  void allIsWell() {
    vx11::test::RedisServer redis;
    if (!redis) QSKIP(redis.error().c_str());
    ScriptedServer b(Ours{"b"});
    Ours first;
    ScriptedServer balancer(Ours{"a"});
    ScriptedServer a([&](const auto& request) { return first(request); });
    first.others =
        R"({"instances":[)" + registered("a", a.url()) + "," + registered("b", b.url()) + R"(],"source":"redis"})";
    Profile profile = of({a.url()});
    profile.redis = QString::fromStdString(redis.url());
    profile.balancer = balancer.url();
    QVERIFY(run(profile));
    for (const ConnectionStep& one : test_->steps()) {
      QCOMPARE(one.state, State::Passed);
      QVERIFY(!one.sentence.isEmpty());
    }
    QVERIFY(test_->passed());
    QCOMPARE(test_->discovered().size(), 1);
    QVERIFY(test_->discovered()[0].trusted && test_->discovered()[0].answered);
    QCOMPARE(step(What::Discover).sentence, QStringLiteral("a knows of b"));
    QCOMPARE(step(What::Balancer).sentence, QStringLiteral("127.0.0.1:%1 passes on to a").arg(balancer.port()));
    for (const ScriptedRequest& request : balancer.requests()) QVERIFY(request.header("X-VX11-Token").isEmpty());
  }

  void theSentinelsGetTheProfilesCredentials() {
    vx11::test::RedisServer redis;
    if (!redis) QSKIP(redis.error().c_str());
    using vx11::test::ScriptedRedis;
    ScriptedRedis sentinel([&](const ScriptedRedis::Words& command) {
      if (command[0] != "SENTINEL") return ScriptedRedis::as_usual(command);
      if (command[1] != "GET-MASTER-ADDR-BY-NAME") return ScriptedRedis::array({});
      return ScriptedRedis::texts({"127.0.0.1", std::to_string(redis.port())});
    });
    ScriptedServer a((Ours()));
    Profile profile = of({a.url()});
    profile.redis = QStringLiteral("redis+sentinel://%1/mymaster").arg(QString::fromStdString(sentinel.address()));
    profile.sentinelUser = QStringLiteral("watcher");
    sentinelPassword_ = vx11::Secret("of-the-sentinels");
    QVERIFY(run(profile));
    QCOMPARE(state(What::Redis), State::Passed);
    QCOMPARE(QString::fromStdString(sentinel.heard().front()), QStringLiteral("AUTH watcher of-the-sentinels"));
    for (const ConnectionStep& one : test_->steps()) QVERIFY(!one.sentence.contains(QStringLiteral("of-the")));
  }

  void aWrongPrincipal() {
    ScriptedServer a((Ours()));
    QVERIFY(run(of({a.url()}), "quite-another-principal-000000"));
    QCOMPARE(state(What::Alive), State::Passed);
    QCOMPARE(state(What::Principal), State::Failed);
    QVERIFY(step(What::Principal).sentence.contains(QStringLiteral("403 invalid_principal")));
    QCOMPARE(state(What::Discover), State::Skipped);
    QVERIFY(!test_->passed());
  }

  void noPrincipal() {
    ScriptedServer a((Ours()));
    QVERIFY(run(of({a.url()}), ""));
    QCOMPARE(state(What::Alive), State::Passed);
    QCOMPARE(state(What::Principal), State::Skipped);
    QVERIFY(test_->passed());
  }

  void nobodyThere() {
    const QUrl dead(QStringLiteral("http://127.0.0.1:%1").arg(vx11::test::free_port()));
    Profile profile = of({dead});
    profile.redis = QStringLiteral("redis://127.0.0.1:%1").arg(vx11::test::free_port());
    QVERIFY(run(profile));
    QCOMPARE(state(What::Resolve), State::Passed);
    QCOMPARE(state(What::Connect), State::Failed);
    for (const What what : {What::Alive, What::Principal, What::Discover, What::Reach}) {
      QCOMPARE(state(what), State::Skipped);
    }
    QCOMPARE(state(What::Redis), State::Failed);  // tried all the same
    QVERIFY(step(What::Redis).sentence.contains(QStringLiteral("refused")));
    QVERIFY(!test_->passed());
  }

  void aNameThatIsNone() {
    QVERIFY(run(of({QUrl("http://nowhere.invalid:8011")})));
    QCOMPARE(state(What::Resolve), State::Failed);
    QCOMPARE(state(What::Connect), State::Skipped);
    QVERIFY(step(What::Resolve).sentence.startsWith(QStringLiteral("nowhere.invalid can't be resolved")));
  }

  void someOfSeveral() {
    ScriptedServer a((Ours()));
    const QUrl dead(QStringLiteral("http://127.0.0.1:%1").arg(vx11::test::free_port()));
    QVERIFY(run(of({dead, a.url()})));
    QCOMPARE(state(What::Connect), State::Warned);
    QCOMPARE(step(What::Connect).details.size(), 2);
    QVERIFY(step(What::Connect).sentence.endsWith(QStringLiteral("(1 of 2)")));
    QCOMPARE(state(What::Principal), State::Passed);
    QVERIFY(test_->passed());
  }

  void onlyThePublicCalls() {
    ScriptedServer foreign([](const ScriptedRequest& request) {
      ScriptedReply reply;
      reply.body = R"({"status":"ok"})";
      if (request.path != "/operator/api/health") reply.status = 404;
      return reply;
    });
    QVERIFY(run(of({foreign.url()})));
    QCOMPARE(state(What::Alive), State::Passed);
    QCOMPARE(state(What::Principal), State::Warned);
    QVERIFY(step(What::Principal).sentence.endsWith(QStringLiteral("has only the public calls")));
    QVERIFY(test_->passed());
  }

  void aForeignHostOfTheRegistryGetsNoPrincipal() {
    ScriptedServer stranger(Ours{"stranger"});
    const QUrl url(QStringLiteral("http://0.0.0.0:%1").arg(stranger.port()));
    Ours first;
    first.others = R"({"instances":[)" + registered("stranger", url) + R"(],"source":"redis"})";
    ScriptedServer a(first);
    QVERIFY(run(of({a.url()})));
    QCOMPARE(state(What::Reach), State::Warned);
    QVERIFY(step(What::Reach).sentence.endsWith(QStringLiteral("gets no principal until it is accepted")));
    QVERIFY(!test_->discovered()[0].trusted && test_->discovered()[0].answered);
    QVERIFY(!stranger.requests().isEmpty());
    for (const ScriptedRequest& request : stranger.requests()) QVERIFY(request.header("X-VX11-Token").isEmpty());
  }

  void noRedirectIsFollowed() {
    ScriptedServer stranger((Ours()));
    ScriptedServer a([&](const ScriptedRequest& request) {
      ScriptedReply reply;
      reply.status = 307;
      reply.extraHeaders = "Location: " + stranger.url().toEncoded() + request.path + "\r\n";
      return reply;
    });
    QVERIFY(run(of({a.url()})));
    QCOMPARE(state(What::Alive), State::Failed);
    QVERIFY(step(What::Alive).sentence.contains(QStringLiteral("redirect")));
    QVERIFY(stranger.requests().isEmpty());
  }

  void theAddressMapIsUsed() {
    ScriptedServer b(Ours{"b"});
    Ours first;
    first.others =
        R"({"instances":[)" + registered("b", QUrl("http://backend2.invalid:8011")) + R"(],"source":"redis"})";
    ScriptedServer a(first);
    Profile profile = of({a.url()});
    QVERIFY(run(profile));
    QCOMPARE(state(What::Reach), State::Warned);
    QVERIFY(step(What::Reach).sentence.contains(QStringLiteral("address map")));
    profile.addressMap.insert("http://backend2.invalid:8011", b.url());
    QVERIFY(run(profile));
    QCOMPARE(state(What::Reach), State::Passed);
    QCOMPARE(test_->discovered()[0].url, b.url());
  }

  void aSilentOneAndCancelling() {
    ScriptedServer silent([](const ScriptedRequest&) {
      ScriptedReply reply;
      reply.silent = true;
      return reply;
    });
    QVERIFY(run(of({silent.url()})));
    QCOMPARE(state(What::Alive), State::Failed);
    QVERIFY(step(What::Alive).sentence.contains(QStringLiteral("timed out")));

    test_ = std::make_unique<ConnectionTest>(of({silent.url()}), ConnectionTest::Secrets{vx11::Secret(principal), {}},
                                             clock_, random_);
    QSignalSpy ends(test_.get(), &ConnectionTest::finished);
    test_->start();
    QTRY_COMPARE(state(What::Alive), State::Running);
    test_->cancel();
    QCOMPARE(ends.count(), 1);
    QCOMPARE(state(What::Alive), State::Skipped);
    QCOMPARE(state(What::Balancer), State::Skipped);
    QVERIFY(!test_->isRunning());
    QTest::qWait(50);
    QCOMPARE(ends.count(), 1);
  }

  void aLocalProfileHasNothingToTest() {
    Profile profile;
    profile.kind = ProfileKind::LocalCluster;
    QVERIFY(run(profile));
    for (const ConnectionStep& one : test_->steps()) QCOMPARE(one.state, State::Skipped);
  }
};

QTEST_GUILESS_MAIN(ConnectionTestTest)
#include "connection_test_test.moc"
