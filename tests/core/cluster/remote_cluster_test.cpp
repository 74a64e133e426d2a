// The remote profile over real instances and a real Redis: who is found, how he is reached, and who gets the principal.
#include <QSignalSpy>
#include <QTest>
#include <algorithm>
#include <csignal>

#include "cluster/remote_cluster.h"
#include "core/cluster/scripted_server.h"
#include "core/cluster/tokend.h"
#include "support/needs_processes.h"

using namespace vx11::cluster;
using testing::ScriptedReply;
using testing::ScriptedRequest;
using testing::ScriptedServer;
using testing::Tokend;
using testing::tokendPrincipal;

namespace {

constexpr int patienceMs = 20'000;  // on a busy machine

ScriptedReply friendly(const ScriptedRequest& request) {
  ScriptedReply reply;
  if (request.path == "/operator/api/events/sse-token") {
    reply.body = R"({"sse_token":"11111111-2222-4333-8444-555555555555","expires_in_sec":60})";
  } else if (request.path == "/operator/internal/cache-stats") {
    reply.body = R"({"instance_id":"stranger","version":"1","mode":"memory","state":"ready","started_at":5,)"
                 R"("uptime_sec":1,"tokens":{}})";
  } else {
    reply.body = R"({"status":"ok","mode":"memory","valid":true})";
  }
  return reply;
}

/// As an instance writes itself down in the registry.
std::string recordOf(const QString& url) {
  return R"({"boot":"00","url":")" + url.toStdString() +
         R"(","mode":"hybrid","version":"1","started_at":1,"max_ttl_sec":300,"redis_db":0})";
}

/// Anywhere in what came: header, path, query or body.
int principalsIn(const QList<ScriptedRequest>& requests) {
  return static_cast<int>(std::count_if(requests.begin(), requests.end(), [](const ScriptedRequest& request) {
    QByteArray all = request.path + request.query + request.body;
    for (const QByteArray& line : request.head) all += line;
    return all.contains(tokendPrincipal);
  }));
}

}  // namespace

class RemoteClusterTest : public QObject {
  Q_OBJECT
  std::unique_ptr<vx11::test::RedisServer> redis_;
  std::vector<std::unique_ptr<Tokend>> tokends_;
  std::unique_ptr<RemoteCluster> cluster_;

  bool add(const QString& id, const QString& advertised = {}) {
    tokends_.push_back(std::make_unique<Tokend>(id, redis_->url(), advertised));
    return tokends_.back()->start();
  }
  void open(const Profile& profile) { cluster_ = openRemoteCluster(profile, vx11::Secret(tokendPrincipal), {}); }
  [[nodiscard]] static Profile of(const QList<QUrl>& urls) {
    Profile profile;
    profile.kind = ProfileKind::RemoteCluster;
    profile.instances = urls;
    return profile;
  }
  /// -1: nobody of that id.
  [[nodiscard]] int slotOf(const QString& id) const {
    const auto& all = cluster_->instances();
    const auto found = std::find_if(all.begin(), all.end(), [&](const InstanceInfo& one) { return one.id == id; });
    return found == all.end() ? -1 : found->slot;
  }
  [[nodiscard]] const InstanceInfo& infoOf(const QString& id) const { return cluster_->instances()[slotOf(id)]; }
  [[nodiscard]] bool isLive(const QString& id) const {
    return slotOf(id) >= 0 && infoOf(id).state == InstanceState::Live;
  }
  static bool waitFor(const std::function<bool()>& condition) { return QTest::qWaitFor(condition, patienceMs); }
  /// As an instance would write itself down, for half a minute.
  void plant(const std::string& id, const QString& url) {
    const std::string record = recordOf(url);
    QCOMPARE(redis_->command({"SET", "vx11:operator:instance:" + id, record, "EX", "30"}), std::string("OK"));
    const auto now = std::to_string(QDateTime::currentMSecsSinceEpoch());
    redis_->command({"ZADD", "vx11:operator:instances", now, id});
  }
  int accepted(const vx11::TokenText& token) {
    std::optional<QList<CheckAnswer>> answers;
    connect(cluster_->check(token, -1), &CheckJob::finished, this, [&](const auto& came) { answers = came; });
    if (!waitFor([&] { return answers.has_value(); })) return -1;
    return static_cast<int>(std::count_if(answers->begin(), answers->end(), [](const CheckAnswer& one) {
      return one.verdict == CheckAnswer::Verdict::Accepted;
    }));
  }
  IssueOutcome issue(int slot) {
    IssueSpec spec;
    spec.slot = slot;
    std::optional<IssueOutcome> outcome;
    connect(cluster_->issue(spec), &IssueJob::finished, this, [&](const IssueOutcome& came) { outcome = came; });
    return waitFor([&] { return outcome.has_value(); }) ? *outcome : IssueOutcome{};
  }

 private Q_SLOTS:
  void init() {
    VX11_NEEDS_PROCESSES();
    redis_ = std::make_unique<vx11::test::RedisServer>();
    if (!*redis_) QSKIP(redis_->error().c_str());
  }
  void cleanup() {
    cluster_.reset();
    tokends_.clear();
    redis_.reset();
  }

  void oneUrlFindsTheOtherTwo() {
    for (const char* id : {"a", "b", "c"}) QVERIFY(add(QString::fromLatin1(id)));
    open(of({tokends_[1]->url()}));
    QVERIFY(waitFor([&] { return isLive("a") && isLive("b") && isLive("c"); }));
    QVERIFY(cluster_->isSettled());
    QCOMPARE(cluster_->instances().size(), 3);
    QVERIFY(cluster_->pendingAcceptance().isEmpty());
    for (const InstanceInfo& instance : cluster_->instances()) QVERIFY(instance.liveTokens.has_value());
    const IssueOutcome outcome = issue(slotOf("a"));
    QCOMPARE(outcome.issued, 1);
    QCOMPARE(accepted(*cluster_->tokens().value(outcome.ids.first())), 3);
    // One that starts later is found, too.
    QVERIFY(add("d"));
    QVERIFY(waitFor([&] { return isLive("d"); }));
    QCOMPARE(cluster_->instances().size(), 4);
    qInfo("one url (%s) became a b c, and d when it started: 4 live", qPrintable(tokends_[1]->url().toString()));
  }

  void theAddressMapIsObeyed() {
    QVERIFY(add("a"));
    QVERIFY(add("b", "http://backend2.invalid:8011"));
    Profile profile = of({tokends_[0]->url()});
    profile.addressMap.insert("http://backend2.invalid:8011/", tokends_[1]->url());
    open(profile);
    QVERIFY(waitFor([&] { return isLive("a") && isLive("b"); }));
    QCOMPARE(infoOf("b").url, tokends_[1]->url());
    QVERIFY(infoOf("b").liveTokens.has_value());  // told to the principal only
    QVERIFY(cluster_->pendingAcceptance().isEmpty());
    qInfo("http://backend2.invalid:8011 was reached as %s", qPrintable(infoOf("b").url.toString()));
  }

  void anUnmappedAddressIsUnreachableAndRetriedForever() {
    QVERIFY(add("a"));
    QVERIFY(add("b", "http://backend2.invalid:8011"));
    open(of({tokends_[0]->url()}));
    QVERIFY(waitFor([&] { return slotOf("b") >= 0 && infoOf("b").attempts >= 3; }));
    QCOMPARE(infoOf("b").state, InstanceState::Unreachable);
    QCOMPARE(infoOf("b").reason, QStringLiteral("host_not_found"));
    QCOMPARE(cluster_->pendingAcceptance(), QList<QUrl>{QUrl("http://backend2.invalid:8011")});
    QVERIFY(isLive("a"));
  }

  void aForeignHostInTheRegistryNeverGetsThePrincipal() {
    ScriptedServer stranger(friendly);
    // Not loopback by its name, but it leads to the listener. And a second one that claims to be who isn't there.
    const QString foreign = QStringLiteral("http://0.0.0.0:%1").arg(stranger.port());
    QVERIFY(add("a"));
    QVERIFY(add("b"));
    plant("stranger", foreign);
    plant("liar", QStringLiteral("http://127.0.0.1@0.0.0.0:%1/x?y#z").arg(stranger.port()));
    Profile profile = of({tokends_[0]->url()});
    open(profile);
    QVERIFY(waitFor([&] { return isLive("a") && isLive("b") && slotOf("stranger") >= 0; }));
    QVERIFY(waitFor([&] { return isLive("stranger") && stranger.count("/operator/api/health") >= 2; }));
    QVERIFY(cluster_->pendingAcceptance().contains(QUrl(foreign)));
    QVERIFY(!infoOf("stranger").internalCalls && !infoOf("stranger").liveTokens);

    // All that the console can do to its instances.
    const IssueOutcome outcome = issue(slotOf("a"));
    QCOMPARE(outcome.issued, 1);
    QVERIFY(accepted(*cluster_->tokens().value(outcome.ids.first())) >= 2);
    issue(slotOf("stranger"));
    const auto ended = [](Job* job) { return QSignalSpy(job, &QObject::destroyed).wait(patienceMs); };
    QVERIFY(ended(cluster_->testAcross({})));
    RevokeSpec all;
    all.all = true;
    QVERIFY(ended(cluster_->revoke(all)));
    QVERIFY(ended(cluster_->publish({"x", 1, slotOf("stranger")})));
    cluster_->retryNow();

    // b dies, and the registry says that it is at the stranger's now.
    tokends_[1]->kill();
    QVERIFY(waitFor([&] { return infoOf("b").state == InstanceState::Unreachable; }));
    const auto before = stranger.requests().size();
    plant("b", foreign);
    cluster_->retryNow();
    QVERIFY(waitFor([&] { return stranger.requests().size() > before + 5; }));
    QCOMPARE(principalsIn(stranger.requests()), 0);
    const auto asked = stranger.requests().size();

    cluster_->setCanChange(false);
    cluster_->accept(QUrl(foreign));  // who may change nothing sends the principal nowhere new
    QVERIFY(cluster_->pendingAcceptance().contains(QUrl(foreign)));
    cluster_->setCanChange(true);
    cluster_->accept(QUrl(foreign));
    QVERIFY(waitFor([&] { return principalsIn(stranger.requests()) > 0; }));
    QVERIFY(cluster_->profile().instances.contains(QUrl(foreign)));
    qInfo("%lld requests to a foreign host of the registry, 0 with the principal; with it only after it was accepted",
          static_cast<long long>(asked));
  }

  void noRedirectTakesThePrincipalAlong() {
    ScriptedServer stranger(friendly);
    ScriptedServer given([&](const ScriptedRequest& request) {
      ScriptedReply reply;
      reply.status = request.method == "GET" ? 302 : 307;
      reply.extraHeaders = "Location: " + stranger.url().toEncoded() + request.path + "\r\n";
      return reply;
    });
    open(of({given.url()}));
    QVERIFY(waitFor([&] { return cluster_->instances()[0].state == InstanceState::Degraded; }));
    QCOMPARE(cluster_->instances()[0].reason, QStringLiteral("http_302"));
    issue(0);
    QVERIFY(waitFor([&] { return given.requests().size() >= 3; }));
    QVERIFY(principalsIn(given.requests()) > 0);
    QCOMPARE(stranger.requests().size(), 0);
  }

  void twoUrlsOfOneInstanceAreOne() {
    QVERIFY(add("a"));
    open(of({tokends_[0]->url(), tokends_[0]->url("localhost"), tokends_[0]->url()}));
    QVERIFY(waitFor([&] { return isLive("a") && cluster_->isSettled(); }));
    QCOMPARE(cluster_->instances().size(), 1);
  }

  void killedPausedAndBack() {
    QVERIFY(add("a"));
    QVERIFY(add("b"));
    open(of({tokends_[0]->url()}));
    QVERIFY(waitFor([&] { return isLive("a") && isLive("b"); }));
    tokends_[1]->kill();
    QVERIFY(waitFor([&] { return infoOf("b").state == InstanceState::Unreachable; }));
    QCOMPARE(infoOf("b").reason, QStringLiteral("connection_refused"));
    const qint64 answeredAt = infoOf("b").answeredAt;
    QVERIFY(answeredAt >= 0);
    // It is asked again and again, ever less often, and what it said last stays with its age.
    QVERIFY(waitFor([&] { return infoOf("b").attempts >= 5; }));
    QCOMPARE(infoOf("b").answeredAt, answeredAt);
    QVERIFY(infoOf("b").nextAttemptAt <= cluster_->now() + 5000);
    QVERIFY(isLive("a"));
    QVERIFY(tokends_[1]->start());
    QVERIFY(waitFor([&] { return isLive("b"); }));
    QVERIFY(infoOf("b").answeredAt > answeredAt);
    QCOMPARE(infoOf("b").attempts, 0);

    ::kill(static_cast<pid_t>(tokends_[0]->pid()), SIGSTOP);
    QVERIFY(waitFor([&] { return infoOf("a").state == InstanceState::Unreachable; }));
    QCOMPARE(infoOf("a").reason, QStringLiteral("timed_out"));
    QVERIFY(isLive("b"));
    ::kill(static_cast<pid_t>(tokends_[0]->pid()), SIGCONT);
    QVERIFY(waitFor([&] { return isLive("a"); }));
    QCOMPARE(cluster_->instances().size(), 2);
  }

  void degradedAndDraining() {
    QVERIFY(add("a"));
    QVERIFY(add("b"));
    open(of({tokends_[0]->url()}));
    QVERIFY(waitFor([&] { return isLive("a") && isLive("b"); }));
    redis_->kill();
    QVERIFY(waitFor([&] { return infoOf("a").state == InstanceState::Degraded; }));
    QCOMPARE(infoOf("a").reason, QStringLiteral("redis_down"));
    QVERIFY(redis_->start_again());
    QVERIFY(waitFor([&] { return isLive("a") && isLive("b"); }));

    std::vector<InstanceState> seen;
    connect(cluster_.get(), &Cluster::instanceChanged, this, [&](int slot) {
      if (slot == slotOf("b")) seen.push_back(infoOf("b").state);
    });
    ::kill(static_cast<pid_t>(tokends_[1]->pid()), SIGTERM);
    QVERIFY(waitFor([&] { return infoOf("b").state == InstanceState::Unreachable; }));
    QVERIFY(std::find(seen.begin(), seen.end(), InstanceState::Draining) != seen.end());
    QVERIFY(isLive("a"));
  }

  void withoutAPrincipalThereAreThePublicCalls() {
    QVERIFY(add("a"));
    cluster_ = openRemoteCluster(of({tokends_[0]->url()}), {}, {});
    QVERIFY(waitFor([&] { return isLive("a"); }));
    QVERIFY(!infoOf("a").internalCalls);
    QCOMPARE(infoOf("a").mode, QStringLiteral("hybrid"));
    QCOMPARE(issue(0).failure.httpStatus, 401);
  }
};

QTEST_GUILESS_MAIN(RemoteClusterTest)
#include "remote_cluster_test.moc"
