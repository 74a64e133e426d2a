#include <QTest>

#include "cluster/service_log.h"
#include "cluster/wire.h"
#include "cluster/wire_redis.h"

using namespace vx11::cluster;

namespace {
const QByteArray token =
    R"({"masked":"3f9a…c21e","id":"000102030405060708090a0b0c0d0e0f","created_at":1700000000.25,"ttl_sec":60,)"
    R"("expires_in_ms":59000,"issued_by":"a","cached_here":true,"single_use":false})";
QByteArray replaced(QByteArray text, const char* before, const char* after) {
  Q_ASSERT(text.contains(before));
  return text.replace(before, after);
}
}  // namespace

class WireTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void statsWithAll() {
    const auto stats = wire::parseStats(
        R"({"instance_id":"a","version":"1.0.0","mode":"memory","configured_mode":"memory","state":"ready",)"
        R"("started_at":1.5,"uptime_sec":12.3,"startup_ms":41.2,"server_time":2.5,"ttl_sec":60,"max_ttl_sec":300,)"
        R"("tokens":{"issued":9,"active":4,"expired":3,"revoked":2,"used":0,"invalid":1,"max":1000000},)"
        R"("cache":{"entries":4,"bytes":512,"local_hits":7,"local_misses":1},)"
        R"("checks":{"accepted":7,"refused":1,"cannot_tell":0},)"
        R"("streams":{"open":2,"ephemeral_total":9,"principal_total":1},)"
        R"("latency_ms":{"issue":{"count":9,"p50":0.1,"p95":0.2,"p99":0.3},)"
        R"("check_local":{"count":0,"p50":0,"p95":0,"p99":0}},)"
        R"("redis":{"configured":false}})");
    QVERIFY(stats);
    QCOMPARE(stats->instanceId, QStringLiteral("a"));
    QCOMPARE(stats->state, QStringLiteral("ready"));
    QCOMPARE(stats->active, 4);
    QCOMPARE(stats->localHits, 7);
    QCOMPARE(stats->streamsOpen, 2);
    QCOMPARE(stats->tokenStreams, 9);
    QCOMPARE(stats->principalStreams, 1);
    QCOMPARE(stats->uptimeSec, 12.3);
    QCOMPARE(stats->ttlSec, 60);
    QCOMPARE(stats->issueLatency->p95, 0.2);
    QVERIFY(!stats->localCheckLatency);  // nothing was measured
    QVERIFY(!stats->redisCheckLatency);
    QCOMPARE(stats->redisConfigured, false);
  }
  void statsOfAnInstanceWithRedis() {
    const auto stats = wire::parseStats(
        R"({"instance_id":"a","version":"1.0.0","mode":"memory","configured_mode":"hybrid",)"
        R"("draining":{"from":"hybrid","remaining_ms":200000},"state":"ready","started_at":1.5,"uptime_sec":12.3,)"
        R"("tokens":{"issued":9,"active":4},"checks":{"accepted":7,"refused":1,"cannot_tell":2},)"
        R"("latency_ms":{"check_redis":{"count":3,"p50":0.4,"p95":0.5,"p99":0.6},"redis":{"count":5,"p50":1,"p95":2,)"
        R"("p99":3}},"redis":{"configured":true,"up":false,"breaker":"open","topology":"single",)"
        R"("address":"127.0.0.1:6379","db":0,"prefix":"vx11:","memory_bytes":null,"ops_per_sec":null,)"
        R"("health_age_ms":null,"reconnects_total":7,"last_error":"timed out",)"
        R"("feed":{"following":false,"age_ms":5000},"denied":1,"unwritten":2,"untold":3}})");
    QVERIFY(stats);
    QCOMPARE(stats->mode, QStringLiteral("memory"));
    QCOMPARE(stats->state, QStringLiteral("ready"));
    QCOMPARE(stats->issued, 9);
    QCOMPARE(stats->cannotTell, 2);
    QCOMPARE(stats->redisCheckLatency->p95, 0.5);
    QCOMPARE(stats->redisConfigured, true);
  }
  void unknownIsNotZero() {
    const auto stats = wire::parseStats(R"({"instance_id":"a","tokens":{"issued":"9","active":-1,"expired":1.5}})");
    QVERIFY(stats);
    QVERIFY(!stats->issued && !stats->active && !stats->expired && !stats->streamsOpen && !stats->redisConfigured);
  }
  void notStats_data() {
    QTest::addColumn<QByteArray>("body");
    for (const char* body : {"", "null", "[]", "{}", "{\"instance_id\":5}", "<html>", "{\"instance_id\":\"a\""}) {
      QTest::newRow(qPrintable(QString::fromLatin1("[%1]").arg(QString::fromLatin1(body)))) << QByteArray(body);
    }
  }
  void notStats() {
    QFETCH(QByteArray, body);
    QVERIFY(!wire::parseStats(body));
  }

  void listPage() {
    const auto page = wire::parseListPage("{\"tokens\":[" + token + "],\"cursor\":\"next\"}");
    QVERIFY(page);
    QCOMPARE(page->cursor, QStringLiteral("next"));
    const auto& row = page->tokens.at(0);
    QCOMPARE(row.id.text(), QStringLiteral("000102030405060708090a0b0c0d0e0f"));
    QCOMPARE(row.createdAtMs, 1700000000250);
    QCOMPARE(row.ttlMs, 60'000);
    QCOMPARE(row.expiresInMs, 59'000);
    QCOMPARE(row.issuedBy, QStringLiteral("a"));
    QCOMPARE(row.cachedHere, true);
    QVERIFY(wire::parseListPage(R"({"tokens":[],"cursor":null})")->cursor.isEmpty());
    const auto foreign = wire::parseListPage("{\"tokens\":[" + replaced(token, "\"a\"", "null") + "],\"cursor\":null}");
    QVERIFY(foreign && foreign->tokens.at(0).issuedBy.isEmpty());
  }
  void notAListPage_data() {
    QTest::addColumn<QByteArray>("row");
    QTest::newRow("id") << replaced(token, "000102", "00010");
    QTest::newRow("mask too long") << replaced(token, "3f9a…c21e", "3f9a0000-0000-4000-8000-00000000c21e");
    QTest::newRow("no mask") << replaced(token, "masked", "m");
    QTest::newRow("negative life") << replaced(token, "59000", "-1");
    QTest::newRow("ttl") << replaced(token, ":60", ":\"60\"");
    QTest::newRow("endless ttl") << replaced(token, ":60", ":99999999");
    QTest::newRow("created") << replaced(token, "1700000000.25", "1e300");
    QTest::newRow("not an object") << QByteArray("5");
  }
  void notAListPage() {
    QFETCH(QByteArray, row);
    QVERIFY(!wire::parseListPage("{\"tokens\":[" + row + "],\"cursor\":null}"));
  }
  void aPageSaysWhetherItWasTheLast() {
    QVERIFY(!wire::parseListPage(R"({"tokens":[]})"));
    QVERIFY(!wire::parseListPage(R"({"tokens":[],"cursor":""})"));
    QVERIFY(!wire::parseListPage(R"({"cursor":null})"));
  }

  void watchEvents() {
    const QByteArray id = "\"000102030405060708090a0b0c0d0e0f\"";
    const auto issued = wire::parseWatchEvent("issued", "{\"tokens\":[" + token + "],\"more\":3}");
    QVERIFY(issued);
    QCOMPARE(std::get<wire::WatchIssued>(*issued).tokens.size(), 1U);
    QCOMPARE(std::get<wire::WatchIssued>(*issued).more, 3);
    const auto revoked = wire::parseWatchEvent("revoked", "{\"ids\":[" + id + "],\"all\":false,\"more\":0}");
    QCOMPARE(std::get<wire::WatchRevoked>(*revoked).ids.size(), 1U);
    QVERIFY(std::get<wire::WatchRevoked>(*wire::parseWatchEvent("revoked", R"({"ids":[],"all":true})")).all);
    const auto used = wire::parseWatchEvent(
        "validated", "{\"tokens\":[{\"id\":" + id + ",\"count\":2},{\"id\":" + id + ",\"count\":1,\"used\":true}]}");
    QCOMPARE(std::get<wire::WatchUsed>(*used).usedUp.size(), 1U);
    QVERIFY(std::get<wire::WatchUsed>(*used).accepted.size() >= 1U);
    QCOMPARE(std::get<wire::WatchExpired>(*wire::parseWatchEvent("expired", "{\"ids\":[" + id + "]}")).ids.size(), 1U);
    QCOMPARE(std::get<wire::WatchMode>(*wire::parseWatchEvent("mode", R"({"mode":"memory","state":"draining"})")).state,
             QStringLiteral("draining"));
    QCOMPARE(std::get<wire::WatchMode>(*wire::parseWatchEvent("mode", R"({"mode":"memory","configured":"hybrid",)"
                                                                      R"("state":"ready","draining":{"from":"hybrid",)"
                                                                      R"("remaining_ms":300000}})")).mode,
             QStringLiteral("memory"));
    QVERIFY(std::holds_alternative<wire::WatchOther>(
        *wire::parseWatchEvent("redis", R"({"up":false,"breaker":"open","last_error":null})")));
    QVERIFY(std::holds_alternative<wire::WatchOther>(*wire::parseWatchEvent("heartbeat", R"({"time":1})")));
    QVERIFY(std::holds_alternative<wire::WatchOther>(*wire::parseWatchEvent("new_kind", "{}")));
    QVERIFY(!wire::parseWatchEvent("issued", "{}"));
    QVERIFY(!wire::parseWatchEvent("expired", R"({"ids":["x"]})"));
    QVERIFY(!wire::parseWatchEvent("heartbeat", "nonsense"));
  }

  void serviceLogLines() {
    const auto entry = parseServiceLog(
        R"({"time":"2026-11-23T04:05:06.789Z","level":"warning","instance":"local","event":"drain_begun",)"
        R"("message":"a graceful stop","streams":3,"correlation_id":"c-1"})" "\n");
    QVERIFY(entry);
    QCOMPARE(entry->event, QStringLiteral("service_log"));
    QCOMPARE(entry->severity, Severity::Warning);
    QCOMPARE(entry->source, QStringLiteral("local"));
    QCOMPARE(entry->correlationId, QStringLiteral("c-1"));
    QCOMPARE(entry->time.toUTC().time(), QTime(4, 5, 6, 789));
    QCOMPARE(entry->fields.value(QStringLiteral("event")).toString(), QStringLiteral("drain_begun"));
    QCOMPARE(entry->fields.value(QStringLiteral("streams")).toInt(), 3);
    QCOMPARE(entry->fields.size(), 3);
    QVERIFY(!parseServiceLog("plain text"));
    QVERIFY(!parseServiceLog("{}"));
  }

  void answersToActions() {
    QCOMPARE(wire::parseIssued(R"({"sse_token":"abc","ttl_sec":60,"expires_in_sec":60})")->token.reveal(), "abc");
    QVERIFY(!wire::parseIssued(R"({"token":"abc"})"));
    QVERIFY(!wire::parseIssued("{\"sse_token\":\"" + QByteArray(200, 'x') + "\"}"));
    QCOMPARE(wire::parseValidity(R"({"valid":true,"expires_in_ms":5,"source":"memory"})")->expiresInMs, 5);
    QVERIFY(!wire::parseValidity(R"({"valid":1})"));
    QCOMPARE(wire::parseRevoked(R"({"revoked":4})")->count, 4);
    QVERIFY(!wire::parseRevoked(R"({"revoked":-4})"));
    QCOMPARE(wire::parseDetail(R"({"detail":"invalid_token"})"), QStringLiteral("invalid_token"));
    QCOMPARE(wire::parseDetail("<html>"), QString());
  }

  void neighboursAndHowTheyAreKnown() {
    const auto told = wire::parseNeighbours(
        R"({"source":"redis","age_ms":0,"instances":[{"id":"a","url":"http:\/\/u:p@a:8011\/x?y"},)"
        R"({"id":"b","url":"http:\/\/b:8011","silent_ms":12000},{"id":"c","silent_ms":40000},{"id":"d"},)"
        R"({"id":"e","url":"ftp:\/\/e"}]})");
    QVERIFY(told && told->byRegistry && told->rememberedMs == -1);
    QCOMPARE(told->all.size(), 3U);
    QCOMPARE(told->all[0].url, QUrl(QStringLiteral("http://a:8011/x")));
    QCOMPARE(told->all[0].silentMs, 0);
    QCOMPARE(told->all[1].silentMs, 12'000);
    QVERIFY(told->all[2].id == QStringLiteral("c") && told->all[2].url.isEmpty());
    const auto remembered = wire::parseNeighbours(R"({"source":"memory","age_ms":7000,"instances":[]})");
    QVERIFY(remembered && !remembered->byRegistry && remembered->rememberedMs == 7000);
    const auto alone = wire::parseNeighbours(R"({"source":"self","instances":[]})");
    QVERIFY(alone && !alone->byRegistry && alone->rememberedMs == -1);
    QVERIFY(!wire::parseNeighbours(R"({"source":"redis"})"));
  }
};

QTEST_GUILESS_MAIN(WireTest)
#include "wire_test.moc"
