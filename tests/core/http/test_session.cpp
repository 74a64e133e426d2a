// Connections over a real socket: whatever the bytes and however they arrive, each request gets its answer or a clear
// refusal, in order.
#include <QTest>
#include <atomic>
#include <thread>

#include "http_routes.h"
#include "support/raw_client.h"

using namespace vx11;
using namespace vx11::http;
using namespace vx11::test;
using namespace std::chrono_literals;

class TestSession : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void everySplitOfAPipelinedPairGivesBothAnswers() {
    HttpServer server;
    addRoutes(server);
    server.start();
    const std::string bytes = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabcde" +
                              request_text("GET", "/hello?n=2");
    for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
      RawClient client(server.port);
      QVERIFY(client.send(bytes.substr(0, cut)));
      // Nothing to wait for: TCP_NODELAY sends the first part by itself; a merged read only makes the test weaker.
      std::this_thread::yield();
      QVERIFY(client.send(bytes.substr(cut)));
      const Answer first = client.read_answer();
      const Answer second = client.read_answer();
      QCOMPARE(first.status, 200);
      QCOMPARE(first.body, std::string("abcde"));
      QCOMPARE(second.body, std::string("hello 2"));
    }
  }

  void byteByByte() {
    HttpServer server;
    addRoutes(server);
    server.start();
    RawClient client(server.port);
    for (const char byte : request_text("POST", "/echo", "X-A: b\r\n", "body")) QVERIFY(client.send({&byte, 1}));
    QCOMPARE(client.read_answer().body, std::string("body"));
    for (const char* chunks : {"0\r\n\r\n", "3\r\nabc\r\n0\r\n\r\n", "1\r\na\r\n0\r\nT: u\r\n\r\n"}) {
      QVERIFY(client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"));
      for (const char* byte = chunks; *byte != 0; ++byte) {
        QVERIFY(client.send({byte, 1}));
        QTest::qWait(1);  // so that each is a read of its own
      }
      QCOMPARE(client.read_answer().status, 200);
    }
  }

  void manyPipelinedRequestsAreAnsweredInOrder() {
    HttpServer server;
    addRoutes(server);
    server.start();
    RawClient client(server.port);
    std::string bytes;
    for (int i = 0; i < 3000; ++i) bytes += request_text("GET", i % 7 == 3 ? "/later" : "/hello?n=" + std::to_string(i));
    std::thread sender([&] { client.send(bytes); });
    for (int i = 0; i < 3000; ++i) {
      const Answer answer = client.read_answer();
      const std::string expected = i % 7 == 3 ? "late" : "hello " + std::to_string(i);
      if (answer.body != expected) {
        sender.join();
        QCOMPARE(answer.body, expected);
      }
    }
    sender.join();
  }

  void refusal_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("code");
    const auto big = [](int n) { return QByteArray(n, 'a'); };
    QTest::newRow("no route") << QByteArray("GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n") << 404 << QByteArray("not_found");
    QTest::newRow("wrong method") << QByteArray("POST /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n") << 405
                                  << QByteArray("method_not_allowed");
    QTest::newRow("odd method") << QByteArray("BREW /hello HTTP/1.1\r\nHost: a\r\n\r\n") << 405
                                << QByteArray("method_not_allowed");
    QTest::newRow("no host") << QByteArray("GET /hello HTTP/1.1\r\n\r\n") << 400 << QByteArray("malformed_request");
    QTest::newRow("two hosts") << QByteArray("GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n") << 400
                               << QByteArray("malformed_request");
    QTest::newRow("rubbish") << QByteArray("\x01\x02\x03 what is this\r\n\r\n") << 400 << QByteArray("malformed_request");
    QTest::newRow("tls hello") << QByteArray::fromHex("160301020001000001fc0303") + QByteArray("\r\n\r\n") << 400
                               << QByteArray("malformed_request");
    QTest::newRow("bad version") << QByteArray("GET / HTTP/9.9\r\nHost: a\r\n\r\n") << 400
                                 << QByteArray("malformed_request");
    QTest::newRow("bad header") << QByteArray("GET /hello HTTP/1.1\r\nHost: a\r\nbad header: x\r\n\r\n") << 400
                                << QByteArray("malformed_request");
    QTest::newRow("lengths differ")
        << QByteArray("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab") << 400
        << QByteArray("malformed_request");
    QTest::newRow("length and chunked")
        << QByteArray("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
        << 400 << QByteArray("malformed_request");
    const auto coded = [](const char* lines) {
      return QByteArray("POST /echo HTTP/1.1\r\nHost: a\r\n") + lines + "\r\n2\r\nhi\r\n0\r\n\r\n";
    };
    QTest::newRow("a coding we don't know") << coded("Transfer-Encoding: gzip\r\n") << 400 << QByteArray("malformed_request");
    QTest::newRow("chunked isn't last") << coded("Transfer-Encoding: chunked, gzip\r\n") << 400
                                        << QByteArray("malformed_request");
    QTest::newRow("not quite chunked") << coded("Transfer-Encoding: xchunked\r\n") << 400 << QByteArray("malformed_request");
    QTest::newRow("chunked after another") << coded("Transfer-Encoding: gzip, chunked\r\n") << 400
                                           << QByteArray("malformed_request");
    QTest::newRow("chunked twice") << coded("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n") << 400
                                   << QByteArray("malformed_request");
    QTest::newRow("a coding, then a length") << coded("Transfer-Encoding: identity\r\nContent-Length: 2\r\n") << 400
                                             << QByteArray("malformed_request");
    QTest::newRow("chunked in HTTP/1.0")
        << QByteArray("POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n") << 400
        << QByteArray("malformed_request");
    QTest::newRow("blank before the colon") << coded("Transfer-Encoding : chunked\r\n") << 400
                                            << QByteArray("malformed_request");
    QTest::newRow("lines end in LF alone") << QByteArray("GET /hello HTTP/1.1\nHost: a\n\n\r\n\r\n") << 400
                                           << QByteArray("malformed_request");
    QTest::newRow("a NUL in a value") << QByteArray("GET /hello HTTP/1.1\r\nHost: a\r\nX: b") + '\0' + "c\r\n\r\n" << 400
                                      << QByteArray("malformed_request");
    QTest::newRow("endless chunk size") << "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;" + big(200000)
                                        << 431 << QByteArray("headers_too_large");
    QTest::newRow("long target") << "GET /" + big(8300) + " HTTP/1.1\r\nHost: a\r\n\r\n" << 414
                                 << QByteArray("uri_too_long");
    QTest::newRow("endless target") << "GET /" + big(40000) << 414 << QByteArray("uri_too_long");
    QTest::newRow("long header") << "GET /hello HTTP/1.1\r\nHost: a\r\nX: " + big(8300) + "\r\n\r\n" << 431
                                 << QByteArray("headers_too_large");
    QTest::newRow("endless header") << "GET /hello HTTP/1.1\r\nHost: a\r\nX: " + big(40000) << 431
                                    << QByteArray("headers_too_large");
    QByteArray many("GET /hello HTTP/1.1\r\nHost: a\r\n");
    for (int i = 0; i < 120; ++i) many += "X" + QByteArray::number(i) + ": y\r\n";
    QTest::newRow("many headers") << many + "\r\n" << 431 << QByteArray("headers_too_large");
    QTest::newRow("long body, announced") << "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 65537\r\n\r\n" + big(65537)
                                          << 413 << QByteArray("body_too_large");
    QByteArray chunks("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 80; ++i) chunks += "400\r\n" + big(1024) + "\r\n";
    QTest::newRow("long body, in chunks") << chunks << 413 << QByteArray("body_too_large");
    QTest::newRow("huge length") << QByteArray("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n")
                                 << 400 << QByteArray("malformed_request");
    QTest::newRow("handler forgets") << QByteArray("GET /forgets HTTP/1.1\r\nHost: a\r\n\r\n") << 500
                                     << QByteArray("internal_error");
    QTest::newRow("handler throws") << QByteArray("GET /throws HTTP/1.1\r\nHost: a\r\n\r\n") << 500
                                    << QByteArray("internal_error");
  }
  void refusal() {
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, code);
    HttpServer server;
    addRoutes(server);
    server.start();
    RawClient client(server.port);
    client.send(bytes.toStdString());
    const Answer answer = client.read_answer();
    QTEST(answer.status, "status");
    QCOMPARE(answer.header("x-fixed"), std::string("yes"));
    QVERIFY(!answer.header("x-correlation-id").empty());
    QCOMPARE(answer.body, "{\"detail\":\"" + code.toStdString() + "\",\"correlation_id\":\"" +
                              answer.header("x-correlation-id") + "\"}");
    // The server goes on.
    RawClient next(server.port);
    QCOMPARE(next.ask(request_text("GET", "/hello?n=1")).status, 200);
  }

  void limitsThemselvesPass() {
    HttpServer server;
    addRoutes(server);
    server.start();
    RawClient client(server.port);
    QCOMPARE(client.ask(request_text("GET", "/hello?n=" + std::string(8192 - 9, 'a'))).status, 200);
    QCOMPARE(client.ask(request_text("GET", "/hello", "X: " + std::string(8000, 'a') + "\r\n")).status, 200);
    QCOMPARE(client.ask(request_text("POST", "/echo", "", std::string(65536, 'b'))).body.size(), std::size_t{65536});
  }

  void methodsNameWhatIsAllowed() {
    HttpServer server;
    addRoutes(server);
    server.start();
    RawClient client(server.port);
    QCOMPARE(client.ask(request_text("POST", "/hello", "", "x")).header("allow"), std::string("GET, HEAD"));
    QCOMPARE(client.ask(request_text("GET", "/echo")).header("allow"), std::string("POST"));
  }

  void headSendsTheHeadOnly() {
    HttpServer server;
    addRoutes(server);
    server.start();
    RawClient client(server.port);
    const Answer head = client.ask(request_text("HEAD", "/hello?n=5"), true);
    QCOMPARE(head.status, 200);
    QCOMPARE(head.header("content-length"), std::string("7"));
    QCOMPARE(client.ask(request_text("GET", "/hello?n=6")).body, std::string("hello 6"));  // nothing left over
    QCOMPARE(client.ask(request_text("HEAD", "/nothing"), true).status, 404);
    QCOMPARE(client.ask(request_text("GET", "/hello?n=7")).body, std::string("hello 7"));
  }

  void http10ClosesUnlessAskedToStay() {
    HttpServer server;
    addRoutes(server);
    server.start();
    RawClient old(server.port);
    const Answer answer = old.ask("GET /hello HTTP/1.0\r\n\r\n");
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.header("connection"), std::string("close"));
    old.read_to_end();
    QVERIFY(old.ended());
    RawClient stays(server.port);
    QCOMPARE(stays.ask("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").header("connection"),
             std::string("keep-alive"));
    QCOMPARE(stays.ask("GET /hello HTTP/1.0\r\n\r\n").status, 200);
  }

  void closeIsObeyed() {
    HttpServer server;
    addRoutes(server);
    server.start();
    RawClient client(server.port);
    QCOMPARE(client.ask(request_text("GET", "/hello", "Connection: close\r\n")).header("connection"),
             std::string("close"));
    client.read_to_end();
    QVERIFY(client.ended());
  }

  void chunkedBodiesAndContinue() {
    HttpServer server;
    addRoutes(server);
    server.start();
    RawClient client(server.port);
    QCOMPARE(client.ask("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                        "3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: x\r\n\r\n").body, std::string("abcde"));
    QVERIFY(client.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"));
    QVERIFY(client.read_until("HTTP/1.1 100 Continue\r\n\r\n"));
    client.forget();
    QCOMPARE(client.ask("hi").body, std::string("hi"));
  }

  void trailersAreNoHeaderFields() {
    HttpServer server;
    addRoutes(server);
    server.router.post("/secret", [](const Request& request, Responder responder) {
      Response response;
      response.body = request.header("X-VX11-Token").value ? "let in" : "kept out";
      responder.send(response);
    });
    server.start();
    RawClient client(server.port);
    QCOMPARE(client.ask("POST /secret HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                        "0\r\nX-VX11-Token: let-me-in\r\nHost: b\r\n\r\n").body, std::string("kept out"));
  }

  void anOldClientIsNotToldToContinue() {
    HttpServer server;
    addRoutes(server);
    server.start();
    RawClient client(server.port);
    QVERIFY(client.send("POST /echo HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"));
    QTest::qWait(20);
    QCOMPARE(client.ask("hi").body, std::string("hi"));
  }

  void aPipelinedFloodLeavesOthersTheirTurn() {
    HttpServer server;
    server.router.get("/slow", [](const Request&, Responder responder) {
      const auto until = std::chrono::steady_clock::now() + 2ms;
      while (std::chrono::steady_clock::now() < until) {
      }
      responder.send({});
    });
    addRoutes(server);
    server.start();
    RawClient flood(server.port), other(server.port);
    QCOMPARE(other.ask(request_text("GET", "/hello?n=1")).status, 200);
    std::string bytes;
    for (int i = 0; i < 500; ++i) bytes += request_text("GET", "/slow");
    QVERIFY(flood.send(bytes));
    QVERIFY(flood.read_until("200 OK"));
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(other.ask(request_text("GET", "/hello?n=1")).status, 200);
    QVERIFY2(timer.elapsed() < 300, QByteArray::number(timer.elapsed()).constData());
    for (int i = 0; i < 500; ++i) QCOMPARE(flood.read_answer().status, 200);
  }

  void theClientBehindProxiesIsFoundInAllItsFields() {
    HttpServer server;
    server.router.get("/who", [](const Request& request, Responder responder) {
      const std::string body = std::string(request.client) + (request.client_exempt ? " exempt" : "");
      Response response;
      response.body = body;
      responder.send(response);
    });
    QVERIFY(server.options.trusted_proxies.add("127.0.0.0/8"));
    server.start();
    RawClient client(server.port);
    const auto who = [&](const char* lines) { return client.ask(request_text("GET", "/who", lines)).body; };
    QCOMPARE(who(""), std::string("127.0.0.1 exempt"));
    QCOMPARE(who("X-Forwarded-For: 192.0.2.7\r\n"), std::string("192.0.2.7"));
    QCOMPARE(who("X-Forwarded-For: 198.51.100.1\r\nX-Forwarded-For: 192.0.2.7\r\n"), std::string("192.0.2.7"));
    QCOMPARE(who("X-Forwarded-For: 192.0.2.7, 127.0.0.9\r\nx-forwarded-for: 127.0.0.2\r\n"), std::string("192.0.2.7"));
  }

  void blankLinesBeforeARequestAreForgiven() {
    HttpServer server;
    addRoutes(server);
    server.start();
    RawClient client(server.port);
    QCOMPARE(client.ask("\r\n\r\n" + request_text("GET", "/hello?n=1")).status, 200);
  }

  void correlationIdIsEchoedWhenWellFormed() {
    HttpServer server;
    addRoutes(server);
    server.start();
    RawClient client(server.port);
    const std::string fresh = "00000000-0000-4000-8000-000000000000";
    const auto id_for = [&](const std::string& lines) {
      return client.ask(request_text("GET", "/hello", lines)).header("x-correlation-id");
    };
    QCOMPARE(id_for("X-Correlation-Id: abc.D_e-9\r\n"), std::string("abc.D_e-9"));
    QCOMPARE(id_for("X-Correlation-Id: " + std::string(65, 'a') + "\r\n"), fresh);
    QCOMPARE(id_for("X-Correlation-Id: a b\r\n"), fresh);
    QCOMPARE(id_for("X-Correlation-Id: a\r\nX-Correlation-Id: b\r\n"), fresh);
    QCOMPARE(id_for(""), fresh);
  }

  void onlyNamedHostsWhenThereIsAList() {
    HttpServer server;
    addRoutes(server);
    server.options.allowed_hosts = {"localhost", "[::1]"};
    server.start();
    RawClient client(server.port);
    QCOMPARE(client.ask("GET /hello HTTP/1.1\r\nHost: LocalHost:81\r\n\r\n").status, 200);
    QCOMPARE(client.ask("GET /hello HTTP/1.1\r\nHost: [::1]:8011\r\n\r\n").status, 200);
    QCOMPARE(client.ask("GET /hello HTTP/1.1\r\nHost: evil.example\r\n\r\n").status, 421);
    QCOMPARE(client.ask("GET /hello HTTP/1.1\r\nHost: localhost.evil.example\r\n\r\n").status, 421);
  }

  void aSlowRequestIsTimedOut() {
    HttpServer server;
    addRoutes(server);
    server.options.limits.request = 1s;
    server.start();
    RawClient client(server.port);
    QVERIFY(client.send("GET /hello HTTP/1.1\r\nHo"));
    const Answer answer = client.read_answer();
    QCOMPARE(answer.status, 408);
    QVERIFY(answer.body.find("request_timeout") != std::string::npos);
    RawClient silent(server.port);
    silent.read_to_end();
    QVERIFY(silent.ended());
  }

  void aBigAnswerNobodyReadsWaitsAndThenArrivesWhole() {
    HttpServer server;
    addRoutes(server);
    server.start();
    RawClient slow(server.port, 10s, 4096);
    QVERIFY(slow.send(request_text("GET", "/big") + request_text("GET", "/hello?n=9")));
    RawClient other(server.port);
    QCOMPARE(other.ask(request_text("GET", "/hello?n=1")).status, 200);  // nobody else waits
    QCOMPARE(slow.read_answer().body.size(), std::size_t{4 * 1024 * 1024});
    QCOMPARE(slow.read_answer().body, std::string("hello 9"));
  }

  void aClientThatLeavesEarlyHurtsNobody() {
    HttpServer server;
    addRoutes(server);
    server.start();
    for (int i = 0; i < 50; ++i) {
      RawClient client(server.port);
      client.send(request_text("GET", i % 2 == 0 ? "/big" : "/later"));
    }
    RawClient next(server.port);
    QCOMPARE(next.ask(request_text("GET", "/hello?n=1")).status, 200);
  }

  void refusalsAreTimedFromTheirFirstByte() {
    HttpServer server;
    addRoutes(server);
    std::atomic<std::int64_t> longest = 0;
    server.options.access = [&longest](const AccessRecord& record) { longest = std::max<std::int64_t>(longest, record.duration.count()); };
    server.start();
    RawClient client(server.port);
    QCOMPARE(client.ask("rubbish\r\n\r\n").status, 400);
    QTRY_VERIFY(longest > 0);
    QVERIFY2(longest < std::chrono::nanoseconds(5s).count(), "the time since the machine was started");
  }
};

QTEST_GUILESS_MAIN(TestSession)
#include "test_session.moc"
