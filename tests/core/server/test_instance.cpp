// Instances as objects: many in one process, ports, graceful and sudden ends, and what needs no HTTP.
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <thread>

#include "support/test_instance.h"

using namespace vx11;
using namespace vx11::test;
using namespace std::chrono_literals;

class TestInstanceLife : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void twoInOneProcessKnowOnlyTheirOwnTokens() {
    const TestInstance a, b;
    QVERIFY(a.port() != b.port());
    QVERIFY(a->id() != b->id());
    const std::string of_a = a.issue(), of_b = b.issue();
    QCOMPARE(a.validate(of_a).status, 200);
    QCOMPARE(b.validate(of_b).status, 200);
    QCOMPARE(a.validate(of_b).status, 403);
    QCOMPARE(b.validate(of_a).status, 403);
  }

  void tenStartAndStop() {
    std::vector<std::unique_ptr<TestInstance>> ten;
    for (int i = 0; i < 10; ++i) ten.push_back(std::make_unique<TestInstance>());
    for (const auto& instance : ten) QVERIFY(!instance->issue().empty());
    while (!ten.empty()) {
      ten.erase(ten.begin());
      for (const auto& instance : ten) QVERIFY(!instance->issue().empty());
    }
  }

  void aTakenPortIsAnErrorThatNamesIt() {
    for (const unsigned threads : {1U, 2U}) {
      config::Settings settings = test_settings();
      settings.threads = threads;
      const TestInstance first(settings);
      settings.listen.port = first.port();
      const TestInstance second(settings);
      QVERIFY(!second);
      QCOMPARE(second.error(), "address 127.0.0.1:" + std::to_string(first.port()) + " is in use");
      QVERIFY(!first.issue().empty());
    }
  }

  void anUnusableAddressIsAnError_data() {
    QTest::addColumn<QString>("host");
    QTest::newRow("not ours") << QString("192.0.2.1");
    QTest::newRow("no such name") << QString("no-such-host.invalid");
  }
  void anUnusableAddressIsAnError() {
    QFETCH(QString, host);
    config::Settings settings = test_settings();
    settings.listen.host = host.toStdString();
    const TestInstance instance(std::move(settings));
    QVERIFY(!instance);
    QVERIFY2(instance.error().find(host.toStdString()) != std::string::npos, instance.error().c_str());
  }

  void whatIsNotHereYetSaysSo() {
    config::Settings settings = test_settings();
    settings.mode = "signed";
    const TestInstance instance(settings);
    QVERIFY(!instance);
    QVERIFY(instance.error().find("signed") != std::string::npos);
  }

  void aDeadRedisHoldsTheStartUpForASecondAtMost() {
    config::Settings settings = test_settings();
    settings.mode = "hybrid";
    settings.redis_url = "redis://127.0.0.1:1/0";
    const auto begun = std::chrono::steady_clock::now();
    const TestInstance instance(std::move(settings));
    QVERIFY2(instance, instance.error().c_str());
    QVERIFY(std::chrono::steady_clock::now() - begun < std::chrono::seconds(5));
    const std::string token = instance.issue();
    QVERIFY(!token.empty());
    QCOMPARE(instance.validate(token).status, 200);
    QVERIFY(instance.ask("GET", "/readyz").body.find(R"("redis":{"state":"degraded")") != std::string::npos);
  }

  void onePrincipalIsMadeWhenNoneIsGiven() {
    config::Settings settings = test_settings();
    settings.principals.clear();
    const TestInstance a(settings), b(settings);
    const std::string made(a->one_run_principal().reveal());
    QCOMPARE(made.size(), std::size_t{32});
    QVERIFY(b->one_run_principal().reveal() != made);
    QCOMPARE(a.ask("POST", "/operator/api/events/sse-token", TestInstance::principal_line(made)).status, 200);
    QCOMPARE(b.ask("POST", "/operator/api/events/sse-token", TestInstance::principal_line(made)).status, 403);
    QVERIFY(a.log().find(made) == std::string::npos);
    QVERIFY(TestInstance()->one_run_principal().empty());
  }

  void metricsOnAListenerOfTheirOwn() {
    config::Settings settings = test_settings();
    settings.metrics_listen = config::Endpoint{"127.0.0.1", 0};
    // The port is picked by the system and shown nowhere, so a free one is found first.
    const TestInstance probe;
    const std::uint16_t port = probe.port();
    const_cast<TestInstance&>(probe).reset();
    settings.metrics_listen->port = port;
    const TestInstance instance(std::move(settings));
    QVERIFY2(static_cast<bool>(instance), instance.error().c_str());
    QCOMPARE(instance.ask("GET", "/metrics").status, 404);
    RawClient client(port);
    QCOMPARE(client.ask(request_text("GET", "/metrics")).status, 200);
    QCOMPARE(client.ask(request_text("GET", "/health")).status, 404);
  }

  void portFileIsWholeOrAnError() {
    QTemporaryDir folder;
    config::Settings settings = test_settings();
    settings.port_file = folder.filePath("port").toStdString();
    const TestInstance instance(settings);
    QFile file(folder.filePath("port"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray::number(instance.port()) + "\n");
    settings.port_file = folder.filePath("missing/port").toStdString();
    const TestInstance refused(settings);
    QVERIFY(!refused);
    QVERIFY(refused.error().find("missing/port") != std::string::npos);
  }

  void drainIsNotReadyAtOnceAnswersWhatItHasAndEnds() {
    TestInstance instance;
    std::atomic<bool> told = false;
    instance->on_stopped([&told] { told = true; });
    RawClient stream(instance.port());
    stream.send(request_text("GET", "/operator/api/events/stream", TestInstance::principal_line()));
    QVERIFY(stream.read_until("event: snapshot"));
    RawClient kept(instance.port());
    QCOMPARE(kept.ask(request_text("GET", "/readyz")).status, 200);
    instance->drain();
    const Answer ready = kept.ask(request_text("GET", "/readyz"));
    QCOMPARE(ready.status, 503);
    QVERIFY(ready.body.find("draining") != std::string::npos);
    // A stream that can't be opened now doesn't look refused for good.
    RawClient late(instance.port());
    late.send(request_text("GET", "/operator/api/events/stream", TestInstance::principal_line()));
    const std::string answer = late.read_to_end();
    QVERIFY(answer.starts_with("HTTP/1.1 200 OK\r\n"));
    QVERIFY(answer.find("retry: ") != std::string::npos);
    const std::string rest = stream.read_to_end();
    QVERIFY(rest.find("event: drain") != std::string::npos);
    QVERIFY(rest.find("retry: ") != std::string::npos);
    QVERIFY(stream.ended());
    kept.close();
    late.close();
    instance->wait();
    QTRY_VERIFY(told.load());
    RawClient after(instance.port());
    QVERIFY(!after.connected());
  }

  void drainByHttpDoesTheSame() {
    TestInstance instance;
    QCOMPARE(instance.ask("POST", "/operator/internal/drain", TestInstance::principal_line()).status, 202);
    instance->wait();
    QVERIFY(instance.log().find("\"action\":\"drain\"") != std::string::npos);
  }

  void whoAsksLateIsToldAllTheSame() {
    TestInstance instance;
    QVERIFY(instance->alive());
    instance->drain("a test");
    instance->drain("another");
    instance->wait();
    QVERIFY(instance->alive());  // nothing that ought to turn stands still
    int told = 0;
    instance->on_draining([&told] { ++told; });
    instance->on_stopped([&told] { ++told; });
    QCOMPARE(told, 2);
    const std::string log = instance.log();
    QVERIFY(log.find("\"detail\":\"a test\"") != std::string::npos);
    QVERIFY(log.find("another") == std::string::npos);
  }

  void aReloadOfOneLeavesTheOtherAlone() {
    const TestInstance a, b;
    config::Settings settings = test_settings();
    settings.principals = {Secret("a-third-principal-0123456789")};
    settings.rate_limit = 1;
    QVERIFY(a->reload(settings));
    const auto third = TestInstance::principal_line("a-third-principal-0123456789");
    const auto status = [](const TestInstance& one, const std::string& line) {
      return one.ask("POST", "/operator/api/events/sse-token", line).status;
    };
    QCOMPARE(status(a, TestInstance::principal_line()), 403);
    QCOMPARE(status(a, third), 200);
    QCOMPARE(status(a, third), 429);
    QCOMPARE(status(b, third), 403);
    QCOMPARE(status(b, TestInstance::principal_line()), 200);
    QVERIFY(!a->reload(std::string("no such file")));
    QVERIFY(a.log().find("no such file") != std::string::npos);
    settings.principals.clear();
    QVERIFY(!a->reload(settings));
    QCOMPARE(status(b, TestInstance::principal_line()), 200);
  }

  void aBusyConnectionCannotHoldUpTheEndForever() {
    config::Settings settings = test_settings();
    settings.stop_timeout = 1s;
    settings.threads = 4;
    TestInstance instance(std::move(settings));
    // Of four loops one is busy, and mostly it isn't the first that is the last.
    RawClient half(instance.port());
    half.send("POST /operator/api/events/sse-token HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nab");
    QTest::qWait(50);
    QElapsedTimer timer;
    timer.start();
    instance->drain();
    instance->wait();
    QVERIFY2(timer.elapsed() < 3000, QByteArray::number(timer.elapsed()).constData());
  }

  void theEndDuringTrafficIsClean() {
    for (int round = 0; round < 5; ++round) {
      TestInstance instance;
      std::atomic<bool> stop = false;
      std::vector<std::thread> clients;
      for (int i = 0; i < 4; ++i) {
        clients.emplace_back([&stop, port = instance.port()] {
          while (!stop) {
            RawClient client(port, 2s);
            if (!client.connected()) return;
            for (int n = 0; n < 20 && client.ask(request_text("POST", "/operator/api/events/sse-token",
                                                              TestInstance::principal_line()))
                                              .status == 200;
                 ++n) {
            }
            client.send(request_text("GET", "/operator/api/events/stream", TestInstance::principal_line()));
            (void)client.read_until("snapshot");
          }
        });
      }
      RawClient(instance.port()).ask(request_text("GET", "/health"));
      if (round % 2 == 0) instance->drain();
      instance.reset();
      stop = true;
      for (std::thread& client : clients) client.join();
    }
  }

  void theAuditFileTellsWhoDidWhat() {
    QTemporaryDir folder;
    config::Settings settings = test_settings();
    settings.audit_log = folder.filePath("audit.jsonl").toStdString();
    {
      const TestInstance instance(settings);
      const std::string token = instance.issue();
      (void)instance.ask("POST", "/operator/internal/tokens/revoke", TestInstance::principal_line(), R"({"all":true})");
      (void)instance.ask("POST", "/operator/api/events/sse-token", TestInstance::principal_line("wrong-wrong-wrong"));
      QTRY_VERIFY_WITH_TIMEOUT(
          [&] {
            QFile file(folder.filePath("audit.jsonl"));
            return file.open(QIODevice::ReadOnly) && file.readAll().contains("failed_principal");
          }(),
          4000);
      QFile file(folder.filePath("audit.jsonl"));
      QVERIFY(file.open(QIODevice::ReadOnly));
      const QByteArray text = file.readAll();
      QVERIFY(text.contains("\"action\":\"issue\""));
      QVERIFY(text.contains("\"action\":\"revoke\""));
      QVERIFY(!text.contains(token.c_str()));
      QVERIFY(!text.contains(principal));
      QVERIFY(!text.contains("wrong-wrong"));
      QCOMPARE(file.permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    }
    settings.audit_log = folder.filePath("missing/audit.jsonl").toStdString();
    const TestInstance refused(settings);
    QVERIFY(!refused);
    QVERIFY(refused.error().find("missing/audit.jsonl") != std::string::npos);
  }
};

QTEST_GUILESS_MAIN(TestInstanceLife)
#include "test_instance.moc"
