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
constexpr milliseconds search_before_telling{60};
constexpr milliseconds sweep_before_answer{200};

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
    store.redis_->scan(cursor, names_per_step, RedisTokens::Detail::names, search_before_telling,
                       [self = shared_from_this(), alive = std::weak_ptr(store.alive_)](RedisTokens::Page page) {
                         if (alive.expired()) return;
                         if (page.failing) self->store.shared_.keys_left_behind.store(true);
                         if (page.cursor.empty()) return self->answer(std::nullopt);
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
    store.remove_key(key);
  }
};

/// Deletes from Redis every token issued up to a moment, so that Python backends refuse it too.
struct LoopStore::Sweep : std::enable_shared_from_this<Sweep> {
  LoopStore& store;
  WallTime at;
  Instant answer_by;
  std::uint64_t others = 0;  ///< tokens ended that other instances or backends had issued
  Callback<void(std::uint64_t others)> done;

  Sweep(LoopStore& of, WallTime until, Instant begun, Callback<void(std::uint64_t)> handler)
      : store(of), at(until), answer_by(begun + sweep_before_answer), done(std::move(handler)) {}

  void answer() {
    if (done) std::exchange(done, {})(others);
  }

  void leave_keys() { store.shared_.keys_left_behind.store(true); }

  void step(std::string_view cursor) {
    store.redis_->scan(cursor, tokens_per_step, RedisTokens::Detail::tokens,
                       store.left_since(answer_by - sweep_before_answer, 2),
                       [self = shared_from_this(), alive = std::weak_ptr(store.alive_)](RedisTokens::Page page) {
                         if (!alive.expired()) self->take(std::move(page));
                       });
  }

  void take(RedisTokens::Page page) {
    if (page.failing) leave_keys();  // a server may be away, and the others not
    if (page.cursor.empty()) return answer();
    redis::Request request;
    for (const Found& found : page.found) {
      if (found.token.created_at > at) continue;
      request.add({"DEL", store.redis_->key_of(found.token.key)});
      if (found.issued_by != store.shared_.instance_id) ++others;
    }
    if (request.commands() > 0) {
      store.redis_->client().ask(std::move(request),
                                 [self = shared_from_this(), alive = std::weak_ptr(store.alive_)](const auto& answer) {
                                   if (answer.fault != redis::Fault::none && !alive.expired()) self->leave_keys();
                                 });
    }
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
  if (revocation.kind == Revocation::Kind::before) {
    // One's own word ends all that is here, even where the clock has been set back since it was issued. Read again it
    // means no more than it says: what was issued since lives.
    const bool own = applied.news && revocation.by == shared_.instance_id && revocation.at >= redis_time(now());
    applied.ended = shared_.table.revoke_before(own ? WallTime::max() : revocation.at);
  }
  return applied;
}

std::uint64_t LoopStore::apply_and_tell(const Revocation& revocation) {
  const Applied applied = apply(revocation);
  if (observer_ != nullptr) {
    if (revocation.kind == Revocation::Kind::before) observer_->on_all_revoked(revocation.at);
    // In any case: a stream may have outlived a token that the table has forgotten.
    if (revocation.kind == Revocation::Kind::token) observer_->on_revoked(std::span(&revocation.id, 1));
  }
  return applied.ended;
}

void LoopStore::hear(std::span<const Revocation> revocations) {
  std::vector<PublicId> ids;
  WallTime all{};
  const WallTime time = redis_time(now());
  for (const Revocation& revocation : revocations) {
    if (revocation.expires <= time) continue;
    const Sight sight = revocation.kind == Revocation::Kind::token ? shared_.table.look(revocation.id) : Sight{};
    const Applied applied = apply(revocation);
    if (!applied.news && applied.ended == 0) continue;
    if (revocation.kind == Revocation::Kind::before) all = std::max(all, revocation.at);
    if (revocation.kind != Revocation::Kind::token) continue;
    ids.push_back(revocation.id);
    // Who revoked by an id may not have found the key; its issuer knows it.
    const bool ours = sight.state != Sight::State::unknown && sight.token.mine && sight.token.home == Home::redis;
    if (ours && usable()) remove_key(sight.token.key);
    if (ours && !usable()) shared_.keys_left_behind.store(true);
  }
  if (observer_ == nullptr) return;
  if (!ids.empty()) observer_->on_revoked(ids);
  if (all != WallTime{}) observer_->on_all_revoked(all);
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
  Telling telling{revocation_of(id, sight), key, shared_.modes.mode(), 0, now()};
  // Mode redis promises that all know, or that nothing has happened.
  if (telling.mode == Mode::redis && !usable()) return handler({.unavailable = true});
  if (telling.mode != Mode::redis) telling.ended = apply_and_tell(telling.revocation);
  if (!redis_) return handler({.revoked = telling.ended});
  if (telling.mode == Mode::memory) {
    handler({.revoked = telling.ended});
    return tell_of(telling, [](const RevokeResult&) {});
  }
  if (key || !usable()) return tell_of(telling, std::move(handler));
  auto search = std::make_shared<Search>(
      *this, id, [this, telling, handler = std::move(handler)](std::optional<Uuid> found) mutable {
        telling.key = found;
        tell_of(telling, std::move(handler));
      });
  search->step("0");
}

void LoopStore::tell_of(const Telling& telling, RevokeHandler handler) {
  const auto not_told = [this, &telling](RevokeHandler& done) {
    if (telling.mode == Mode::redis) return done({.unavailable = true});
    shared_.untold.add({telling.revocation, telling.key});
    done({.revoked = telling.ended, .others_pending = telling.mode != Mode::memory});
  };
  if (!usable()) return not_told(handler);
  const auto append = [this, &telling](redis::Request& request) {
    shared_.log->append(request, std::span(&telling.revocation, 1), redis_time(now()));
    if (telling.key) request.add({"DEL", redis_->key_of(*telling.key)});
  };
  auto answered = [this, alive = std::weak_ptr(alive_), its = Telling(telling),
                   handler = std::move(handler)](const redis::Answer& answer) mutable {
    if (!alive.expired()) told(its, answer, handler);
  };
  if (replicas_) {
    return replicas_->write(
        telling.begun, append,
        [answered = std::move(answered)](const redis::Answer& answer, bool) mutable { answered(answer); });
  }
  redis::Request request;
  append(request);
  redis_->client().ask(std::move(request), left_since(telling.begun), std::move(answered));
}

/// The feed and the key may lie on different servers, of which one fails.
void LoopStore::told(Telling telling, const redis::Answer& answer, RevokeHandler& handler) {
  const bool in_feed = !answer.replies.empty() && !answer.replies.front().is_error();
  const redis::Reply* removal = telling.key && !answer.replies.empty() ? &answer.replies.back() : nullptr;
  const bool removed = removal != nullptr && !removal->is_error();
  // In mode redis who asks Redis refuses a token that isn't there, whether he has heard of it or not.
  if (telling.mode == Mode::redis && !in_feed && !removed) return handler({.unavailable = true});
  if (telling.mode == Mode::redis) telling.ended = apply_and_tell(telling.revocation);
  if (!in_feed) {
    shared_.untold.add({telling.revocation, telling.key});
  } else if (telling.key && !removed) {
    shared_.keys_left_behind.store(true);
  }
  const std::uint64_t deleted = removed && removal->integer > 0 ? 1 : 0;
  handler({.revoked = std::max(telling.ended, deleted), .others_pending = !in_feed && telling.mode != Mode::memory});
}

void LoopStore::revoke_all(RevokeHandler handler) {
  Telling telling;
  telling.mode = shared_.modes.mode();
  telling.begun = now();
  if (telling.mode == Mode::redis && !usable()) return handler({.unavailable = true});
  Revocation& revocation = telling.revocation;
  revocation.kind = Revocation::Kind::before;
  const auto life = std::max<seconds>(shared_.longest_life(), resume_ends);
  // What was issued since the last one may have a time just after that one's, and be ahead of the clock.
  const WallTime since_last = shared_.denylist.before() + milliseconds(1);
  revocation.at = to_ms(std::max(shared_.common.latest(telling.begun, life), since_last)) + milliseconds(1);
  revocation.expires = to_ms(redis_time(telling.begun)) + milliseconds(1) + life;
  revocation.by = shared_.instance_id;
  if (telling.mode != Mode::redis) telling.ended = apply_and_tell(revocation);
  if (!redis_ || telling.mode == Mode::memory) handler({.revoked = telling.ended});
  if (!redis_) return;
  if (telling.mode == Mode::memory) handler = [](const RevokeResult&) {};
  tell_of(telling, [this, alive = std::weak_ptr(alive_), at = revocation.at, begun = telling.begun,
                    handler = std::move(handler)](const RevokeResult& result) mutable {
    if (alive.expired()) return;
    if (result.unavailable || result.others_pending || !usable()) return handler(result);
    std::make_shared<Sweep>(*this, at, begun,
                            [here = result.revoked, handler = std::move(handler)](std::uint64_t others) mutable {
                              handler({.revoked = here + others});
                            })
        ->step("0");
  });
}

}  // namespace vx11::store
