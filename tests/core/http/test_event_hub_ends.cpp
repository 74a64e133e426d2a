// How streams over real sockets are ended: by name, promptly or gently, for a drain, by age.
#include <QTest>
#include <future>
#include <thread>

#include "http/sse.h"
#include "hub_streams.h"

using namespace vx11;
using namespace vx11::http;
using namespace vx11::test;
using namespace std::chrono_literals;

class TestEventHubEnds : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void closingByNameEndsThoseOnly() {
    HttpServer server;
    start(server);
    RawClient one(server.port), two(server.port), again(server.port);
    opened(one, 1);
    opened(two, 2);
    opened(again, 1);
    waitForStreams(server, 3);
    server.loop->post([&server] {
      server.hub->close_where([](const StreamTag& tag) { return tag[0] == 1; }, {"event: revoked\ndata: {}\n\n", {}},
                              Ending::prompt);
    });
    QVERIFY(one.read_to_end().ends_with("event: revoked\ndata: {}\n\n"));
    QVERIFY(one.ended());
    QVERIFY(again.read_to_end().ends_with("event: revoked\ndata: {}\n\n"));
    publish(server, "data: x\n\n");
    QVERIFY(two.read_until("data: x\n\n"));
    waitForStreams(server, 1);
  }

  void aPromptEndReachesAClientThatReadsSlowly() {
    HttpServer server;
    server.options.limits.stream_lag = 64 * 1024 * 1024;
    start(server);
    RawClient lazy(server.port, 10s, 4096);  // its stream is blocked
    opened(lazy, 1);
    RawClient behind(server.port, 10s, 4096);  // all was written, but much of it is still in the system's buffer
    opened(behind, 2);
    lazy.forget();
    behind.forget();
    waitForStreams(server, 2);
    publish(server, sse_event("e", "", std::string(200 * 1024, 'x')));
    QTest::qWait(50);
    server.loop->post([&server] {
      server.hub->close_where([](const StreamTag& tag) { return tag[0] == 2; }, {"event: revoked\ndata: {}\n\n", {}},
                              Ending::prompt);
    });
    waitForStreams(server, 1);
    for (int i = 0; i < 100; ++i) publish(server, sse_event("e", "", std::string(200 * 1024, 'x')));
    server.loop->post([&server] {
      server.hub->close_where([](const StreamTag& tag) { return tag[0] == 1; }, {"event: revoked\ndata: {}\n\n", {}},
                              Ending::prompt);
    });
    waitForStreams(server, 0);
    QTest::qWait(250);  // after this nothing more may come than what the client's own side holds already
    QVERIFY2(behind.read_to_end().size() < 100 * 1024, "the system went on delivering");
    QVERIFY2(lazy.read_to_end().size() < 100 * 1024, "the system went on delivering");
  }

  void aDrainEndsOneAfterTheOther() {
    HttpServer server;
    start(server);
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < 30; ++i) {
      clients.push_back(std::make_unique<RawClient>(server.port));
      opened(*clients.back(), i % 2);
    }
    waitForStreams(server, 30);
    std::atomic<std::size_t> left_at_once = 0;
    std::vector<DrainPace::Wait> waits;  // of the loop's thread
    server.loop->post([&] {
      server.hub->drain(600ms, [&waits](DrainPace::Wait wait) {
        waits.push_back(wait);
        return Notice{sse_retry(wait.least), "event: drain\ndata: {}\n\n"};
      });
      left_at_once = server.hub->size();
      server.hub->publish(plain_event("data: meanwhile\n\n"));
    });
    QTRY_VERIFY(left_at_once > 0);
    clients[3]->close();  // one goes by itself
    waitForStreams(server, 0);
    QCOMPARE(left_at_once.load(), std::size_t(29));
    std::size_t told = 0;
    for (std::size_t i = 0; i < clients.size(); ++i) {
      if (i == 3) continue;
      const std::string text = clients[i]->read_to_end();
      QVERIFY(text.ends_with("event: drain\ndata: {}\n\n"));
      told += text.find("data: meanwhile\n\n") != std::string::npos ? 1 : 0;
    }
    QVERIFY2(told > 0, "who is open still hears what is published");
    server.stop();
    QCOMPARE(waits.size(), std::size_t(30));
    for (const auto& wait : waits) QVERIFY(wait.least >= DrainPace::least_wait / 2 && wait.least <= wait.most);
  }

  void manyEndInSlicesAndNoneIsForgotten() {
    HttpServer server;
    start(server);
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < 400; ++i) {
      clients.push_back(std::make_unique<RawClient>(server.port));
      opened(*clients.back(), i % 2);
    }
    waitForStreams(server, 400);
    std::atomic<std::size_t> left_after_call = 0;
    for (const std::uint8_t n : {std::uint8_t{0}, std::uint8_t{1}}) {
      server.loop->post([&server, &left_after_call, n] {
        server.hub->close_where([n](const StreamTag& tag) { return tag[0] == n; }, {"data: end\n\n", {}},
                                Ending::gentle);
        left_after_call = std::max<std::size_t>(left_after_call, server.hub->size());
      });
    }
    for (auto& client : clients) QVERIFY(client->read_to_end().ends_with("data: end\n\n"));
    waitForStreams(server, 0);
    QVERIFY2(left_after_call > 250, "others had no turn in between");
  }

  void aGentleEndTellsFirstWhatWasPublishedBefore() {
    HttpServer server;
    start(server);
    RawClient client(server.port);
    opened(client, 1);
    client.forget();
    waitForStreams(server, 1);
    server.loop->post([&server] {
      server.hub->publish(plain_event("data: published\n\n"));
      server.hub->close_where([](const StreamTag&) { return true; }, {{}, "data: end\n\n"}, Ending::gentle);
    });
    QCOMPARE(client.read_to_end(), std::string("data: published\n\ndata: end\n\n"));
  }

  void anOldStreamEndsAboutWhenItShould() {
    HttpServer server;
    server.hub_options.emplace();
    server.hub_options->heartbeat = 60s;  // the end doesn't wait for one
    server.hub_options->max_age = 2s;
    server.hub_options->max_age_notice.before = "retry: 7\n\n";
    server.router.get("/stream", [&server](const Request&, Responder responder) {
      responder.open_stream(*server.hub, "", opening());
    });
    server.start();
    RawClient client(server.port);
    client.send(request_text("GET", "/stream"));
    QVERIFY(client.read_until("retry: 5\n\n"));
    QElapsedTimer timer;
    timer.start();
    QVERIFY(client.read_to_end().ends_with("retry: 7\n\n"));
    QVERIFY2(timer.elapsed() > 1500 && timer.elapsed() < 4500, QByteArray::number(timer.elapsed()).constData());
  }
};

QTEST_GUILESS_MAIN(TestEventHubEnds)
#include "test_event_hub_ends.moc"
