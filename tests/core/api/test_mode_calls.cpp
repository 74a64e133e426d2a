// GET and POST /operator/internal/mode: what a switch answers, and who is told of it.
#include <QTest>

#include "core/api/api_host.h"

using namespace vx11;
using namespace vx11::test;
using namespace std::chrono_literals;
using store::Mode;

namespace {
const std::string mode_path = "/operator/internal/mode";
}

class TestModeCalls : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void atRest() {
    ApiHost host(Mode::hybrid);
    const QJsonObject mode = host.json(mode_path);
    QCOMPARE(mode.keys(), QStringList({"configured", "draining", "held_by", "mode", "since"}));
    QCOMPARE(mode["mode"].toString(), QString("hybrid"));
    QCOMPARE(mode["configured"].toString(), QString("hybrid"));
    QCOMPARE(mode["since"].toDouble(), std::chrono::duration<double>(host.clock.wall().time_since_epoch()).count());
    QVERIFY(mode["draining"].isNull());
    QVERIFY(mode["held_by"].isNull());
  }

  void aSwitchIsAnsweredWithItsDrainWindow() {
    ApiHost host(Mode::hybrid);
    host.clock.advance(10s);
    const Answer answer = host.post_mode(R"({"mode":"memory"})");
    QCOMPARE(answer.status, 200);
    const QJsonObject mode = ApiHost::parsed(answer);
    QCOMPARE(mode["mode"].toString(), QString("memory"));
    QCOMPARE(mode["configured"].toString(), QString("hybrid"));
    QCOMPARE(mode["draining"].toObject()["from"].toString(), QString("hybrid"));
    QCOMPARE(mode["draining"].toObject()["remaining_ms"].toInteger(), 300'000);
    host.clock.advance(100s);
    QCOMPARE(host.json(mode_path)["draining"].toObject()["remaining_ms"].toInteger(), 200'000);
    const QJsonObject stats = host.json("/operator/internal/cache-stats");
    QCOMPARE(stats["mode"].toString(), QString("memory"));
    QCOMPARE(stats["configured_mode"].toString(), QString("hybrid"));
    QCOMPARE(stats["draining"].toObject()["remaining_ms"].toInteger(), 200'000);
    QCOMPARE(host.json("/health")["mode"].toString(), QString("memory"));
    QCOMPARE(host.json("/readyz")["mode"].toString(), QString("memory"));
    host.clock.advance(200s);
    QVERIFY(host.json(mode_path)["draining"].isNull());
  }

  void leavingMemoryDrainsUntilItsLastToken() {
    ApiHost host(Mode::memory);
    host.on_loop([&] { host.last_memory_expiry = host.clock.now() + 42s; });
    const QJsonObject mode = ApiHost::parsed(host.post_mode(R"({"mode":"redis"})"));
    QCOMPARE(mode["draining"].toObject()["from"].toString(), QString("memory"));
    QCOMPARE(mode["draining"].toObject()["remaining_ms"].toInteger(), 42'000);
  }

  void theSameModeChangesNothing() {
    ApiHost host(Mode::hybrid);
    const QJsonObject before = host.json(mode_path);
    host.clock.advance(5s);
    const Answer answer = host.post_mode(R"({"mode":"hybrid"})");
    QCOMPARE(answer.status, 200);
    QCOMPARE(ApiHost::parsed(answer), before);
    QVERIFY(host.on_loop([&] { return host.audit.lines; }).empty());
  }

  void theImpossibleIsRefusedWithItsReason_data() {
    QTest::addColumn<QString>("mode");
    QTest::addColumn<QString>("reason");
    QTest::newRow("redis") << "redis" << "no Redis is configured";
    QTest::newRow("hybrid") << "hybrid" << "no Redis is configured";
    QTest::newRow("signed") << "signed" << "no signing keys are configured";
  }
  void theImpossibleIsRefusedWithItsReason() {
    QFETCH(QString, mode);
    ApiHost host(Mode::memory, false);
    const Answer answer = host.post_mode("{\"mode\":\"" + mode.toStdString() + "\"}");
    QCOMPARE(answer.status, 409);
    const QJsonObject body = ApiHost::parsed(answer);
    QCOMPARE(body["detail"].toString(), QString("mode_unavailable"));
    QTEST(body["reason"].toString(), "reason");
    QVERIFY(!body["correlation_id"].toString().isEmpty());
    QCOMPARE(host.json(mode_path)["mode"].toString(), QString("memory"));
    QVERIFY(host.on_loop([&] { return host.audit.lines; }).empty());
  }

  void malformed_data() {
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("detail");
    const auto row = [](const char* name, const char* body, const char* detail) {
      QTest::newRow(name) << QByteArray(body) << QString::fromLatin1(detail);
    };
    row("unknown", R"({"mode":"paper"})", "unknown_mode");
    row("none", "{}", "invalid_mode");
    row("number", R"({"mode":1})", "invalid_mode");
    row("not JSON", "memory", "malformed_json");
    row("id alone", R"({"mode":"memory","operation_id":"a"})", "invalid_operation");
    row("owner alone", R"({"mode":"memory","owner":"a"})", "invalid_operation");
    row("empty id", R"({"mode":"memory","operation_id":"","owner":"a"})", "invalid_operation");
    row("number as owner", R"({"mode":"memory","operation_id":"a","owner":1})", "invalid_operation");
    row("line break in the owner", R"({"mode":"memory","operation_id":"a","owner":"b\nc"})", "invalid_operation");
    row("a sign of nobody", R"({"release":true})", "invalid_mode");
    row("a mode of no type in a sign", R"({"mode":null,"operation_id":"a","owner":"b"})", "invalid_mode");
    row("half a sign", R"({"operation_id":"a"})", "invalid_operation");
    row("release of nothing", R"({"mode":"memory","release":true})", "invalid_release");
    row("number as release", R"({"mode":"memory","release":1,"operation_id":"a","owner":"b"})", "invalid_release");
    row("step of nothing", R"({"mode":"memory","step":"locked"})", "invalid_step");
    row("empty step", R"({"mode":"memory","step":"","operation_id":"a","owner":"b"})", "invalid_step");
    row("number as step", R"({"step":1,"operation_id":"a","owner":"b"})", "invalid_step");
    row("escape in the step", R"({"step":"\u001bc","operation_id":"a","owner":"b"})", "invalid_step");
  }
  void malformed() {
    QFETCH(QByteArray, body);
    ApiHost host;
    const Answer answer = host.post_mode(body.toStdString());
    QCOMPARE(answer.status, 400);
    const QJsonObject told = ApiHost::parsed(answer);
    QTEST(told["detail"].toString(), "detail");
    QVERIFY(!told["correlation_id"].toString().isEmpty());
    QVERIFY(told["detail"] == "malformed_json" || !told["reason"].toString().isEmpty());
    const QJsonObject after = host.json(mode_path);
    QCOMPARE(after["mode"].toString(), QString("hybrid"));
    QVERIFY(after["held_by"].isNull());
    QVERIFY(host.on_loop([&] { return host.audit.lines; }).empty());
  }

  void aStepIsBounded() {
    ApiHost host;
    const auto with_step = [&](std::size_t length) {
      return host.post_mode(R"({"operation_id":"a","owner":"b","step":")" + std::string(length, 'x') + R"("})").status;
    };
    QCOMPARE(with_step(301), 400);
    QCOMPARE(with_step(300), 200);
  }

  void namesOfAnOperationAreBounded() {
    ApiHost host;
    const auto with_owner = [&](std::size_t length) {
      const std::string owner(length, 'x');
      return host.post_mode(R"({"mode":"memory","operation_id":"a","owner":")" + owner + R"("})").status;
    };
    QCOMPARE(with_owner(129), 400);
    QCOMPARE(with_owner(128), 200);
  }

  void anOperationHoldsTheModeUntilAMinuteAfterItsLastSign() {
    ApiHost host(Mode::hybrid);
    const std::string mine = R"(,"operation_id":"roll-1","owner":"ada@ops"})";
    const double begun = std::chrono::duration<double>(host.clock.wall().time_since_epoch()).count();
    QCOMPARE(host.post_mode(R"({"mode":"memory")" + mine).status, 200);
    const QJsonObject holder = host.json(mode_path)["held_by"].toObject();
    QCOMPARE(holder["operation_id"].toString(), QString("roll-1"));
    QCOMPARE(holder["owner"].toString(), QString("ada@ops"));
    QCOMPARE(holder["since"].toDouble(), begun);
    QCOMPARE(holder["last_sign"].toDouble(), begun);
    QCOMPARE(holder["silent_ms"].toInteger(), 0);
    QCOMPARE(holder["lapsed"], QJsonValue(false));

    host.clock.advance(50s);
    for (const char* other : {R"({"mode":"redis"})", R"({"mode":"redis","operation_id":"roll-2","owner":"bob"})"}) {
      const Answer refused = host.post_mode(other);
      QCOMPARE(refused.status, 409);
      const QJsonObject body = ApiHost::parsed(refused);
      QCOMPARE(body["detail"].toString(), QString("mode_held"));
      QCOMPARE(body["operation_id"].toString(), QString("roll-1"));
      QCOMPARE(body["owner"].toString(), QString("ada@ops"));
      QCOMPARE(body["since"].toDouble(), begun);
      QCOMPARE(body["last_sign"].toDouble(), begun);
      QCOMPARE(body["silent_ms"].toInteger(), 50'000);
      QVERIFY(!body["correlation_id"].toString().isEmpty());
    }
    QCOMPARE(host.json(mode_path)["mode"].toString(), QString("memory"));
    QCOMPARE(host.post_mode(R"({"mode":"memory")" + mine).status, 200);  // a sign, nothing more
    host.clock.advance(59s);
    QCOMPARE(host.post_mode(R"({"mode":"redis"})").status, 409);
    host.clock.advance(1s);
    const QJsonObject lapsed = host.json(mode_path)["held_by"].toObject();
    QCOMPARE(lapsed["lapsed"], QJsonValue(true));
    QCOMPARE(lapsed["silent_ms"].toInteger(), 60'000);
    QCOMPARE(lapsed["since"].toDouble(), begun);
    QCOMPARE(lapsed["last_sign"].toDouble(), begun + 50);
    QCOMPARE(host.post_mode(R"({"mode":"redis"})").status, 200);
    QVERIFY(host.json(mode_path)["held_by"].isNull());
  }

  void aSignHoldsWithoutAMode() {
    ApiHost host(Mode::hybrid);
    const std::string mine = R"("operation_id":"roll-1","owner":"ada@ops")";
    const QJsonObject held = ApiHost::parsed(host.post_mode("{" + mine + "}"));
    QCOMPARE(held["mode"].toString(), QString("hybrid"));
    QCOMPARE(held["held_by"].toObject()["operation_id"].toString(), QString("roll-1"));
    const std::string theirs = R"("operation_id":"roll-2","owner":"bob")";
    for (const char* rest : {"}", R"(,"release":true})", R"(,"step":"begun"})"}) {
      const Answer refused = host.post_mode("{" + theirs + rest);
      QCOMPARE(refused.status, 409);
      QCOMPARE(ApiHost::parsed(refused)["owner"].toString(), QString("ada@ops"));
    }
    host.clock.advance(60s);
    QCOMPARE(host.post_mode("{" + theirs + R"(,"release":true})").status, 200);
    QCOMPARE(host.json(mode_path)["held_by"].toObject()["owner"].toString(), QString("ada@ops"));
    QCOMPARE(host.post_mode("{" + theirs + "}").status, 200);
    QCOMPARE(host.json(mode_path)["held_by"].toObject()["owner"].toString(), QString("bob"));
    QCOMPARE(host.post_mode("{" + mine + "}").status, 409);
    const Answer last = host.post_mode("{" + theirs + R"(,"release":true})");
    QVERIFY(ApiHost::parsed(last)["held_by"].isNull());
    QVERIFY(host.on_loop([&] { return host.audit.lines; }).empty());
  }

  void aStepIsAudited() {
    ApiHost host(Mode::hybrid);
    const std::string mine = R"({"operation_id":"roll-1","owner":"ada@ops",)";
    QCOMPARE(host.post_mode(mine + R"("step":"lock: done"})").status, 200);
    QCOMPARE(host.post_mode(mine + R"("mode":"memory","step":"switch: done"})").status, 200);
    QCOMPARE(host.post_mode(mine + R"("step":"released","release":true})").status, 200);
    QCOMPARE(host.on_loop([&] { return host.audit.lines; }),
             (std::vector<std::string>{"operation_step lock: done, operation roll-1 of ada@ops 0",
                                       "mode_change hybrid to memory, operation roll-1 of ada@ops 0",
                                       "operation_step switch: done, operation roll-1 of ada@ops 0",
                                       "operation_step released, operation roll-1 of ada@ops 0"}));
  }

  void anOperationThatEndsLetsGoAtOnce() {
    ApiHost host(Mode::hybrid);
    const std::string mine = R"("operation_id":"roll-1","owner":"ada@ops")";
    QCOMPARE(host.post_mode(R"({"mode":"memory",)" + mine + "}").status, 200);
    QCOMPARE(host.post_mode(R"({"mode":"memory","release":true,"operation_id":"roll-2","owner":"bob"})").status, 409);
    QCOMPARE(host.post_mode(R"({"mode":"memory","release":true})").status, 400);
    QCOMPARE(host.post_mode(R"({"mode":"memory","release":1,)" + mine + "}").status, 400);
    QCOMPARE(host.post_mode(R"({"mode":"memory","release":false,)" + mine + "}").status, 200);
    QVERIFY(host.json(mode_path)["held_by"].isObject());
    const Answer last = host.post_mode(R"({"mode":"memory","release":true,)" + mine + "}");
    QCOMPARE(last.status, 200);
    QVERIFY(ApiHost::parsed(last)["held_by"].isNull());
    QCOMPARE(host.post_mode(R"({"mode":"redis","operation_id":"roll-2","owner":"bob"})").status, 200);
  }

  void aChangeIsAuditedLoggedAndTold() {
    ApiHost host(Mode::hybrid);
    RawClient watch(host.port);
    watch.send(request_text("GET", "/operator/internal/tokens/watch", ApiHost::principal_line()));
    QVERIFY(watch.read_until("event: snapshot"));
    QCOMPARE(host.post_mode(R"({"mode":"memory","operation_id":"roll-1","owner":"ada"})").status, 200);
    QVERIFY(watch.read_until(
        "event: mode\ndata: {\"mode\":\"memory\",\"configured\":\"hybrid\",\"state\":\"ready\","
        "\"draining\":{\"from\":\"hybrid\",\"remaining_ms\":300000}}"));
    QCOMPARE(host.on_loop([&] { return host.audit.lines; }),
             std::vector<std::string>{"mode_change hybrid to memory, operation roll-1 of ada 0"});
    QVERIFY(host.on_loop([&] { return host.logged; }).find(R"("from":"hybrid","to":"memory")") != std::string::npos);
    watch.forget();
    host.clock.advance(301s);
    QVERIFY2(watch.read_until("\"draining\":null}"), "the end of the drain window is told, too");
  }
};

QTEST_GUILESS_MAIN(TestModeCalls)
#include "test_mode_calls.moc"
