// GET or HEAD /operator/api/events/stream
#include "api/check.h"
#include "api/guard.h"
#include "api/stream_frames.h"

namespace vx11::api {

namespace {

void open(LoopContext& context, const http::Request& request, http::Responder& responder, const PublicId* token,
          Instant begun) {
  Shared& shared = context.shared;
  const bool head = request.method == http::Method::head;  // the request is gone once the stream is open
  http::StreamTag tag{};
  if (token != nullptr) tag = token->bytes;
  responder.open_stream(context.streams, stream_headers, opening_frames(shared, request.correlation_id), tag);
  if (head) return;
  (token != nullptr ? shared.metrics.streams_ephemeral : shared.metrics.streams_principal).add();
  shared.metrics.stream_open.observe(shared.clock.now() - begun);
}

/// A refusal that will pass must not look final: a browser gives up on any status but 200.
void come_back_later(LoopContext& context, http::Responder& responder) {
  responder.short_stream(stream_headers, later_frame(context.shared));
}

/// The migration's back door: the query's token may be a principal. Counted, and said in the log at start.
[[nodiscard]] bool is_principal_in_query(LoopContext& context, std::string_view token) {
  Shared& shared = context.shared;
  if (!shared.settings.allow_principal_query || shared.principals.find(token) == nullptr) return false;
  shared.metrics.principals_in_query.add();
  return true;
}

void by_token(LoopContext& context, const http::Request& request, http::Responder responder, std::string_view token,
              Instant begun) {
  if (is_principal_in_query(context, token)) return open(context, request, responder, nullptr, begun);
  const bool head = request.method == http::Method::head;
  check_token(context, token, head ? store::Purpose::look : store::Purpose::open,
              [&context, &request, begun, responder = std::move(responder)](const store::CheckResult& result) mutable {
                switch (result.verdict) {
                  case store::Verdict::valid:
                    return open(context, request, responder, &result.id, begun);
                  case store::Verdict::cannot_tell:
                    return come_back_later(context, responder);
                  case store::Verdict::invalid:
                    if (count_failure(context, request)) {
                      context.shared.metrics.rate_limited.add();
                      return come_back_later(context, responder);
                    }
                    return responder.error(403, "invalid_token", no_store);
                }
              });
}

void stream(LoopContext& context, const http::Request& request, http::Responder responder) {
  const Instant begun = context.shared.clock.now();
  std::string storage;
  const http::Single token = request.parameter("token", storage);
  if (token.repeated) return responder.error(400, "repeated_parameter", no_store);
  if (context.shared.phase.load() != Phase::ready) return come_back_later(context, responder);
  if (token.value) {
    by_token(context, request, std::move(responder), *token.value, begun);
    wipe(storage.data(), storage.size());
    return;
  }
  const auto too_often = [&](std::chrono::nanoseconds) { come_back_later(context, responder); };
  if (authenticate(context, request, responder, too_often) != nullptr) open(context, request, responder, nullptr, begun);
}

}  // namespace

void install_stream(http::Router& router, LoopContext& context) {
  router.get("/operator/api/events/stream", [&context](const http::Request& request, http::Responder responder) {
    stream(context, request, std::move(responder));
  });
}

}  // namespace vx11::api
