#include "store/token_table.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <string_view>
#include <utility>

#include "store/table_cursor.h"

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
// So many copies go at once that looking for them costs each of the issues they make room for little.
constexpr std::size_t kCopiesPerIssue = 64;
// Every shard is looked at for memory to give back once in so many ticks.
constexpr std::size_t kTrimRound = kMinShards;
constexpr std::size_t kIdsPerBatch = 1024;
constexpr std::size_t kEntriesPerPage = 16 * 1024;
constexpr std::size_t kMaxPage = 1000;
constexpr std::size_t kOwedPerPage = 1000;  // or a shard's

std::size_t shards_for(std::uint64_t max_tokens) {
  const std::uint64_t wanted = std::min(max_tokens / kTokensPerShard, kMaxShards);
  return static_cast<std::size_t>(std::clamp(std::bit_ceil(wanted), kMinShards, kMaxShards));
}

/// A live token never says 0.
milliseconds left_of(Instant expires_at, Instant now) { return std::chrono::ceil<milliseconds>(expires_at - now); }

}  // namespace

TokenTable::TokenTable(const Clock& clock, Random& random, Options options)
    : clock_(clock), random_(random), options_(std::move(options)), totals_(options_.max_tokens) {
  const std::size_t count = shards_for(options_.max_tokens);
  // An eighth of the table may be revoked tokens that are still told from unknown ones.
  const auto tombstones = static_cast<std::size_t>(options_.max_tokens / 8 / count) + 64;
  shards_.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    shards_.push_back(std::make_unique<TableShard>(totals_, clock_.now(), tombstones));
  }
}

TableShard& TokenTable::shard(const PublicId& id) const noexcept {
  // Random bits that the map's hash doesn't use.
  return *shards_[(std::size_t{id.bytes[8]} | std::size_t{id.bytes[9]} << 8) & (shards_.size() - 1)];
}

bool TokenTable::reserve() { return totals_.take_place() || make_room(); }

void TokenTable::release() { totals_.give_back(1); }

bool TokenTable::make_room() {
  const Instant now = clock_.now();
  const auto next = [this]() -> TableShard& {
    return *shards_[next_expiry_.fetch_add(1, std::memory_order_relaxed) % shards_.size()];
  };
  for (std::size_t i = 0; i < kShardsPerIssue; ++i) {
    next().expire(now, kStepsPerIssue, nullptr);
    if (totals_.take_place()) return true;
  }
  for (std::size_t i = 0; i < shards_.size() && totals_.copies.load(std::memory_order_relaxed) != 0; ++i) {
    next().drop_copies(kCopiesPerIssue);
    if (totals_.take_place()) return true;
  }
  return false;
}

KnownToken TokenTable::draw(const IssueRequest& request, WallTime created_at, Home home) const {
  KnownToken token;
  token.key = Uuid::generate(random_);
  token.id = PublicId::of(token.key.text().reveal());
  token.expires_at = clock_.now() + request.ttl;
  token.created_at = created_at;
  token.ttl_s = static_cast<std::uint32_t>(request.ttl.count());
  token.single_use = request.single_use;
  token.mine = true;
  token.home = home;
  return token;
}

bool TokenTable::add(const KnownToken& token, Instant fresh_until) {
  TableEntry entry(token, fresh_until);
  entry.mine = true;
  if (!shard(token.id).insert(token.id, entry)) return false;
  auto& last = last_expiry_ns_[static_cast<std::size_t>(token.home)];
  const std::int64_t expires_at = token.expires_at.time_since_epoch().count();
  std::int64_t known = last.load(std::memory_order_relaxed);
  while (known < expires_at && !last.compare_exchange_weak(known, expires_at, std::memory_order_release)) {
  }
  return true;
}

Sight TokenTable::look(const PublicId& id) const noexcept { return shard(id).look(id, clock_.now()); }

Sight TokenTable::use(const PublicId& id) noexcept { return shard(id).use(id, clock_.now()); }

void TokenTable::spend(const KnownToken& token) {
  shard(token.id).spend(token.id, TableEntry(token, token.expires_at), clock_.now());
}

void TokenTable::learn(const KnownToken& token, Instant fresh_until) {
  TableEntry entry(token, fresh_until);
  entry.home = Home::redis;
  entry.mine = false;
  entry.unwritten = false;
  shard(token.id).learn(token.id, entry, clock_.now());
}

void TokenTable::lose(const PublicId& id) { shard(id).lose(id, clock_.now()); }

void TokenTable::written(const PublicId& id) { shard(id).written(id); }

std::vector<KnownToken> TokenTable::owed_to_redis(std::size_t& cursor, Owed owed) const {
  const Instant now = clock_.now();
  std::vector<KnownToken> tokens;
  std::size_t looked_at = 0;
  while (cursor < shards_.size() && tokens.size() < kOwedPerPage && looked_at < kEntriesPerPage) {
    looked_at += shards_[cursor++]->owed(owed, now, tokens);
  }
  if (cursor >= shards_.size()) cursor = 0;
  return tokens;
}

bool TokenTable::revoke(const PublicId& id) { return shard(id).revoke(id, clock_.now()); }

void TokenTable::rebase(std::chrono::nanoseconds ahead) {
  for (const auto& part : shards_) part->rebase(std::chrono::duration_cast<WallTime::duration>(ahead));
}

std::uint64_t TokenTable::revoke_before(WallTime at) {
  const Instant now = clock_.now();
  std::uint64_t revoked = 0;
  for (const auto& part : shards_) revoked += part->revoke_before(at, now);
  return revoked;
}

ListPage TokenTable::list(const ListRequest& request, Listed listed) const {
  ListPage page;
  auto cursor = TableCursor::parse(request.cursor, shards_.size());
  if (!cursor) {
    page.cursor_ok = false;
    return page;
  }
  const std::size_t limit = std::clamp<std::size_t>(request.limit, 1, kMaxPage);
  // All have one issuer: what it matches, everything matches.
  const bool all = options_.instance_id.find(request.match) != std::string::npos;
  const std::string_view part = all ? std::string_view() : std::string_view(request.match);
  const Instant now = clock_.now();
  std::vector<TableShard::Row> rows;
  std::size_t looked_at = 0;
  while (cursor->shard < shards_.size() && rows.size() < limit && looked_at < kEntriesPerPage) {
    looked_at += shards_[cursor->shard]->list(cursor->after, part, listed, now, limit - rows.size(), rows);
    cursor = rows.size() == limit ? TableCursor{cursor->shard, rows.back().first}
                                  : TableCursor{cursor->shard + 1, PublicId{}};
  }
  if (cursor->shard < shards_.size()) page.cursor = cursor->text();

  page.tokens.reserve(rows.size());
  for (const auto& [id, entry] : rows) {
    TokenRecord& record = page.tokens.emplace_back();
    record.masked = masked(entry.key.text().reveal());
    record.id = id;
    record.created_at = entry.created_at;
    record.ttl = std::chrono::seconds(entry.ttl_s);
    record.expires_in = left_of(entry.expires_at, now);
    record.issued_by = options_.instance_id;
    record.cached_here = true;
    record.single_use = entry.single_use;
  }
  return page;
}

StoreStats TokenTable::stats() const {
  StoreStats stats;
  for (const auto& part : shards_) part->add_to(stats);
  stats.cache_bytes += sizeof *this + shards_.capacity() * sizeof(shards_.front());
  return stats;
}

std::size_t TokenTable::unwritten() const noexcept { return totals_.unwritten.load(std::memory_order_relaxed); }

Instant TokenTable::last_expiry(Home home) const noexcept {
  const auto& last = last_expiry_ns_[static_cast<std::size_t>(home)];
  return Instant(std::chrono::nanoseconds(last.load(std::memory_order_acquire)));
}

void TokenTable::tick(StoreObserver* observer) {
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
    TableShard& part = *shards_[(first + visited) % count];
    bool more = true;
    for (std::size_t steps = 0; more && in_time && steps < kStepsPerShard; steps += kStepsPerLook) {
      more = part.expire(now, kStepsPerLook, &gone);
      if (gone.size() >= kIdsPerBatch) tell();
      in_time = clock_.now() - now < kTickBudget;
    }
  }
  tell();
  // Where time ran out the next tick goes on, so that no shard waits for ever.
  next_expiry_.store((first + visited) % count, std::memory_order_relaxed);

  give_memory_back();
}

void TokenTable::give_memory_back() {
  const std::size_t count = shards_.size() / kTrimRound;
  const std::size_t first = next_trim_.fetch_add(count, std::memory_order_relaxed) % shards_.size();
  for (std::size_t i = 0; i < count; ++i) shards_[first + i]->trim();
}

}  // namespace vx11::store
