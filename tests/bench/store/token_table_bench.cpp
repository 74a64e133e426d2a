// What the token table costs: issue, hit, miss, expiry; one thread and two. And what the token's public id does, which
// each look begins with.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "store/token_table.h"

namespace {

using namespace vx11;
using namespace vx11::store;
using namespace std::chrono_literals;

constexpr std::size_t kTokens = 1'000'000;

KnownToken issue_one(TokenTable& table, const Clock& clock, std::chrono::seconds ttl) {
  const bool reserved = table.reserve();
  KnownToken token = table.draw({ttl, false}, clock.wall(), Home::here);
  const bool added = reserved && table.add(token, token.expires_at);
  benchmark::DoNotOptimize(added);
  return token;
}

/// As a request has it: the token's text.
Sight check(TokenTable& table, std::string_view text) {
  if (!Uuid::parse(text)) return {};
  return table.use(PublicId::of(text));
}

/// A table on the real clock, with tokens that outlive the run.
struct Filled {
  explicit Filled(std::size_t count) : table(clock, random, {10'000'000, "bench"}) {
    tokens.reserve(count);
    for (std::size_t i = 0; i < count; ++i) tokens.push_back(issue_one(table, clock, 86'400s).key.text());
  }
  SystemClock clock;
  SystemRandom random;
  TokenTable table;
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
  for (auto _ : state) benchmark::DoNotOptimize(issue_one(shared->table, shared->clock, 60s));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(issue)->Arg(0)->Iterations(kTokens)->Setup(fill)->Teardown(empty)->UseRealTime()->ThreadRange(1, 2);

void hit(benchmark::State& state) {
  Pick pick(state.thread_index());
  const auto& tokens = shared->tokens;
  for (auto _ : state) {
    benchmark::DoNotOptimize(check(shared->table, tokens[pick(tokens.size())].reveal()));
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
    benchmark::DoNotOptimize(check(shared->table, unknown[pick(unknown.size())].reveal()));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(miss)->Arg(kTokens)->Setup(fill)->Teardown(empty)->UseRealTime()->ThreadRange(1, 2);

void malformed(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(check(shared->table, "3F9A0C11-7B2E-4D55-A0B1-9E8D7C6BC21E"));
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
    auto table = std::make_unique<TokenTable>(clock, random, TokenTable::Options{10'000'000, "bench"});
    for (std::size_t i = 0; i < count; ++i) issue_one(*table, clock, 60s);
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
    TokenTable table(clock, random, {10'000'000, "bench"});
    for (std::size_t i = 0; i < kTokens; ++i) issue_one(table, clock, 1s);
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
    ListPage found = shared->table.list(request, TokenTable::Listed::mine);
    request.cursor = found.cursor.value_or("");
    benchmark::DoNotOptimize(found);
  }
}
BENCHMARK(page)->Arg(6'000)->Arg(kTokens)->Setup(fill)->Teardown(empty)->Unit(benchmark::kMicrosecond);

void revoke(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(shared->table.revoke(PublicId{}));
}
BENCHMARK(revoke)->Arg(6'000)->Arg(kTokens)->Setup(fill)->Teardown(empty);

void public_id(benchmark::State& state) {
  SeededRandom random(1);
  const TokenText text = Uuid::generate(random).text();
  for (auto _ : state) benchmark::DoNotOptimize(PublicId::of(text.reveal()));
}
BENCHMARK(public_id);

/// Copies of others' tokens fill the table, and each issue needs a place of theirs.
void issue_among_copies(benchmark::State& state) {
  const SystemClock clock;
  SystemRandom random;
  const auto bound = static_cast<std::uint64_t>(state.range(0));
  TokenTable table(clock, random, {bound, "bench"});
  for (std::uint64_t i = 0; i < bound; ++i) {
    const KnownToken token = table.draw({86'400s, false}, clock.wall(), Home::redis);
    table.learn(token, token.expires_at);
  }
  for (auto _ : state) issue_one(table, clock, 86'400s);
}
BENCHMARK(issue_among_copies)->Arg(kTokens)->Iterations(kTokens);

}  // namespace
