#include "store/table_shard.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace vx11::store {

namespace {

using State = TableEntry::State;

// Fewer wheel items without a token than this aren't worth the work of looking for them.
constexpr std::size_t kStaleItems = 1024;
// What Redis says of a token's end is too early by its answer's way here; a greater difference is somebody's wish.
constexpr std::chrono::seconds kAnswerSlack{1};

bool contains_part(const PublicId& id, TableShard::IdPart part) noexcept {
  if (part.empty()) return true;
  std::array<char, PublicId::text_size> text;
  id.write(text.data());
  return std::string_view(text.data(), text.size()).find(part) != std::string_view::npos;
}

Sight::State sight_of(const TableEntry& entry, Instant now) noexcept {
  if (now >= entry.expires_at) return Sight::State::expired;
  switch (entry.state) {
    case State::live: break;
    case State::used: return Sight::State::used;
    case State::revoked: return Sight::State::revoked;
    case State::gone: return Sight::State::gone;
  }
  // Of what Redis hasn't got nobody knows better.
  return entry.home == Home::here || entry.unwritten || now < entry.fresh_until ? Sight::State::fresh
                                                                                : Sight::State::stale;
}

}  // namespace

TableEntry::TableEntry(const KnownToken& token, Instant fresh) noexcept
    : key(token.key),
      expires_at(token.expires_at),
      fresh_until(fresh),
      created_at(token.created_at),
      ttl_s(token.ttl_s),
      home(token.home),
      single_use(token.single_use),
      mine(token.mine),
      unwritten(token.unwritten) {}

KnownToken TableEntry::known(const PublicId& id) const noexcept {
  return {key, id, expires_at, created_at, ttl_s, single_use, mine, unwritten, home};
}

bool TableTotals::take_place() noexcept {
  std::uint64_t places = taken.load(std::memory_order_relaxed);
  do {
    if (places >= max_tokens) return false;
  } while (!taken.compare_exchange_weak(places, places + 1, std::memory_order_relaxed));
  return true;
}

TableShard::TableShard(TableTotals& totals, Instant start, std::size_t max_tombstones)
    : totals_(totals), wheel_(start), max_tombstones_(max_tombstones) {}

bool TableShard::insert(const PublicId& id, const TableEntry& entry) {
  const std::lock_guard lock(mutex_);
  if (!entries_.try_emplace(id, entry).second) return false;
  wheel_.insert(id, entry.expires_at);
  ++issued_;
  if (entry.unwritten) {
    ++unwritten_;
    totals_.unwritten.fetch_add(1, std::memory_order_relaxed);
  }
  return true;
}

Sight TableShard::look(const PublicId& id, Instant now) const noexcept {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end()) return {};
  return {sight_of(found->second, now), found->second.known(id)};
}

Sight TableShard::use(const PublicId& id, Instant now) noexcept {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end()) return {};
  TableEntry& entry = found->second;
  const Sight sight{sight_of(entry, now), entry.known(id)};
  if (sight.state == Sight::State::fresh && entry.single_use && entry.home == Home::here) {
    entry.state = State::used;
    ++used_;
  }
  return sight;
}

void TableShard::spend(const PublicId& id, const TableEntry& news, Instant now) {
  const std::lock_guard lock(mutex_);
  ++used_;
  auto found = entries_.find(id);
  if (found == entries_.end()) {
    if (now >= news.expires_at || !totals_.take_place()) return;
    found = entries_.try_emplace(id, news).first;
    found->second.mine = false;
    wheel_.insert(id, news.expires_at);
    totals_.copies.fetch_add(1, std::memory_order_relaxed);
  }
  TableEntry& entry = found->second;
  if (entry.state != State::live || entry.home == Home::here) return;
  settle_with_redis(entry);  // there is nothing of it to be written any more
  entry.state = State::used;
}

void TableShard::learn(const PublicId& id, const TableEntry& news, Instant now) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end()) {
    if (now >= news.expires_at || !totals_.take_place()) return;
    entries_.try_emplace(id, news);
    wheel_.insert(id, news.expires_at);
    totals_.copies.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  TableEntry& entry = found->second;
  if (entry.state != State::live || entry.home == Home::here) return;
  if (!entry.mine) {
    reschedule(id, entry, news.expires_at);
    entry = news;
    return;
  }
  settle_with_redis(entry);
  if (now < entry.expires_at && news.expires_at < entry.expires_at - kAnswerSlack) {
    reschedule(id, entry, news.expires_at);
  }
  entry.fresh_until = news.fresh_until;
}

void TableShard::lose(const PublicId& id, Instant now) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  TableEntry& entry = found->second;
  if (entry.state != State::live || entry.home == Home::here || entry.unwritten) return;
  if (!entry.mine) {
    entries_.erase(found);
    forget_copies(1);
  } else if (now < entry.expires_at) {
    entry.state = State::gone;
  }
}

void TableShard::written(const PublicId& id) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(id);
  if (found != entries_.end()) settle_with_redis(found->second);
}

bool TableShard::revoke(const PublicId& id, Instant now) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end() || ended(found->second, now)) return false;
  if (bury(found->second)) entries_.erase(found);
  return true;
}

void TableShard::rebase(WallTime::duration by) {
  const std::lock_guard lock(mutex_);
  for (auto& [id, entry] : entries_) {
    if (entry.mine) entry.created_at += by;
  }
}

std::uint64_t TableShard::revoke_before(WallTime at, Instant now) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t before = revoked_;
  boost::unordered::erase_if(entries_, [&](auto& row) {
    TableEntry& entry = row.second;
    return entry.created_at <= at && !ended(entry, now) && bury(entry);
  });
  return revoked_ - before;
}

bool TableShard::expire(Instant now, std::size_t max_steps, std::vector<PublicId>* gone) {
  const std::lock_guard lock(mutex_);
  std::vector<PublicId>& ids = gone != nullptr ? *gone : untold_;
  if (gone != nullptr && !untold_.empty()) {
    ids.insert(ids.end(), untold_.begin(), untold_.end());
    untold_ = {};
  }
  std::vector<PublicId> due;
  const bool more = wheel_.advance(now, max_steps, due);
  std::uint64_t own = 0;
  std::uint64_t others = 0;
  for (const PublicId& id : due) {
    const auto found = entries_.find(id);
    // It left before its time, or its time has changed: then there is another item for it.
    if (found == entries_.end() || !ExpiryWheel::is_due(found->second.expires_at, now)) continue;
    TableEntry& entry = found->second;
    if (entry.state == State::revoked) {
      --tombstones_;
    } else if (entry.mine) {
      ++own;
      settle_with_redis(entry);
      ids.push_back(id);
    } else {
      ++others;
    }
    entries_.erase(found);
  }
  expired_ += own;
  totals_.give_back(own);
  forget_copies(others);
  return more;
}

void TableShard::drop_copies(std::size_t most) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t count = std::min<std::uint64_t>(most, copies());
  auto row = entries_.begin();
  for (std::uint64_t left = count; left > 0;) {
    const auto here = row++;
    if (here->second.mine || here->second.state == State::revoked) continue;
    entries_.erase(here);
    --left;
  }
  forget_copies(count);
}

void TableShard::trim() {
  const std::lock_guard lock(mutex_);
  // What left before its time stays in the wheel: when that is the greater part, the wheel is filled anew.
  if (wheel_.size() > 2 * entries_.size() + kStaleItems) {
    wheel_.clear();
    for (const auto& [id, entry] : entries_) wheel_.insert(id, entry.expires_at);
  }
  wheel_.trim();
  if (entries_.size() < entries_.bucket_count() / 8) entries_.rehash(2 * entries_.size());
}

std::size_t TableShard::list(const PublicId& after, IdPart part, Listed listed, Instant now, std::size_t limit,
                             std::vector<Row>& rows) const {
  const auto by_id = [](const Row& a, const Row& b) { return a.first < b.first; };
  std::vector<Row> first;  // a heap with the greatest id on top
  first.reserve(limit + 1);
  std::unique_lock lock(mutex_);
  for (const auto& [id, entry] : entries_) {
    if (id <= after || (first.size() == limit && id >= first.front().first)) continue;
    if (!entry.mine || ended(entry, now) || !contains_part(id, part)) continue;
    if (listed == Listed::mine_not_in_redis && entry.home == Home::redis && !entry.unwritten) continue;
    first.emplace_back(id, entry);
    std::push_heap(first.begin(), first.end(), by_id);
    if (first.size() > limit) {
      std::pop_heap(first.begin(), first.end(), by_id);
      first.pop_back();
    }
  }
  const std::size_t looked_at = entries_.size();
  lock.unlock();
  std::sort_heap(first.begin(), first.end(), by_id);
  rows.insert(rows.end(), first.begin(), first.end());
  return looked_at;
}

std::size_t TableShard::owed(Owed what, Instant now, std::vector<KnownToken>& tokens) const {
  const std::lock_guard lock(mutex_);
  if (what == Owed::unwritten && unwritten_ == 0) return 0;
  for (const auto& [id, entry] : entries_) {
    if (entry.home == Home::here || ended(entry, now)) continue;
    const bool used = entry.state == State::used;
    const bool wanted = what == Owed::used ? used : entry.mine && !used && (what == Owed::live || entry.unwritten);
    if (wanted) tokens.push_back(entry.known(id));
  }
  return entries_.size();
}

void TableShard::add_to(StoreStats& stats) const {
  const std::lock_guard lock(mutex_);
  stats.issued += issued_;
  stats.active += active();
  stats.expired += expired_;
  stats.revoked += revoked_;
  stats.used += used_;
  stats.cache_entries += entries_.size() - tombstones_;
  // Beside every 15 buckets the map keeps 16 bytes of its own.
  stats.cache_bytes += sizeof *this - sizeof wheel_ + wheel_.bytes() + untold_.capacity() * sizeof(PublicId) +
                       entries_.bucket_count() * sizeof(Map::value_type) + entries_.bucket_count() / 15 * 16;
}

void TableShard::reschedule(const PublicId& id, TableEntry& entry, Instant expires_at) {
  // An item that comes too early is passed over, so that each new tick needs one of its own.
  if (!ExpiryWheel::same_tick(entry.expires_at, expires_at)) wheel_.insert(id, expires_at);
  entry.expires_at = expires_at;
}

void TableShard::settle_with_redis(TableEntry& entry) noexcept {
  if (!entry.unwritten) return;
  entry.unwritten = false;
  --unwritten_;
  totals_.unwritten.fetch_sub(1, std::memory_order_relaxed);
}

void TableShard::forget_copies(std::uint64_t count) noexcept {
  if (count == 0) return;
  totals_.copies.fetch_sub(count, std::memory_order_relaxed);
  totals_.give_back(count);
}

bool TableShard::bury(TableEntry& entry) noexcept {
  if (entry.mine) {
    ++revoked_;
    settle_with_redis(entry);
    totals_.give_back(1);
  } else {
    forget_copies(1);
  }
  if (tombstones_ == max_tombstones_) return true;
  ++tombstones_;
  entry.state = State::revoked;
  return false;
}

}  // namespace vx11::store
