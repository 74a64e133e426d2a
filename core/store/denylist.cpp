#include "store/denylist.h"

#include <algorithm>

namespace vx11::store {

namespace {

using Kind = Revocation::Kind;

constexpr std::size_t kStepsPerShard = 512;  // of one tick

[[nodiscard]] std::int64_t nanoseconds(WallTime time) noexcept {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

}  // namespace

Denylist::Denylist(const Clock& clock) : clock_(clock) {}

bool Denylist::add(const Revocation& revocation, Instant until) {
  return revocation.kind == Kind::token ? add_token(revocation, until) : add_sweep(revocation, until);
}

bool Denylist::add_token(const Revocation& revocation, Instant until) {
  const std::size_t by = place_of(revocation.by);
  Shard& part = shard(revocation.id);
  const std::lock_guard lock(part.mutex);
  const auto [found, news] =
      part.tokens.try_emplace(revocation.id, Entry{revocation.at, revocation.expires, until, by});
  if (news) {
    part.ends.insert(revocation.id, until);
    named_.fetch_add(1, std::memory_order_release);
    return true;
  }
  Entry& entry = found->second;
  entry.expires = std::max(entry.expires, revocation.expires);
  if (until > entry.until) {
    if (!ExpiryWheel::same_tick(entry.until, until)) part.ends.insert(revocation.id, until);
    entry.until = until;
  }
  return false;
}

bool Denylist::add_sweep(const Revocation& revocation, Instant until) {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(sweeps_.begin(), sweeps_.end(), [&](const Sweep& one) {
    return one.revocation.kind == revocation.kind && one.revocation.principal == revocation.principal;
  });
  if (found == sweeps_.end()) {
    sweeps_.push_back({revocation, until});
    publish_sweeps();
    return true;
  }
  Revocation& known = found->revocation;
  const bool news = revocation.at > known.at;
  if (news) {
    known.at = revocation.at;
    known.by = revocation.by;
  }
  known.expires = std::max(known.expires, revocation.expires);
  found->until = std::max(found->until, until);
  publish_sweeps();
  return news;
}

bool Denylist::denies(const PublicId& id, WallTime issued_at) const noexcept {
  const std::int64_t before = before_ns_.load(std::memory_order_acquire);
  return (before != 0 && nanoseconds(issued_at) <= before) || names(id);
}

bool Denylist::names(const PublicId& id) const noexcept {
  if (named_.load(std::memory_order_acquire) == 0) return false;
  const Shard& part = shard(id);
  const std::lock_guard lock(part.mutex);
  return part.tokens.contains(id);
}

WallTime Denylist::before() const noexcept {
  return WallTime(std::chrono::duration_cast<WallTime::duration>(
      std::chrono::nanoseconds(before_ns_.load(std::memory_order_acquire))));
}

std::size_t Denylist::size() const noexcept {
  return named_.load(std::memory_order_acquire) + swept_.load(std::memory_order_acquire);
}

std::vector<Revocation> Denylist::held() const {
  const std::lock_guard lock(mutex_);
  std::vector<Revocation> all;
  all.reserve(size());
  for (const Shard& part : shards_) {
    const std::lock_guard shard_lock(part.mutex);
    for (const auto& [id, entry] : part.tokens) {
      all.push_back({Kind::token, id, 0, entry.at, entry.expires, instances_[entry.by]});
    }
  }
  for (const Sweep& one : sweeps_) all.push_back(one.revocation);
  return all;
}

void Denylist::rebase(std::chrono::nanoseconds ahead) {
  const auto by = std::chrono::duration_cast<WallTime::duration>(ahead);
  const std::lock_guard lock(mutex_);
  for (Shard& part : shards_) {
    const std::lock_guard shard_lock(part.mutex);
    for (auto& [id, entry] : part.tokens) {
      entry.at += by;
      entry.expires += by;
    }
  }
  for (Sweep& one : sweeps_) {
    one.revocation.at += by;
    one.revocation.expires += by;
  }
  publish_sweeps();
}

void Denylist::tick() {
  const Instant now = clock_.now();
  if (named_.load(std::memory_order_acquire) != 0) {
    for (Shard& part : shards_) named_.fetch_sub(forget_tokens(part, now), std::memory_order_release);
  }
  if (swept_.load(std::memory_order_acquire) != 0) forget_sweeps(now);
}

std::size_t Denylist::place_of(const std::string& instance) {
  const std::lock_guard lock(mutex_);
  const auto found = std::find(instances_.begin(), instances_.end(), instance);
  const auto place = static_cast<std::size_t>(found - instances_.begin());
  if (found == instances_.end()) instances_.push_back(instance);
  return place;
}

std::size_t Denylist::forget_tokens(Shard& shard, Instant now) {
  const std::lock_guard lock(shard.mutex);
  std::vector<PublicId> due;
  shard.ends.advance(now, kStepsPerShard, due);
  if (due.empty()) return 0;
  std::size_t forgotten = 0;
  for (const PublicId& id : due) {
    const auto found = shard.tokens.find(id);
    if (found == shard.tokens.end() || !ExpiryWheel::is_due(found->second.until, now)) continue;
    shard.tokens.erase(found);
    ++forgotten;
  }
  shard.ends.trim();
  if (shard.tokens.size() < shard.tokens.bucket_count() / 8) shard.tokens.rehash(2 * shard.tokens.size());
  return forgotten;
}

void Denylist::forget_sweeps(Instant now) {
  const std::lock_guard lock(mutex_);
  if (std::erase_if(sweeps_, [now](const Sweep& one) { return one.until <= now; }) > 0) publish_sweeps();
}

void Denylist::publish_sweeps() noexcept {
  const auto before = std::find_if(sweeps_.begin(), sweeps_.end(),
                                   [](const Sweep& one) { return one.revocation.kind == Kind::before; });
  before_ns_.store(before == sweeps_.end() ? 0 : nanoseconds(before->revocation.at), std::memory_order_release);
  swept_.store(sweeps_.size(), std::memory_order_release);
}

}  // namespace vx11::store
