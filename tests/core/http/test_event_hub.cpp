// Streams over real sockets: order, heartbeats, readers that don't read, and ends.
#include <QTest>
#include <future>
#include <thread>

#include "http_server.h"
#include "http/sse.h"
#include "support/raw_client.h"

using namespace vx11;
using namespace vx11::http;
using namespace vx11::test;
using namespace std::chrono_literals;

class TestEventHub : public QObject {
  Q_OBJECT

  /// GET /stream/<n> opens a stream tagged n.
  static void start(HttpServer& server, std::chrono::milliseconds heartbeat = 60s) {
    EventHub::Options options;
    options.heartbeat = heartbeat;
    options.heartbeat_frame = [] { return std::string("event: heartbeat\ndata: x\n\n"); };
    server.hub_options = options;
    for (std::uint8_t n = 0; n < 10; ++n) {
      server.router.get("/stream/" + std::to_string(n), [&server, n](const Request&, Responder responder) {
        StreamTag tag{};
        tag[0] = n;
        responder.open_stream(*server.hub, "Cache-Control: no-store\r\n", "retry: 5\n\n", tag);
      });
    }
    server.start();
  }
  static void publish(HttpServer& server, std::string text) {
    auto frame = std::make_shared<const std::string>(std::move(text));
    server.loop->post([&server, frame] { server.hub->publish(frame); });
  }
  static void waitForStreams(HttpServer& server, std::size_t n) { QTRY_COMPARE(server.hub->size(), n); }
  static std::string opened(RawClient& client, int n) {
    client.send(request_text("GET", "/stream/" + std::to_string(n)));
    client.read_until("retry: 5\n\n");
    return client.received();
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

  void closingByNameEndsThoseOnly() {
    HttpServer server;
    start(server);
    RawClient one(server.port), two(server.port), again(server.port);
    opened(one, 1);
    opened(two, 2);
    opened(again, 1);
    waitForStreams(server, 3);
    server.loop->post([&server] {
      server.hub->close_where([](const StreamTag& tag) { return tag[0] == 1; }, "event: revoked\ndata: {}\n\n");
    });
    QVERIFY(one.read_to_end().ends_with("event: revoked\ndata: {}\n\n"));
    QVERIFY(one.ended());
    QVERIFY(again.read_to_end().ends_with("event: revoked\ndata: {}\n\n"));
    publish(server, "data: x\n\n");
    QVERIFY(two.read_until("data: x\n\n"));
    waitForStreams(server, 1);
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
