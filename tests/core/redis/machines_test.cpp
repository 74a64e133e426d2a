// What decides without a socket: when to try again, whom to believe, whose reply it is.
#include <QTest>
#include <chrono>
#include <string>
#include <vector>

#include "redis/backoff.h"
#include "redis/breaker.h"
#include "redis/link.h"
#include "redis/server_clock.h"
#include "redis/waiting.h"

using namespace vx11;
using namespace vx11::redis;
using namespace std::chrono_literals;

namespace {

/// Always the highest, or always the lowest that can be.
class Extreme final : public Random {
 public:
  explicit Extreme(std::uint64_t value) : value_(value) {}
  void fill(std::span<std::byte> out) noexcept override {
    std::copy_n(std::as_bytes(std::span(&value_, 1)).begin(), out.size(), out.begin());
  }

 private:
  std::uint64_t value_;
};

Waiting::Entry entry(Instant asked, std::chrono::milliseconds deadline, std::vector<int>& called, int number) {
  Waiting::Entry made;
  made.handler = [&called, number](const Answer&) { called.push_back(number); };
  made.asked = asked;
  made.deadline = made.last_deadline = asked + deadline;
  return made;
}

}  // namespace

class MachinesTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theWaitDoublesUpToItsCapAndIsSpread() {
    SeededRandom random(1);
    std::vector<std::chrono::nanoseconds> longest(8), shortest(8, 1h);
    for (int round = 0; round < 500; ++round) {
      Backoff backoff(20ms, 1s, random);
      for (std::size_t i = 0; i < longest.size(); ++i) {
        const auto wait = backoff.next();
        longest[i] = std::max(longest[i], wait);
        shortest[i] = std::min(shortest[i], wait);
      }
    }
    std::chrono::nanoseconds most = 20ms;
    for (std::size_t i = 0; i < longest.size(); ++i, most = std::min<std::chrono::nanoseconds>(1s, most * 2)) {
      QVERIFY(longest[i] <= most);
      QVERIFY(longest[i] > most * 9 / 10);
      QVERIFY(shortest[i] < most / 10);
    }
    Backoff backoff(20ms, 1s, random);
    for (int i = 0; i < 1000; ++i) QVERIFY(backoff.next() <= 1s);
    backoff.reset();
    QVERIFY(backoff.next() <= 20ms);
  }

  void theBreakerOpensOnSilenceOnly() {
    ManualClock clock;
    Breaker breaker(1s);
    QVERIFY(!breaker.lets_through());
    breaker.on_up(clock.now());
    QVERIFY(breaker.lets_through());
    QVERIFY(!breaker.due());
    clock.advance(10ms);
    const Instant sent = clock.now();
    clock.advance(100ms);
    breaker.on_bytes(clock.now());
    clock.advance(50ms);
    breaker.on_timeout(sent, clock.now());  // late, but it speaks
    QVERIFY(breaker.lets_through());
    const Instant second = clock.now();
    clock.advance(150ms);
    breaker.on_timeout(second, clock.now());
    QCOMPARE(breaker.state(), BreakerState::open);
    QCOMPARE(*breaker.due(), clock.now() + 100ms);
    QCOMPARE(breaker.on_time(clock.now() + 99ms), Breaker::Next::none);
    clock.advance(100ms);
    QCOMPARE(breaker.on_time(clock.now()), Breaker::Next::probe);
    QCOMPARE(breaker.state(), BreakerState::half_open);
    QCOMPARE(breaker.on_time(clock.now()), Breaker::Next::none);  // one at a time
    QCOMPARE(*breaker.due(), second + 1s);
    breaker.on_bytes(clock.now());
    QVERIFY(breaker.lets_through());
    QVERIFY(!breaker.due());
  }

  void longSilenceEndsTheConnection() {
    ManualClock clock;
    Breaker breaker(1s);
    breaker.on_up(clock.now());
    clock.advance(1ms);
    const Instant sent = clock.now();
    clock.advance(150ms);
    breaker.on_timeout(sent, clock.now());
    breaker.on_timeout(sent + 10ms, clock.now());  // the first one counts
    QCOMPARE(breaker.on_time(sent + 999ms), Breaker::Next::probe);
    QCOMPARE(breaker.on_time(sent + 1s), Breaker::Next::drop);
    breaker.on_down();
    QVERIFY(!breaker.due());
    QCOMPARE(breaker.state(), BreakerState::open);
    breaker.on_bytes(sent + 2s);  // of a greeting
    QVERIFY(!breaker.lets_through());
    breaker.on_timeout(sent, sent + 2s);
    QVERIFY(!breaker.due());
  }

  void theLinkConnectsGreetsAndServes() {
    ManualClock clock;
    Extreme random(0);
    const Options options;
    Link link(options, random);
    QVERIFY(!link.due());
    QCOMPARE(link.start(clock.now()), Link::Next::connect);
    QCOMPARE(link.start(clock.now()), Link::Next::none);
    QCOMPARE(*link.due(), clock.now() + 1s);
    link.on_connected();
    QCOMPARE(link.state(), Link::State::greeting);
    QCOMPARE(*link.due(), clock.now() + 1s);  // for both together
    link.on_greeted(clock.now());
    QCOMPARE(link.state(), Link::State::ready);
    QVERIFY(!link.due());
    link.stop();
    link.on_lost(clock.now());
    QCOMPARE(link.state(), Link::State::idle);
  }

  void aServerThatOthersKnowIsLocatedAtEveryAttempt() {
    ManualClock clock;
    SeededRandom random(3);
    Options options;
    options.topology = Topology::sentinel;
    Link link(options, random);
    QCOMPARE(link.start(clock.now()), Link::Next::locate);
    QCOMPARE(link.state(), Link::State::locating);
    QCOMPARE(*link.due(), clock.now() + Link::longest_search);
    link.on_connected();  // of an attempt that is over
    QCOMPARE(link.state(), Link::State::locating);
    clock.advance(600ms);
    link.on_located(clock.now());
    QCOMPARE(link.state(), Link::State::connecting);
    QCOMPARE(*link.due(), clock.now() + options.connect_timeout);  // finding it has cost none of that
    link.on_lost(clock.now());
    QCOMPARE(link.state(), Link::State::waiting);
    QCOMPARE(link.on_time(*link.due()), Link::Next::locate);
    QCOMPARE(link.on_time(*link.due()), Link::Next::give_up);
    link.on_lost(*link.due());
    link.on_located(clock.now());
    QCOMPARE(link.state(), Link::State::waiting);
  }

  void theLinkNeverGivesUp() {
    ManualClock clock;
    SeededRandom random(7);
    const Options options;
    Link link(options, random);
    QCOMPARE(link.start(clock.now()), Link::Next::connect);
    for (int attempt = 0; attempt < 100; ++attempt) {
      clock.advance(1ms);
      link.on_lost(clock.now());
      QCOMPARE(link.state(), Link::State::waiting);
      QVERIFY(*link.due() >= clock.now());
      QVERIFY(*link.due() - clock.now() <= options.backoff_cap);
      QCOMPARE(link.on_time(*link.due() - 1ns), Link::Next::none);
      clock.advance(*link.due() - clock.now());
      QCOMPARE(link.on_time(clock.now()), Link::Next::connect);
    }
  }

  void anAttemptThatTookItsTimeIsFollowedAtOnce() {
    ManualClock clock;
    Extreme random(900'000'000);  // the whole cap
    const Options options;
    Link link(options, random);
    static_cast<void>(link.start(clock.now()));
    for (int attempt = 0; attempt < 20; ++attempt) {
      clock.advance(1s);
      QCOMPARE(link.on_time(clock.now()), Link::Next::give_up);
      link.on_lost(clock.now());
      QCOMPARE(*link.due(), clock.now());
      QCOMPARE(link.on_time(clock.now()), Link::Next::connect);
    }
  }

  void aServerThatHangsUpAfterTheGreetingIsNotHammered() {
    ManualClock clock;
    SeededRandom random(3);
    const Options options;
    Link link(options, random);
    static_cast<void>(link.start(clock.now()));
    const Instant begun = clock.now();
    const auto serve = [&](std::chrono::nanoseconds time) {
      link.on_connected();
      link.on_greeted(clock.now());
      clock.advance(time);
      link.on_lost(clock.now());
      const auto wait = *link.due() - clock.now();
      clock.advance(wait);
      static_cast<void>(link.on_time(clock.now()));
      return wait;
    };
    for (int attempt = 0; attempt < 100; ++attempt) serve(1ms);
    QVERIFY(clock.now() - begun > 20s);
    QVERIFY(serve(2s) <= options.backoff_base);  // one that served for a while is looked for quickly
  }

  void anExpiredRequestKeepsItsPlace() {
    ManualClock clock;
    Waiting waiting(3);
    std::vector<int> called;
    const Instant start = clock.now();
    waiting.push(entry(start, 100ms, called, 1));
    waiting.push(entry(start, 50ms, called, 2));
    waiting.mark_sent();
    waiting.push(entry(start, 500ms, called, 3));
    QVERIFY(waiting.full());
    QCOMPARE(*waiting.due(), start + 50ms);
    QVERIFY(waiting.expire(start + 49ms).empty());
    const auto call = [](std::vector<Waiting::Entry> entries) {
      for (Waiting::Entry& one : entries) {
        if (one.handler) one.handler({});
      }
    };
    call(waiting.expire(start + 50ms));
    QCOMPARE(called, (std::vector<int>{2}));
    QCOMPARE(*waiting.due(), start + 100ms);
    call(waiting.expire(start + 200ms));
    QCOMPARE(called, (std::vector<int>{2, 1}));
    QCOMPARE(waiting.size(), std::size_t{3});
    QCOMPARE(*waiting.due(), start + 500ms);
    for (int i = 0; i < 2; ++i) QVERIFY(!waiting.pop().handler);
    QVERIFY(!waiting.front().sent);
    waiting.mark_sent();
    QVERIFY(waiting.front().sent);
    waiting.pop().handler({});
    QCOMPARE(called, (std::vector<int>{2, 1, 3}));
    QVERIFY(waiting.empty());
    QVERIFY(!waiting.due());
  }

  void whatWaitsIsTakenWithWhetherItWasSent() {
    Waiting waiting(1000);
    std::vector<int> called;
    for (int i = 0; i < 300; ++i) {
      waiting.push(entry({}, 1ms, called, i));
      if (i == 99) waiting.mark_sent();
    }
    for (int i = 0; i < 50; ++i) waiting.pop().handler({});
    auto rest = waiting.take_all();
    QVERIFY(waiting.empty());
    QCOMPARE(rest.size(), std::size_t{250});
    for (std::size_t i = 0; i < rest.size(); ++i) {
      QCOMPARE(rest[i].sent, i < 50);
      rest[i].handler({});
    }
    for (int i = 0; i < 300; ++i) QCOMPARE(called[static_cast<std::size_t>(i)], i);
  }

  void theServersClockIsReadHalfWay() {
    ManualClock clock;
    ServerClock server;
    QVERIFY(!server.at(clock.now()));
    const Instant sent = clock.now();
    const WallTime shown = clock.wall() + 1h;
    server.add(sent, sent + 20ms, shown);
    QCOMPARE(*server.at(sent + 10ms), shown);
    QCOMPARE(*server.at(sent + 10s + 10ms), shown + 10s);
    // A quick answer is worth more than a slow one, before it and after it.
    server.add(sent + 10s, sent + 10s + 2ms, shown + 10s);
    QCOMPARE(*server.at(sent + 1ms), shown);
    server.add(sent + 20s, sent + 20s + 100ms, shown + 20s + 95ms);
    QCOMPARE(*server.at(sent + 1ms), shown);
    // But not for ever.
    for (int i = 3; i < 7; ++i) server.add(sent + i * 10s, sent + i * 10s + 4ms, shown + i * 10s + 3ms);
    QCOMPARE(*server.at(sent + 1ms), shown + 2ms);
  }

  void aClockThatWasSetIsBelieved() {
    ManualClock clock;
    ServerClock server;
    const Instant sent = clock.now();
    const WallTime shown = clock.wall();
    server.add(sent, sent + 1ms, shown);
    server.add(sent + 10s, sent + 10s + 10ms, shown + 10s + 1min);
    QCOMPARE(*server.at(sent + 10s + 5ms), shown + 10s + 1min);
    // Another server: even a little matters.
    server.on_connect();
    QCOMPARE(*server.at(sent + 10s + 5ms), shown + 10s + 1min);
    server.add(sent + 20s, sent + 20s + 12ms, shown + 20s + 1min + 4ms);
    QCOMPARE(*server.at(sent + 20s + 6ms), shown + 20s + 1min + 4ms);
  }

  void timeRepliesAreRead() {
    const auto read = [](std::string_view seconds, std::string_view micros) {
      const Reply parts[2] = {{Reply::Type::text, 0, seconds, nullptr, 0}, {Reply::Type::text, 0, micros, nullptr, 0}};
      return ServerClock::shown_by({Reply::Type::array, 0, {}, parts, 2});
    };
    QCOMPARE(*read("1700000000", "250000"), WallTime(1'700'000'000s + 250ms));
    for (const std::string_view bad : {"", "x", "-5", "1x", "99999999999999999999", "9223372036854775807"}) {
      QVERIFY2(!read(bad, "0"), std::string(bad).c_str());
      QVERIFY2(!read("1", bad), std::string(bad).c_str());
    }
    QVERIFY(!ServerClock::shown_by({}));
  }
};

QTEST_GUILESS_MAIN(MachinesTest)
#include "machines_test.moc"
