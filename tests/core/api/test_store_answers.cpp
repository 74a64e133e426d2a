// What each answer of the store becomes: status, body, counters, audit lines.
#include <QJsonArray>
#include <QTest>

#include "core/api/api_host.h"

using namespace vx11;
using namespace vx11::test;
using store::Mode;
using store::Reason;
using store::Source;
using store::Verdict;

namespace {

const std::string issue_path = "/operator/api/events/sse-token";
const std::string validate_path = "/operator/api/events/validate?token=6f9619ff-8b86-4011-b42d-00c04fc964ff";
const std::string list_path = "/operator/internal/tokens";
const std::string revoke_path = "/operator/internal/tokens/revoke";

[[nodiscard]] store::CheckResult result(Verdict verdict, Reason reason, Source source, bool asked_redis,
                                        bool single_use = false) {
  store::CheckResult made;
  made.verdict = verdict;
  made.reason = reason;
  made.source = source;
  made.asked_redis = asked_redis;
  made.single_use = single_use;
  made.expires_in = std::chrono::milliseconds(1234);
  return made;
}

[[nodiscard]] std::string detail(const Answer& answer) {
  return ApiHost::parsed(answer)["detail"].toString().toStdString();
}

}  // namespace
Q_DECLARE_METATYPE(store::CheckResult)
Q_DECLARE_METATYPE(store::Mode)

class TestStoreAnswers : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void eachCheckIsCountedOnce_data() {
    QTest::addColumn<Mode>("mode");
    QTest::addColumn<store::CheckResult>("result");
    QTest::addColumn<int>("status");
    QTest::addColumn<QList<int>>("counts");  // hits, misses, accepted, refused, cannot tell, of Redis' latencies
    const auto row = [](const char* name, Mode mode, const store::CheckResult& made, int status, QList<int> counts) {
      QTest::newRow(name) << mode << made << status << counts;
    };
    const auto valid = [](Source source, bool asked, bool single = false) {
      return result(Verdict::valid, Reason::none, source, asked, single);
    };
    const auto invalid = [](Reason reason, bool asked) {
      return result(Verdict::invalid, reason, Source::memory, asked);
    };
    const auto unclear = [](bool asked) {
      return result(Verdict::cannot_tell, Reason::unavailable, Source::memory, asked);
    };
    row("of the table", Mode::memory, valid(Source::memory, false), 200, {1, 0, 1, 0, 0, 0});
    row("fresh copy", Mode::hybrid, valid(Source::local, false), 200, {1, 0, 1, 0, 0, 0});
    row("stale copy, Redis fails", Mode::hybrid, valid(Source::local, true), 200, {1, 0, 1, 0, 0, 1});
    row("by Redis", Mode::redis, valid(Source::redis, true), 200, {0, 1, 1, 0, 0, 1});
    row("copy, mark in Redis", Mode::hybrid, valid(Source::local, true, true), 200, {0, 1, 1, 0, 0, 1});
    row("single use here", Mode::memory, valid(Source::memory, false, true), 200, {1, 0, 1, 0, 0, 0});
    row("unknown to the table", Mode::memory, invalid(Reason::unknown, false), 403, {0, 1, 0, 1, 0, 0});
    row("expired in the table", Mode::memory, invalid(Reason::expired, false), 403, {0, 1, 0, 1, 0, 0});
    row("used up in the table", Mode::memory, invalid(Reason::used, false), 403, {0, 0, 0, 1, 0, 0});
    row("known to be over", Mode::hybrid, invalid(Reason::expired, false), 403, {0, 0, 0, 1, 0, 0});
    row("unknown to Redis", Mode::hybrid, invalid(Reason::unknown, true), 403, {0, 1, 0, 1, 0, 1});
    row("used up, says Redis", Mode::redis, invalid(Reason::used, true), 403, {0, 1, 0, 1, 0, 1});
    row("malformed", Mode::memory, invalid(Reason::malformed, false), 403, {0, 0, 0, 1, 0, 0});
    row("revoked here", Mode::memory, invalid(Reason::revoked, false), 403, {0, 0, 0, 1, 0, 0});
    row("revoked meanwhile", Mode::redis, invalid(Reason::revoked, true), 403, {0, 0, 0, 1, 0, 1});
    row("Redis didn't answer", Mode::redis, unclear(true), 503, {0, 1, 0, 0, 1, 1});
    row("Redis wasn't asked", Mode::redis, unclear(false), 503, {0, 0, 0, 0, 1, 0});
  }
  void eachCheckIsCountedOnce() {
    QFETCH(Mode, mode);
    QFETCH(store::CheckResult, result);
    ApiHost host(mode);
    host.on_loop([&] { host.store.checked = result; });
    QTEST(host.get(validate_path).status, "status");
    const api::ServiceMetrics& metrics = host.shared.metrics;
    const QList<int> counts{int(metrics.local_hits.value()),        int(metrics.local_misses.value()),
                            int(metrics.checks_accepted.value()),   int(metrics.checks_refused.value()),
                            int(metrics.checks_cannot_tell.value()), int(metrics.check_redis.snapshot().count)};
    QTEST(counts, "counts");
    QCOMPARE(int(metrics.tokens_invalid.value()), counts[3]);
    QCOMPARE(int(metrics.check_local.snapshot().count), 1 - counts[5]);
  }

  void aCheckSaysWhoAnswered() {
    ApiHost host;
    host.on_loop([&] { host.store.checked = result(Verdict::valid, Reason::none, Source::redis, true); });
    const Answer answer = host.get(validate_path);
    QCOMPARE(ApiHost::parsed(answer), QJsonObject({{"valid", true}, {"expires_in_ms", 1234}, {"source", "redis"}}));
  }

  void cannotTellIsNotForbidden() {
    ApiHost host;
    host.on_loop([&] { host.store.checked = result(Verdict::cannot_tell, Reason::unavailable, Source::memory, true); });
    const Answer answer = host.get(validate_path);
    QCOMPARE(answer.status, 503);
    QCOMPARE(detail(answer), std::string("store_unavailable"));
    QCOMPARE(answer.header("retry-after"), std::string("1"));
    QCOMPARE(answer.header("cache-control"), std::string("no-store"));
  }

  void issuing() {
    ApiHost host;
    Answer answer = host.ask("POST", issue_path);  // the store is unavailable
    QCOMPARE(answer.status, 503);
    QCOMPARE(detail(answer), std::string("store_unavailable"));
    QCOMPARE(answer.header("retry-after"), std::string("1"));
    QCOMPARE(host.shared.metrics.issue.snapshot().count, 0U);
    host.on_loop([&] {
      host.store.issued.status = store::IssueStatus::issued;
      host.store.issued.token = TokenText("6f9619ff-8b86-4011-b42d-00c04fc964ff");
    });
    answer = host.ask("POST", issue_path);
    QCOMPARE(answer.status, 200);
    QVERIFY(!ApiHost::parsed(answer).contains("degraded"));
    host.on_loop([&] { host.store.issued.degraded = true; });
    QCOMPARE(ApiHost::parsed(host.ask("POST", issue_path))["degraded"].toBool(), true);
  }

  void whatIsIssuedIsCachedHereUnlessRedisAloneHasIt_data() {
    QTest::addColumn<Mode>("mode");
    QTest::addColumn<QByteArray>("flag");
    QTest::newRow("memory") << Mode::memory << QByteArray("\"cached_here\":true");
    QTest::newRow("hybrid") << Mode::hybrid << QByteArray("\"cached_here\":true");
    QTest::newRow("redis") << Mode::redis << QByteArray("\"cached_here\":false");
  }
  void whatIsIssuedIsCachedHereUnlessRedisAloneHasIt() {
    QFETCH(Mode, mode);
    QFETCH(QByteArray, flag);
    ApiHost host(mode);
    host.on_loop([&] {
      host.store.issued.status = store::IssueStatus::issued;
      host.store.issued.token = TokenText("6f9619ff-8b86-4011-b42d-00c04fc964ff");
    });
    RawClient watch(host.port);
    watch.send(request_text("GET", "/operator/internal/tokens/watch", ApiHost::principal_line()));
    QVERIFY(watch.read_until("event: snapshot"));
    QCOMPARE(host.ask("POST", issue_path).status, 200);
    QVERIFY(watch.read_until("event: issued"));
    QVERIFY(watch.read_until("\"more\":0}"));
    QVERIFY2(watch.received().find(flag.toStdString()) != std::string::npos, watch.received().c_str());
  }

  void aListThatCantBeReadIsUnavailable() {
    ApiHost host;
    host.on_loop([&] { host.store.listed.unavailable = true; });
    const Answer answer = host.get(list_path);
    QCOMPARE(answer.status, 503);
    QCOMPARE(detail(answer), std::string("store_unavailable"));
    QCOMPARE(answer.header("retry-after"), std::string("1"));
  }

  void foreignTokensAreListedWithoutAnIssuer() {
    ApiHost host;
    host.on_loop([&] {
      store::TokenRecord foreign;
      foreign.masked = "3f9a…c21e";
      foreign.ttl = std::chrono::seconds(60);
      host.store.listed.tokens = {foreign};
      host.store.listed.cursor = "next";
    });
    const QJsonObject page = host.json(list_path);
    const QJsonObject token = page["tokens"].toArray().first().toObject();
    QVERIFY(token.contains("issued_by") && token["issued_by"].isNull());
    QCOMPARE(token["cached_here"].toBool(true), false);
    QCOMPARE(token["single_use"].toBool(true), false);
    QCOMPARE(page["cursor"].toString(), QString("next"));
  }

  void revocations_data() {
    QTest::addColumn<int>("revoked");
    QTest::addColumn<bool>("pending");
    QTest::addColumn<bool>("unavailable");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("audited");
    QTest::newRow("done") << 1 << false << false << 200 << "revoke  1";
    QTest::newRow("unknown") << 0 << false << false << 200 << "revoke  0";
    QTest::newRow("others don't know yet") << 1 << true << false << 202 << "revoke  1";
    QTest::newRow("nothing was done") << 0 << false << true << 503 << "revoke store_unavailable 0";
  }
  void revocations() {
    QFETCH(int, revoked);
    QFETCH(bool, pending);
    QFETCH(bool, unavailable);
    ApiHost host;
    host.on_loop([&] { host.store.revoked = {std::uint64_t(revoked), pending, unavailable}; });
    const Answer answer = host.ask("POST", revoke_path, R"({"token":"6f9619ff-8b86-4011-b42d-00c04fc964ff"})");
    QTEST(answer.status, "status");
    if (unavailable) {
      QCOMPARE(detail(answer), std::string("store_unavailable"));
      QCOMPARE(answer.header("retry-after"), std::string("1"));
    } else {
      QCOMPARE(ApiHost::parsed(answer)["revoked"].toInt(-1), revoked);
    }
    const auto lines = host.on_loop([&] { return host.audit.lines; });
    QCOMPARE(lines.size(), std::size_t{1});
    QTEST(QString::fromStdString(lines.front()), "audited");
  }
};

QTEST_GUILESS_MAIN(TestStoreAnswers)
#include "test_store_answers.moc"
