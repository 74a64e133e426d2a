// Several loops on one table: nothing is accepted twice, lost or counted twice. Worth most under the thread sanitizer.
#include <QtTest>
#include <algorithm>
#include <atomic>
#include <functional>
#include <mutex>
#include <random>
#include <set>
#include <thread>
#include <vector>

#include "core/store/table_fixture.h"

using namespace vx11;
using namespace vx11::store;
using namespace std::chrono_literals;
using State = Sight::State;

namespace {

constexpr int kThreads = 4;

void on_threads(const std::function<void(int)>& work) {
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back(work, i);
  for (auto& thread : threads) thread.join();
}

class CountingObserver final : public StoreObserver {
 public:
  void on_expired(std::span<const PublicId> ids) override { expired += ids.size(); }
  void on_revoked(std::span<const PublicId> ids) override { revoked += ids.size(); }
  void on_all_revoked(WallTime) override {}
  std::atomic<std::uint64_t> expired{0};
  std::atomic<std::uint64_t> revoked{0};
};

}  // namespace

class TableThreadsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_single_use_token_opens_once_over_all_threads();
  void the_bound_holds_over_all_threads();
  void everything_at_once_adds_up();
  void copies_never_keep_an_issue_out();
  void a_walk_among_writers_misses_nobody();
};

void TableThreadsTest::a_single_use_token_opens_once_over_all_threads() {
  TableFixture f;
  std::vector<KnownToken> issued;
  for (int i = 0; i < 5000; ++i) issued.push_back(f.issue(60s, true));
  std::vector<std::atomic<int>> opened(issued.size());
  on_threads([&](int) {
    for (std::size_t i = 0; i < issued.size(); ++i) {
      if (f.use(issued[i]) == State::fresh) ++opened[i];
    }
  });
  QVERIFY(std::all_of(opened.begin(), opened.end(), [](const auto& count) { return count == 1; }));
  QCOMPARE(f.table.stats().used, std::uint64_t{5000});
}

void TableThreadsTest::the_bound_holds_over_all_threads() {
  TableFixture f(3000);
  std::atomic<int> issued{0};
  on_threads([&](int) {
    for (int i = 0; i < 2000; ++i) issued += f.try_issue() ? 1 : 0;
  });
  QCOMPARE(issued.load(), 3000);
  QCOMPARE(f.table.stats().active, std::uint64_t{3000});
}

void TableThreadsTest::everything_at_once_adds_up() {
  TableFixture f(2000);
  CountingObserver observer;
  std::atomic<std::uint64_t> issued{0};
  std::atomic<std::uint64_t> revoked{0};
  std::atomic<int> wrong{0};
  on_threads([&](int thread) {
    std::mt19937 dice(static_cast<unsigned>(thread));
    std::vector<KnownToken> known;
    const auto keep = [&](const KnownToken& token) {
      if (known.size() < 300) known.push_back(token);
      known[dice() % known.size()] = token;
    };
    for (int i = 0; i < 20'000; ++i) {
      const auto action = dice() % 100;
      if (action < 35 || known.empty()) {
        const Home home = dice() % 2 == 0 ? Home::redis : Home::here;
        const bool unwritten = home == Home::redis && dice() % 3 == 0;
        const auto made = f.try_issue({std::chrono::seconds(1 + dice() % 5), dice() % 4 == 0}, home, unwritten);
        if (!made) continue;
        ++issued;
        keep(*made);
      } else if (action < 50) {
        keep(f.see(std::chrono::seconds(1 + dice() % 5)));
      } else if (action < 75) {
        const KnownToken& one = known[dice() % known.size()];
        const Instant before = f.clock.now();
        const State state = dice() % 2 == 0 ? f.look(one) : f.use(one);
        if ((state == State::fresh || state == State::stale) && before >= one.expires_at) ++wrong;
      } else if (action < 80) {
        const KnownToken& one = known[dice() % known.size()];
        if (dice() % 2 == 0) f.learn(one);
        if (dice() % 4 == 0) f.table.lose(one.id);
        if (dice() % 2 == 0) f.table.written(one.id);
      } else if (action < 90) {
        const KnownToken& one = known[dice() % known.size()];
        if (f.table.revoke(one.id) && one.mine) ++revoked;
        const State state = f.look(one);
        if (one.mine && (state == State::fresh || state == State::stale)) ++wrong;
      } else if (action < 97) {
        f.clock.advance(std::chrono::milliseconds(dice() % 20));
        f.table.tick(&observer);
      } else if (action < 99) {
        const StoreStats stats = f.table.stats();
        if (stats.issued != stats.active + stats.expired + stats.revoked) ++wrong;
        if (stats.active > 2000 || stats.cache_entries < stats.active) ++wrong;
        std::size_t cursor = 0;
        do {
          for (const KnownToken& one : f.table.owed_to_redis(cursor, Owed::unwritten)) wrong += one.mine && one.unwritten ? 0 : 1;
        } while (cursor != 0);
      } else if (dice() % 20 == 0) {
        revoked += f.table.revoke_before(f.clock.wall() - 2s);
      }
    }
  });
  QCOMPARE(wrong.load(), 0);
  f.clock.advance(90s);
  for (int i = 0; i < 10; ++i) f.table.tick(&observer);
  const StoreStats stats = f.table.stats();
  QCOMPARE(stats.active, std::uint64_t{0});
  QCOMPARE(stats.cache_entries, std::uint64_t{0});
  QCOMPARE(f.table.unwritten(), std::size_t{0});
  QCOMPARE(stats.issued, issued.load());
  QCOMPARE(stats.revoked, revoked.load());
  QCOMPARE(stats.expired, issued.load() - revoked.load());
  QCOMPARE(observer.expired.load(), stats.expired);
  // Not one place of the bound has leaked.
  for (int i = 0; i < 2000; ++i) QVERIFY(f.try_issue());
  QVERIFY(!f.try_issue());
}

void TableThreadsTest::copies_never_keep_an_issue_out() {
  constexpr std::uint64_t bound = 4000;
  TableFixture f(bound);
  std::atomic<int> refused{0};
  on_threads([&](int thread) {
    for (std::uint64_t i = 0; i < bound / 2; ++i) {
      if (thread % 2 == 0) {
        refused += f.try_issue() ? 0 : 1;
      } else {
        f.see();
      }
    }
  });
  QCOMPARE(f.table.stats().active + static_cast<std::uint64_t>(refused.load()), bound);
  // A copy may have slipped into the place that another made, once it had been looked for.
  QVERIFY2(refused < 20, qPrintable(QString::number(refused.load())));
  QVERIFY(f.table.stats().cache_entries <= bound);
}

void TableThreadsTest::a_walk_among_writers_misses_nobody() {
  TableFixture f;
  std::set<PublicId> stable;
  for (const KnownToken& one : f.issue_many(2000, 86'400s)) stable.insert(one.id);
  std::atomic<int> walkers{2};
  std::atomic<int> missed{0};
  on_threads([&](int thread) {
    if (thread < 2) {
      for (int i = 0; i < 3; ++i) {
        std::set<PublicId> left = stable;
        ListRequest request{"", 37, ""};
        for (;;) {
          const ListPage page = f.list(request);
          for (const TokenRecord& record : page.tokens) left.erase(record.id);
          if (!page.cursor) break;
          request.cursor = *page.cursor;
        }
        missed += static_cast<int>(left.size());
      }
      --walkers;
      return;
    }
    while (walkers > 0) {
      const KnownToken passing = f.issue(1s);
      if (thread == 2) f.table.revoke(passing.id);
      f.clock.advance(1ms);
      f.table.tick(nullptr);
    }
  });
  QCOMPARE(missed.load(), 0);
}

QTEST_GUILESS_MAIN(TableThreadsTest)
#include "table_threads_test.moc"
