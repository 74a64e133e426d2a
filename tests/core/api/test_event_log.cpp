// The log of published events: positions, bounds, two epochs side by side, and gaps that are told.
#include <QTest>
#include <algorithm>
#include <future>
#include <thread>

#include "api/event_log.h"
#include "core/http/http_server.h"
#include "support/raw_client.h"

using namespace vx11;
using namespace vx11::api;
using namespace vx11::test;
using namespace std::chrono_literals;

namespace {

/// A log with one loop's hub, which stands still: events wait in it.
struct Host {
  explicit Host(EventLog::Limits limits = {}) : log(random, [this] { ++woken; }, limits) {
    server.hub_options.emplace();
    server.hub_options->before_first = log.before_first();
    server.hub_options->kept_events = limits.events;
    server.hub_options->kept_bytes = limits.bytes;
    server.router.get("/stream", [this](const http::Request&, http::Responder responder) {
      http::Opening opening;
      opening.first.before = "retry: 5\n\n";
      responder.open_stream(*server.hub, "", opening);
    });
    server.start();
  }
  [[nodiscard]] std::optional<std::uint64_t> find(const std::string& position) const {
    const auto id = LastEventId::parse(position);
    return id ? log.find(*id) : std::nullopt;
  }
  /// On the loop's thread; waits for it.
  void on_loop(const std::function<void()>& work) {
    std::promise<void> done;
    server.loop->post([&] {
      work();
      done.set_value();
    });
    done.get_future().wait();
  }
  void bring() {
    on_loop([this] { log.bring_up_to_date(*server.hub); });
  }
  [[nodiscard]] bool keeps(std::uint64_t number) {
    bool kept = false;
    on_loop([&] { kept = server.hub->keeps(number); });
    return kept;
  }
  void open(RawClient& client) {
    client.send(request_text("GET", "/stream"));
    client.read_until("retry: 5\n\n");
    client.forget();
  }

  SeededRandom random{1};
  std::atomic<int> woken = 0;
  EventLog log;
  HttpServer server;
};

[[nodiscard]] std::string frame(const std::string& position, const std::string& event, const std::string& data) {
  return "id: " + position + "\nevent: " + event + "\ndata: " + data + "\n\n";
}

}  // namespace

class TestEventLog : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void positionsOfTheProcessCountUp() {
    Host host;
    const std::string none = host.log.before_first()->id.substr(4);
    QVERIFY(none.ends_with(".0"));
    const std::string epoch = none.substr(0, none.size() - 1);
    QCOMPARE(host.log.publish_here("e", "1"), epoch + "1");
    QCOMPARE(host.log.publish_here("e", "2"), epoch + "2");
    QCOMPARE(host.woken.load(), 2);
    QCOMPARE(host.find(none), std::optional<std::uint64_t>(0));
    QCOMPARE(host.find(epoch + "1"), std::optional<std::uint64_t>(1));
    QCOMPARE(host.find(epoch + "2.anything"), std::optional<std::uint64_t>(2));
    for (const char* entry : {"3", "01", "1-0", "18446744073709551615"}) QVERIFY2(!host.find(epoch + entry), entry);
    QVERIFY(!host.find("00000000.1"));
  }

  void whatIsPublishedReachesAStreamOnce() {
    Host host;
    RawClient client(host.server.port);
    host.open(client);
    std::string expected;
    for (const char* data : {"1", "2", "3"}) expected += frame(host.log.publish_here("e", data), "e", data);
    host.bring();
    host.bring();
    QVERIFY(client.read_until("data: 3\n\n"));
    expected += frame(host.log.publish_here("e", "4"), "e", "4");
    host.bring();
    QVERIFY(client.read_until("data: 4\n\n"));
    QCOMPARE(client.received(), expected);
  }

  void itIsBoundedByCountAndBytes_data() {
    QTest::addColumn<quint64>("events");
    QTest::addColumn<quint64>("bytes");
    QTest::addColumn<quint64>("oldest");  // of 20, each about 130 bytes: where replay can begin
    QTest::newRow("count") << quint64(5) << quint64(100'000) << quint64(15);
    QTest::newRow("bytes") << quint64(100) << quint64(700) << quint64(15);
    QTest::newRow("one larger than all") << quint64(100) << quint64(50) << quint64(20);
  }
  void itIsBoundedByCountAndBytes() {
    QFETCH(quint64, events);
    QFETCH(quint64, bytes);
    QFETCH(quint64, oldest);
    Host host({events, bytes});
    std::string last;
    for (int i = 0; i < 20; ++i) {
      last = host.log.publish_here("e", std::string(100, 'x'));
      if (i % 3 == 0) host.bring();
    }
    host.bring();
    const std::string epoch = last.substr(0, last.find('.') + 1);
    for (std::uint64_t number = 0; number <= 20; ++number) {
      QCOMPARE(host.find(epoch + std::to_string(number)).has_value(), number >= oldest);
      QCOMPARE(host.keeps(number), number >= oldest);
    }
  }

  void theSharedStreamGoesOn() {
    Host host;
    host.log.follow("5-0", "e", "not joined yet");
    host.log.joined("aaaaaaaa", "5-0");
    RawClient client(host.server.port);
    host.bring();
    host.open(client);
    QCOMPARE(host.find("aaaaaaaa.5-0"), std::optional<std::uint64_t>(2));
    host.log.follow("6-0", "e", "1");
    host.log.follow("6-0", "e", "repeated");
    host.log.follow("6-1", "e", "2");
    host.log.joined("aaaaaaaa", "6-1");  // another key, or again after a reconnect: nothing was missed
    host.log.follow("5-9", "e", "repeated");
    host.log.follow("no entry", "e", "broken");
    const std::string here = host.log.publish_here("e", "here");
    host.log.follow("7-0", "e", "3");
    host.bring();
    QVERIFY(client.read_until("data: 3\n\n"));
    QCOMPARE(client.received(), frame("aaaaaaaa.6-0", "e", "1") + frame("aaaaaaaa.6-1", "e", "2") +
                                    frame(here, "e", "here") + frame("aaaaaaaa.7-0", "e", "3"));
    for (const std::string& position : {std::string("aaaaaaaa.5-0"), std::string("aaaaaaaa.6-1"), here}) {
      QVERIFY2(host.find(position), position.c_str());
    }
    for (const char* position : {"aaaaaaaa.6", "aaaaaaaa.6-2", "aaaaaaaa.06-1", "bbbbbbbb.6-1"}) {
      QVERIFY2(!host.find(position), position);
    }
  }

  void aGapIsToldAndNothingBeforeItIsReplayed_data() {
    QTest::addColumn<QByteArray>("epoch");
    QTest::addColumn<QByteArray>("base");
    QTest::addColumn<QByteArray>("position");
    QTest::addColumn<bool>("known");  // can a client go back there?
    QTest::newRow("another epoch") << QByteArray("bbbbbbbb") << QByteArray("9-0") << QByteArray("bbbbbbbb.9-0") << true;
    QTest::newRow("another epoch, trimmed") << QByteArray("bbbbbbbb") << QByteArray() << QByteArray("bbbbbbbb.0-0") << false;
    QTest::newRow("trimmed") << QByteArray("aaaaaaaa") << QByteArray() << QByteArray("aaaaaaaa.6-0") << false;
  }
  void aGapIsToldAndNothingBeforeItIsReplayed() {
    QFETCH(QByteArray, epoch);
    QFETCH(QByteArray, base);
    QFETCH(QByteArray, position);
    QFETCH(bool, known);
    Host host;
    host.log.joined("aaaaaaaa", "5-0");
    host.log.follow("6-0", "e", "1");
    const std::string here = host.log.publish_here("e", "here");
    RawClient client(host.server.port);
    host.bring();
    host.open(client);
    host.log.joined(epoch.toStdString(), base.toStdString());
    host.log.follow("10-0", "e", "2");
    host.bring();
    QVERIFY(client.read_until("data: 2\n\n"));
    const std::string next = epoch.toStdString() + ".10-0";
    QCOMPARE(client.received(), "id: " + position.toStdString() + '\n' + reset_event() + frame(next, "e", "2"));
    QVERIFY(!host.find("aaaaaaaa.5-0"));
    QVERIFY(!host.find("aaaaaaaa.6-0"));
    QVERIFY(!host.find(here));
    QCOMPARE(host.find(position.toStdString()).has_value(), known);
    QVERIFY(host.find(next));
  }

  void whatWasThereBeforeIsForReplayOnly() {
    Host host;
    RawClient client(host.server.port);
    host.open(client);
    host.log.joined("aaaaaaaa", "", WallTime(100s));
    host.log.follow("1000-0", "e", "old");
    host.log.follow("98999-0", "e", "old, too");
    host.log.follow("99000-0", "e", "perhaps new");  // clocks are never quite right
    host.bring();
    QVERIFY(client.read_until("data: perhaps new\n\n"));
    QCOMPARE(client.received(),
             "id: aaaaaaaa.0-0\n" + reset_event() + frame("aaaaaaaa.99000-0", "e", "perhaps new"));
    const auto old = host.find("aaaaaaaa.1000-0");
    QVERIFY(old && host.keeps(*old));
    host.server.router.get("/again", [&](const http::Request&, http::Responder responder) {
      http::Opening opening;
      opening.after = old;
      responder.open_stream(*host.server.hub, "", opening);
    });
    RawClient again(host.server.port);
    again.send(request_text("GET", "/again"));
    QVERIFY(again.read_until("data: perhaps new\n\n"));
    QVERIFY(again.received().ends_with("\r\n\r\n" + frame("aaaaaaaa.98999-0", "e", "old, too") +
                                       frame("aaaaaaaa.99000-0", "e", "perhaps new")));
  }

  void aLoopThatStoodStillForTooLongSaysSo() {
    Host host({3, 100'000});
    RawClient client(host.server.port);
    host.open(client);
    std::vector<std::string> positions;
    for (int i = 1; i <= 9; ++i) positions.push_back(host.log.publish_here("e", std::to_string(i)));
    host.bring();
    QVERIFY(client.read_until("data: 9\n\n"));
    QCOMPARE(client.received(), "id: " + positions[5] + '\n' + reset_event() + frame(positions[6], "e", "7") +
                                    frame(positions[7], "e", "8") + frame(positions[8], "e", "9"));
    for (std::size_t i = 0; i < positions.size(); ++i) QCOMPARE(host.find(positions[i]).has_value(), i >= 5);
    QVERIFY(!host.keeps(5) && host.keeps(6) && host.keeps(9));
  }

  void manyPublishersOneOrder() {
    Host host;
    RawClient client(host.server.port, 10s);
    host.open(client);
    constexpr int threads = 4, each = 500;
    {
      std::vector<std::jthread> publishers;
      for (int t = 0; t < threads; ++t) {
        publishers.emplace_back([&host, t] {
          for (int i = 0; i < each; ++i) {
            if (t == 0) {
              host.log.follow(std::to_string(i + 1) + "-0", "e", "0");
            } else {
              (void)host.log.publish_here("e", std::to_string(t));
            }
            if (i % 50 == 0) host.bring();
          }
        });
      }
      host.log.joined("aaaaaaaa", "0-0");
    }
    const std::string end = host.log.publish_here("e", "end");
    host.bring();
    QVERIFY(client.read_until("data: end\n\n"));
    const std::string epoch = end.substr(0, end.find('.') + 1);
    std::vector<std::uint64_t> here, shared;
    const std::string& text = client.received();
    for (std::size_t at = text.find("id: "); at != std::string::npos; at = text.find("id: ", at + 1)) {
      const bool own = text.compare(at + 4, epoch.size(), epoch) == 0;
      (own ? here : shared).push_back(std::strtoull(text.c_str() + at + 13, nullptr, 10));
    }
    QCOMPARE(here.size(), std::size_t{(threads - 1) * each + 1});
    for (std::size_t i = 0; i < here.size(); ++i) QCOMPARE(here[i], i + 1);
    QVERIFY(std::is_sorted(shared.begin(), shared.end()));
  }

  void whatWasLastSeen_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("understood");  // position|resume; empty: no
    const auto row = [](const char* text, const char* understood) {
      QTest::newRow(text) << QByteArray(text) << QByteArray(understood);
    };
    row("0a1b2c3d.12", "0a1b2c3d.12|");
    row("0a1b2c3d.1700000000000-3", "0a1b2c3d.1700000000000-3|");
    row("0a1b2c3d.12.A-_z", "0a1b2c3d.12|A-_z");
    row("0a1b2c3d.12.", "0a1b2c3d.12|");
    for (const char* bad : {"", ".", "..", "12", "a.", ".12", "a.b", "a.1-", "a.-1", "a.1-2-3", "a.+1", "a. 1", "a.1.b.c",
                            "a b.1", "a.1.b c", "a.18446744073709551616", "a.1-18446744073709551616",
                            "0123456789012345678901234567890123.1", "\xff.1", "a.1.\"x\""}) {
      row(bad, "");
    }
  }
  void whatWasLastSeen() {
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, understood);
    const std::string given = text.toStdString();
    const auto id = LastEventId::parse(given);
    const std::string found = id ? std::string(id->position) + '|' + std::string(id->resume) : std::string();
    QCOMPARE(found, understood.toStdString());
    if (id) QCOMPARE(std::string(id->epoch) + '.' + std::string(id->entry), std::string(id->position));
  }
};

QTEST_GUILESS_MAIN(TestEventLog)
#include "test_event_log.moc"
