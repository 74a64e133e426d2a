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
  void on_all_revoked() override {}
  std::atomic<std::uint64_t> expired{0};
  std::atomic<std::uint64_t> revoked{0};
};

}  // namespace

class MemoryThreadsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_single_use_token_opens_once_over_all_threads();
  void the_bound_holds_over_all_threads();
  void everything_at_once_adds_up();
  void a_walk_among_writers_misses_nobody();
};

void MemoryThreadsTest::a_single_use_token_opens_once_over_all_threads() {
  TableFixture f;
  std::vector<IssueResult> issued;
  for (int i = 0; i < 5000; ++i) issued.push_back(f.issue(60s, true));
  std::vector<std::atomic<int>> opened(issued.size());
  on_threads([&](int) {
    for (std::size_t i = 0; i < issued.size(); ++i) {
      if (f.open(issued[i]).verdict == Verdict::valid) ++opened[i];
    }
  });
  QVERIFY(std::all_of(opened.begin(), opened.end(), [](const auto& count) { return count == 1; }));
  QCOMPARE(f.table.stats().used, std::uint64_t{5000});
}

void MemoryThreadsTest::the_bound_holds_over_all_threads() {
  TableFixture f(3000);
  std::atomic<int> issued{0};
  on_threads([&](int) {
    for (int i = 0; i < 2000; ++i) issued += f.issue().status == IssueStatus::issued ? 1 : 0;
  });
  QCOMPARE(issued.load(), 3000);
  QCOMPARE(f.table.stats().active, std::uint64_t{3000});
}

void MemoryThreadsTest::everything_at_once_adds_up() {
  TableFixture f(2000);
  CountingObserver observer;
  std::atomic<std::uint64_t> issued{0};
  std::atomic<std::uint64_t> revoked{0};
  std::atomic<int> wrong{0};
  on_threads([&](int thread) {
    std::mt19937 dice(static_cast<unsigned>(thread));
    std::vector<IssueResult> mine;
    for (int i = 0; i < 20'000; ++i) {
      const auto action = dice() % 100;
      if (action < 40 || mine.empty()) {
        IssueResult made = f.issue(std::chrono::seconds(1 + dice() % 5), dice() % 4 == 0);
        if (made.status != IssueStatus::issued) continue;
        ++issued;
        if (mine.size() < 300) {
          mine.push_back(std::move(made));
        } else {
          mine[dice() % mine.size()] = std::move(made);
        }
      } else if (action < 80) {
        const IssueResult& one = mine[dice() % mine.size()];
        const Instant before = f.clock.now();
        const CheckResult check = dice() % 2 == 0 ? f.look(one) : f.open(one);
        if (check.verdict == Verdict::valid && before >= one.expires_at) ++wrong;
        if (check.verdict == Verdict::valid && check.expires_in <= 0ms) ++wrong;
      } else if (action < 90) {
        const IssueResult& one = mine[dice() % mine.size()];
        revoked += f.table.revoke(one.token, &observer).revoked;
        if (f.look(one).verdict == Verdict::valid) ++wrong;
      } else if (action < 97) {
        f.clock.advance(std::chrono::milliseconds(dice() % 20));
        f.table.tick(&observer);
      } else if (action < 99) {
        const StoreStats stats = f.table.stats();
        if (stats.issued != stats.active + stats.expired + stats.revoked || stats.active > 2000) ++wrong;
      } else if (dice() % 20 == 0) {
        revoked += f.table.revoke(RevokeAll{}, &observer).revoked;
      } else {
        revoked += f.table.revoke(mine[dice() % mine.size()].id, &observer).revoked;
      }
    }
  });
  QCOMPARE(wrong.load(), 0);
  f.clock.advance(90s);
  for (int i = 0; i < 10; ++i) f.table.tick(&observer);
  const StoreStats stats = f.table.stats();
  QCOMPARE(stats.active, std::uint64_t{0});
  QCOMPARE(stats.issued, issued.load());
  QCOMPARE(stats.revoked, revoked.load());
  QCOMPARE(stats.expired, issued.load() - revoked.load());
  QCOMPARE(observer.expired.load(), stats.expired);
  // Not one place of the bound has leaked.
  for (int i = 0; i < 2000; ++i) QCOMPARE(f.issue().status, IssueStatus::issued);
  QCOMPARE(f.issue().status, IssueStatus::full);
}

void MemoryThreadsTest::a_walk_among_writers_misses_nobody() {
  TableFixture f;
  std::set<PublicId> stable;
  for (const IssueResult& one : f.issue_many(2000, 86'400s)) stable.insert(one.id);
  std::atomic<int> walkers{2};
  std::atomic<int> missed{0};
  on_threads([&](int thread) {
    if (thread < 2) {
      for (int i = 0; i < 3; ++i) {
        std::set<PublicId> left = stable;
        ListRequest request{"", 37, ""};
        for (;;) {
          const ListPage page = f.table.list(request);
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
      const IssueResult passing = f.issue(1s);
      if (thread == 2) f.table.revoke(passing.token, nullptr);
      f.clock.advance(1ms);
      f.table.tick(nullptr);
    }
  });
  QCOMPARE(missed.load(), 0);
}

QTEST_GUILESS_MAIN(MemoryThreadsTest)
#include "memory_threads_test.moc"
