// What a browser is told about pages of other origins: which paths they may use, and by which lines.
#include <QTest>

#include "support/test_instance.h"

using namespace vx11;
using namespace vx11::test;

namespace {

const std::string issue_path = "/operator/api/events/sse-token";
const std::string stream_path = "/operator/api/events/stream";
const std::string validate_path = "/operator/api/events/validate";
const std::string unknown = "?token=6f9619ff-8b86-4011-b42d-00c04fc964ff";
const std::string page = "Origin: https://app.example\r\n";
const std::string stranger = "Origin: https://evil.example\r\n";
const std::string asks = "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: x-vx11-token\r\n";

[[nodiscard]] config::Settings open_to(std::vector<std::string> origins) {
  config::Settings settings = test_settings();
  settings.cors_origins = std::move(origins);
  return settings;
}

/// Nothing: there was no such line.
[[nodiscard]] std::string allowed(const Answer& answer) { return answer.header("access-control-allow-origin"); }

}  // namespace

class TestCrossOrigin : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void withoutOriginsThereIsNoneOfIt() {
    const TestInstance instance;
    for (const std::string& path : {issue_path, stream_path, validate_path}) {
      const Answer answer = instance.ask("OPTIONS", path, page + asks);
      QCOMPARE(answer.status, 405);
      QVERIFY(answer.raw_head.find("Access-Control") == std::string::npos);
    }
    const Answer issued = instance.ask("POST", issue_path, TestInstance::principal_line() + page);
    QCOMPARE(issued.status, 200);
    QVERIFY(issued.raw_head.find("Vary") == std::string::npos);
    QCOMPARE(allowed(issued), std::string());
  }

  void aPreflightIsAnsweredOnThreePathsOnly_data() {
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("methods");
    QTest::newRow("issue") << QByteArray(issue_path.c_str()) << QByteArray("POST");
    QTest::newRow("stream") << QByteArray(stream_path.c_str()) << QByteArray("GET, HEAD");
    QTest::newRow("validate") << QByteArray(validate_path.c_str()) << QByteArray("GET, HEAD");
    QTest::newRow("publish") << QByteArray("/operator/api/events/publish") << QByteArray();
    QTest::newRow("revoke") << QByteArray("/operator/internal/tokens/revoke") << QByteArray();
    QTest::newRow("health") << QByteArray("/health") << QByteArray();
  }
  void aPreflightIsAnsweredOnThreePathsOnly() {
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, methods);
    const TestInstance instance(open_to({"https://app.example", "https://other.example"}));
    const Answer answer = instance.ask("OPTIONS", path.toStdString(), page + asks);
    if (methods.isEmpty()) {
      QCOMPARE(answer.status, 405);
      QVERIFY(answer.raw_head.find("Access-Control") == std::string::npos);
      return;
    }
    QCOMPARE(answer.status, 204);
    QCOMPARE(allowed(answer), std::string("https://app.example"));
    QCOMPARE(answer.header("access-control-allow-methods"), methods.toStdString());
    QCOMPARE(answer.header("access-control-allow-headers"),
             std::string("X-VX11-Token, X-Correlation-Id, Content-Type, Last-Event-ID"));
    QCOMPARE(answer.header("vary"), std::string("Origin"));
    QCOMPARE(answer.header("access-control-allow-credentials"), std::string());
  }

  void aStrangersPageIsToldNothing() {
    const TestInstance instance(open_to({"https://app.example"}));
    const Answer preflight = instance.ask("OPTIONS", issue_path, stranger + asks);
    QCOMPARE(preflight.status, 204);
    QCOMPARE(allowed(preflight), std::string());
    // The service answers whoever has a principal; it is the browser that keeps the answer from the page.
    const Answer issued = instance.ask("POST", issue_path, TestInstance::principal_line() + stranger);
    QCOMPARE(issued.status, 200);
    QCOMPARE(allowed(issued), std::string());
    QCOMPARE(issued.header("vary"), std::string("Origin"));
  }

  void everyAnswerOfThosePathsSaysSo_data() {
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");
    const auto row = [](const char* name, const std::string& request, int status) {
      QTest::newRow(name) << QByteArray::fromStdString(request) << status;
    };
    const std::string good = TestInstance::principal_line() + page;
    row("issued", request_text("POST", issue_path, good), 200);
    row("no principal", request_text("POST", issue_path, page), 401);
    row("wrong principal", request_text("POST", issue_path, page + "X-VX11-Token: nobody-knows-this-one\r\n"), 403);
    row("bad body", request_text("POST", issue_path, good, "{"), 400);
    row("body too large", request_text("POST", issue_path, good, std::string(70'000, ' ')), 413);
    row("headers too large", request_text("POST", issue_path, good + "X: " + std::string(8'300, 'x') + "\r\n"), 431);
    row("wrong method", request_text("GET", issue_path, page), 405);
    row("refused token", request_text("GET", validate_path + unknown, page), 403);
    row("refused stream", request_text("GET", stream_path + unknown, page), 403);
    row("repeated", request_text("GET", stream_path + "?token=a&token=b", page), 400);
  }
  void everyAnswerOfThosePathsSaysSo() {
    QFETCH(QByteArray, request);
    QFETCH(int, status);
    const TestInstance instance(open_to({"https://app.example"}));
    RawClient client(instance.port());
    const Answer answer = client.ask(request.toStdString());
    QCOMPARE(answer.status, status);
    QCOMPARE(allowed(answer), std::string("https://app.example"));
    QCOMPARE(answer.header("vary"), std::string("Origin"));
    QVERIFY(answer.header("access-control-expose-headers").find("X-Correlation-Id") != std::string::npos);
  }

  void streamsToo() {
    const TestInstance instance(open_to({"https://app.example"}));
    const std::string token = instance.issue();
    RawClient client(instance.port());
    QVERIFY(client.send(request_text("GET", stream_path + "?token=" + token, page)));
    QVERIFY(client.read_until("event: snapshot"));
    QVERIFY(client.received().find("Access-Control-Allow-Origin: https://app.example\r\n") != std::string::npos);
    QVERIFY(client.received().find("Vary: Origin\r\n") != std::string::npos);
  }

  void whatCachesMayKeepDependsOnTheOriginEvenWithoutOne() {
    const TestInstance instance(open_to({"https://app.example"}));
    const Answer answer = instance.ask("GET", validate_path + unknown);
    QCOMPARE(answer.status, 403);
    QCOMPARE(answer.header("vary"), std::string("Origin"));
    QCOMPARE(allowed(answer), std::string());
    QCOMPARE(instance.ask("GET", "/health", page).header("vary"), std::string());
  }

  void originsAreComparedWhole_data() {
    QTest::addColumn<QByteArray>("configured");
    QTest::addColumn<QByteArray>("origin");
    QTest::addColumn<QByteArray>("allowed");
    const auto row = [](const char* configured, const char* origin, const char* allowed) {
      QTest::addRow("%s for %s", configured, origin)
          << QByteArray(configured) << QByteArray(origin) << QByteArray(allowed);
    };
    row("https://app.example", "https://app.example", "https://app.example");
    row("https://app.example:443", "https://app.example", "https://app.example");
    row("http://app.example:80", "http://app.example", "http://app.example");
    row("http://app.example:8080", "http://app.example:8080", "http://app.example:8080");
    row("https://app.example", "http://app.example", "");
    row("https://app.example", "https://app.example:8443", "");
    row("https://app.example", "https://app.example.evil.example", "");
    row("https://app.example", "https://evil.app.example", "");
    row("https://app.example", "null", "");
    row("*", "https://whoever.example", "*");
    row("*", "null", "*");
  }
  void originsAreComparedWhole() {
    QFETCH(QByteArray, configured);
    QFETCH(QByteArray, origin);
    QFETCH(QByteArray, allowed);
    const TestInstance instance(open_to({configured.toStdString()}));
    const Answer answer = instance.ask("GET", validate_path + unknown, "Origin: " + origin.toStdString() + "\r\n");
    QCOMPARE(::allowed(answer), allowed.toStdString());
  }

  void optionsOfSomeoneWhoIsNoBrowser() {
    const TestInstance instance(open_to({"https://app.example"}));
    const Answer answer = instance.ask("OPTIONS", validate_path);
    QCOMPARE(answer.status, 204);
    QCOMPARE(answer.header("allow"), std::string("GET, HEAD, OPTIONS"));
  }
};

QTEST_GUILESS_MAIN(TestCrossOrigin)
#include "test_cross_origin.moc"
