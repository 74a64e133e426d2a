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
             R"("held_by":{"operation_id":"op","owner":"me@here","since":1.5,"last_sign":7.25,"silent_ms":61500,)"
             R"("lapsed":true}})"},
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
    QCOMPARE(state->since, 1);
    QCOMPARE(state->lastSign, 7);
    QCOMPARE(state->silentMs, 61'500);
    QVERIFY(state->lapsed);
  }

  void sign_data() {
    QTest::addColumn<bool>("ends");
    QTest::addColumn<QString>("step");
    QTest::addColumn<QByteArray>("body");
    const auto row = [](const char* name, bool ends, const QString& step, const QByteArray& rest) {
      QTest::newRow(name) << ends << step << (R"({"operation_id":"op","owner":"me")" + rest + "}");
    };
    row("alive", false, {}, "");
    row("of a step", false, QStringLiteral("locked"), R"(,"step":"locked")");
    row("the end", true, QStringLiteral("released"), R"(,"release":true,"step":"released")");
    row("several lines", false, QStringLiteral("reload:\n\x1b cno\t"), R"(,"step":"reload: cno")");
    row("only blanks", false, QStringLiteral(" \n"), "");
    row("too long", false, QString(301, u'x'), R"(,"step":")" + QByteArray(300, 'x') + '"');
    row("a character would be cut", false, QString(299, u'x') + QStringLiteral("ä"),
        R"(,"step":")" + QByteArray(299, 'x') + '"');
    row("a pair would be cut", false, QString(297, u'x') + QStringLiteral("\U0001F600"),
        R"(,"step":")" + QByteArray(297, 'x') + '"');
  }
  void sign() {
    QFETCH(bool, ends);
    QFETCH(QString, step);
    const auto state = ask<wire::ModeState>(
        {.body = R"({"mode":"memory","configured":"hybrid","draining":null,"held_by":null})"},
        [&](InstanceClient& client, Handler<wire::ModeState> handler) {
          client.sign({QStringLiteral("op"), QStringLiteral("me"), ends}, step, std::chrono::seconds(1),
                      std::move(handler));
        });
    QVERIFY(state.has_value());
    QCOMPARE(requests_[0].method, "POST");
    QCOMPARE(requests_[0].path, "/operator/internal/mode");
    QTEST(requests_[0].body, "body");
  }

  void aHolderIsToldWithTheRefusal() {
    const auto state = change(
        {.status = 409,
         .body = R"({"detail":"mode_held","operation_id":"x","owner":"eve","since":1000.5,"last_sign":1030.1,)"
                 R"("silent_ms":12000,"lapsed":false})"},
        {QStringLiteral("op"), QStringLiteral("me")});
    QVERIFY(state.has_error());
    const ModeHolder& holder = state.error().holder;
    QCOMPARE(holder.operationId, QStringLiteral("x"));
    QCOMPARE(holder.owner, QStringLiteral("eve"));
    QCOMPARE(holder.since, 1000);
    QCOMPARE(holder.lastSign, 1030);
    QCOMPARE(holder.silentMs, 12'000);
    QVERIFY(!holder.lapsed);
  }

  void timesThatAreNoneAreUnknown() {
    const auto state = change({.status = 409,
                               .body = R"({"detail":"mode_held","operation_id":"x","owner":7,"since":-1,)"
                                       R"("last_sign":1e300,"silent_ms":-5,"lapsed":"yes"})"},
                              {});
    const ModeHolder& holder = state.error().holder;
    QVERIFY(holder.owner.isEmpty() && holder.since == 0 && holder.silentMs == 0 && !holder.lapsed);
    QVERIFY(holder.lastSign > 0 && holder.lastSign <= 253'402'300'800);
  }

  void drain() {
    const auto begun = ask<wire::DrainBegun>(
        {.status = 202, .body = R"({"draining":true})"},
        [](InstanceClient& client, Handler<wire::DrainBegun> handler) { client.drain(std::move(handler)); });
    QVERIFY(begun.has_value());
    QCOMPARE(requests_[0].method, "POST");
    QCOMPARE(requests_[0].path, "/operator/internal/drain");
    const auto nonsense = ask<wire::DrainBegun>(
        {.status = 202, .body = "{}"},
        [](InstanceClient& client, Handler<wire::DrainBegun> handler) { client.drain(std::move(handler)); });
    QCOMPARE(nonsense.error().kind, Failure::Kind::BadAnswer);
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
