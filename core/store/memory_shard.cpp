#include "store/memory_shard.h"

#include <algorithm>
#include <array>

namespace vx11::store {

namespace {

using State = MemoryEntry::State;

// Fewer keys without a token than this aren't worth the work of looking for them.
constexpr std::size_t kStaleKeys = 1024;

bool contains(const PublicId& id, MemoryShard::IdPart part) noexcept {
  if (part.empty()) return true;
  std::array<char, PublicId::text_size> text;
  id.write(text.data());
  return std::string_view(text.data(), text.size()).find(part) != std::string_view::npos;
}

}  // namespace

MemoryShard::MemoryShard(Instant start, std::size_t max_tombstones) : wheel_(start), max_tombstones_(max_tombstones) {}

bool MemoryShard::insert(const Uuid& key, const MemoryEntry& entry) {
  const std::lock_guard lock(mutex_);
  if (!entries_.try_emplace(key, entry).second) return false;
  wheel_.insert(PublicId{key.bytes}, entry.expires_at);
  ++issued_;
  return true;
}

MemoryShard::Seen MemoryShard::check(const Uuid& key, Purpose purpose, Instant now) noexcept {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(key);
  if (found == entries_.end()) return {};
  MemoryEntry& entry = found->second;
  Seen seen{Reason::none, entry.id, entry.expires_at, entry.single_use};
  if (now >= entry.expires_at) {
    seen.reason = Reason::expired;
  } else if (entry.state == State::revoked) {
    seen.reason = Reason::revoked;
  } else if (entry.state == State::used) {
    seen.reason = Reason::used;
  } else if (entry.single_use && purpose == Purpose::open) {
    entry.state = State::used;
    ++used_;
  }
  return seen;
}

bool MemoryShard::bury(MemoryEntry& entry) noexcept {
  ++revoked_;
  if (tombstones_ == max_tombstones_) return true;
  ++tombstones_;
  entry.state = State::revoked;
  return false;
}

bool MemoryShard::revoke(const Uuid& key, Instant now) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(key);
  if (found == entries_.end() || ended(found->second, now)) return false;
  if (bury(found->second)) entries_.erase(found);
  return true;
}

bool MemoryShard::revoke(const PublicId& id, Instant now) {
  const std::lock_guard lock(mutex_);
  const auto found =
      std::find_if(entries_.begin(), entries_.end(), [&](const auto& row) { return row.second.id == id; });
  if (found == entries_.end() || ended(found->second, now)) return false;
  if (bury(found->second)) entries_.erase(found);
  return true;
}

std::size_t MemoryShard::revoke_all(Instant now) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t before = revoked_;
  boost::unordered::erase_if(entries_, [&](auto& row) {
    MemoryEntry& entry = row.second;
    const Instant issued_at = entry.expires_at - std::chrono::seconds(entry.ttl_s);
    if (ended(entry, now) || issued_at > now) return false;
    return bury(entry);
  });
  return static_cast<std::size_t>(revoked_ - before);
}

MemoryShard::Freed MemoryShard::expire(Instant now, std::size_t max_steps, std::vector<PublicId>* gone) {
  const std::lock_guard lock(mutex_);
  std::vector<PublicId>& ids = gone != nullptr ? *gone : untold_;
  if (gone != nullptr && !untold_.empty()) {
    ids.insert(ids.end(), untold_.begin(), untold_.end());
    untold_ = {};
  }
  Freed freed;
  std::vector<PublicId> due;
  freed.more = wheel_.advance(now, max_steps, due);
  for (const PublicId& key : due) {
    const auto found = entries_.find(Uuid{key.bytes});
    if (found == entries_.end()) continue;  // revoked, and no tombstone left
    if (found->second.state == State::revoked) {
      --tombstones_;
    } else {
      ++expired_;
      ++freed.tokens;
      ids.push_back(found->second.id);
    }
    entries_.erase(found);
  }
  return freed;
}

void MemoryShard::trim() {
  const std::lock_guard lock(mutex_);
  // Revoked tokens without a tombstone stay in the wheel: when they are the greater part, they go too.
  if (wheel_.size() > 2 * entries_.size() + kStaleKeys) {
    wheel_.retain([this](const PublicId& key) { return entries_.contains(Uuid{key.bytes}); });
  }
  wheel_.trim();
  if (entries_.size() < entries_.bucket_count() / 8) entries_.rehash(2 * entries_.size());
}

std::size_t MemoryShard::list(const PublicId& after, IdPart part, Instant now, std::size_t limit,
                              std::vector<Row>& rows) const {
  const auto by_id = [](const Row& a, const Row& b) { return a.second.id < b.second.id; };
  std::vector<Row> first;  // a heap with the greatest id on top
  first.reserve(limit + 1);
  std::unique_lock lock(mutex_);
  for (const auto& [key, entry] : entries_) {
    if (entry.id <= after || (first.size() == limit && entry.id >= first.front().second.id)) continue;
    if (ended(entry, now) || !contains(entry.id, part)) continue;
    first.emplace_back(key, entry);
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

void MemoryShard::add_to(StoreStats& stats) const {
  const std::lock_guard lock(mutex_);
  const std::uint64_t active = entries_.size() - tombstones_;
  stats.issued += issued_;
  stats.active += active;
  stats.expired += expired_;
  stats.revoked += revoked_;
  stats.used += used_;
  stats.cache_entries += active;
  // Beside every 15 buckets the map keeps 16 bytes of its own.
  stats.cache_bytes += sizeof *this - sizeof wheel_ + wheel_.bytes() + untold_.capacity() * sizeof(PublicId) +
                       entries_.bucket_count() * sizeof(Map::value_type) + entries_.bucket_count() / 15 * 16;
}

}  // namespace vx11::store
