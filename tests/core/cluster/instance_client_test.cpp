// What the console sends, and what it makes of answers that are wrong, hostile or none.
#include <QEventLoop>
#include <QNetworkAccessManager>
#include <QTest>
#include <QTimer>

#include "cluster/instance_client.h"
#include "core/cluster/scripted_server.h"

using namespace vx11::cluster;
using testing::ScriptedReply;
using testing::ScriptedRequest;
using testing::ScriptedServer;

namespace {

const vx11::Secret principal("the-principal-0123456789");
const vx11::TokenText token("3f9a0000-0000-4000-8000-00000000c21e");

template <typename T>
class Awaited {
 public:
  /// To be passed where an answer is expected.
  auto taker() {
    return [this](const T& value) {
      values_.append(value);
      loop_.quit();
    };
  }
  const T& get() {
    QTimer::singleShot(10'000, &loop_, &QEventLoop::quit);
    if (values_.isEmpty()) loop_.exec();
    Q_ASSERT(!values_.isEmpty());
    return values_.first();
  }
  [[nodiscard]] qsizetype count() const { return values_.size(); }

 private:
  QEventLoop loop_;
  QList<T> values_;
};

}  // namespace

class InstanceClientTest : public QObject {
  Q_OBJECT
  std::unique_ptr<QNetworkAccessManager> network_ = makeNetwork(true);

  InstanceClient client(const QUrl& url, const vx11::Secret& secret = principal) {
    return {{*network_, *network_}, url, secret, QStringLiteral("test-")};
  }
  Answer<wire::Stats> stats(const QUrl& url) {
    auto made = client(url);
    Awaited<Answer<wire::Stats>> answer;
    made.stats(answer.taker());
    return answer.get();
  }

 private Q_SLOTS:
  void sendsWhatItShould() {
    ScriptedServer server([](const ScriptedRequest&) {
      ScriptedReply reply;
      reply.body = R"({"instance_id":"a"})";
      reply.extraHeaders = "X-Correlation-Id: theirs\r\n";
      return reply;
    });
    QVERIFY(stats(server.url()).has_value());
    const auto& request = server.requests().first();
    QCOMPARE(request.method, "GET");
    QCOMPARE(request.path, "/operator/internal/cache-stats");
    QCOMPARE(request.header("X-VX11-Token"), "the-principal-0123456789");
    QCOMPARE(request.header("X-Correlation-Id"), "test-p1");
    QCOMPARE(request.header("Accept-Encoding"), "identity");
    QVERIFY(request.header("Cookie").isEmpty());
  }

  void anOriginWithAPathAndUserInfo() {
    ScriptedServer server([](const ScriptedRequest&) { return ScriptedReply{.body = R"({"instance_id":"a"})"}; });
    QUrl url = server.url();
    url.setPath(QStringLiteral("/behind/"));
    url.setUserInfo(QStringLiteral("me:secret"));
    url.setQuery(QStringLiteral("x=1"));
    QVERIFY(stats(url).has_value());
    QCOMPARE(server.requests().first().path, "/behind/operator/internal/cache-stats");
    QVERIFY(server.requests().first().query.isEmpty());
    QVERIFY(server.requests().first().header("Authorization").isEmpty());
  }

  void noPrincipalNoHeader() {
    ScriptedServer server([](const ScriptedRequest&) { return ScriptedReply{.body = R"({"sse_token":"abc"})"}; });
    auto made = client(server.url(), {});
    Awaited<Answer<wire::Issued>> answer;
    made.issue({}, false, answer.taker());
    QVERIFY(answer.get().has_value());
    QVERIFY(server.requests().first().header("X-VX11-Token").isEmpty());
  }

  void noRedirectIsFollowed() {
    ScriptedServer thief([](const ScriptedRequest&) { return ScriptedReply{.body = R"({"instance_id":"thief"})"}; });
    for (const int status : {301, 302, 303, 307, 308}) {
      ScriptedServer server([&](const ScriptedRequest&) {
        ScriptedReply reply;
        reply.status = status;
        reply.extraHeaders = "Location: " + thief.url().toEncoded() + "/x\r\n";
        return reply;
      });
      const auto answer = stats(server.url());
      QVERIFY(answer.has_error());
      QCOMPARE(answer.error().kind, Failure::Kind::Http);
      QCOMPARE(answer.error().httpStatus, status);
    }
    QVERIFY(thief.requests().isEmpty());
  }

  void failures_data() {
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("code");
    const auto kind = [](Failure::Kind value) { return static_cast<int>(value); };
    QTest::newRow("403") << 403 << QByteArray(R"({"detail":"invalid_token"})") << kind(Failure::Kind::Http)
                         << QStringLiteral("invalid_token");
    QTest::newRow("500 without json") << 500 << QByteArray("<html>oops") << kind(Failure::Kind::Http)
                                      << QStringLiteral("http_500");
    QTest::newRow("not json") << 200 << QByteArray("hello") << kind(Failure::Kind::BadAnswer)
                              << QStringLiteral("bad_answer");
    QTest::newRow("too large") << 200 << QByteArray(600 * 1024, ' ') << kind(Failure::Kind::BadAnswer)
                               << QStringLiteral("too_large");
  }
  void failures() {
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(int, kind);
    ScriptedServer server([&](const ScriptedRequest&) { return ScriptedReply{.status = status, .body = body}; });
    const auto answer = stats(server.url());
    QVERIFY(answer.has_error());
    QCOMPARE(static_cast<int>(answer.error().kind), kind);
    QTEST(answer.error().code, "code");
    QVERIFY(!answer.error().correlationId.isEmpty());
  }

  void nobodyListens() {
    quint16 port = 0;
    {
      const ScriptedServer server([](const ScriptedRequest&) { return ScriptedReply(); });
      port = server.port();
    }
    const auto answer = stats(QUrl(QStringLiteral("http://127.0.0.1:%1").arg(port)));
    QVERIFY(answer.has_error());
    QCOMPARE(answer.error().kind, Failure::Kind::Network);
    QCOMPARE(answer.error().code, QStringLiteral("connection_refused"));
  }

  void silenceEndsByTheDeadline() {
    ScriptedServer server([](const ScriptedRequest&) { return ScriptedReply{.silent = true}; });
    const auto answer = stats(server.url());
    QVERIFY(answer.has_error());
    QCOMPARE(answer.error().kind, Failure::Kind::Timeout);
    QCOMPARE(answer.error().code, QStringLiteral("timed_out"));
  }

  void cancelledCallsAreSilent() {
    ScriptedServer server([](const ScriptedRequest&) { return ScriptedReply{.body = R"({"instance_id":"a"})"}; });
    auto made = client(server.url());
    Awaited<Answer<wire::Stats>> first, second;
    HttpCall call = made.stats(first.taker());
    QVERIFY(call.active());
    call.cancel();
    QVERIFY(!call.active());
    made.stats(second.taker());
    QVERIFY(second.get().has_value());
    QCOMPARE(first.count(), 0);
  }

  void checks_data() {
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("verdict");
    const auto verdict = [](CheckAnswer::Verdict value) { return static_cast<int>(value); };
    QTest::newRow("valid") << 200 << QByteArray(R"({"valid":true,"expires_in_ms":5,"source":"memory"})")
                           << verdict(CheckAnswer::Verdict::Accepted);
    QTest::newRow("403") << 403 << QByteArray(R"({"detail":"invalid_token"})")
                         << verdict(CheckAnswer::Verdict::Refused);
    QTest::newRow("503") << 503 << QByteArray("{}") << verdict(CheckAnswer::Verdict::CantTell);
    QTest::newRow("429") << 429 << QByteArray("{}") << verdict(CheckAnswer::Verdict::CantTell);
    QTest::newRow("500") << 500 << QByteArray("{}") << verdict(CheckAnswer::Verdict::NoAnswer);
    QTest::newRow("not json") << 200 << QByteArray("yes") << verdict(CheckAnswer::Verdict::NoAnswer);
    QTest::newRow("html 200") << 200 << QByteArray("<html>") << verdict(CheckAnswer::Verdict::NoAnswer);
  }
  void checks() {
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    ScriptedServer server([&](const ScriptedRequest&) { return ScriptedReply{.status = status, .body = body}; });
    auto made = client(server.url());
    Awaited<CheckAnswer> answer;
    made.check(token, answer.taker());
    const CheckAnswer& got = answer.get();
    QCOMPARE(got.httpStatus, status);
    QTEST(static_cast<int>(got.verdict), "verdict");
    QCOMPARE(bool(got.failure), got.verdict == CheckAnswer::Verdict::NoAnswer);
    QVERIFY(got.latencyMs > 0);
    const auto& request = server.requests().first();
    QCOMPARE(request.query, "token=3f9a0000-0000-4000-8000-00000000c21e");
    QVERIFY(request.header("X-VX11-Token").isEmpty());
  }

  void checksByTheStreamsHeaders() {
    int status = 200;
    ScriptedServer server([&](const ScriptedRequest&) {
      ScriptedReply reply;
      reply.status = status;
      reply.contentType = "text/event-stream; charset=utf-8";
      reply.stays = status == 200;
      return reply;
    });
    auto made = client(server.url());
    Awaited<CheckAnswer> accepted, refused;
    made.checkByStream(token, accepted.taker());
    QCOMPARE(accepted.get().verdict, CheckAnswer::Verdict::Accepted);
    status = 403;
    made.checkByStream(token, refused.taker());
    QCOMPARE(refused.get().verdict, CheckAnswer::Verdict::Refused);
    QCOMPARE(server.requests().first().path, "/operator/api/events/stream");
  }

  void aTokenIsEncodedIntoTheUrl() {
    ScriptedServer server([](const ScriptedRequest&) { return ScriptedReply{.status = 403}; });
    auto made = client(server.url());
    Awaited<CheckAnswer> answer;
    made.check(vx11::TokenText("a b&c=d#e%41"), answer.taker());
    (void)answer.get();
    QCOMPARE(server.requests().first().query, "token=a%20b%26c%3Dd%23e%2541");
  }

  void revokeBodies() {
    ScriptedServer server([](const ScriptedRequest&) {
      return ScriptedReply{.status = 202, .body = R"({"revoked":1})"};
    });
    auto made = client(server.url());
    const auto send = [&](const RevokeTarget& target) {
      Awaited<Answer<InstanceClient::RevokeAnswer>> answer;
      made.revoke(target, answer.taker());
      return answer.get();
    };
    RevokeTarget all, byId, byToken;
    all.all = true;
    byId.id = TokenId{};
    byToken.token = token;
    QVERIFY(send(all)->othersPending);
    QCOMPARE(send(byId)->revoked, 1);
    (void)send(byToken);
    QCOMPARE(server.requests()[0].body, R"({"all":true})");
    QCOMPARE(server.requests()[1].body, R"({"id":"00000000000000000000000000000000"})");
    QCOMPARE(server.requests()[2].body, R"({"token":"3f9a0000-0000-4000-8000-00000000c21e"})");
    QCOMPARE(server.requests()[0].method, "POST");
  }

  void loopbackNames() {
    QVERIFY(isLoopback(QUrl(QStringLiteral("http://127.0.0.1:1"))));
    QVERIFY(isLoopback(QUrl(QStringLiteral("http://127.1.2.3"))));
    QVERIFY(isLoopback(QUrl(QStringLiteral("http://[::1]:8011"))));
    QVERIFY(isLoopback(QUrl(QStringLiteral("http://localhost"))));
    QVERIFY(!isLoopback(QUrl(QStringLiteral("http://localhost.example.org"))));
    QVERIFY(!isLoopback(QUrl(QStringLiteral("http://10.0.0.1"))));
  }
};

QTEST_GUILESS_MAIN(InstanceClientTest)
#include "instance_client_test.moc"
