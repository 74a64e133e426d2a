// The calls under /operator/internal/: what a console needs of an instance.
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>
#include <QTest>

#include "support/test_instance.h"
#include "token/token_id.h"

using namespace vx11;
using namespace vx11::test;
using namespace std::chrono_literals;

namespace {
const std::string internal = "/operator/internal/";
[[nodiscard]] QJsonObject json(const Answer& answer) {
  return QJsonDocument::fromJson(QByteArray::fromStdString(answer.body)).object();
}
[[nodiscard]] Answer get(const TestInstance& instance, const std::string& call) {
  return instance.ask("GET", internal + call, TestInstance::principal_line());
}
[[nodiscard]] Answer post(const TestInstance& instance, const std::string& call, const std::string& body) {
  return instance.ask("POST", internal + call, TestInstance::principal_line(), body);
}
}  // namespace

class TestInternalCalls : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void allNeedAPrincipal() {
    const TestInstance instance;
    for (const char* call : {"instance-id", "cache-stats", "tokens", "tokens/watch", "mode", "redis", "instances"}) {
      QCOMPARE(instance.ask("GET", internal + call).status, 401);
      QCOMPARE(instance.ask("GET", internal + call, TestInstance::principal_line("nobody-knows-this")).status, 403);
    }
    for (const char* call : {"tokens/revoke", "mode", "drain"}) {
      QCOMPARE(instance.ask("POST", internal + call, "", "{}").status, 401);
    }
  }

  void instanceId() {
    const TestInstance instance;
    QCOMPARE(json(get(instance, "instance-id"))["instance_id"].toString().toStdString(), instance->id());
  }

  void cacheStatsCountWhatHappened() {
    const TestInstance instance;
    const std::string token = instance.issue();
    (void)instance.issue();
    (void)instance.validate(token);
    (void)instance.validate("6f9619ff-8b86-4011-b42d-00c04fc964ff");
    (void)instance.validate("rubbish");
    const Answer answer = get(instance, "cache-stats");
    QCOMPARE(answer.status, 200);
    const QJsonObject body = json(answer);
    QCOMPARE(body["mode"].toString(), QString("memory"));
    QCOMPARE(body["state"].toString(), QString("ready"));
    QCOMPARE(body["tokens"].toObject()["issued"].toInt(), 2);
    QCOMPARE(body["tokens"].toObject()["active"].toInt(), 2);
    QCOMPARE(body["tokens"].toObject()["invalid"].toInt(), 2);
    QCOMPARE(body["cache"].toObject()["local_hits"].toInt(), 1);
    QCOMPARE(body["cache"].toObject()["local_misses"].toInt(), 1);
    QCOMPARE(body["checks"].toObject()["accepted"].toInt(), 1);
    QCOMPARE(body["checks"].toObject()["refused"].toInt(), 2);
    QCOMPARE(body["latency_ms"].toObject()["issue"].toObject()["count"].toInt(), 2);
    QVERIFY(body["latency_ms"].toObject()["issue"].toObject()["p95"].toDouble() > 0);
    QVERIFY(!body["latency_ms"].toObject()["check_redis"].toObject().contains("p95"));
    QCOMPARE(body["redis"].toObject()["configured"].toBool(true), false);
    QVERIFY(answer.body.find(token) == std::string::npos);
  }

  void theWalkListsEveryTokenOnce() {
    const TestInstance instance;
    QSet<QString> issued;
    for (int i = 0; i < 250; ++i) issued.insert(QString::fromStdString(PublicId::of(instance.issue()).text()));
    QSet<QString> seen;
    QString cursor;
    int pages = 0;
    do {
      const Answer answer = get(instance, "tokens?limit=20&cursor=" + cursor.toStdString());
      QCOMPARE(answer.status, 200);
      const QJsonObject page = json(answer);
      for (const QJsonValue value : page["tokens"].toArray()) {
        const QJsonObject token = value.toObject();
        seen.insert(token["id"].toString());
        QCOMPARE(token["issued_by"].toString().toStdString(), instance->id());
        QVERIFY(token["masked"].toString().contains(QChar(0x2026)));
        QVERIFY(token["expires_in_ms"].toInt() > 0);
        QCOMPARE(token["single_use"].toBool(true), false);
      }
      cursor = page["cursor"].toString();
      QVERIFY(++pages < 1000);
    } while (!cursor.isEmpty());
    QCOMPARE(seen, issued);
  }

  void theListIsFilteredAndChecksItsParameters() {
    const TestInstance instance;
    const std::string id = PublicId::of(instance.issue()).text();
    for (int i = 0; i < 5; ++i) (void)instance.issue();
    QString cursor;
    int found = 0;
    do {
      const QJsonObject page = json(get(instance, "tokens?match=" + id.substr(4, 20) + "&cursor=" + cursor.toStdString()));
      found += int(page["tokens"].toArray().size());
      cursor = page["cursor"].toString();
    } while (!cursor.isEmpty());
    QCOMPARE(found, 1);
    for (const char* bad : {"tokens?limit=0", "tokens?limit=1001", "tokens?limit=x", "tokens?cursor=x;y",
                            "tokens?limit=1&limit=2", "tokens?limit=-1"}) {
      QCOMPARE(get(instance, bad).status, 400);
    }
  }

  void revokedByTokenByIdAndAll() {
    const TestInstance instance;
    const std::string a = instance.issue(), b = instance.issue(), c = instance.issue();
    QCOMPARE(json(post(instance, "tokens/revoke", "{\"token\":\"" + a + "\"}"))["revoked"].toInt(-1), 1);
    QCOMPARE(instance.validate(a).status, 403);
    QCOMPARE(instance.validate(b).status, 200);
    QCOMPARE(json(post(instance, "tokens/revoke", "{\"id\":\"" + PublicId::of(b).text() + "\"}"))["revoked"].toInt(-1), 1);
    QCOMPARE(instance.validate(b).status, 403);
    QCOMPARE(json(post(instance, "tokens/revoke", "{\"token\":\"" + a + "\"}"))["revoked"].toInt(-1), 0);
    QCOMPARE(json(post(instance, "tokens/revoke", R"({"all":true})"))["revoked"].toInt(-1), 1);
    QCOMPARE(instance.validate(c).status, 403);
  }

  void revocationRefuses_data() {
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("nothing") << QByteArray("{}");
    QTest::newRow("two ways") << QByteArray(R"({"all":true,"token":"x"})");
    QTest::newRow("all false") << QByteArray(R"({"all":false})");
    QTest::newRow("bad id") << QByteArray(R"({"id":"xyz"})");
    QTest::newRow("number") << QByteArray(R"({"token":1})");
    QTest::newRow("not JSON") << QByteArray("all");
  }
  void revocationRefuses() {
    QFETCH(QByteArray, body);
    const TestInstance instance;
    const std::string token = instance.issue();
    QCOMPARE(post(instance, "tokens/revoke", body.toStdString()).status, 400);
    QCOMPARE(instance.validate(token).status, 200);
  }

  void revocationClosesTheTokensStreamsAndNoOthers() {
    const TestInstance instance;
    const auto open = [&](RawClient& client, const std::string& token) {
      client.send(request_text("GET", "/operator/api/events/stream?token=" + token));
      return client.read_until("event: snapshot");
    };
    const std::string a = instance.issue(), b = instance.issue();
    std::vector<std::unique_ptr<RawClient>> of_a;
    for (int i = 0; i < 6; ++i) {  // over all loops
      of_a.push_back(std::make_unique<RawClient>(instance.port()));
      QVERIFY(open(*of_a.back(), a));
    }
    RawClient of_b(instance.port()), by_principal(instance.port());
    QVERIFY(open(of_b, b));
    by_principal.send(request_text("GET", "/operator/api/events/stream", TestInstance::principal_line()));
    QVERIFY(by_principal.read_until("event: snapshot"));
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(post(instance, "tokens/revoke", "{\"token\":\"" + a + "\"}").status, 200);
    for (auto& client : of_a) {
      QVERIFY(client->read_to_end().find("event: revoked") != std::string::npos);
      QVERIFY(client->ended());
    }
    QVERIFY2(timer.elapsed() < 1000, "promise: 250 ms");
    // A client may hear of the end before the loop has counted it.
    const auto open_now = [&] { return json(get(instance, "cache-stats"))["streams"].toObject()["open"].toInt(); };
    QTRY_COMPARE_WITH_TIMEOUT(open_now(), 2, 1000);
    QCOMPARE(post(instance, "tokens/revoke", R"({"all":true})").status, 200);
    QVERIFY(of_b.read_to_end().find("event: revoked") != std::string::npos);
    QTRY_COMPARE_WITH_TIMEOUT(open_now(), 1, 1000);
  }

  void aStreamThatOutlivedItsTokenStillEndsWithItsRevocation() {
    const TestInstance instance;
    const std::string token = instance.issue(R"({"ttl_sec":1})");
    RawClient stream(instance.port());
    stream.send(request_text("GET", "/operator/api/events/stream?token=" + token));
    QVERIFY(stream.read_until("event: snapshot"));
    QTRY_COMPARE_WITH_TIMEOUT(json(get(instance, "cache-stats"))["tokens"].toObject()["expired"].toInt(), 1, 4000);
    QCOMPARE(json(get(instance, "cache-stats"))["streams"].toObject()["open"].toInt(), 1);
    QCOMPARE(json(post(instance, "tokens/revoke", "{\"token\":\"" + token + "\"}"))["revoked"].toInt(-1), 0);
    QVERIFY(stream.read_to_end().find("event: revoked") != std::string::npos);
  }

  void watchTellsWhatHappens() {
    const TestInstance instance;
    RawClient watch(instance.port());
    watch.send(request_text("GET", internal + "tokens/watch", TestInstance::principal_line()));
    QVERIFY(watch.read_until("event: snapshot"));
    const std::string token = instance.issue();
    const std::string brief = instance.issue(R"({"ttl_sec":1})");
    const std::string id = PublicId::of(token).text();
    QVERIFY(watch.read_until("event: issued\n"));
    QVERIFY(watch.read_until("\"id\":\"" + id + "\""));
    (void)instance.validate(token);
    QVERIFY(watch.read_until("event: validated\n"));
    (void)instance.validate("rubbish");
    QVERIFY(watch.read_until("event: refused\ndata: {\"count\":1,\"reasons\":{\"malformed\":1}}"));
    (void)post(instance, "tokens/revoke", "{\"token\":\"" + token + "\"}");
    QVERIFY(watch.read_until("event: revoked\ndata: {\"ids\":[\"" + id + "\"]"));
    QVERIFY(watch.read_until("event: expired\ndata: {\"ids\":[\"" + PublicId::of(brief).text() + "\"]"));
    (void)post(instance, "tokens/revoke", R"({"all":true})");
    QVERIFY(watch.read_until("\"all\":true"));
    QVERIFY(watch.received().find(token) == std::string::npos);
    QVERIFY(watch.read_until("event: heartbeat"));
  }

  void underLoadTheWatchCountsInsteadOfNaming() {
    const TestInstance instance;
    RawClient watch(instance.port());
    watch.send(request_text("GET", internal + "tokens/watch", TestInstance::principal_line()));
    QVERIFY(watch.read_until("event: snapshot"));
    RawClient client(instance.port());
    std::string burst;
    for (int i = 0; i < 6000; ++i) burst += request_text("POST", "/operator/api/events/sse-token", TestInstance::principal_line());
    QVERIFY(client.send(burst));
    for (int i = 0; i < 6000; ++i) QCOMPARE(client.read_answer().status, 200);
    // Named and counted together they are all told.
    qint64 told = 0;
    QElapsedTimer timer;
    timer.start();
    while (told < 6000 && timer.elapsed() < 5000) {
      (void)watch.read_until("\n\n");
      const std::string text = watch.received();
      const std::size_t end = text.rfind("\n\n");
      if (end == std::string::npos) continue;
      for (const QByteArray& line : QByteArray::fromStdString(text.substr(0, end)).split('\n')) {
        if (!line.startsWith("data: {\"tokens\"")) continue;
        const QJsonObject data = QJsonDocument::fromJson(line.mid(6)).object();
        told += data["tokens"].toArray().size() + data["more"].toInteger();
      }
      watch.forget();
    }
    QCOMPARE(told, 6000);
  }

  void modeReportsMemoryAndRefusesTheOthersWithTheReason() {
    const TestInstance instance;
    const QJsonObject now = json(get(instance, "mode"));
    QCOMPARE(now["mode"].toString(), QString("memory"));
    QCOMPARE(now["configured"].toString(), QString("memory"));
    QVERIFY(now["draining"].isNull());
    QCOMPARE(post(instance, "mode", R"({"mode":"memory"})").status, 200);
    for (const char* mode : {"redis", "hybrid"}) {
      const Answer refused = post(instance, "mode", std::string(R"({"mode":")") + mode + "\"}");
      QCOMPARE(refused.status, 409);
      QCOMPARE(json(refused)["detail"].toString(), QString("mode_unavailable"));
      QCOMPARE(json(refused)["reason"].toString(), QString("no Redis is configured"));
    }
    QCOMPARE(json(post(instance, "mode", R"({"mode":"signed"})"))["reason"].toString(),
             QString("no signing keys are configured"));
    QCOMPARE(post(instance, "mode", R"({"mode":"paper"})").status, 400);
    QCOMPARE(post(instance, "mode", R"({"mode":1})").status, 400);
    QCOMPARE(post(instance, "mode", "{}").status, 400);
    QCOMPARE(json(get(instance, "mode"))["mode"].toString(), QString("memory"));
  }

  void redisAndInstancesWithoutRedis() {
    const TestInstance instance;
    QCOMPARE(json(get(instance, "redis"))["configured"].toBool(true), false);
    const QJsonArray instances = json(get(instance, "instances"))["instances"].toArray();
    QCOMPARE(instances.size(), 1);
    QCOMPARE(instances[0].toObject()["url"].toString().toStdString(), instance->url());
  }
};

QTEST_GUILESS_MAIN(TestInternalCalls)
#include "test_internal_calls.moc"
