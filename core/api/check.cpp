#include "api/check.h"

#include "api/guard.h"

namespace vx11::api {

namespace {

void count(Shared& shared, WatchFeed& feed, const store::CheckResult& result, store::Purpose purpose) {
  ServiceMetrics& metrics = shared.metrics;
  switch (result.verdict) {
    case store::Verdict::valid:
      metrics.checks_accepted.add();
      if (result.source != store::Source::redis) metrics.local_hits.add();
      feed.accepted(result.id, result.single_use && purpose == store::Purpose::open);
      return;
    case store::Verdict::invalid:
      metrics.checks_refused.add();
      metrics.tokens_invalid.add();
      // A miss is a token that the table doesn't know; malformed, revoked and used-up ones are neither hit nor miss.
      if (result.reason == store::Reason::unknown || result.reason == store::Reason::expired) metrics.local_misses.add();
      feed.refused(result.reason);
      return;
    case store::Verdict::cannot_tell:
      metrics.checks_cannot_tell.add();
      return;
  }
}

}  // namespace

void check_token(LoopContext& context, std::string_view token, store::Purpose purpose,
                 store::TokenStore::CheckHandler done) {
  const Instant begun = context.shared.clock.now();
  context.store.check(token, purpose,
                      [&context, begun, purpose, done = std::move(done)](const store::CheckResult& result) mutable {
                        Shared& shared = context.shared;
                        const auto took = shared.clock.now() - begun;
                        const bool asked_redis = result.source == store::Source::redis;
                        (asked_redis ? shared.metrics.check_redis : shared.metrics.check_local).observe(took);
                        count(shared, context.feed, result, purpose);
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
