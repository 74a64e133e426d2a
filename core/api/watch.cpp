// GET /operator/internal/tokens/watch
#include "api/guard.h"
#include "api/stream_frames.h"

namespace vx11::api {

void install_watch(http::Router& router, LoopContext& context) {
  router.get("/operator/internal/tokens/watch", [&context](const http::Request& request, http::Responder responder) {
    const Principal* principal = authenticate(context, request, responder);
    if (principal == nullptr) return;
    // Before the stream opens, so that what happens after its snapshot is told.
    if (request.method == http::Method::get) context.shared.watched.store(true);
    http::Opening opening;
    opening.tag = principal->tag();
    opening.first = opening_notice(context.shared, request.correlation_id);
    responder.open_stream(context.watchers, stream_headers, opening);
  });
}

}  // namespace vx11::api
