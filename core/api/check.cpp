#include "api/check.h"

#include "api/guard.h"

namespace vx11::api {

namespace {

/// A hit is a live token answered without Redis, also when it was asked in vain; a miss a check that Redis was asked
/// for, or in memory mode a token that the table doesn't know. Malformed and revoked ones are neither.
void count_hit_or_miss(Shared& shared, const store::CheckResult& result) {
  const bool live = result.verdict == store::Verdict::valid;
  // Of a single-use token Redis is asked for its mark, wherever the rest comes from.
  const bool by_redis = result.asked_redis && (result.source == store::Source::redis || result.single_use);
  if (live && !by_redis) return shared.metrics.local_hits.add();
  if (result.reason == store::Reason::malformed || result.reason == store::Reason::revoked) return;
  const bool unknown = result.reason == store::Reason::unknown || result.reason == store::Reason::expired;
  if (result.asked_redis || (unknown && shared.modes.mode() == store::Mode::memory)) shared.metrics.local_misses.add();
}

void observe(Shared& shared, const store::CheckResult& result, Instant begun) {
  const auto took = shared.clock.now() - begun;
  (result.asked_redis ? shared.metrics.check_redis : shared.metrics.check_local).observe(took);
}

}  // namespace

void ask_store(LoopContext& context, std::string_view token, store::Purpose purpose,
               store::TokenStore::CheckHandler done) {
  const Instant begun = context.shared.clock.now();
  context.store.check(token, purpose,
                      [&context, begun, done = std::move(done)](const store::CheckResult& result) mutable {
                        observe(context.shared, result, begun);
                        done(result);
                      });
}

void count_check(LoopContext& context, const store::CheckResult& result, store::Purpose purpose) {
  ServiceMetrics& metrics = context.shared.metrics;
  count_hit_or_miss(context.shared, result);
  switch (result.verdict) {
    case store::Verdict::valid:
      metrics.checks_accepted.add();
      context.feed.accepted(result.id, result.single_use && purpose == store::Purpose::open);
      return;
    case store::Verdict::invalid:
      metrics.checks_refused.add();
      metrics.tokens_invalid.add();
      context.feed.refused(result.reason);
      return;
    case store::Verdict::cannot_tell:
      metrics.checks_cannot_tell.add();
      return;
  }
}

void check_token(LoopContext& context, std::string_view token, store::Purpose purpose,
                 store::TokenStore::CheckHandler done) {
  const Instant begun = context.shared.clock.now();
  context.store.check(token, purpose,
                      [&context, purpose, begun, done = std::move(done)](const store::CheckResult& result) mutable {
                        observe(context.shared, result, begun);
                        count_check(context, result, purpose);
                        done(result);
                      });
}

void answer_refusal(LoopContext& context, const http::Request& request, http::Responder& responder) {
  if (const auto wait = count_failure(context, request)) {
    context.shared.metrics.rate_limited.add();
    responder.error(429, "rate_limited", std::string(no_store) + retry_after_line(*wait));
    return;
  }
  responder.error(403, "invalid_token", no_store);
}

}  // namespace vx11::api
