#include "store/mode_switch.h"

#include <algorithm>

namespace vx11::store {

namespace {

[[nodiscard]] constexpr bool lies_in_redis(Mode mode) noexcept { return mode == Mode::redis || mode == Mode::hybrid; }

}  // namespace


ModeSwitch::ModeSwitch(const Clock& clock, Mode configured, Means means, std::chrono::seconds max_ttl)
    : clock_(clock),
      configured_(configured),
      means_(means),
      max_ttl_(max_ttl),
      mode_(configured),
      since_(clock.wall()) {}

ModeSwitch::View ModeSwitch::view() const {
  const std::lock_guard lock(mutex_);
  View view{mode_.load(), configured_, since_, std::nullopt, std::nullopt};
  view.held = held_now();
  const Instant now = clock_.now();
  Instant latest = now;
  for (std::size_t i = 0; i < read_until_.size(); ++i) {
    const auto from = static_cast<Mode>(i);
    // What lies in Redis needs no window while the mode itself reads it.
    const bool read_anyway = from == view.mode || (lies_in_redis(from) && lies_in_redis(view.mode));
    if (read_anyway || read_until_[i] <= latest) continue;
    latest = read_until_[i];
    view.draining = Draining{from, std::chrono::ceil<std::chrono::milliseconds>(latest - now)};
  }
  return view;
}

bool ModeSwitch::reads_redis() const noexcept {
  const Mode mode = mode_.load(std::memory_order_acquire);
  if (lies_in_redis(mode)) return true;
  const std::int64_t until = redis_until_ns_.load(std::memory_order_acquire);
  return until > 0 && clock_.now().time_since_epoch().count() < until;
}

ModeSwitch::Result ModeSwitch::set(Mode wanted, const std::optional<Operation>& operation, Instant old_tokens_end) {
  const std::lock_guard lock(mutex_);
  const Mode old = mode_.load();
  const Instant now = clock_.now();
  const Operation* by = operation ? &*operation : nullptr;
  if (kept_from(by)) return {Outcome::held_by_other, old, held_now()};
  if (by != nullptr && held_ && held_->by.id == by->id) hold_for(*by);
  if (lies_in_redis(wanted) && !means_.redis) return {Outcome::no_redis, old, std::nullopt};
  if (wanted == Mode::signed_tokens && !means_.signing_keys) return {Outcome::no_keys, old, std::nullopt};
  if (by != nullptr) hold_for(*by);
  if (old == wanted) return {Outcome::same, old, std::nullopt};
  if (by == nullptr) held_.reset();

  const Instant end = lies_in_redis(old) ? now + max_ttl_ : std::max(now, old_tokens_end);
  if (lies_in_redis(old)) redis_until_ns_.store(end.time_since_epoch().count(), std::memory_order_release);
  read_until_[static_cast<std::size_t>(old)] = end;
  since_ = clock_.wall();
  mode_.store(wanted, std::memory_order_release);
  return {Outcome::changed, old, std::nullopt};
}

ModeSwitch::Result ModeSwitch::sign(const Operation& operation) {
  const std::lock_guard lock(mutex_);
  if (kept_from(&operation)) return {Outcome::held_by_other, mode_.load(), held_now()};
  hold_for(operation);
  return {Outcome::same, mode_.load(), std::nullopt};
}

ModeSwitch::Result ModeSwitch::release(const Operation& operation) {
  const std::lock_guard lock(mutex_);
  if (kept_from(&operation)) return {Outcome::held_by_other, mode_.load(), held_now()};
  if (held_ && held_->by.id == operation.id) held_.reset();
  return {Outcome::same, mode_.load(), std::nullopt};
}

std::optional<ModeSwitch::Held> ModeSwitch::held_now() const {
  std::optional<Held> held = held_;
  if (!held) return held;
  const auto silent = clock_.now() - last_sign_;
  held->silent = std::chrono::floor<std::chrono::milliseconds>(silent);
  held->lapsed = silent >= hold;
  return held;
}

bool ModeSwitch::kept_from(const Operation* operation) const {
  const bool others = held_ && (operation == nullptr || operation->id != held_->by.id);
  return others && clock_.now() - last_sign_ < hold;
}

void ModeSwitch::hold_for(const Operation& operation) {
  if (!held_ || held_->by.id != operation.id) held_ = Held{operation, clock_.wall(), {}, {}, false};
  held_->last_sign = clock_.wall();
  last_sign_ = clock_.now();
}

}  // namespace vx11::store
