// GET or HEAD /operator/api/events/stream
#include <algorithm>
#include <utility>

#include "api/check.h"
#include "api/guard.h"
#include "api/stream_frames.h"

namespace vx11::api {

namespace {

/// What is known of a request before its token is checked. Views are the request's.
struct Visit {
  Instant begun;
  WallTime vouched_at;                 ///< of a token that turns out to be valid
  bool came_back = false;              ///< it says where it was,
  std::optional<LastEventId> last;     ///< if that was understood
  std::optional<StreamOrigin> resume;  ///< and by its credential what it was opened with
};

/// `Last-Event-ID` never is a fault of the client's: at worst it can't be gone back to.
[[nodiscard]] Visit visit(const Shared& shared, const http::Request& request, std::string_view token) {
  Visit made;
  made.begun = shared.clock.now();
  // Whoever is let in now was issued after the last end to everything, however the clocks differ.
  made.vouched_at = std::max(shared.common_time(), shared.denylist.before() + std::chrono::milliseconds(1));
  const std::string_view last = request.header("Last-Event-ID").value.value_or("");
  made.came_back = !last.empty();
  made.last = LastEventId::parse(last);
  if (token.empty() || !made.last || made.last->resume.empty()) return made;
  const PublicId id = PublicId::of(token);
  if (const auto vouched_at = shared.resume.check(id, made.last->resume, shared.common_time())) {
    made.resume = StreamOrigin{id, *vouched_at};
  }
  return made;
}

/// `origin`: the token that opens it; null: that principal does.
void open(LoopContext& context, const http::Request& request, http::Responder& responder, const Visit& from,
          const StreamOrigin* origin, const Principal* principal = nullptr) {
  Shared& shared = context.shared;
  const bool head = request.method == http::Method::head;  // the request is gone once the stream is open
  http::Opening opening;
  opening.first = opening_notice(shared, request.correlation_id);
  if (origin != nullptr) opening.tag = origin->tag();
  if (principal != nullptr) opening.tag = principal->tag();
  if (from.last) opening.after = shared.events.find(*from.last);
  shared.events.bring_up_to_date(context.streams);
  if (from.came_back && !(opening.after && context.streams.keeps(*opening.after))) {
    opening.after.reset();
    opening.then = reset_event();
    // Until the reset has reached it, the client is where it was: it may have to come back again.
    if (from.last) opening.first_id = "id: " + std::string(from.last->position);
  }
  responder.open_stream(context.streams, stream_headers, opening);
  if (head) return;
  (origin != nullptr ? shared.metrics.streams_ephemeral : shared.metrics.streams_principal).add();
  shared.metrics.stream_open.observe(shared.clock.now() - from.begun);
}

/// A refusal that will pass must not look final: a browser gives up on any status but 200.
void come_back_later(LoopContext& context, http::Responder& responder) {
  responder.short_stream(stream_headers, later_frame(context.shared));
}

/// The migration's back door: the query's token may be a principal. Counted, and said in the log at start.
[[nodiscard]] const Principal* principal_in_query(LoopContext& context, std::string_view token) {
  Shared& shared = context.shared;
  if (!shared.settings.allow_principal_query) return nullptr;
  const Principal* found = shared.principals.find(token);
  if (found != nullptr) shared.metrics.principals_in_query.add();
  return found;
}

/// Neither alive nor revoked.
[[nodiscard]] bool is_over(const store::CheckResult& result) noexcept {
  using store::Reason;
  return result.verdict == store::Verdict::invalid &&
         (result.reason == Reason::unknown || result.reason == Reason::expired || result.reason == Reason::used);
}

/// A stream outlives its token, and so does the right to take it up again, but not the token's revocation. What can't
/// be checked now was vouched for a minute ago; the denylist is what every instance would go by.
[[nodiscard]] bool may_resume(const Shared& shared, const store::CheckResult& result, const Visit& from) {
  if (!from.resume || !(is_over(result) || result.verdict == store::Verdict::cannot_tell)) return false;
  return !shared.denylist.names(from.resume->token) && from.resume->vouched_at > shared.denylist.before();
}

/// Another instance may have given a credential that this one, just started, doesn't have the key for.
[[nodiscard]] bool may_resume_soon(const Shared& shared, const store::CheckResult& result, const Visit& from) {
  return is_over(result) && from.last && from.last->resume.size() == ResumeKeys::text_size && shared.redis != nullptr &&
         shared.modes.mode() != store::Mode::memory && !shared.resume.shared();
}

void by_token(LoopContext& context, const http::Request& request, http::Responder responder, std::string_view token) {
  const Visit from = visit(context.shared, request, token);
  if (const Principal* principal = principal_in_query(context, token)) {
    return open(context, request, responder, from, nullptr, principal);
  }
  const bool head = request.method == http::Method::head;
  const auto purpose = head ? store::Purpose::look : store::Purpose::open;
  ask_store(
      context, token, purpose,
      [&context, &request, from, purpose, responder = std::move(responder)](const store::CheckResult& result) mutable {
        const bool valid = result.verdict == store::Verdict::valid;
        if (!valid && may_resume(context.shared, result, from)) {
          if (purpose == store::Purpose::open) context.shared.metrics.streams_resumed.add();
          return open(context, request, responder, from, &*from.resume);
        }
        count_check(context, result, purpose);
        if (valid) {
          const StreamOrigin origin{result.id, from.vouched_at};
          return open(context, request, responder, from, &origin);
        }
        if (result.verdict == store::Verdict::cannot_tell || may_resume_soon(context.shared, result, from)) {
          return come_back_later(context, responder);
        }
        if (count_failure(context, request)) {
          context.shared.metrics.rate_limited.add();
          return come_back_later(context, responder);
        }
        responder.error(403, "invalid_token", no_store);
      });
}

void stream(LoopContext& context, const http::Request& request, http::Responder responder) {
  std::string storage;
  const http::Single token = request.parameter("token", storage);
  if (token.repeated) return responder.error(400, "repeated_parameter", no_store);
  for (const std::string_view name : {"Last-Event-ID", "X-VX11-Token"}) {
    if (request.header(name).repeated) return responder.error(400, "repeated_header", no_store);
  }
  if (context.shared.phase.load() != Phase::ready) return come_back_later(context, responder);
  if (token.value) {
    by_token(context, request, std::move(responder), *token.value);
    wipe(storage.data(), storage.size());
    return;
  }
  const auto too_often = [&](std::chrono::nanoseconds) { come_back_later(context, responder); };
  const Principal* principal = authenticate(context, request, responder, too_often);
  if (principal == nullptr) return;
  open(context, request, responder, visit(context.shared, request, {}), nullptr, principal);
}

}  // namespace

void install_stream(http::Router& router, LoopContext& context) {
  router.get("/operator/api/events/stream", [&context](const http::Request& request, http::Responder responder) {
    stream(context, request, std::move(responder));
  });
}

}  // namespace vx11::api
