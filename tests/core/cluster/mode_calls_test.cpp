// The calls that look at a mode, change it, and publish: what is sent, and what is made of the answers.
#include <QEventLoop>
#include <QJsonArray>
#include <QNetworkAccessManager>
#include <QTest>
#include <QTimer>

#include "cluster/instance_client.h"
#include "core/cluster/scripted_server.h"

using namespace vx11::cluster;
using testing::ScriptedReply;
using testing::ScriptedRequest;
using testing::ScriptedServer;

class ModeCallsTest : public QObject {
  Q_OBJECT
  std::unique_ptr<QNetworkAccessManager> network_ = makeNetwork(true);
  QList<ScriptedRequest> requests_;

  /// What `call` is answered by a server that says `reply`.
  template <typename T, typename Call>
  Answer<T> ask(const ScriptedReply& reply, Call call) {
    ScriptedServer server([&](const ScriptedRequest&) { return reply; });
    InstanceClient client({*network_, *network_}, server.url(), vx11::Secret("the-principal-0123456789"),
                          QStringLiteral("test-"));
    std::optional<Answer<T>> answer;
    QEventLoop loop;
    QTimer::singleShot(10'000, &loop, &QEventLoop::quit);
    call(client, [&](const Answer<T>& came) {
      answer = came;
      loop.quit();
    });
    loop.exec();
    requests_ = server.requests();
    Q_ASSERT(answer);
    return *answer;
  }
  Answer<wire::ModeState> change(const ScriptedReply& reply, const InstanceClient::Operation& operation = {}) {
    return ask<wire::ModeState>(reply, [&](InstanceClient& client, Handler<wire::ModeState> handler) {
      client.setMode(QStringLiteral("memory"), operation, std::move(handler));
    });
  }

 private Q_SLOTS:
  void look() {
    const auto state = ask<wire::ModeState>(
        {.body =
             R"({"mode":"memory","configured":"hybrid","since":1.5,"draining":{"from":"hybrid","remaining_ms":2500},)"
             R"("held_by":{"operation_id":"op","owner":"me@here","since":1.5}})"},
        [](InstanceClient& client, Handler<wire::ModeState> handler) { client.mode(std::move(handler)); });
    QVERIFY(state.has_value());
    QCOMPARE(requests_[0].method, "GET");
    QCOMPARE(requests_[0].path, "/operator/internal/mode");
    QCOMPARE(requests_[0].header("X-VX11-Token"), "the-principal-0123456789");
    QCOMPARE(state->mode, QStringLiteral("memory"));
    QCOMPARE(state->configured, QStringLiteral("hybrid"));
    QCOMPARE(state->drainingFrom, QStringLiteral("hybrid"));
    QCOMPARE(state->drainingMs, 2500);
    QCOMPARE(state->operationId, QStringLiteral("op"));
    QCOMPARE(state->owner, QStringLiteral("me@here"));
  }

  void change_data() {
    QTest::addColumn<QString>("id");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("with an operation") << QStringLiteral("op")
                                       << QByteArray(R"({"mode":"memory","operation_id":"op","owner":"me"})");
    QTest::newRow("without") << QString() << QByteArray(R"({"mode":"memory"})");
  }
  void change() {
    QFETCH(QString, id);
    const auto state = change({.body = R"({"mode":"memory","configured":"hybrid","draining":null,"held_by":null})"},
                              {id, QStringLiteral("me")});
    QVERIFY(state.has_value());
    QVERIFY(state->drainingFrom.isEmpty() && state->drainingMs == 0 && state->operationId.isEmpty());
    QCOMPARE(requests_[0].method, "POST");
    QTEST(requests_[0].body, "body");
  }

  void refused_data() {
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("text");
    QTest::newRow("held") << 409 << QByteArray(R"({"detail":"mode_held","operation_id":"x","owner":"eve","since":1})")
                          << QStringLiteral("mode_held") << QStringLiteral("eve");
    QTest::newRow("unavailable") << 409 << QByteArray(R"({"detail":"mode_unavailable","reason":"no Redis"})")
                                 << QStringLiteral("mode_unavailable") << QStringLiteral("no Redis");
    QTest::newRow("unknown") << 400 << QByteArray(R"({"detail":"unknown_mode"})") << QStringLiteral("unknown_mode")
                             << QString();
    QTest::newRow("no JSON") << 502 << QByteArray("<html>") << QStringLiteral("http_502") << QString();
  }
  void refused() {
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    const auto state = change({.status = status, .body = body});
    QVERIFY(state.has_error());
    QCOMPARE(state.error().kind, Failure::Kind::Http);
    QCOMPARE(state.error().httpStatus, status);
    QTEST(state.error().code, "code");
    QTEST(state.error().text, "text");
  }

  void nonsense_data() {
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("no JSON") << QByteArray("yes");
    QTest::newRow("no mode") << QByteArray(R"({"configured":"hybrid"})");
    QTest::newRow("a mode of another type") << QByteArray(R"({"mode":7})");
  }
  void nonsense() {
    QFETCH(QByteArray, body);
    const auto state = change({.body = body});
    QVERIFY(state.has_error());
    QCOMPARE(state.error().kind, Failure::Kind::BadAnswer);
  }

  void publish() {
    const auto published = ask<wire::Published>(
        {.status = 202, .body = R"({"id":"1-2"})"}, [](InstanceClient& client, Handler<wire::Published> handler) {
          client.publish(QStringLiteral("news"), QJsonArray{1, QStringLiteral("two")}, std::move(handler));
        });
    QVERIFY(published.has_value());
    QCOMPARE(published->id, QStringLiteral("1-2"));
    QCOMPARE(requests_[0].path, "/operator/api/events/publish");
    QCOMPARE(requests_[0].body, R"({"data":[1,"two"],"event":"news"})");
  }

  void whoAnsweredIsTold() {
    const ScriptedReply reply{.body = R"({"sse_token":"t","valid":true})", .extraHeaders = "X-VX11-Instance: a\r\n"};
    const auto issued = ask<wire::Issued>(reply, [](InstanceClient& client, Handler<wire::Issued> handler) {
      client.issue(std::nullopt, false, std::move(handler));
    });
    QCOMPARE(issued->answeredBy, QStringLiteral("a"));
  }
};

QTEST_GUILESS_MAIN(ModeCallsTest)
#include "mode_calls_test.moc"
