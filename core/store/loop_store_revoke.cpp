// How tokens end before their time: here, in Redis, and with the other instances.
#include <algorithm>
#include <utility>
#include <vector>

#include "store/loop_store.h"

namespace vx11::store {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// A stream can be resumed for 60 s after its last event, and its credential is renewed every few seconds.
constexpr seconds resume_ends{75};
constexpr std::size_t names_per_step = 2000;
constexpr std::size_t tokens_per_step = 500;
// An answer comes within 250 ms; what takes longer goes on after it.
constexpr milliseconds search_before_telling{100};
constexpr milliseconds sweep_before_answer{180};

[[nodiscard]] WallTime to_ms(WallTime time) {
  return std::chrono::time_point_cast<WallTime::duration>(std::chrono::floor<milliseconds>(time));
}

}  // namespace

/// Looks for the key of an id among the names in Redis: an id tells nothing of the token.
struct LoopStore::Search : std::enable_shared_from_this<Search> {
  LoopStore& store;
  PublicId id;
  Instant answer_by;
  Callback<void(std::optional<Uuid>)> done;  ///< once: found, or not found in time

  Search(LoopStore& of, const PublicId& wanted, Callback<void(std::optional<Uuid>)> handler)
      : store(of), id(wanted), answer_by(of.now() + search_before_telling), done(std::move(handler)) {}

  void answer(std::optional<Uuid> key) {
    if (done) std::exchange(done, {})(key);
  }

  void step(std::string_view cursor) {
    store.redis_->scan(cursor, names_per_step, RedisTokens::Detail::names,
                       [self = shared_from_this(), alive = std::weak_ptr(store.alive_)](RedisTokens::Page page) {
                         if (alive.expired()) return;
                         if (page.failing) return self->answer(std::nullopt);
                         for (const Found& found : page.found) {
                           if (found.token.id == self->id) return self->found(found.token.key);
                         }
                         if (page.last) return self->answer(std::nullopt);
                         if (self->store.now() >= self->answer_by) self->answer(std::nullopt);
                         self->step(page.cursor);
                       });
  }

  void found(const Uuid& key) {
    if (done) return answer(key);
    store.redis_->remove(key, [](redis::Fault, std::uint64_t) {});
  }
};

/// Deletes from Redis every token issued up to a moment, so that Python backends refuse it too.
struct LoopStore::Sweep : std::enable_shared_from_this<Sweep> {
  LoopStore& store;
  WallTime at;
  Instant answer_by;
  std::uint64_t others = 0;  ///< tokens ended that other instances or backends had issued
  Callback<void(std::uint64_t others)> done;

  Sweep(LoopStore& of, WallTime until, Callback<void(std::uint64_t)> handler)
      : store(of), at(until), answer_by(of.now() + sweep_before_answer), done(std::move(handler)) {}

  void answer() {
    if (done) std::exchange(done, {})(others);
  }

  void step(std::string_view cursor) {
    store.redis_->scan(cursor, tokens_per_step, RedisTokens::Detail::tokens,
                       [self = shared_from_this(), alive = std::weak_ptr(store.alive_)](RedisTokens::Page page) {
                         if (!alive.expired()) self->take(std::move(page));
                       });
  }

  void take(RedisTokens::Page page) {
    if (page.failing) return answer();
    redis::Request request;
    for (const Found& found : page.found) {
      if (found.token.created_at > at) continue;
      request.add({"DEL", store.redis_->key_of(found.token.key)});
      if (found.issued_by != store.shared_.instance_id) ++others;
    }
    if (request.commands() > 0) store.redis_->client().ask(std::move(request), [](const redis::Answer&) {});
    if (page.last) return answer();
    if (store.now() >= answer_by) answer();
    step(page.cursor);
  }
};

Revocation LoopStore::revocation_of(const PublicId& id, const Sight& sight) const {
  Revocation revocation;
  revocation.kind = Revocation::Kind::token;
  revocation.id = id;
  revocation.at = to_ms(redis_time(now()));
  std::chrono::nanoseconds life = shared_.longest_life();
  if (sight.state == Sight::State::fresh || sight.state == Sight::State::stale) life = sight.token.expires_at - now();
  life = std::max<std::chrono::nanoseconds>(life, resume_ends);
  revocation.expires = revocation.at + std::chrono::ceil<milliseconds>(life);
  revocation.by = shared_.instance_id;
  return revocation;
}

LoopStore::Applied LoopStore::apply(const Revocation& revocation) {
  const Instant until = now() + (revocation.expires - redis_time(now()));
  Applied applied;
  applied.news = shared_.denylist.add(revocation, until);
  if (revocation.kind == Revocation::Kind::token) applied.ended = shared_.table.revoke(revocation.id) ? 1 : 0;
  if (revocation.kind == Revocation::Kind::before) applied.ended = shared_.table.revoke_before(revocation.at);
  return applied;
}

std::uint64_t LoopStore::apply_and_tell(const Revocation& revocation) {
  const Applied applied = apply(revocation);
  if (observer_ != nullptr) {
    if (revocation.kind == Revocation::Kind::before) observer_->on_all_revoked();
    // In any case: a stream may have outlived a token that the table has forgotten.
    if (revocation.kind == Revocation::Kind::token) observer_->on_revoked(std::span(&revocation.id, 1));
  }
  return applied.ended;
}

void LoopStore::hear(std::span<const Revocation> revocations) {
  std::vector<PublicId> ids;
  bool all = false;
  const WallTime time = redis_time(now());
  for (const Revocation& revocation : revocations) {
    if (revocation.expires <= time) continue;
    const Sight sight =
        revocation.kind == Revocation::Kind::token ? shared_.table.look(revocation.id) : Sight{};
    const Applied applied = apply(revocation);
    if (!applied.news && applied.ended == 0) continue;
    all = all || revocation.kind == Revocation::Kind::before;
    if (revocation.kind != Revocation::Kind::token) continue;
    ids.push_back(revocation.id);
    // Who revoked by an id may not have found the key; its issuer knows it.
    const bool ours = sight.state != Sight::State::unknown && sight.token.mine && sight.token.home == Home::redis;
    if (ours && usable()) redis_->remove(sight.token.key, [](redis::Fault, std::uint64_t) {});
  }
  if (observer_ == nullptr) return;
  if (!ids.empty()) observer_->on_revoked(ids);
  if (all) observer_->on_all_revoked();
}

void LoopStore::revoke(const RevokeTarget& target, RevokeHandler handler) {
  if (std::holds_alternative<RevokeAll>(target)) return revoke_all(std::move(handler));
  if (const auto* id = std::get_if<PublicId>(&target)) return revoke_one(*id, std::nullopt, std::move(handler));
  const std::string_view text = std::get<TokenText>(target).reveal();
  const auto key = Uuid::parse(text);
  if (!key) return handler({});  // nothing that could ever be accepted
  revoke_one(PublicId::of(text), key, std::move(handler));
}

void LoopStore::revoke_one(const PublicId& id, std::optional<Uuid> key, RevokeHandler handler) {
  const Sight sight = shared_.table.look(id);
  if (!key && sight.state != Sight::State::unknown) key = sight.token.key;
  const Revocation revocation = revocation_of(id, sight);
  const Mode mode = shared_.modes.mode();
  // Mode redis promises that all know, or that nothing has happened.
  if (mode == Mode::redis && !usable()) return handler({.unavailable = true});
  const std::uint64_t ended = mode == Mode::redis ? 0 : apply_and_tell(revocation);
  if (!redis_) return handler({.revoked = ended});
  if (mode == Mode::memory) {
    handler({.revoked = ended});
    return tell_of(revocation, key, mode, ended, [](const RevokeResult&) {});
  }
  if (key || !usable()) return tell_of(revocation, key, mode, ended, std::move(handler));
  auto search = std::make_shared<Search>(
      *this, id, [this, revocation, mode, ended, handler = std::move(handler)](std::optional<Uuid> found) mutable {
        tell_of(revocation, found, mode, ended, std::move(handler));
      });
  search->step("0");
}

void LoopStore::tell_of(const Revocation& revocation, std::optional<Uuid> key, Mode mode, std::uint64_t ended,
                        RevokeHandler handler) {
  if (!usable() && mode != Mode::redis) {
    shared_.untold.add({revocation, key});
    return handler({.revoked = ended, .others_pending = mode != Mode::memory});
  }
  redis::Request request;
  shared_.log->append(request, std::span(&revocation, 1), redis_time(now()));
  if (key) request.add({"DEL", redis_->key_of(*key)});
  redis_->client().ask(
      std::move(request), [this, alive = std::weak_ptr(alive_), revocation, key, mode, ended,
                           handler = std::move(handler)](const redis::Answer& answer) mutable {
        if (alive.expired()) return;
        const bool told = answer.fault == redis::Fault::none && !answer.replies.front().is_error();
        if (!told && mode == Mode::redis) return handler({.unavailable = true});
        if (!told) {
          shared_.untold.add({revocation, key});
          return handler({.revoked = ended, .others_pending = mode != Mode::memory});
        }
        if (mode == Mode::redis) ended = apply_and_tell(revocation);
        const std::uint64_t deleted = key && answer.replies.back().integer > 0 ? 1 : 0;
        handler({.revoked = std::max(ended, deleted)});
      });
}

void LoopStore::revoke_all(RevokeHandler handler) {
  const Mode mode = shared_.modes.mode();
  if (mode == Mode::redis && !usable()) return handler({.unavailable = true});
  Revocation revocation;
  revocation.kind = Revocation::Kind::before;
  revocation.at = to_ms(redis_time(now())) + milliseconds(1);
  revocation.expires = revocation.at + std::max<seconds>(shared_.longest_life(), resume_ends);
  revocation.by = shared_.instance_id;
  const std::uint64_t ended = mode == Mode::redis ? 0 : apply_and_tell(revocation);
  if (!redis_) return handler({.revoked = ended});
  auto told = [this, alive = std::weak_ptr(alive_), mode, at = revocation.at, ended,
               handler = std::move(handler)](const RevokeResult& result) mutable {
    if (alive.expired()) return;
    if (result.unavailable || !usable()) return handler(result);
    const std::uint64_t here = mode == Mode::redis ? result.revoked : ended;
    std::make_shared<Sweep>(*this, at, [here, pending = result.others_pending,
                                        handler = std::move(handler)](std::uint64_t others) mutable {
      handler({.revoked = here + others, .others_pending = pending});
    })->step("0");
  };
  tell_of(revocation, std::nullopt, mode, ended, std::move(told));
}

}  // namespace vx11::store
