// What a handler works with: what is shared, and what belongs to its own loop.
#pragma once

#include <string_view>

#include "api/shared.h"
#include "api/watch_feed.h"
#include "feed/roster_reader.h"
#include "feed/writer.h"
#include "http/event_hub.h"
#include "http/responder.h"
#include "http/router.h"
#include "store/token_store.h"

namespace vx11::api {

/// One a loop; outlives every handler of the loop.
struct LoopContext {
  Shared& shared;
  store::TokenStore& store;
  http::EventHub& streams;
  http::EventHub& watchers;
  WatchFeed& feed;
  feed::Writer* events = nullptr;        ///< publishes by Redis; null: none is configured
  feed::RosterReader* roster = nullptr;  ///< who is there, by Redis; null: none is configured
};

/// Whole header lines that several answers need.
inline constexpr std::string_view no_store = "Cache-Control: no-store\r\n";
inline constexpr std::string_view stream_headers =
    "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nX-Accel-Buffering: no\r\n";

// Each adds its calls to a loop's router.
/// Lets pages of the origins in the configuration, if there are any, use issue, validate and stream.
void install_cross_origin(http::Router& router, LoopContext& context);
void install_issue(http::Router& router, LoopContext& context);
void install_validate(http::Router& router, LoopContext& context);
void install_stream(http::Router& router, LoopContext& context);
void install_publish(http::Router& router, LoopContext& context);
void install_health(http::Router& router, LoopContext& context);
void install_metrics(http::Router& router, LoopContext& context);
void install_cache_stats(http::Router& router, LoopContext& context);
void install_tokens(http::Router& router, LoopContext& context);
void install_watch(http::Router& router, LoopContext& context);
void install_mode(http::Router& router, LoopContext& context);
void install_instance(http::Router& router, LoopContext& context);

}  // namespace vx11::api
