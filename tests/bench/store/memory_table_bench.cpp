// What the memory table costs: issue, hit, miss, expiry; one thread and two.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "store/memory_table.h"

namespace {

using namespace vx11;
using namespace vx11::store;
using namespace std::chrono_literals;

constexpr std::size_t kTokens = 1'000'000;

/// A table on the real clock, with tokens that outlive the run.
struct Filled {
  explicit Filled(std::size_t count) : table(clock, random, {10'000'000, "bench"}) {
    tokens.reserve(count);
    for (std::size_t i = 0; i < count; ++i) tokens.push_back(table.issue({86'400s, false}).token);
  }
  SystemClock clock;
  SystemRandom random;
  MemoryTable table;
  std::vector<TokenText> tokens;
};

std::unique_ptr<Filled> shared;

void fill(const benchmark::State& state) {
  shared = std::make_unique<Filled>(static_cast<std::size_t>(state.range(0)));
}
void empty(const benchmark::State&) { shared.reset(); }

/// A walk over all tokens that the prefetcher can't follow.
class Pick {
 public:
  explicit Pick(int thread) : state_(static_cast<std::uint64_t>(thread) + 1) {}
  std::size_t operator()(std::size_t size) noexcept {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::size_t>((state_ >> 33) % size);
  }

 private:
  std::uint64_t state_;
};

void issue(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(shared->table.issue({60s, false}));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(issue)->Arg(0)->Iterations(kTokens)->Setup(fill)->Teardown(empty)->UseRealTime()->ThreadRange(1, 2);

void hit(benchmark::State& state) {
  Pick pick(state.thread_index());
  const auto& tokens = shared->tokens;
  for (auto _ : state) {
    benchmark::DoNotOptimize(shared->table.check(tokens[pick(tokens.size())].reveal(), Purpose::look));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(hit)->Arg(6'000)->Arg(kTokens)->Setup(fill)->Teardown(empty)->UseRealTime()->ThreadRange(1, 2);

void miss(benchmark::State& state) {
  SeededRandom random(static_cast<std::uint64_t>(state.thread_index()) + 1);
  std::vector<TokenText> unknown;
  for (int i = 0; i < 10'000; ++i) unknown.push_back(Uuid::generate(random).text());
  Pick pick(state.thread_index());
  for (auto _ : state) {
    benchmark::DoNotOptimize(shared->table.check(unknown[pick(unknown.size())].reveal(), Purpose::look));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(miss)->Arg(kTokens)->Setup(fill)->Teardown(empty)->UseRealTime()->ThreadRange(1, 2);

void malformed(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(shared->table.check("3F9A0C11-7B2E-4D55-A0B1-9E8D7C6BC21E", Purpose::look));
  }
}
BENCHMARK(malformed)->Arg(0)->Setup(fill)->Teardown(empty);

/// Ticks until a table in which everything has expired is empty.
void expire(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) {
    state.PauseTiming();
    ManualClock clock;
    SystemRandom random;
    auto table = std::make_unique<MemoryTable>(clock, random, MemoryTable::Options{10'000'000, "bench"});
    for (std::size_t i = 0; i < count; ++i) benchmark::DoNotOptimize(table->issue({60s, false}));
    clock.advance(61s);
    state.ResumeTiming();
    while (table->stats().active != 0) table->tick(nullptr);
    state.PauseTiming();
    table.reset();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(count));
}
BENCHMARK(expire)->Arg(6'000)->Arg(kTokens)->Unit(benchmark::kMillisecond);

/// The longest tick on the real clock while as many tokens are due as can be: what an event loop feels.
void longest_tick(benchmark::State& state) {
  double longest = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const SystemClock clock;
    SystemRandom random;
    MemoryTable table(clock, random, {10'000'000, "bench"});
    for (std::size_t i = 0; i < kTokens; ++i) benchmark::DoNotOptimize(table.issue({1s, false}));
    state.ResumeTiming();
    while (table.stats().active != 0) {
      const Instant begin = clock.now();
      table.tick(nullptr);
      longest = std::max(longest, std::chrono::duration<double, std::milli>(clock.now() - begin).count());
    }
  }
  state.counters["longest_ms"] = longest;
}
BENCHMARK(longest_tick)->Iterations(1)->Unit(benchmark::kMillisecond);

void page(benchmark::State& state) {
  ListRequest request{"", 100, ""};
  for (auto _ : state) {
    ListPage found = shared->table.list(request);
    request.cursor = found.cursor.value_or("");
    benchmark::DoNotOptimize(found);
  }
}
BENCHMARK(page)->Arg(6'000)->Arg(kTokens)->Setup(fill)->Teardown(empty)->Unit(benchmark::kMicrosecond);

void revoke_by_id(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(shared->table.revoke(PublicId{}, nullptr));
}
BENCHMARK(revoke_by_id)->Arg(6'000)->Arg(kTokens)->Setup(fill)->Teardown(empty)->Unit(benchmark::kMicrosecond);

}  // namespace
