#include "store/loop_store.h"

#include <algorithm>
#include <utility>

namespace vx11::store {

namespace {

using std::chrono::milliseconds;

// A stale copy is good enough when Redis takes longer than this; whoever waits for it shouldn't wait for long.
constexpr milliseconds patience_with_copy{50};
// An answer comes within 250 ms, however many questions it takes.
constexpr milliseconds whole_answer{200};
constexpr milliseconds least_question{20};
constexpr milliseconds longest_question{150};

[[nodiscard]] CheckResult refusal(const PublicId& id, Reason reason) {
  CheckResult result;
  result.id = id;
  result.reason = reason;
  return result;
}

[[nodiscard]] CheckResult cannot_tell(const PublicId& id, bool asked) {
  CheckResult result = refusal(id, Reason::unavailable);
  result.verdict = Verdict::cannot_tell;
  result.asked_redis = asked;
  return result;
}

[[nodiscard]] CheckResult asked(CheckResult result) {
  result.asked_redis = true;
  return result;
}

[[nodiscard]] bool is_alive(const Sight& sight) noexcept {
  return sight.state == Sight::State::fresh || sight.state == Sight::State::stale;
}

}  // namespace

LoopStore::LoopStore(SharedStore& shared, StoreConnections connections, StoreObserver* observer)
    : shared_(shared), observer_(observer) {
  if (connections.commands == nullptr) return;
  redis_ = std::make_unique<RedisTokens>(*connections.commands, shared.clock, shared.random,
                                         RedisTokens::Options{shared.instance_id, shared.prefix, shared.ttl});
  if (shared.redis_wait > 0 && connections.confirming != nullptr) {
    replicas_ = std::make_unique<ReplicaWriter>(*connections.confirming, *connections.commands, shared.clock,
                                                shared.redis_wait, shared.wait_shortfalls);
  }
  redis_->on_late([this](const PublicId& id, const Found& found) { found_late(id, found); });
}

LoopStore::~LoopStore() = default;

void LoopStore::keep_redis_up_to_date() {
  if (redis_) write_behind_ = std::make_unique<WriteBehind>(shared_, *redis_);
}

void LoopStore::tick() {
  if (redis_) redis_->tick();
  if (write_behind_) write_behind_->tick();
}

milliseconds LoopStore::left_since(Instant begun, int questions) const noexcept {
  const auto left = std::chrono::floor<milliseconds>(begun + whole_answer - now()) / questions;
  return std::clamp(left, least_question, longest_question);
}

void LoopStore::remove_key(const Uuid& key) {
  redis_->remove(key, [this, alive = std::weak_ptr(alive_)](redis::Fault fault, std::uint64_t) {
    if (fault != redis::Fault::none && !alive.expired()) shared_.keys_left_behind.store(true);
  });
}

void LoopStore::check(std::string_view token, Purpose purpose, CheckHandler handler) {
  const auto key = Uuid::parse(token);
  if (!key) return handler(refusal({}, Reason::malformed));
  const Instant begun = now();
  const PublicId id = PublicId::of(token);
  const Sight sight = purpose == Purpose::open ? shared_.table.use(id) : shared_.table.look(id);
  const bool known = sight.state != Sight::State::unknown;
  if (known ? shared_.denylist.denies(id, sight.token.created_at) : shared_.denylist.names(id)) {
    return handler(refusal(id, Reason::revoked));
  }
  const bool reads_redis = redis_ && shared_.modes.reads_redis();
  switch (sight.state) {
    case Sight::State::revoked:
      return handler(refusal(id, Reason::revoked));
    case Sight::State::used:
      return handler(refusal(id, Reason::used));
    case Sight::State::gone:
      return handler(refusal(id, Reason::unknown));
    case Sight::State::expired:
      // Of another's token Redis may know better.
      if (sight.token.mine || sight.token.home == Home::here || !reads_redis) {
        return handler(refusal(id, Reason::expired));
      }
      break;
    case Sight::State::fresh:
      if (sight.token.home == Home::here) return handler(accept(sight.token, Source::memory, false));
      if (sight.token.unwritten) return settle_use(sight.token, Source::local, purpose, begun, std::move(handler));
      // A single-use token is never answered from a copy.
      if (mode() != Mode::redis && !sight.token.single_use) {
        return handler(accept(sight.token, Source::local, false));
      }
      break;
    case Sight::State::stale:
      if (!reads_redis && !sight.token.single_use) return handler(accept(sight.token, Source::local, false));
      break;
    case Sight::State::unknown:
      if (!reads_redis) return handler(refusal(id, Reason::unknown));
      break;
  }
  if (!redis_) return handler(refusal(id, Reason::unknown));
  ask_redis(*key, id, sight, purpose, begun, std::move(handler));
}

CheckResult LoopStore::accept(const KnownToken& token, Source source, bool asked_redis) const {
  const Instant at = now();
  if (at >= token.expires_at) return refusal(token.id, Reason::expired);
  CheckResult result;
  result.verdict = Verdict::valid;
  result.reason = Reason::none;
  result.id = token.id;
  result.single_use = token.single_use;
  result.source = source;
  result.asked_redis = asked_redis;
  result.expires_at = token.expires_at;
  result.expires_in = std::chrono::ceil<milliseconds>(token.expires_at - at);
  return result;
}

void LoopStore::ask_redis(const Uuid& key, const PublicId& id, const Sight& sight, Purpose purpose, Instant begun,
                          CheckHandler handler) {
  const bool has_copy = mode() != Mode::redis && is_alive(sight) && !sight.token.single_use;
  redis_->look_up(key, id, has_copy ? std::optional(patience_with_copy) : std::nullopt,
                  [this, alive = std::weak_ptr(alive_), key, id, has_copy, purpose, begun,
                   handler = std::move(handler)](const Found& found) mutable {
                    if (alive.expired()) return;
                    switch (found.kind) {
                      case Found::Kind::alive:
                        return found_alive(found, begun, purpose, std::move(handler));
                      case Found::Kind::absent:
                        return found_absent(key, id, begun, std::move(handler));
                      case Found::Kind::broken:
                        return handler(asked(refusal(id, Reason::unknown)));
                      case Found::Kind::failing:
                        return found_nobody(id, has_copy, std::move(handler));
                    }
                  });
}

void LoopStore::learn(const Found& found) {
  const Instant fresh_until = std::min(found.sent_at + shared_.local_fresh, found.token.expires_at);
  if (mode() != Mode::redis) shared_.table.learn(found.token, fresh_until);
}

void LoopStore::found_alive(const Found& found, Instant begun, Purpose purpose, CheckHandler handler) {
  const KnownToken& token = found.token;
  if (shared_.denylist.denies(token.id, token.created_at)) return handler(asked(refusal(token.id, Reason::revoked)));
  if (now() >= token.expires_at) {
    // An answer that was long on its way says too little of a life that was about to end.
    if (now() - found.sent_at > patience_with_copy) return handler(cannot_tell(token.id, true));
    return handler(asked(refusal(token.id, Reason::expired)));
  }
  learn(found);
  settle_use(token, Source::redis, purpose, begun, std::move(handler));
}

/// Whoever asked has had his answer from a copy; now it is known how good that is.
void LoopStore::found_late(const PublicId& id, const Found& found) {
  if (found.kind == Found::Kind::alive) return learn(found);
  if (found.kind != Found::Kind::absent) return;
  const Sight sight = shared_.table.look(id);
  if (sight.state == Sight::State::unknown || may_be_on_its_way(sight.token.key)) return;
  redis_->client().confirm_absence(longest_question, [this, alive = std::weak_ptr(alive_), id](bool proved) {
    if (!alive.expired() && proved) shared_.table.lose(id);
  });
}

bool LoopStore::may_be_on_its_way(const Uuid& key) const {
  return shared_.recovery.under_way(now(), redis::slot_of(redis_->key_of(key)));
}

void LoopStore::found_absent(const Uuid& key, const PublicId& id, Instant begun, CheckHandler handler) {
  if (may_be_on_its_way(key)) return settle_absent(id, false, std::move(handler));
  redis_->client().confirm_absence(left_since(begun), [this, alive = std::weak_ptr(alive_), key, id,
                                                       handler = std::move(handler)](bool proved) mutable {
    if (alive.expired()) return;
    settle_absent(id, proved && !may_be_on_its_way(key), std::move(handler));
  });
}

void LoopStore::settle_absent(const PublicId& id, bool proved, CheckHandler handler) {
  const Sight sight = shared_.table.look(id);
  const bool known = sight.state != Sight::State::unknown;
  if (known ? shared_.denylist.denies(id, sight.token.created_at) : shared_.denylist.names(id)) {
    return handler(asked(refusal(id, Reason::revoked)));
  }
  if (is_alive(sight) && sight.token.unwritten) return handler(accept(sight.token, Source::local, true));
  if (!proved) {
    // Redis has just come back, or is another. One's own is on its way there; another's may be.
    if (is_alive(sight) && sight.token.mine) return handler(accept(sight.token, Source::local, true));
    return handler(cannot_tell(id, true));
  }
  if (known) shared_.table.lose(id);
  handler(asked(refusal(id, Reason::unknown)));
}

void LoopStore::found_nobody(const PublicId& id, bool has_copy, CheckHandler handler) {
  const Sight sight = shared_.table.look(id);
  const bool known = sight.state != Sight::State::unknown;
  if (known ? shared_.denylist.denies(id, sight.token.created_at) : shared_.denylist.names(id)) {
    return handler(asked(refusal(id, Reason::revoked)));
  }
  if (has_copy && is_alive(sight)) return handler(accept(sight.token, Source::local, true));
  handler(cannot_tell(id, true));
}

void LoopStore::settle_use(const KnownToken& token, Source source, Purpose purpose, Instant begun,
                           CheckHandler handler) {
  const bool asked_redis = source == Source::redis;
  if (!token.single_use) return handler(accept(token, source, asked_redis));
  const redis::Slot slot = redis::slot_of(redis_->mark_key(token.id));
  if (!usable() || shared_.recovery.marks_may_be_lost(now(), slot)) return handler(cannot_tell(token.id, asked_redis));
  auto settled = [this, alive = std::weak_ptr(alive_), token, source, purpose, slot,
                  handler = std::move(handler)](RedisTokens::Mark mark) mutable {
    if (alive.expired()) return;
    if (mark == RedisTokens::Mark::failing) return handler(cannot_tell(token.id, true));
    if (mark == RedisTokens::Mark::taken) {
      // A mark that a paused Redis set late may be on its way back.
      if (shared_.recovery.under_way(now(), slot)) return handler(cannot_tell(token.id, true));
      return handler(asked(refusal(token.id, Reason::used)));
    }
    if (shared_.denylist.denies(token.id, token.created_at)) {
      return handler(asked(refusal(token.id, Reason::revoked)));
    }
    if (purpose == Purpose::open) shared_.table.spend(token);
    handler(accept(token, source, true));
  };
  if (purpose == Purpose::open) {
    redis_->mark(token.id, token.expires_at, left_since(begun), std::move(settled));
  } else {
    redis_->look_at_mark(token.id, left_since(begun), std::move(settled));
  }
}

}  // namespace vx11::store
