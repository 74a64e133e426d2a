// Every row of the contract's HTTP table that needs no principal of an operator: issue, stream, validate, publish,
// health, metrics; over a socket, against a real instance.
#include <QTest>
#include <QJsonDocument>
#include <QJsonObject>
#include <QJsonArray>
#include <QRegularExpression>

#include "support/test_instance.h"

using namespace vx11;
using namespace vx11::test;
using namespace std::chrono_literals;

namespace {
const std::string issue_path = "/operator/api/events/sse-token";
const std::string stream_path = "/operator/api/events/stream";
const std::string validate_path = "/operator/api/events/validate";
const std::string publish_path = "/operator/api/events/publish";

[[nodiscard]] QJsonObject json(const Answer& answer) {
  return QJsonDocument::fromJson(QByteArray::fromStdString(answer.body)).object();
}
[[nodiscard]] std::string detail(const Answer& answer) { return json(answer)["detail"].toString().toStdString(); }
[[nodiscard]] double metric(const TestInstance& instance, const std::string& name) {
  const std::string text = instance.ask("GET", "/metrics").body;
  const std::size_t at = text.find("\n" + name + " ");
  return at == std::string::npos ? -1 : std::strtod(text.c_str() + at + name.size() + 2, nullptr);
}
}  // namespace

class TestPublicCalls : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void issueGivesATokenOfTheContractsForm() {
    const TestInstance instance;
    const Answer answer = instance.ask("POST", issue_path, TestInstance::principal_line() + "X-Correlation-Id: me-1\r\n");
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.header("cache-control"), std::string("no-store"));
    QCOMPARE(answer.header("x-correlation-id"), std::string("me-1"));
    QCOMPARE(answer.header("x-vx11-instance"), instance->id());
    QCOMPARE(answer.header("content-type"), std::string("application/json"));
    const QJsonObject body = json(answer);
    QCOMPARE(body.keys(), QStringList({"correlation_id", "expires_in_sec", "sse_token", "ttl_sec"}));
    QVERIFY(QRegularExpression("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
                .match(body["sse_token"].toString()).hasMatch());
    QCOMPARE(body["expires_in_sec"].toInt(), 60);
    QCOMPARE(body["ttl_sec"].toInt(), 60);
    QCOMPARE(body["correlation_id"].toString(), QString("me-1"));
  }

  void issueBody_data() {
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<int>("ttl");
    const auto ok = [](const char* name, const char* body, int ttl) {
      QTest::newRow(name) << QByteArray(body) << 200 << QByteArray() << ttl;
    };
    const auto bad = [](const char* name, const char* body, const char* code) {
      QTest::newRow(name) << QByteArray(body) << 400 << QByteArray(code) << 0;
    };
    ok("none", "", 60);
    ok("empty object", "{}", 60);
    ok("least", R"({"ttl_sec":1})", 1);
    ok("most", R"({"ttl_sec":300})", 300);
    ok("a whole float", R"({"ttl_sec":30.0})", 30);
    ok("unknown fields", R"({"colour":"red","ttl_sec":5})", 5);
    ok("single use", R"({"single_use":true})", 60);
    ok("null is absent", R"({"ttl_sec":null,"single_use":null})", 60);
    bad("zero", R"({"ttl_sec":0})", "ttl_out_of_range");
    bad("negative", R"({"ttl_sec":-1})", "ttl_out_of_range");
    bad("over", R"({"ttl_sec":301})", "ttl_out_of_range");
    bad("fraction", R"({"ttl_sec":1.5})", "ttl_out_of_range");
    bad("huge", R"({"ttl_sec":1e300})", "ttl_out_of_range");
    bad("text", R"({"ttl_sec":"60"})", "invalid_ttl_sec");
    bad("single use as text", R"({"single_use":"yes"})", "invalid_single_use");
    bad("not JSON", "ttl=5", "malformed_json");
    bad("not an object", "[1]", "malformed_json");
    bad("cut", R"({"ttl_sec":)", "malformed_json");
  }
  void issueBody() {
    QFETCH(QByteArray, body);
    const TestInstance instance;
    const Answer answer = instance.ask("POST", issue_path, TestInstance::principal_line(), body.toStdString());
    QTEST(answer.status, "status");
    if (answer.status == 200) {
      QTEST(json(answer)["ttl_sec"].toInt(), "ttl");
    } else {
      QTEST(QByteArray::fromStdString(detail(answer)), "code");
    }
  }
  void deeplyNestedJsonIsRefused() {
    const TestInstance instance;
    const std::string deep = std::string(20000, '[') + std::string(20000, ']');
    QCOMPARE(instance.ask("POST", issue_path, TestInstance::principal_line(), deep).status, 400);
  }

  void principalOf_data() {
    QTest::addColumn<QByteArray>("lines");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("code");
    const QByteArray good = QByteArray("X-VX11-Token: ") + principal + "\r\n";
    QTest::newRow("first") << good << 200 << QByteArray();
    QTest::newRow("second") << QByteArray("x-vx11-token: ") + second_principal + "\r\n" << 200 << QByteArray();
    QTest::newRow("none") << QByteArray() << 401 << QByteArray("auth_required");
    QTest::newRow("empty") << QByteArray("X-VX11-Token: \r\n") << 401 << QByteArray("auth_required");
    QTest::newRow("wrong") << QByteArray("X-VX11-Token: nobody-knows-this-one\r\n") << 403 << QByteArray("invalid_token");
    QTest::newRow("prefix") << QByteArray("X-VX11-Token: principal-for-tests\r\n") << 403 << QByteArray("invalid_token");
    QTest::newRow("both in one") << QByteArray("X-VX11-Token: ") + principal + "," + second_principal + "\r\n" << 403
                                 << QByteArray("invalid_token");
    QTest::newRow("twice") << good + good << 400 << QByteArray("repeated_header");
    QTest::newRow("cookie") << QByteArray("Cookie: X-VX11-Token=") + principal + "\r\n" << 401
                            << QByteArray("auth_required");
  }
  void principalOf() {
    QFETCH(QByteArray, lines);
    QFETCH(int, status);
    const TestInstance instance;
    const Answer answer = instance.ask("POST", issue_path, lines.toStdString());
    QCOMPARE(answer.status, status);
    if (status != 200) QTEST(QByteArray::fromStdString(detail(answer)), "code");
  }

  void validateTellsTheRestOfItsLife() {
    const TestInstance instance;
    const std::string token = instance.issue(R"({"ttl_sec":5})");
    const Answer answer = instance.validate(token);
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.header("cache-control"), std::string("no-store"));
    QCOMPARE(json(answer)["valid"].toBool(), true);
    QCOMPARE(json(answer)["source"].toString(), QString("memory"));
    QVERIFY(json(answer)["expires_in_ms"].toInt() > 4000 && json(answer)["expires_in_ms"].toInt() <= 5000);
    QCOMPARE(instance.ask("HEAD", validate_path + "?token=" + token).status, 200);
    QCOMPARE(instance.validate(token).status, 200);  // consumes nothing
  }

  void validateRefuses_data() {
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<int>("status");
    QTest::newRow("no token") << QByteArray("") << 401;
    QTest::newRow("empty") << QByteArray("?token=") << 401;
    QTest::newRow("twice") << QByteArray("?token=a&token=b") << 400;
    QTest::newRow("unknown") << QByteArray("?token=6f9619ff-8b86-4011-b42d-00c04fc964ff") << 403;
    QTest::newRow("upper case") << QByteArray("?token=6F9619FF-8B86-4011-B42D-00C04FC964FF") << 403;
    QTest::newRow("version 1") << QByteArray("?token=6f9619ff-8b86-1011-b42d-00c04fc964ff") << 403;
    QTest::newRow("rubbish") << QByteArray("?token=%00%ff") << 403;
    QTest::newRow("a principal") << QByteArray("?token=") + principal << 403;
    QTest::newRow("signed, no keys") << QByteArray("?token=v1.k1.AAAA.BBBB") << 403;
  }
  void validateRefuses() {
    QFETCH(QByteArray, query);
    const TestInstance instance;
    QTEST(instance.ask("GET", validate_path + query.toStdString()).status, "status");
  }

  void aTokenIsRefusedAfterItsLife() {
    const TestInstance instance;
    const std::string token = instance.issue(R"({"ttl_sec":1})");
    QCOMPARE(instance.validate(token).status, 200);
    QTRY_COMPARE_WITH_TIMEOUT(instance.validate(token).status, 403, 3000);
    QTRY_COMPARE(metric(instance, "vx11_operator_ephemeral_tokens_expired_total"), 1.0);  // without anyone's help
    QCOMPARE(metric(instance, "vx11_operator_ephemeral_tokens_active"), 0.0);
  }

  void singleUseOpensOneStreamOnly() {
    const TestInstance instance;
    const std::string token = instance.issue(R"({"single_use":true})");
    QCOMPARE(instance.validate(token).status, 200);
    QCOMPARE(instance.ask("HEAD", stream_path + "?token=" + token).status, 200);
    RawClient first(instance.port());
    first.send(request_text("GET", stream_path + "?token=" + token));
    QVERIFY(first.read_until("event: snapshot"));
    QCOMPARE(instance.ask("GET", stream_path + "?token=" + token).status, 403);
    QCOMPARE(instance.validate(token).status, 403);
    QCOMPARE(metric(instance, "vx11_operator_ephemeral_tokens_used_total"), 1.0);
  }

  void streamOpensByTokenOrPrincipal() {
    const TestInstance instance;
    const std::string token = instance.issue();
    RawClient by_token(instance.port());
    by_token.send(request_text("GET", stream_path + "?follow=true&token=" + token));
    QVERIFY(by_token.read_until("event: snapshot\ndata: {\"instance_id\":\"" + instance->id() + "\",\"mode\":\"memory\""));
    const std::string& text = by_token.received();
    QVERIFY(text.starts_with("HTTP/1.1 200 OK\r\n"));
    for (const char* line : {"Content-Type: text/event-stream\r\n", "Cache-Control: no-store\r\n",
                             "Referrer-Policy: no-referrer\r\n", "X-Accel-Buffering: no\r\n", "retry: 10000\n\n"}) {
      QVERIFY2(text.find(line) != std::string::npos, line);
    }
    RawClient by_principal(instance.port());
    by_principal.send(request_text("GET", stream_path, TestInstance::principal_line()));
    QVERIFY(by_principal.read_until("event: snapshot"));
    QCOMPARE(metric(instance, "vx11_operator_sse_connections_ephemeral_total"), 1.0);
    QCOMPARE(metric(instance, "vx11_operator_sse_connections_principal_total"), 1.0);
    QCOMPARE(metric(instance, "vx11_operator_sse_streams"), 2.0);
  }

  void streamRefuses_data() {
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QByteArray>("lines");
    QTest::addColumn<int>("status");
    const QByteArray good = QByteArray("X-VX11-Token: ") + principal + "\r\n";
    QTest::newRow("nothing") << QByteArray("") << QByteArray() << 401;
    QTest::newRow("unknown token") << QByteArray("?token=6f9619ff-8b86-4011-b42d-00c04fc964ff") << QByteArray() << 403;
    QTest::newRow("a bad token in the query decides alone")
        << QByteArray("?token=6f9619ff-8b86-4011-b42d-00c04fc964ff") << good << 403;
    QTest::newRow("an empty token too") << QByteArray("?token=") << good << 403;
    QTest::newRow("token twice") << QByteArray("?token=a&token=a") << good << 400;
    QTest::newRow("principal in the query") << QByteArray("?token=") + principal << QByteArray() << 403;
    QTest::newRow("wrong principal") << QByteArray("") << QByteArray("X-VX11-Token: nobody-knows-this-one\r\n") << 403;
  }
  void streamRefuses() {
    QFETCH(QByteArray, query);
    QFETCH(QByteArray, lines);
    QFETCH(int, status);
    const TestInstance instance;
    QCOMPARE(instance.ask("GET", stream_path + query.toStdString(), lines.toStdString()).status, status);
    QCOMPARE(instance.ask("HEAD", stream_path + query.toStdString(), lines.toStdString()).status, status);
  }

  void principalInTheQueryOnlyWhenAllowed() {
    config::Settings settings = test_settings();
    settings.allow_principal_query = true;
    const TestInstance instance(std::move(settings));
    RawClient client(instance.port());
    client.send(request_text("GET", stream_path + "?token=" + principal));
    QVERIFY(client.read_until("event: snapshot"));
    QCOMPARE(metric(instance, "vx11_operator_principals_in_query_total"), 1.0);
    QCOMPARE(instance.validate(principal).status, 403);
  }

  void publishReachesEveryStreamOfEveryLoopInOrder() {
    const TestInstance instance;
    std::vector<std::unique_ptr<RawClient>> streams;
    for (int i = 0; i < 20; ++i) {
      streams.push_back(std::make_unique<RawClient>(instance.port()));
      streams.back()->send(request_text("GET", stream_path, TestInstance::principal_line()));
      QVERIFY(streams.back()->read_until("event: snapshot"));
      QVERIFY(streams.back()->read_until("}\n\n"));
      streams.back()->forget();
    }
    std::string expected;
    RawClient publisher(instance.port());
    for (int i = 0; i < 50; ++i) {
      const Answer answer = publisher.ask(request_text("POST", publish_path, TestInstance::principal_line(),
                                                       R"({"event":"job.done","data":{"n":)" + std::to_string(i) + "}}"));
      QCOMPARE(answer.status, 202);
      const std::string id = json(answer)["id"].toString().toStdString();
      QVERIFY(QRegularExpression("^[0-9a-f]{8}\\.[0-9]+$").match(QString::fromStdString(id)).hasMatch());
      expected += "id: " + id + "\nevent: job.done\ndata: {\"n\":" + std::to_string(i) + "}\n\n";
    }
    for (auto& stream : streams) {
      QVERIFY(stream->read_until("{\"n\":49}\n\n"));
      QCOMPARE(stream->received(), expected);
    }
  }

  void publishRefuses_data() {
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("code");
    QTest::newRow("nothing") << QByteArray("") << QByteArray("invalid_event");
    QTest::newRow("no name") << QByteArray(R"({"data":1})") << QByteArray("invalid_event");
    QTest::newRow("empty name") << QByteArray(R"({"event":""})") << QByteArray("invalid_event");
    QTest::newRow("line break") << QByteArray(R"({"event":"a\nb"})") << QByteArray("invalid_event");
    QTest::newRow("long") << "{\"event\":\"" + QByteArray(65, 'a') + "\"}" << QByteArray("invalid_event");
    QTest::newRow("a number") << QByteArray(R"({"event":1})") << QByteArray("invalid_event");
    for (const char* name : {"snapshot", "heartbeat", "reset", "revoked", "drain"}) {
      QTest::newRow(name) << QByteArray("{\"event\":\"") + name + "\"}" << QByteArray("reserved_event");
    }
    QTest::newRow("not JSON") << QByteArray("event") << QByteArray("malformed_json");
  }
  void publishRefuses() {
    QFETCH(QByteArray, body);
    const TestInstance instance;
    const Answer answer = instance.ask("POST", publish_path, TestInstance::principal_line(), body.toStdString());
    QCOMPARE(answer.status, 400);
    QTEST(QByteArray::fromStdString(detail(answer)), "code");
    QCOMPARE(instance.ask("POST", publish_path, "", R"({"event":"x"})").status, 401);
  }

  void health() {
    const TestInstance instance;
    for (const char* path : {"/health", "/operator/api/health", "/operator/api/healthz"}) {
      const Answer answer = instance.ask("GET", path);
      QCOMPARE(answer.status, 200);
      const QJsonObject body = json(answer);
      QCOMPARE(body.keys(), QStringList({"ephemeral_token_cache_size", "instance_id", "mode", "service", "status",
                                         "timestamp", "version"}));
      QCOMPARE(body["status"].toString(), QString("ok"));
      QCOMPARE(body["mode"].toString(), QString("memory"));
    }
    QCOMPARE(instance.ask("GET", "/livez").status, 200);
    QCOMPARE(instance.ask("HEAD", "/livez").status, 200);
    const Answer ready = instance.ask("GET", "/readyz");
    QCOMPARE(ready.status, 200);
    QCOMPARE(json(ready)["components"].toObject()["store"].toObject()["state"].toString(), QString("ok"));
  }

  void warningsMakeReadinessDegradedAndStay200() {
    config::Settings settings = test_settings();
    settings.warnings = {"a \"quoted\" warning"};
    const TestInstance instance(std::move(settings));
    const Answer ready = instance.ask("GET", "/readyz");
    QCOMPARE(ready.status, 200);
    const QJsonObject configuration = json(ready)["components"].toObject()["configuration"].toObject();
    QCOMPARE(configuration["state"].toString(), QString("degraded"));
    QCOMPARE(configuration["warnings"].toArray().first().toString(), QString("a \"quoted\" warning"));
  }

  void aFullTableAnswers503AndDropsNobody() {
    config::Settings settings = test_settings();
    settings.max_tokens = 3;
    const TestInstance instance(std::move(settings));
    std::vector<std::string> tokens;
    for (int i = 0; i < 3; ++i) tokens.push_back(instance.issue());
    const Answer refused = instance.ask("POST", issue_path, TestInstance::principal_line());
    QCOMPARE(refused.status, 503);
    QCOMPARE(detail(refused), std::string("token_table_full"));
    QVERIFY(!refused.header("retry-after").empty());
    for (const std::string& token : tokens) QCOMPARE(instance.validate(token).status, 200);
  }

  void rateLimitIsPerPrincipal() {
    config::Settings settings = test_settings();
    settings.rate_limit = 3;
    settings.rate_window = 60s;
    const TestInstance instance(std::move(settings));
    for (int i = 0; i < 3; ++i) QCOMPARE(instance.ask("POST", issue_path, TestInstance::principal_line()).status, 200);
    const Answer refused = instance.ask("POST", issue_path, TestInstance::principal_line());
    QCOMPARE(refused.status, 429);
    QCOMPARE(detail(refused), std::string("rate_limited"));
    QVERIFY(std::atoi(refused.header("retry-after").c_str()) >= 1);
    QCOMPARE(instance.ask("POST", issue_path, TestInstance::principal_line(second_principal)).status, 200);
  }

  void failuresAreLimitedBehindAProxyAndValidTokensNever() {
    config::Settings settings = test_settings();
    settings.trusted_proxies = {"127.0.0.0/8"};
    const TestInstance instance(std::move(settings));
    const std::string token = instance.issue();
    const std::string from = "X-Forwarded-For: 198.51.100.7\r\n";
    const std::string unknown = validate_path + "?token=6f9619ff-8b86-4011-b42d-00c04fc964ff";
    RawClient client(instance.port());
    int limited = 0;
    for (int i = 0; i < 200; ++i) limited += client.ask(request_text("GET", unknown, from)).status == 429;
    QVERIFY2(limited > 100, std::to_string(limited).c_str());
    QCOMPARE(client.ask(request_text("GET", validate_path + "?token=" + token, from)).status, 200);
    QCOMPARE(client.ask(request_text("GET", unknown, "X-Forwarded-For: 198.51.100.8\r\n")).status, 403);
    // To a browser a passing refusal must not look final.
    const Answer later = client.ask(request_text("HEAD", stream_path + "?token=6f9619ff-8b86-4011-b42d-00c04fc964ff", from), true);
    QCOMPARE(later.status, 200);
  }

  void localFailuresAreNotLimited() {
    const TestInstance instance;
    RawClient client(instance.port());
    for (int i = 0; i < 200; ++i) {
      QCOMPARE(client.ask(request_text("GET", validate_path + "?token=6f9619ff-8b86-4011-b42d-00c04fc964ff")).status, 403);
    }
  }

  void countersAddUp() {
    const TestInstance instance;
    std::vector<std::string> tokens;
    for (int i = 0; i < 20; ++i) tokens.push_back(instance.issue(i < 5 ? R"({"ttl_sec":1})" : ""));
    for (int i = 5; i < 10; ++i) {
      const std::string body = "{\"token\":\"" + tokens[std::size_t(i)] + "\"}";
      QCOMPARE(instance.ask("POST", "/operator/internal/tokens/revoke", TestInstance::principal_line(), body).status, 200);
    }
    for (const std::string& token : tokens) (void)instance.validate(token);
    QTRY_COMPARE_WITH_TIMEOUT(metric(instance, "vx11_operator_ephemeral_tokens_expired_total"), 5.0, 4000);
    QCOMPARE(metric(instance, "vx11_operator_ephemeral_tokens_issued_total"), 20.0);
    QCOMPARE(metric(instance, "vx11_operator_ephemeral_tokens_revoked_total"), 5.0);
    QCOMPARE(metric(instance, "vx11_operator_ephemeral_tokens_active"), 10.0);
    QCOMPARE(metric(instance, "vx11_ephemeral_token_cache_local_hits"),
             metric(instance, "vx11_ephemeral_token_cache_local_hits_total"));
    QCOMPARE(metric(instance, "vx11_ephemeral_token_cache_local_hits_total") +
                 metric(instance, "vx11_operator_ephemeral_tokens_invalid_total"), 20.0);
  }

  void noTokenReachesTheLog() {
    config::Settings settings = test_settings();
    settings.access_log = true;
    const TestInstance instance(std::move(settings));
    const std::string token = instance.issue();
    (void)instance.validate(token);
    (void)instance.ask("HEAD", stream_path + "?a=1&token=" + token + "&b=2");
    (void)instance.ask("GET", "/nothing?%74oken=" + token);
    (void)instance.ask("POST", "/operator/internal/tokens/revoke", TestInstance::principal_line(), "{\"token\":\"" + token + "\"}");
    const std::string log = instance.log();
    QVERIFY(log.find("token=***") != std::string::npos);
    QVERIFY(log.find("a=1&token=***&b=2") != std::string::npos);
    QVERIFY2(log.find(token) == std::string::npos, log.c_str());
    QVERIFY(log.find(principal) == std::string::npos);
  }
};

QTEST_GUILESS_MAIN(TestPublicCalls)
#include "test_public_calls.moc"
