// A token table on a clock and randomness that the test holds, and an observer that remembers.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "store/token_table.h"

namespace vx11::store {

class RecordingObserver final : public StoreObserver {
 public:
  void on_expired(std::span<const PublicId> ids) override { expired.insert(expired.end(), ids.begin(), ids.end()); }
  void on_revoked(std::span<const PublicId> ids) override { revoked.insert(revoked.end(), ids.begin(), ids.end()); }

  void on_all_revoked(WallTime) override { ++all_revoked; }

  std::vector<PublicId> expired;
  std::vector<PublicId> revoked;
  int all_revoked = 0;
};

struct TableFixture {
  explicit TableFixture(std::uint64_t max_tokens = 1'000'000) : table(clock, random, {max_tokens, "backend-1:8011"}) {}

  /// Nothing: the table is full.
  std::optional<KnownToken> try_issue(const IssueRequest& request = {}, Home home = Home::here, bool unwritten = false) {
    if (!table.reserve()) return std::nullopt;
    KnownToken token = table.draw(request, clock.wall(), home);
    token.unwritten = unwritten;
    if (!table.add(token, fresh_until(token))) return std::nullopt;
    return token;
  }
  KnownToken issue(std::chrono::seconds ttl = std::chrono::seconds(60), bool single_use = false) {
    return try_issue({ttl, single_use}).value();
  }
  KnownToken issue_at(Home home, std::chrono::seconds ttl = std::chrono::seconds(60)) {
    return try_issue({ttl, false}, home).value();
  }
  std::vector<KnownToken> issue_many(std::size_t count, std::chrono::seconds ttl = std::chrono::seconds(60)) {
    std::vector<KnownToken> issued;
    for (std::size_t i = 0; i < count; ++i) issued.push_back(issue(ttl));
    return issued;
  }
  /// A token that another instance issued just now and that this one sees in Redis.
  KnownToken see(std::chrono::seconds ttl = std::chrono::seconds(60)) {
    KnownToken token = table.draw({ttl, false}, clock.wall(), Home::redis);
    token.mine = false;
    learn(token);
    return token;
  }
  void learn(const KnownToken& token) { table.learn(token, fresh_until(token)); }
  /// As a cache that trusts for 5 s has it.
  [[nodiscard]] Instant fresh_until(const KnownToken& token) const {
    return std::min(clock.now() + std::chrono::seconds(5), token.expires_at);
  }

  [[nodiscard]] Sight::State look(const KnownToken& token) const { return table.look(token.id).state; }
  Sight::State use(const KnownToken& token) { return table.use(token.id).state; }
  [[nodiscard]] bool is_fresh(const KnownToken& token) const { return look(token) == Sight::State::fresh; }
  [[nodiscard]] bool is_known(const KnownToken& token) const { return look(token) != Sight::State::unknown; }
  [[nodiscard]] ListPage list(const ListRequest& request = {}) const { return table.list(request, Listed::mine); }
  /// Until everything that is due is gone.
  void settle() {
    for (int i = 0; i < 64; ++i) table.tick(&observer);
  }
  /// Promise I14, and as many copies of others' as are expected.
  [[nodiscard]] bool adds_up(std::uint64_t copies = 0) const {
    const StoreStats stats = table.stats();
    return stats.issued == stats.active + stats.expired + stats.revoked &&
           stats.cache_entries == stats.active + copies;
  }

  ManualClock clock;
  SeededRandom random{20260101};
  RecordingObserver observer;
  TokenTable table;
};

}  // namespace vx11::store
