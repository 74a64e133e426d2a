#include "store/memory_table.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <optional>
#include <span>

#include "store/memory_cursor.h"

namespace vx11::store {

namespace {

using std::chrono::milliseconds;

// So many that threads seldom meet, and that a shard of a full table still grows in about a millisecond.
constexpr std::uint64_t kMinShards = 64;
constexpr std::uint64_t kMaxShards = 1024;
constexpr std::uint64_t kTokensPerShard = 16 * 1024;

// One tick: its time, the steps between two looks at the clock, and the most a single shard may take of it.
constexpr milliseconds kTickBudget{2};
constexpr std::size_t kStepsPerLook = 256;
constexpr std::size_t kStepsPerShard = 2048;
// When the table is full, what an issue does by itself to make room: shards looked at, and steps in each.
constexpr std::size_t kShardsPerIssue = 8;
constexpr std::size_t kStepsPerIssue = 64;
// Every shard is looked at for memory to give back once in so many ticks.
constexpr std::size_t kTrimRound = kMinShards;
constexpr std::size_t kIdsPerBatch = 1024;
constexpr std::size_t kEntriesPerPage = 16 * 1024;
constexpr std::size_t kMaxPage = 1000;

std::size_t shards_for(std::uint64_t max_tokens) {
  const std::uint64_t wanted = std::min(max_tokens / kTokensPerShard, kMaxShards);
  return static_cast<std::size_t>(std::clamp(std::bit_ceil(wanted), kMinShards, kMaxShards));
}

/// A live token never says 0.
milliseconds left_of(Instant expires_at, Instant now) { return std::chrono::ceil<milliseconds>(expires_at - now); }

}  // namespace

MemoryTable::MemoryTable(const Clock& clock, Random& random, Options options)
    : clock_(clock), random_(random), options_(std::move(options)) {
  const std::size_t count = shards_for(options_.max_tokens);
  // An eighth of the table may be revoked tokens that are still told from unknown ones.
  const auto tombstones = static_cast<std::size_t>(options_.max_tokens / 8 / count) + 64;
  shards_.reserve(count);
  for (std::size_t i = 0; i < count; ++i) shards_.push_back(std::make_unique<MemoryShard>(clock_.now(), tombstones));
}

std::size_t MemoryTable::shard_index(const Uuid& key) const noexcept {
  // Random bits; the map's hash has them only mixed with others.
  return (std::size_t{key.bytes[1]} | std::size_t{key.bytes[3]} << 8) & (shards_.size() - 1);
}

bool MemoryTable::reserve() noexcept {
  std::uint64_t reserved = reserved_.load(std::memory_order_relaxed);
  do {
    if (reserved >= options_.max_tokens) return false;
  } while (!reserved_.compare_exchange_weak(reserved, reserved + 1, std::memory_order_relaxed));
  return true;
}

bool MemoryTable::make_room(Instant now) {
  for (std::size_t i = 0; i < kShardsPerIssue; ++i) {
    const std::size_t index = next_expiry_.fetch_add(1, std::memory_order_relaxed) % shards_.size();
    release(shards_[index]->expire(now, kStepsPerIssue, nullptr).tokens);
    if (reserve()) return true;
  }
  return false;
}

IssueResult MemoryTable::issue(const IssueRequest& request) {
  IssueResult result;
  const Instant now = clock_.now();
  if (!reserve() && !make_room(now)) {
    result.status = IssueStatus::full;
    return result;
  }
  MemoryEntry entry;
  entry.expires_at = now + request.ttl;
  entry.created_at = clock_.wall();
  entry.ttl_s = static_cast<std::uint32_t>(request.ttl.count());
  entry.single_use = request.single_use;
  for (bool fresh = false; !fresh;) {
    const Uuid key = Uuid::generate(random_);
    result.token = key.text();
    entry.id = PublicId::of(result.token.reveal());
    fresh = shard(key).insert(key, entry);
  }
  result.status = IssueStatus::issued;
  result.id = entry.id;
  result.created_at = entry.created_at;
  result.expires_at = entry.expires_at;
  return result;
}

CheckResult MemoryTable::check(std::string_view token, Purpose purpose) {
  CheckResult result;
  const auto key = Uuid::parse(token);
  if (!key) {
    result.reason = Reason::malformed;
    return result;
  }
  const Instant now = clock_.now();
  const MemoryShard::Seen seen = shard(*key).check(*key, purpose, now);
  result.reason = seen.reason;
  result.id = seen.reason == Reason::unknown ? PublicId::of(token) : seen.id;
  if (seen.reason == Reason::none) {
    result.verdict = Verdict::valid;
    result.expires_at = seen.expires_at;
    result.single_use = seen.single_use;
    result.expires_in = left_of(seen.expires_at, now);
  }
  return result;
}

RevokeResult MemoryTable::revoke(const RevokeTarget& target, StoreObserver* observer) {
  RevokeResult result;
  const Instant now = clock_.now();
  if (std::holds_alternative<RevokeAll>(target)) {
    for (const auto& part : shards_) result.revoked += part->revoke_all(now);
    release(result.revoked);
    if (observer != nullptr) observer->on_all_revoked();
    return result;
  }
  PublicId id;
  if (const auto* text = std::get_if<TokenText>(&target)) {
    const auto key = Uuid::parse(text->reveal());
    if (!key) return result;
    id = PublicId::of(text->reveal());
    result.revoked = shard(*key).revoke(*key, now) ? 1 : 0;
  } else {
    id = std::get<PublicId>(target);
    const bool found =
        std::any_of(shards_.begin(), shards_.end(), [&](const auto& part) { return part->revoke(id, now); });
    result.revoked = found ? 1 : 0;
  }
  release(result.revoked);
  if (observer != nullptr) observer->on_revoked(std::span(&id, 1));
  return result;
}

ListPage MemoryTable::list(const ListRequest& request) const {
  ListPage page;
  auto cursor = MemoryCursor::parse(request.cursor, shards_.size());
  if (!cursor) {
    page.cursor_ok = false;
    return page;
  }
  const std::size_t limit = std::clamp<std::size_t>(request.limit, 1, kMaxPage);
  // All have one issuer: what it matches, everything matches.
  const bool all = options_.instance_id.find(request.match) != std::string::npos;
  const std::string_view part = all ? std::string_view() : std::string_view(request.match);
  const Instant now = clock_.now();
  std::vector<MemoryShard::Row> rows;
  std::size_t looked_at = 0;
  while (cursor->shard < shards_.size() && rows.size() < limit && looked_at < kEntriesPerPage) {
    looked_at += shards_[cursor->shard]->list(cursor->after, part, now, limit - rows.size(), rows);
    cursor = rows.size() == limit ? MemoryCursor{cursor->shard, rows.back().second.id}
                                  : MemoryCursor{cursor->shard + 1, PublicId{}};
  }
  if (cursor->shard < shards_.size()) page.cursor = cursor->text();

  page.tokens.reserve(rows.size());
  for (const auto& [key, entry] : rows) {
    TokenRecord& record = page.tokens.emplace_back();
    record.masked = masked(key.text().reveal());
    record.id = entry.id;
    record.created_at = entry.created_at;
    record.ttl = std::chrono::seconds(entry.ttl_s);
    record.expires_in = left_of(entry.expires_at, now);
    record.issued_by = options_.instance_id;
    record.cached_here = true;
    record.single_use = entry.single_use;
  }
  return page;
}

StoreStats MemoryTable::stats() const {
  StoreStats stats;
  for (const auto& part : shards_) part->add_to(stats);
  stats.cache_bytes += sizeof *this + shards_.capacity() * sizeof(shards_.front());
  return stats;
}

void MemoryTable::tick(StoreObserver* observer) {
  const Instant now = clock_.now();
  const std::size_t count = shards_.size();
  const std::size_t first = next_expiry_.load(std::memory_order_relaxed);
  std::vector<PublicId> gone;
  const auto tell = [&] {
    if (observer != nullptr && !gone.empty()) observer->on_expired(gone);
    gone.clear();
  };
  bool in_time = true;
  std::size_t visited = 0;
  for (; visited < count && in_time; ++visited) {
    MemoryShard& part = *shards_[(first + visited) % count];
    bool more = true;
    for (std::size_t steps = 0; more && in_time && steps < kStepsPerShard; steps += kStepsPerLook) {
      const MemoryShard::Freed freed = part.expire(now, kStepsPerLook, &gone);
      release(freed.tokens);
      if (gone.size() >= kIdsPerBatch) tell();
      more = freed.more;
      in_time = clock_.now() - now < kTickBudget;
    }
  }
  tell();
  // Where time ran out the next tick goes on, so that no shard waits for ever.
  next_expiry_.store((first + visited) % count, std::memory_order_relaxed);

  give_memory_back();
}

void MemoryTable::give_memory_back() {
  const std::size_t count = shards_.size() / kTrimRound;
  const std::size_t first = next_trim_.fetch_add(count, std::memory_order_relaxed) % shards_.size();
  for (std::size_t i = 0; i < count; ++i) shards_[first + i]->trim();
}

}  // namespace vx11::store
