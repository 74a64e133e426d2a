// One event loop of an instance with all that belongs to it alone: store, streams, watchers and routes.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <span>

#include "api/loop_context.h"
#include "api/watch_feed.h"
#include "feed/roster_reader.h"
#include "feed/writer.h"
#include "http/event_hub.h"
#include "http/event_loop.h"
#include "http/router.h"
#include "http/server_options.h"
#include "server/redis_side.h"
#include "store/loop_store.h"

namespace vx11::server {

/// Everything but `loop().post` and the counters is touched by the loop's own thread once it runs.
class LoopUnit final : public store::StoreObserver {
 public:
  /// `redis` null: none is configured. It gets the connections of one more loop.
  LoopUnit(const http::ServerOptions& options, api::Shared& shared, store::SharedStore& shared_store, RedisSide* redis);

  [[nodiscard]] http::EventLoop& loop() noexcept { return loop_; }
  [[nodiscard]] const http::EventLoop& loop() const noexcept { return loop_; }
  [[nodiscard]] http::EventHub& streams() noexcept { return streams_; }
  [[nodiscard]] const http::EventHub& streams() const noexcept { return streams_; }
  [[nodiscard]] http::EventHub& watchers() noexcept { return watchers_; }
  [[nodiscard]] const http::EventHub& watchers() const noexcept { return watchers_; }
  [[nodiscard]] store::LoopStore& store() noexcept { return store_; }
  [[nodiscard]] api::WatchFeed& feed() noexcept { return feed_; }
  [[nodiscard]] const http::Router& public_routes() const noexcept { return routes_; }
  [[nodiscard]] const http::Router& metrics_routes() const noexcept { return metrics_routes_; }

  /// Brings the streams up to date with the log of events, soon. Any thread.
  void take_events();
  /// Closes streams gently and evenly over that time, with a `drain` event and a retry of its own each.
  void drain_streams(std::chrono::milliseconds time);

 private:
  void on_expired(std::span<const PublicId> ids) override;
  void on_revoked(std::span<const PublicId> ids) override;
  void on_all_revoked(WallTime at) override;

  api::Shared& shared_;
  http::EventLoop loop_;
  http::EventHub streams_;
  http::EventHub watchers_;
  std::atomic<bool> taking_events_{false};  ///< it was posted and has not begun
  store::StoreConnections redis_;
  store::LoopStore store_;
  std::optional<feed::Writer> writer_;
  std::optional<feed::RosterReader> roster_;
  api::WatchFeed feed_;
  api::LoopContext context_;
  http::Router routes_;
  http::Router metrics_routes_;
};

}  // namespace vx11::server
