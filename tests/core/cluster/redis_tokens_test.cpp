// The token list from Redis itself, where no instance can give it.
#include <QTest>

#include "cluster/foreign_tokens.h"
#include "cluster/remote_cluster.h"
#include "core/cluster/scripted_server.h"
#include "core/cluster/tokend.h"
#include "support/needs_processes.h"
#include "token/token_id.h"

using namespace vx11::cluster;
using testing::ScriptedReply;
using testing::ScriptedRequest;
using testing::ScriptedServer;
using testing::Tokend;
using testing::tokendPrincipal;

namespace {

constexpr int patienceMs = 20'000;

std::string tokenText(int number) {
  const std::string digits = std::to_string(number);
  return "11111111-2222-4333-8444-" + std::string(12 - digits.size(), '0') + digits;
}
TokenId idOf(const std::string& text) {
  TokenId id;
  id.bytes = vx11::PublicId::of(text).bytes;
  return id;
}
std::string valueOf(const std::string& issuer) {
  return "{\"created_at\":1700000000.5,\"ttl_sec\":120,\"issued_by\":\"" + issuer + "\"}";
}

}  // namespace

class RedisTokensTest : public QObject {
  Q_OBJECT
  std::unique_ptr<vx11::test::RedisServer> redis_;
  std::unique_ptr<RemoteCluster> cluster_;

  static bool waitFor(const std::function<bool()>& condition) { return QTest::qWaitFor(condition, patienceMs); }
  [[nodiscard]] Tokens& tokens() { return cluster_->tokens(); }
  void put(int number, const std::string& value, const std::string& prefix = "vx11:") {
    redis_->command({"SET", prefix + "ephemeral_token:" + tokenText(number), value, "EX", "50"});
  }
  void open(const QList<QUrl>& instances) {
    Profile profile;
    profile.kind = ProfileKind::RemoteCluster;
    profile.instances = instances;
    profile.redis = QString::fromStdString(redis_->url());
    cluster_ = openRemoteCluster(profile, vx11::Secret(tokendPrincipal), {});
  }
  [[nodiscard]] int calls(const std::string& command) const {
    const std::string stats = redis_->command({"INFO", "commandstats"});
    const std::string name = "cmdstat_" + command + ":calls=";
    const std::size_t at = stats.find(name);
    return at == std::string::npos ? 0 : std::atoi(stats.c_str() + at + name.size());
  }

 private Q_SLOTS:
  void init() {
    VX11_NEEDS_PROCESSES();
    redis_ = std::make_unique<vx11::test::RedisServer>();
    if (!*redis_) QSKIP(redis_->error().c_str());
  }
  void cleanup() {
    cluster_.reset();
    redis_.reset();
  }

  void ofForeignBackends() {
    ScriptedServer foreign([](const ScriptedRequest& request) {
      ScriptedReply reply;
      reply.body = R"({"status":"ok","mode":"redis"})";
      if (request.path != "/operator/api/health") reply.status = 404;
      return reply;
    });
    put(1, valueOf("python-7"));
    put(2, "not even json");
    redis_->command({"SET", "vx11:ephemeral_token:" + tokenText(3), valueOf("x")});  // never expires
    redis_->command({"RPUSH", "vx11:ephemeral_token:" + tokenText(4), "x"});         // another type
    redis_->command({"SET", "vx11:ephemeral_token:no-token", "x", "EX", "50"});
    put(5, valueOf("x"), "other:");
    for (int i = 0; i < 3000; ++i) redis_->command({"SET", "noise:" + std::to_string(i), "x"});
    open({foreign.url()});
    QVERIFY(waitFor([&] { return tokens().liveCount() == 2 && tokens().complete(); }));
    const auto row = tokens().find(idOf(tokenText(1)));
    QVERIFY(row.has_value());
    QCOMPARE(tokens().issuerName(row->issuer), QStringLiteral("python-7"));
    QCOMPARE(row->ttlMs, 120'000);
    QCOMPARE(row->createdAt, qint64{1'700'000'000'500});
    QVERIFY(!row->cachedKnown && !row->own);
    const qint64 leftMs = row->expiresAt - cluster_->now();
    QVERIFY(leftMs > 10'000 && leftMs <= 50'000);
    QCOMPARE(row->masked(), QString::fromStdString(vx11::masked(tokenText(1))));
    const auto bare = tokens().find(idOf(tokenText(2)));
    QVERIFY(bare.has_value() && bare->issuer == -1);
    // In steps, and never with what looks at everything at once.
    QVERIFY(calls("scan") >= 6);
    QCOMPARE(calls("keys"), 0);

    put(6, valueOf("python-7"));
    redis_->command({"DEL", "vx11:ephemeral_token:" + tokenText(1)});
    QVERIFY(waitFor([&] { return tokens().find(idOf(tokenText(6))) && !tokens().find(idOf(tokenText(1))); }));
    QCOMPARE(tokens().liveCount(), 2);

    // A Redis that pauses changes nothing of what is known.
    redis_->pause();
    QTest::qWait(4000);
    QCOMPARE(tokens().liveCount(), 2);
    redis_->resume();
    put(7, valueOf("python-7"));
    QVERIFY(waitFor([&] { return tokens().find(idOf(tokenText(7))).has_value(); }));
  }

  void whileAllInstancesAreDown() {
    Tokend tokend(QStringLiteral("a"), redis_->url());
    QVERIFY2(tokend.start(), tokend.said().constData());
    open({tokend.url()});
    QVERIFY(waitFor([&] { return cluster_->instances()[0].state == InstanceState::Live && tokens().complete(); }));
    QTest::qWait(2500);
    const int scansOfAnInstance = calls("scan");
    IssueSpec spec;
    spec.count = 5;
    spec.ttlSec = 120;
    QList<TokenId> ids;
    connect(cluster_->issue(spec), &IssueJob::finished, this, [&](const auto& outcome) { ids = outcome.ids; });
    QVERIFY(waitFor([&] { return ids.size() == 5 && tokens().liveCount() == 5; }));

    tokend.kill();
    put(1, valueOf("b"));
    QVERIFY(waitFor([&] { return tokens().find(idOf(tokenText(1))).has_value(); }));
    QCOMPARE(tokens().liveCount(), 6);
    QVERIFY(tokens().value(ids.first()).has_value());  // our own stay readable
    QVERIFY(calls("scan") > scansOfAnInstance);

    // Back: it lists itself, and Redis is left alone.
    QVERIFY(tokend.start());
    QVERIFY(waitFor([&] { return cluster_->instances()[0].state == InstanceState::Live && tokens().complete(); }));
    redis_->command({"DEL", "vx11:ephemeral_token:" + tokenText(1)});
    QTest::qWait(1500);
    const int scans = calls("scan");
    QTest::qWait(4000);
    QVERIFY(calls("scan") <= scans + 1);
    QVERIFY(tokens().liveCount() >= 5);
  }

  /// No watch tells of what a backend in another language writes.
  void whatOthersWriteIsLookedFor() {
    Tokend a(QStringLiteral("a"), redis_->url()), b(QStringLiteral("b"), redis_->url());
    QVERIFY2(a.start() && b.start(), (a.said() + b.said()).constData());
    open({a.url(), b.url()});
    QVERIFY(waitFor([&] {
      const auto& all = cluster_->instances();
      return std::all_of(all.begin(), all.end(), [](const auto& one) { return one.state == InstanceState::Live; }) &&
             tokens().complete();
    }));
    put(1, valueOf("py-1"));
    QVERIFY(waitFor([&] { return tokens().find(idOf(tokenText(1))).has_value(); }));
    const auto counted = [&] { return foreignTokens(*cluster_); };
    QCOMPARE(counted().issuers, (QList<IssuerCount>{{QStringLiteral("py-1"), 1}}));

    // From here on a turn comes once in two minutes. What one issues and another accepts at once is nothing foreign.
    cluster_->setAttention(Attention::Minimised);
    QTest::qWait(500);
    const int scans = calls("scan");
    QList<TokenId> issued;
    IssueSpec spec;
    spec.count = 20;
    spec.slot = 0;
    connect(cluster_->issue(spec), &IssueJob::finished, this, [&](const auto& outcome) { issued = outcome.ids; });
    QVERIFY(waitFor([&] { return issued.size() == 20; }));
    int valid = 0;
    for (const TokenId& id : issued) {
      connect(cluster_->check(*tokens().value(id), 1), &CheckJob::finished, this,
              [&](const auto& answers) { valid += answers.at(0).httpStatus == 200 ? 1 : 0; });
    }
    QVERIFY(waitFor([&] { return valid == 20 && tokens().liveCount() == 21; }));
    QTest::qWait(5000);
    QCOMPARE(calls("scan"), scans);
    QCOMPARE(counted().foreign, 1);

    // One that nobody listed is used: they look at once.
    put(2, valueOf("py-2"));
    QVERIFY(!tokens().find(idOf(tokenText(2))));
    cluster_->check(vx11::TokenText(tokenText(2)), 1);
    QVERIFY(waitFor([&] { return tokens().find(idOf(tokenText(2))).has_value(); }));
    QCOMPARE(counted().foreign, 2);
    QVERIFY(tokens().complete());
  }

  void notWhileAnInstanceCanGiveIt() {
    Tokend tokend(QStringLiteral("a"), redis_->url());
    QVERIFY2(tokend.start(), tokend.said().constData());
    open({tokend.url(), QUrl(QStringLiteral("http://127.0.0.1:%1").arg(vx11::test::free_port()))});
    QVERIFY(waitFor([&] {
      return cluster_->instances().size() == 2 && cluster_->instances()[0].state == InstanceState::Live &&
             cluster_->instances()[1].state == InstanceState::Unreachable;
    }));
    QTest::qWait(1000);
    const int scans = calls("scan");
    QTest::qWait(4000);
    QVERIFY(calls("scan") <= scans + 1);
  }
};

QTEST_GUILESS_MAIN(RedisTokensTest)
#include "redis_tokens_test.moc"
