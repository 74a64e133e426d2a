// A memory table on a clock and randomness that the test holds, and an observer that remembers.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "store/memory_table.h"

namespace vx11::store {

class RecordingObserver final : public StoreObserver {
 public:
  void on_expired(std::span<const PublicId> ids) override { expired.insert(expired.end(), ids.begin(), ids.end()); }
  void on_revoked(std::span<const PublicId> ids) override { revoked.insert(revoked.end(), ids.begin(), ids.end()); }

  void on_all_revoked() override { ++all_revoked; }

  std::vector<PublicId> expired;
  std::vector<PublicId> revoked;
  int all_revoked = 0;
};

struct TableFixture {
  explicit TableFixture(std::uint64_t max_tokens = 1'000'000) : table(clock, random, {max_tokens, "backend-1:8011"}) {}

  IssueResult issue(std::chrono::seconds ttl = std::chrono::seconds(60), bool single_use = false) {
    return table.issue({ttl, single_use});
  }
  std::vector<IssueResult> issue_many(std::size_t count, std::chrono::seconds ttl = std::chrono::seconds(60)) {
    std::vector<IssueResult> issued;
    for (std::size_t i = 0; i < count; ++i) issued.push_back(issue(ttl));
    return issued;
  }
  CheckResult look(const IssueResult& issued) { return table.check(issued.token.reveal(), Purpose::look); }
  CheckResult open(const IssueResult& issued) { return table.check(issued.token.reveal(), Purpose::open); }
  bool is_valid(const IssueResult& issued) { return look(issued).verdict == Verdict::valid; }
  /// Until everything that is due is gone.
  void settle() {
    for (int i = 0; i < 64; ++i) table.tick(&observer);
  }
  [[nodiscard]] bool adds_up() const {
    const StoreStats stats = table.stats();
    return stats.issued == stats.active + stats.expired + stats.revoked && stats.cache_entries == stats.active;
  }

  ManualClock clock;
  SeededRandom random{20260101};
  RecordingObserver observer;
  MemoryTable table;
};

}  // namespace vx11::store
