// The probe of the routing, against a balancer that does as it is told: it sees who answers, counts its own refusals,
// and comes anew each time.
#include <QSignalSpy>
#include <QTest>

#include "cluster/routing_probe.h"
#include "core/cluster/scripted_server.h"

using namespace vx11::cluster;
using testing::ScriptedReply;
using testing::ScriptedRequest;
using testing::ScriptedServer;

namespace {

constexpr int all = RoutingProbe::tokens * (1 + RoutingProbe::checksOfEach);

/// Answers as an instance; a token holds on the one that issued it.
ScriptedReply answerOf(const QByteArray& instance, const ScriptedRequest& request) {
  ScriptedReply reply;
  if (!instance.isEmpty()) reply.extraHeaders = "X-VX11-Instance: " + instance + "\r\n";
  if (request.path.endsWith("/sse-token")) {
    reply.body = R"({"sse_token":"token-of-)" + instance + R"(","expires_in_sec":10})";
  } else if (request.path.endsWith("/stream") && request.query == "token=token-of-" + instance) {
    reply.contentType = "text/event-stream";
    reply.body = "event: hello\ndata: {}\n\n";
    reply.stays = true;
  } else {
    reply.status = request.path.endsWith("/stream") ? 403 : 404;
    reply.body = R"({"detail":"invalid_token"})";
  }
  return reply;
}

}  // namespace

class RoutingProbeTest : public QObject {
  Q_OBJECT
  ScriptedServer::Script script_;

  [[nodiscard]] RoutingProbe::Seen seenOf(const QUrl& url) {
    auto network = makeNetwork(true);
    InstanceClient::Networks both{*network, *network};
    auto* probe =
        new RoutingProbe(std::unique_ptr<BalancerVisitor>(new BalancerVisitor{
                             std::move(network),
                             InstanceClient(both, url, vx11::Secret("a-principal-0123456789"), QStringLiteral("t"))}),
                         this);
    std::optional<RoutingProbe::Seen> seen;
    connect(probe, &RoutingProbe::ended, this, [&](const RoutingProbe::Seen& told) { seen = told; });
    if (!QTest::qWaitFor([&] { return seen.has_value(); }, 20'000)) qFatal("no end");
    delete probe;
    return *seen;
  }

 private Q_SLOTS:
  void oneThatStays() {
    ScriptedServer balancer([](const auto& request) { return answerOf("b", request); });
    const auto seen = seenOf(balancer.url());
    QCOMPARE(seen.problem, QString());
    QCOMPARE(seen.answers, (QHash<QString, int>{{QStringLiteral("b"), all}}));
    QCOMPARE(seen.checked.value(QStringLiteral("b")), RoutingProbe::tokens * RoutingProbe::checksOfEach);
    QVERIFY(seen.refused.isEmpty());
    QCOMPARE(balancer.requests().size(), all);
    QVERIFY(!balancer.requests().last().header("X-VX11-Token").size());  // it would decide in the token's place
  }

  void eachTimeAnew() {
    QSet<QByteArray> ports;
    QTcpServer counting;
    QVERIFY(counting.listen(QHostAddress::LocalHost));
    int connections = 0;
    ScriptedServer behind([](const auto& request) { return answerOf("a", request); });
    connect(&counting, &QTcpServer::newConnection, this, [&] {
      ++connections;
      QTcpSocket* in = counting.nextPendingConnection();
      auto* out = new QTcpSocket(in);
      out->connectToHost(QHostAddress::LocalHost, behind.port());
      connect(in, &QTcpSocket::readyRead, out, [=] { out->write(in->readAll()); });
      connect(out, &QTcpSocket::readyRead, in, [=] { in->write(out->readAll()); });
    });
    const auto seen = seenOf(QUrl(QStringLiteral("http://127.0.0.1:%1").arg(counting.serverPort())));
    QCOMPARE(seen.problem, QString());
    QCOMPARE(connections, all);
  }

  void inTurn() {
    int turn = 0;
    ScriptedServer balancer([&](const auto& request) { return answerOf(++turn % 2 ? "a" : "b", request); });
    const auto seen = seenOf(balancer.url());
    QCOMPARE(seen.answers.value(QStringLiteral("a")) + seen.answers.value(QStringLiteral("b")), all);
    QVERIFY(seen.answers.value(QStringLiteral("b")) >= all / 2);
    int refused = 0;
    for (const int each : seen.refused) refused += each;
    QVERIFY(refused >= RoutingProbe::tokens);
    QVERIFY(seen.problem.contains(QStringLiteral("refused")));
  }

  void oneThatCantIssueIsSeenAllTheSame() {
    ScriptedServer balancer([](const auto&) {
      return ScriptedReply{
          .status = 503, .body = R"({"detail":"redis_down"})", .extraHeaders = "X-VX11-Instance: c\r\n"};
    });
    const auto seen = seenOf(balancer.url());
    QCOMPARE(seen.problem, QString());
    QCOMPARE(seen.answers, (QHash<QString, int>{{QStringLiteral("c"), RoutingProbe::tokens}}));
    QVERIFY(seen.checked.isEmpty());
  }

  void oneWithoutAName() {
    ScriptedServer balancer([](const auto& request) { return answerOf({}, request); });
    const auto seen = seenOf(balancer.url());
    QCOMPARE(seen.problem, QString());
    QCOMPARE(seen.answers, (QHash<QString, int>{{QString(), all}}));
  }

  void nobodyBehindIt() {
    ScriptedServer balancer([](const auto&) { return ScriptedReply{.status = 502}; });
    const auto seen = seenOf(balancer.url());
    QVERIFY(seen.problem.contains(QStringLiteral("502")));
    QVERIFY(seen.answers.isEmpty());
  }

  void noBalancer() {
    QUrl gone;
    {
      ScriptedServer balancer([](const auto&) { return ScriptedReply{}; });
      gone = balancer.url();
    }
    QVERIFY(seenOf(gone).problem.contains(QStringLiteral("connection refused")));
  }

  void theStreamsWayIsMissing() {
    ScriptedServer balancer([](const auto& request) {
      return request.path.endsWith("/stream") ? ScriptedReply{.status = 404} : answerOf("a", request);
    });
    const auto seen = seenOf(balancer.url());
    QVERIFY(seen.problem.contains(QStringLiteral("404")));
  }
};

QTEST_GUILESS_MAIN(RoutingProbeTest)
#include "routing_probe_test.moc"
