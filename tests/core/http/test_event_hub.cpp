// Streams over real sockets: order, heartbeats, replay, and readers that don't read.
#include <QTest>
#include <atomic>
#include <future>
#include <thread>

#include "http/sse.h"
#include "hub_streams.h"

using namespace vx11;
using namespace vx11::http;
using namespace vx11::test;
using namespace std::chrono_literals;

class TestEventHub : public QObject {
  Q_OBJECT

  static EventPointer numbered(std::uint64_t number, std::size_t size = 1) {
    Event event;
    event.number = number;
    event.id = "id: " + std::to_string(number);
    event.text = sse_event("e", "", std::string(size, 'x'));
    return std::make_shared<const Event>(std::move(event));
  }

 private Q_SLOTS:
  void opensWithItsHeadAndFirstFrames() {
    HttpServer server;
    start(server);
    RawClient client(server.port);
    const std::string head = opened(client, 1);
    QVERIFY(head.starts_with("HTTP/1.1 200 OK\r\n"));
    QVERIFY(head.find("Content-Type: text/event-stream\r\n") != std::string::npos);
    QVERIFY(head.find("Cache-Control: no-store\r\n") != std::string::npos);
    QVERIFY(head.find("Content-Length") == std::string::npos);
    waitForStreams(server, 1);
  }

  void headOpensNothing() {
    HttpServer server;
    start(server);
    RawClient client(server.port);
    QCOMPARE(client.ask(request_text("HEAD", "/stream/1"), true).status, 200);
    client.read_to_end();
    QVERIFY(client.ended());
    QCOMPARE(server.hub->size(), std::size_t{0});
  }

  void everyStreamGetsEveryEventInOrder() {
    HttpServer server;
    start(server);
    constexpr int streams = 300, events = 200;
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < streams; ++i) {
      clients.push_back(std::make_unique<RawClient>(server.port));
      opened(*clients.back(), i % 10);
      clients.back()->forget();
    }
    waitForStreams(server, streams);
    std::string expected;
    for (int i = 0; i < events; ++i) {
      const std::string frame = sse_event("e", std::to_string(i), "data " + std::to_string(i));
      expected += frame;
      publish(server, frame);
    }
    for (auto& client : clients) {
      QVERIFY(client->read_until(sse_event("e", std::to_string(events - 1), "data " + std::to_string(events - 1))));
      QCOMPARE(client->received(), expected);
    }
  }

  void leavingDuringAFanOutSkipsNobody() {
    HttpServer server;
    start(server);
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < 600; ++i) {
      clients.push_back(std::make_unique<RawClient>(server.port));
      opened(*clients.back(), 1);
      clients.back()->forget();
    }
    waitForStreams(server, 600);
    for (int round = 0; round < 20; ++round) {
      publish(server, "data: " + std::to_string(round) + "\n\n");
      for (int i = 0; i < 10; ++i) clients.erase(clients.begin() + (round * 37 + i * 13) % int(clients.size()));
    }
    publish(server, "data: last\n\n");
    std::string expected;
    for (int round = 0; round < 20; ++round) expected += "data: " + std::to_string(round) + "\n\n";
    expected += "data: last\n\n";
    for (auto& client : clients) {
      QVERIFY(client->read_until("data: last\n\n"));
      QCOMPARE(client->received(), expected);
    }
    waitForStreams(server, clients.size());
  }

  void heartbeatsComeOnceAnIntervalAndNotAllAtOnce() {
    HttpServer server;
    start(server, 1s);
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < 40; ++i) {
      clients.push_back(std::make_unique<RawClient>(server.port));
      opened(*clients.back(), 1);
      clients.back()->forget();
    }
    QElapsedTimer timer;
    timer.start();
    for (auto& client : clients) QVERIFY(client->read_until("event: heartbeat\ndata: x\n\n"));
    QVERIFY2(timer.elapsed() < 3000, "the first comes within the interval and a little");
    // Spread: at some moment some have had one more than others. All had one, so the sums tell.
    const auto beats = [](const RawClient& client) { return client.received().size() / 26; };
    for (auto& client : clients) QVERIFY(beats(*client) >= 1);
  }

  void aReaderThatDoesNotReadIsCutAndDelaysNobody() {
    HttpServer server;
    server.options.limits.stream_lag = 256 * 1024;
    start(server);
    RawClient lazy(server.port, 10s, 4096);
    opened(lazy, 1);
    RawClient eager(server.port);
    opened(eager, 2);
    eager.forget();
    waitForStreams(server, 2);
    const std::string frame = sse_event("e", "", std::string(32 * 1024, 'x'));
    constexpr int events = 400;  // 12 MiB: more than any socket buffer
    for (int i = 0; i < events; ++i) {
      publish(server, frame);
      QVERIFY(eager.read_until(frame));
      eager.forget();
    }
    QTRY_COMPARE(server.hub->cut(), std::uint64_t{1});
    QTRY_COMPARE(server.hub->size(), std::size_t{1});
    publish(server, "data: still here\n\n");
    QVERIFY(eager.read_until("data: still here\n\n"));
  }

  void aSlowReaderWithinTheBoundGetsEverything() {
    HttpServer server;
    server.options.limits.stream_lag = 64 * 1024 * 1024;
    start(server);
    RawClient slow(server.port, 10s, 4096);
    opened(slow, 1);
    slow.forget();
    waitForStreams(server, 1);
    std::string expected;
    for (int i = 0; i < 300; ++i) {
      const std::string frame = sse_event("e", std::to_string(i), std::string(20000, char('a' + i % 26)));
      expected += frame;
      publish(server, frame);
    }
    publish(server, "data: end\n\n");
    expected += "data: end\n\n";
    QVERIFY(slow.read_until("data: end\n\n"));
    QCOMPARE(slow.received().size(), expected.size());
    QVERIFY(slow.received() == expected);
    QCOMPARE(server.hub->cut(), std::uint64_t{0});
  }

  void streamsThatDoNotReadCostBoundedMemoryAndNobodysTime() {
    HttpServer server;
    server.router.get("/hello", [](const Request&, Responder responder) { responder.send({}); });
    start(server);
    std::vector<std::unique_ptr<RawClient>> lazy;
    for (int i = 0; i < 100; ++i) {
      lazy.push_back(std::make_unique<RawClient>(server.port, 10s, 4096));
      opened(*lazy.back(), 1);
    }
    waitForStreams(server, 100);
    // All at once: what the system would take without a limit is 200 MiB.
    server.loop->post([&server] {
      const auto event = plain_event(sse_event("e", "", std::string(60 * 1024, 'x')));
      for (int i = 0; i < 12; ++i) server.hub->publish(event);
    });
    RawClient other(server.port);
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(other.ask(request_text("GET", "/hello")).status, 200);
    QVERIFY2(timer.elapsed() < 100, QByteArray::number(timer.elapsed()).constData());
    QTest::qWait(100);
    for (auto& client : lazy) client->forget();
    server.loop->post([&server] {
      server.hub->close_where([](const StreamTag&) { return true; }, {}, Ending::gentle);
    });
    waitForStreams(server, 0);
    for (auto& client : lazy) QVERIFY(client->read_to_end().size() < 300 * 1024);
  }

  void eachStreamEndsTheIdsWithItsOwnMark() {
    HttpServer server;
    std::atomic<int> marks = 0;
    server.hub_options.emplace();
    server.hub_options->mark = [&marks](const StreamTag& tag) {
      ++marks;
      return tag[0] == 0 ? std::string() : ".mark-" + std::to_string(tag[0]);
    };
    server.router.get("/stream", [&server](const Request& request, Responder responder) {
      std::string storage;
      Opening made = opening(static_cast<std::uint8_t>(request.parameter("n", storage).value->front() - '0'));
      made.first.event = "event: hello\ndata: x\n\n";
      responder.open_stream(*server.hub, "", made);
    });
    server.start();
    std::vector<std::unique_ptr<RawClient>> clients;
    server.loop->post([&server] { server.hub->publish(numbered(1)); });
    for (int n = 0; n < 3; ++n) {
      clients.push_back(std::make_unique<RawClient>(server.port));
      clients.back()->send(request_text("GET", "/stream?n=" + std::to_string(n)));
      const std::string mark = n == 0 ? "" : ".mark-" + std::to_string(n);
      QVERIFY(clients.back()->read_until("\r\n\r\nretry: 5\n\nid: 1" + mark + "\nevent: hello\ndata: x\n\n"));
      clients.back()->forget();
    }
    server.loop->post([&server] {
      for (std::uint64_t number = 2; number <= 40; ++number) server.hub->publish(numbered(number));
    });
    for (int n = 0; n < 3; ++n) {
      std::string expected;
      for (int i = 2; i <= 40; ++i) {
        expected += "id: " + std::to_string(i) + (n == 0 ? "" : ".mark-" + std::to_string(n)) + "\nevent: e\ndata: x\n\n";
      }
      RawClient& client = *clients[static_cast<std::size_t>(n)];
      QVERIFY(client.read_until(expected));
      QCOMPARE(client.received(), expected);
    }
    QCOMPARE(marks.load(), 3);  // they cost something, so they aren't made for each event
  }

  void aReplayIsBoundedByWhatIsKept() {
    HttpServer server;
    server.options.limits.stream_lag = 64 * 1024;
    server.hub_options.emplace();
    server.hub_options->kept_events = 50;
    server.hub_options->kept_bytes = 64 * 1024 * 1024;
    server.router.get("/stream", [&server](const Request&, Responder responder) {
      Opening made = opening();
      made.after = 0;
      responder.open_stream(*server.hub, "", made);
    });
    server.start();
    const auto publish_up_to = [&server](std::uint64_t number) {
      for (std::uint64_t next = server.hub->last().number + 1; next <= number; ++next) {
        server.hub->publish(numbered(next, 60'000));
      }
    };
    std::promise<void> published;
    server.loop->post([&] {
      publish_up_to(50);
      published.set_value();
    });
    published.get_future().wait();
    RawClient lazy(server.port, 10s, 4096);
    opened_at(lazy, "/stream");
    waitForStreams(server, 1);
    server.loop->post([&] { publish_up_to(51); });
    QTest::qWait(50);
    QCOMPARE(server.hub->cut(), std::uint64_t{0});  // far over the backlog, but it costs nothing: the hub keeps it anyway
    server.loop->post([&] { publish_up_to(101); });
    QTRY_COMPARE(server.hub->cut(), std::uint64_t{1});
    QTRY_COMPARE(server.hub->size(), std::size_t{0});
  }

  void whoTakesNothingForManyHeartbeatsIsCut() {
    HttpServer server;
    server.options.limits.stream_lag = 64 * 1024 * 1024;
    start(server, 100ms);
    RawClient lazy(server.port, 10s, 4096), slow(server.port, 10s, 4096);
    opened(lazy, 1);
    opened(slow, 2);
    waitForStreams(server, 2);
    for (int i = 0; i < 40; ++i) publish(server, sse_event("e", "", std::string(200 * 1024, 'x')));
    for (int i = 0; i < 60 && server.hub->cut() == 0; ++i) {
      QTest::qWait(50);
      QVERIFY(slow.receive());
    }
    QTRY_COMPARE(server.hub->cut(), std::uint64_t{1});
    QCOMPARE(server.hub->size(), std::size_t{1});
    publish(server, "data: end\n\n");
    QVERIFY2(slow.read_until("data: end\n\n"), "slow isn't lazy");
  }

  void aStreamMayBeOpenedLater() {
    HttpServer server;
    server.router.get("/later", [&server](const Request&, Responder responder) {
      auto kept = std::make_shared<Responder>(std::move(responder));
      server.workers.emplace_back([&server, kept] {
        server.loop->post([&server, kept] { kept->open_stream(*server.hub, "", opening()); });
      });
    });
    start(server);
    for (const char* lines : {"", "Connection: close\r\n"}) {
      RawClient client(server.port);
      client.send(request_text("GET", "/later", lines));
      QVERIFY(client.read_until("retry: 5\n\n"));
      waitForStreams(server, 1);
      publish(server, "data: x\n\n");
      QVERIFY2(client.read_until("data: x\n\n"), lines);
      client.close();
      waitForStreams(server, 0);
    }
  }

  void aClientThatGoesIsForgotten() {
    HttpServer server;
    start(server);
    {
      RawClient client(server.port);
      opened(client, 1);
      waitForStreams(server, 1);
    }
    waitForStreams(server, 0);
    publish(server, "data: to nobody\n\n");
    RawClient next(server.port);
    opened(next, 1);
    waitForStreams(server, 1);
  }
};

QTEST_GUILESS_MAIN(TestEventHub)
#include "test_event_hub.moc"
