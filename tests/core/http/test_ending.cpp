// How a server's connections end when it stops: answered, told so, and in time.
#include <QTest>
#include <atomic>
#include <future>

#include "http_routes.h"
#include "support/raw_client.h"

using namespace vx11;
using namespace vx11::http;
using namespace vx11::test;
using namespace std::chrono_literals;

class TestEnding : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void windingDownAnswersWhatHasArrivedButWasNotReadYet() {
    HttpServer server;
    addRoutes(server);
    server.start();
    RawClient kept(server.port);
    QCOMPARE(kept.ask(request_text("GET", "/hello?n=0")).status, 200);
    std::unique_ptr<RawClient> waiting;
    std::promise<void> stuck, go;
    server.loop->post([&] {
      stuck.set_value();
      go.get_future().wait();
      server.loop->wind_down(std::chrono::steady_clock::now() + 60s);
    });
    stuck.get_future().wait();
    // The loop looks at neither of them before it winds down.
    QVERIFY(kept.send(request_text("GET", "/hello?n=1")));
    waiting = std::make_unique<RawClient>(server.port);
    QVERIFY(waiting->connected());
    QVERIFY(waiting->send(request_text("GET", "/hello?n=2")));
    go.set_value();
    QCOMPARE(kept.read_answer().body, std::string("hello 1"));
    const Answer answer = waiting->read_answer();
    QCOMPARE(answer.body, std::string("hello 2"));
    QCOMPARE(answer.header("connection"), std::string("close"));
    kept.close();
    waiting.reset();
    server.join();
  }

  void aLastAnswerSaysSo() {
    HttpServer server;
    addRoutes(server);
    server.start();
    RawClient kept(server.port);
    QCOMPARE(kept.ask(request_text("GET", "/hello")).header("connection"), std::string());
    server.loop->post([&server] { server.loop->say_close(); });
    QTest::qWait(20);
    QCOMPARE(kept.ask(request_text("GET", "/hello?n=1")).header("connection"), std::string("close"));
    RawClient next(server.port);  // still accepted
    QCOMPARE(next.ask(request_text("GET", "/hello?n=1")).header("connection"), std::string("close"));
  }

  void noConnectionIsLostBetweenHandshakeAndAnswer() {
    for (int round = 0; round < 8; ++round) {
      HttpServer server;
      addRoutes(server);
      server.start();
      std::atomic<int> answered = 0, lost = 0;
      std::vector<std::jthread> clients;
      for (int i = 0; i < 4; ++i) {
        clients.emplace_back([&] {
          for (;;) {
            RawClient client(server.port, 300ms);
            if (!client.connected()) return;  // refused, or not heard
            client.send(request_text("GET", "/hello?n=1"));
            ++(client.read_answer().status == 200 ? answered : lost);
          }
        });
      }
      while (answered < 50) std::this_thread::yield();
      server.loop->post([&server] { server.loop->wind_down(std::chrono::steady_clock::now() + 60s); });
      clients.clear();
      server.join();
      QCOMPARE(lost.load(), 0);
    }
  }

  void windingDownWaitsForTheNextRequestOfAConnectionThatWasJustUsed() {
    HttpServer server;
    addRoutes(server);
    server.start();
    RawClient kept(server.port), quiet(server.port);
    QCOMPARE(quiet.ask(request_text("GET", "/hello")).status, 200);
    QTest::qWait(550);
    QCOMPARE(kept.ask(request_text("GET", "/hello")).status, 200);
    server.loop->post([&server] { server.loop->wind_down(std::chrono::steady_clock::now() + 60s); });
    quiet.read_to_end();
    QVERIFY(quiet.ended());
    const Answer last = kept.ask(request_text("GET", "/hello?n=1"));  // as if it had been on its way
    QCOMPARE(last.body, std::string("hello 1"));
    QCOMPARE(last.header("connection"), std::string("close"));
    kept.close();
    quiet.close();
    server.join();
  }

  void windingDownEndsAtItsLatest() {
    HttpServer server;
    addRoutes(server);
    std::atomic<int> reports = 0;
    server.options.report = [&reports](std::string_view event, std::string_view) { reports += event == "drain_cut_short"; };
    server.start();
    RawClient half(server.port);
    QVERIFY(half.send("GET /hel"));
    QTest::qWait(20);
    QElapsedTimer timer;
    timer.start();
    server.loop->post([&server] { server.loop->wind_down(std::chrono::steady_clock::now() + 300ms); });
    server.join();
    QVERIFY2(timer.elapsed() < 2000, QByteArray::number(timer.elapsed()).constData());
    QCOMPARE(reports.load(), 1);
  }

  void windingDownAnswersWhatIsUnderWayAndEnds() {
    HttpServer server;
    addRoutes(server);
    server.start();
    RawClient idle(server.port);
    QCOMPARE(idle.ask(request_text("GET", "/hello")).status, 200);
    RawClient half(server.port);
    QVERIFY(half.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n"));
    QVERIFY(half.read_until("100 Continue\r\n\r\n"));  // now the server holds half a request
    half.forget();
    server.loop->post([&server] { server.loop->wind_down(std::chrono::steady_clock::now() + 60s); });
    idle.read_to_end();
    QVERIFY(idle.ended());
    const Answer answer = half.ask("abcd");
    QCOMPARE(answer.body, std::string("abcd"));
    QCOMPARE(answer.header("connection"), std::string("close"));
    half.close();
    idle.close();
    server.join();  // the loop ends by itself
  }
};

QTEST_GUILESS_MAIN(TestEnding)
#include "test_ending.moc"
