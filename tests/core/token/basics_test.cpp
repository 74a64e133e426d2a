// What tokens are made with: clocks, randomness and memory that forgets.
#include <QtTest>
#include <algorithm>
#include <array>
#include <cstring>
#include <thread>
#include <utility>
#include <vector>

#include "token/clock.h"
#include "token/random.h"
#include "token/secret.h"

using namespace vx11;
using namespace std::chrono_literals;

class TokenBasicsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void manual_clock_moves_when_told();
  void system_clock_goes_forward();
  void system_random_fills_any_length_data();
  void system_random_fills_any_length();
  void threads_draw_different_bytes();
  void seeded_random_repeats_itself();
  void secret_equals_data();
  void secret_equals();
  void moved_secret_leaves_nothing();
  void secret_copies_are_their_own();
  void secret_wipes_itself();
  void token_text_holds_what_fits();
};

void TokenBasicsTest::manual_clock_moves_when_told() {
  ManualClock clock;
  const Instant start = clock.now();
  const WallTime wall = clock.wall();
  QVERIFY(start.time_since_epoch() > 0ns);
  QVERIFY(clock.now() == start);
  clock.advance(90s + 1ns);
  QVERIFY(clock.now() - start == 90s + 1ns);
  QVERIFY(clock.wall() - wall == 90s + 1ns);
}

void TokenBasicsTest::system_clock_goes_forward() {
  const SystemClock clock;
  Instant last = clock.now();
  for (int i = 0; i < 1000; ++i) {
    const Instant now = clock.now();
    QVERIFY(now >= last);
    last = now;
  }
  QVERIFY(clock.wall() > WallTime{1'700'000'000s});
  timespec boot{};
  QCOMPARE(::clock_gettime(CLOCK_BOOTTIME, &boot), 0);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(last.time_since_epoch()).count();
  QVERIFY(std::abs(seconds - boot.tv_sec) <= 1);
}

void TokenBasicsTest::system_random_fills_any_length_data() {
  QTest::addColumn<int>("size");
  for (const int size : {1, 7, 16, 255, 4095, 4096, 4097, 100'000}) QTest::addRow("%d", size) << size;
}

void TokenBasicsTest::system_random_fills_any_length() {
  QFETCH(int, size);
  SystemRandom random;
  random.fill({});
  // Over 64 fills every byte was not 0 at least once, and nothing was written outside.
  std::vector<std::byte> either(static_cast<std::size_t>(size));
  for (int i = 0; i < 64; ++i) {
    std::vector<std::byte> bytes(static_cast<std::size_t>(size) + 2);
    random.fill(std::span(bytes).subspan(1, either.size()));
    QVERIFY(bytes.front() == std::byte{0});
    QVERIFY(bytes.back() == std::byte{0});
    for (std::size_t b = 0; b < either.size(); ++b) either[b] |= bytes[b + 1];
  }
  QVERIFY(std::none_of(either.begin(), either.end(), [](std::byte b) { return b == std::byte{0}; }));
}

void TokenBasicsTest::threads_draw_different_bytes() {
  SystemRandom random;
  std::array<std::array<std::byte, 32>, 4> drawn;
  std::vector<std::thread> threads;
  for (auto& bytes : drawn) threads.emplace_back([&random, &bytes] { random.fill(bytes); });
  for (auto& thread : threads) thread.join();
  std::sort(drawn.begin(), drawn.end());
  QVERIFY(std::adjacent_find(drawn.begin(), drawn.end()) == drawn.end());
}

void TokenBasicsTest::seeded_random_repeats_itself() {
  std::array<std::byte, 40> a{};
  std::array<std::byte, 40> b{};
  std::array<std::byte, 40> c{};
  SeededRandom(7).fill(a);
  SeededRandom(7).fill(b);
  SeededRandom(8).fill(c);
  QVERIFY(a == b);
  QVERIFY(a != c);
  QVERIFY(!std::equal(a.begin(), a.begin() + 8, a.begin() + 8));
}

void TokenBasicsTest::secret_equals_data() {
  QTest::addColumn<QByteArray>("secret");
  QTest::addColumn<QByteArray>("other");
  QTest::addColumn<bool>("equal");
  QTest::newRow("same") << QByteArray("principal-one-two") << QByteArray("principal-one-two") << true;
  QTest::newRow("last differs") << QByteArray("principal-one-two") << QByteArray("principal-one-twO") << false;
  QTest::newRow("prefix") << QByteArray("principal") << QByteArray("principa") << false;
  QTest::newRow("longer") << QByteArray("principal") << QByteArray("principal1") << false;
  QTest::newRow("NUL") << QByteArray("a\0b", 3) << QByteArray("a\0c", 3) << false;
  QTest::newRow("empty") << QByteArray() << QByteArray() << true;
  QTest::newRow("empty and not") << QByteArray() << QByteArray("a") << false;
}

void TokenBasicsTest::secret_equals() {
  QFETCH(QByteArray, secret);
  QFETCH(QByteArray, other);
  QFETCH(bool, equal);
  QCOMPARE(Secret(secret.toStdString()).equals(other.toStdString()), equal);
}

void TokenBasicsTest::moved_secret_leaves_nothing() {
  for (const std::size_t size : {std::size_t{5}, std::size_t{500}}) {  // inside the string, and on the heap
    const std::string value(size, 's');
    Secret from(value);
    Secret to(std::move(from));
    QVERIFY(from.empty());  // NOLINT(bugprone-use-after-move): that is the promise
    QVERIFY(to.equals(value));
    Secret assigned("something before");
    assigned = std::move(to);
    QVERIFY(to.empty());  // NOLINT(bugprone-use-after-move)
    QVERIFY(assigned.equals(value));
  }
}

void TokenBasicsTest::secret_copies_are_their_own() {
  Secret first("first value");
  Secret second = first;
  first = Secret("another");
  QVERIFY(second.equals("first value"));
  second = first;
  QVERIFY(second.equals("another"));
  Secret& self = second;
  second = self;
  QVERIFY(second.equals("another"));
}

void TokenBasicsTest::secret_wipes_itself() {
  alignas(Secret) std::array<unsigned char, sizeof(Secret)> memory{};
  const std::string value = "0123456789abc";  // short enough to lie inside the object
  auto* secret = new (memory.data()) Secret(value);
  const auto holds = [&] {
    return std::search(memory.begin(), memory.end(), value.begin(), value.begin() + 8) != memory.end();
  };
  QVERIFY(holds());
  secret->~Secret();
  QVERIFY(!holds());

  alignas(TokenText) std::array<unsigned char, sizeof(TokenText)> room{};
  auto* text = new (room.data()) TokenText("a-token");
  text->~TokenText();
  QVERIFY(std::search_n(room.begin(), room.end(), TokenText::capacity, 0) == room.begin());
}

void TokenBasicsTest::token_text_holds_what_fits() {
  QVERIFY(TokenText().empty());
  QVERIFY(TokenText("").empty());
  const std::string longest(TokenText::capacity, 'x');
  QCOMPARE(std::string(TokenText(longest).reveal()), longest);
  QVERIFY(TokenText(longest + "x").empty());
  TokenText copy("one");
  copy = TokenText("a longer one");
  QCOMPARE(std::string(copy.reveal()), std::string("a longer one"));
}

QTEST_GUILESS_MAIN(TokenBasicsTest)
#include "basics_test.moc"
