#include "store/denylist.h"

#include <algorithm>
#include <mutex>

namespace vx11::store {

namespace {

constexpr std::size_t most_per_tick = 4096;

[[nodiscard]] std::int64_t nanoseconds(WallTime time) noexcept {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

}  // namespace

Denylist::Denylist(const Clock& clock) : clock_(clock) {}

bool Denylist::add(const Revocation& revocation, Instant until) {
  const std::unique_lock lock(mutex_);
  switch (revocation.kind) {
    case Revocation::Kind::token: {
      const auto [found, fresh] = tokens_.try_emplace(revocation.id, Entry{revocation.at, revocation.expires, until});
      if (!fresh) {
        found->second.until = std::max(found->second.until, until);
        found->second.expires = std::max(found->second.expires, revocation.expires);
        return false;
      }
      by_end_.emplace(until, revocation.id);
      size_.fetch_add(1, std::memory_order_release);
      return true;
    }
    case Revocation::Kind::before: {
      const bool news = revocation.at > before_.at;
      if (before_.until == Instant{}) size_.fetch_add(1, std::memory_order_release);
      before_.at = std::max(before_.at, revocation.at);
      before_.expires = std::max(before_.expires, revocation.expires);
      before_.until = std::max(before_.until, until);
      before_ns_.store(nanoseconds(before_.at), std::memory_order_release);
      return news;
    }
    case Revocation::Kind::principal: {
      for (auto& [known, end] : others_) {
        if (known.principal != revocation.principal || known.at < revocation.at) continue;
        end = std::max(end, until);
        return false;
      }
      others_.emplace_back(revocation, until);
      size_.fetch_add(1, std::memory_order_release);
      return true;
    }
  }
  return false;
}

bool Denylist::denies(const PublicId& id, WallTime issued_at) const noexcept {
  if (size_.load(std::memory_order_acquire) == 0) return false;
  const std::int64_t before = before_ns_.load(std::memory_order_acquire);
  return (before != 0 && nanoseconds(issued_at) <= before) || names(id);
}

bool Denylist::names(const PublicId& id) const noexcept {
  if (size_.load(std::memory_order_acquire) == 0) return false;
  const std::shared_lock lock(mutex_);
  return tokens_.contains(id);
}

WallTime Denylist::before() const noexcept {
  return WallTime(std::chrono::duration_cast<WallTime::duration>(
      std::chrono::nanoseconds(before_ns_.load(std::memory_order_acquire))));
}

std::size_t Denylist::size() const noexcept { return size_.load(std::memory_order_acquire); }

std::vector<Revocation> Denylist::held() const {
  const std::shared_lock lock(mutex_);
  std::vector<Revocation> all;
  all.reserve(tokens_.size() + others_.size() + 1);
  for (const auto& [id, entry] : tokens_) {
    all.push_back({Revocation::Kind::token, id, 0, entry.at, entry.expires, {}});
  }
  if (before_.until != Instant{}) all.push_back({Revocation::Kind::before, {}, 0, before_.at, before_.expires, {}});
  for (const auto& [revocation, end] : others_) all.push_back(revocation);
  return all;
}

void Denylist::tick() {
  if (size_.load(std::memory_order_acquire) == 0) return;
  const Instant now = clock_.now();
  const std::unique_lock lock(mutex_);
  for (std::size_t i = 0; i < most_per_tick && !by_end_.empty() && by_end_.begin()->first <= now; ++i) {
    auto node = by_end_.extract(by_end_.begin());
    const auto found = tokens_.find(node.mapped());
    if (found->second.until > now) {
      node.key() = found->second.until;
      by_end_.insert(std::move(node));
      continue;
    }
    tokens_.erase(found);
    size_.fetch_sub(1, std::memory_order_release);
  }
  if (before_.until != Instant{} && before_.until <= now) {
    before_ = {};
    before_ns_.store(0, std::memory_order_release);
    size_.fetch_sub(1, std::memory_order_release);
  }
  size_.fetch_sub(std::erase_if(others_, [now](const auto& one) { return one.second <= now; }),
                  std::memory_order_release);
}

}  // namespace vx11::store
