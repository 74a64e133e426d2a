// Issuing: into one's own table, or into Redis.
#include <algorithm>
#include <utility>

#include "store/loop_store.h"

namespace vx11::store {

namespace {

using std::chrono::milliseconds;

// A token whose server is away may have a neighbour whose server isn't.
constexpr int most_draws = 5;
// Then there is no time for another one: an answer comes within 250 ms.
constexpr milliseconds time_to_draw{180};

void fill(IssueResult& result, const KnownToken& token) {
  result.status = IssueStatus::issued;
  result.token = token.key.text();
  result.id = token.id;
  result.created_at = token.created_at;
  result.expires_at = token.expires_at;
  result.degraded = token.unwritten;
}

}  // namespace

/// One call, which may draw several tokens until it has one.
struct LoopStore::Attempt {
  IssueRequest request;
  Mode mode = Mode::redis;
  Instant begun;
  int draws = 1;
};

void LoopStore::issue(const IssueRequest& request, IssueHandler handler) {
  if (!shared_.table.reserve()) {
    IssueResult full;
    full.status = IssueStatus::full;
    return handler(full);
  }
  const Mode mode = shared_.modes.mode();
  if (mode == Mode::memory || !redis_) return issue_here(request, Home::here, handler);
  if (mode == Mode::hybrid && !usable()) return issue_here(request, Home::redis, handler);
  issue_in_redis({request, mode, now(), 1}, std::move(handler));
}

void LoopStore::issue_here(const IssueRequest& request, Home home, IssueHandler& handler) {
  // Whoever has heard of an end to everything before must not issue into it, however the clocks differ.
  const WallTime created = std::max(redis_time(now()), shared_.denylist.before() + milliseconds(1));
  KnownToken token = shared_.table.draw(request, created, home);
  token.unwritten = home == Home::redis;
  while (!shared_.table.add(token, token.expires_at)) {
    token = shared_.table.draw(request, created, home);
    token.unwritten = home == Home::redis;
  }
  IssueResult result;
  fill(result, token);
  handler(result);
}

void LoopStore::issue_in_redis(Attempt attempt, IssueHandler handler) {
  const Instant sent_at = now();
  const WallTime created = std::max(redis_time(sent_at), shared_.denylist.before() + milliseconds(1));
  KnownToken token = shared_.table.draw(attempt.request, created, Home::redis);
  put(token, attempt,
      [this, alive = std::weak_ptr(alive_), attempt, token, sent_at, handler = std::move(handler)](
          redis::Fault fault, bool confirmed) mutable {
        if (alive.expired()) return;
        IssueResult result;
        const bool written = fault == redis::Fault::none;
        if (!written && attempt.mode != Mode::hybrid) {
          const bool again =
              shared_.sharded && usable() && attempt.draws < most_draws && now() - attempt.begun < time_to_draw;
          if (again) {
            ++attempt.draws;
            return issue_in_redis(attempt, std::move(handler));
          }
          shared_.table.release();
          return handler(result);  // unavailable
        }
        token.unwritten = !written;
        if (shared_.denylist.denies(token.id, token.created_at)) {  // an end to everything came while it was on its way
          shared_.keys_left_behind.store(true);
          return issue_in_redis(attempt, std::move(handler));
        }
        const Instant fresh_until = std::min(sent_at + shared_.local_fresh, token.expires_at);
        if (!shared_.table.add(token, fresh_until)) {  // as likely as 122 equal random bits
          shared_.table.release();
          return handler(result);
        }
        fill(result, token);
        result.degraded = result.degraded || !confirmed;
        handler(result);
      });
}

void LoopStore::put(const KnownToken& token, const Attempt& attempt, PutHandler handler) {
  if (!replicas_) {
    const milliseconds deadline = attempt.draws == 1 ? redis::Client::usual_deadline : left_since(attempt.begun);
    redis::Request request;
    redis_->append_write(request, token);
    return redis_->client().ask(std::move(request), deadline,
                                [handler = std::move(handler)](const redis::Answer& answer) mutable {
                                  handler(RedisTokens::fault_of_write(answer), true);
                                });
  }
  replicas_->write(
      attempt.begun, [&](redis::Request& request) { redis_->append_write(request, token); },
      [handler = std::move(handler)](const redis::Answer& answer, bool confirmed) mutable {
        handler(RedisTokens::fault_of_write(answer), confirmed);
      });
}

}  // namespace vx11::store
