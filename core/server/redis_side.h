// All of one instance that has to do with Redis: the connections of its loops, the feed, the registry, and what is told
// of Redis' health.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "api/redis_view.h"
#include "api/shared.h"
#include "config/settings.h"
#include "feed/follower.h"
#include "feed/registry.h"
#include "feed/roster.h"
#include "feed/writer.h"
#include "redis/loop_client.h"
#include "server/redis_links.h"
#include "server/redis_survey.h"
#include "store/loop_store.h"
#include "store/shared_store.h"

namespace vx11::server {

class LoopUnit;

/// Made before the loops' stores, which use its clients; `attach` ties it to the first loop. What isn't said to be
/// thread-safe belongs to the first loop once that runs.
class RedisSide final : public api::RedisView, public store::RevocationLog, private feed::Listener {
 public:
  RedisSide(const config::Settings& settings, std::string instance_id, const Clock& clock, Random& random,
            const observe::Log& log, store::SharedStore& store);
  ~RedisSide() override;

  /// The connections of one more loop; they live as long as this and connect from `start` on.
  [[nodiscard]] store::StoreConnections add_clients(boost::asio::io_context& io);
  /// One of the connections added last came or went, or answers again: told on its loop.
  void when_changed(std::function<void()> handler) { changed_.back() = std::move(handler); }
  /// Before the loops run: the first one gets feed and registry.
  void attach(api::Shared& shared, LoopUnit& first);
  /// Begins to connect. Before the loops run.
  void start();
  /// Every connection has been made, what the others have told is read, and they can find this instance; or a first
  /// attempt has failed.
  [[nodiscard]] bool has_met_redis() const;
  /// About ten times a second, on the first loop.
  void tick();
  /// Takes the instance out of the registry. On the first loop.
  void leave();
  [[nodiscard]] const feed::Keys& keys() const noexcept { return keys_; }
  [[nodiscard]] feed::Roster& roster() noexcept { return roster_; }
  /// The longest life that a token of any instance may have. Thread-safe.
  [[nodiscard]] std::chrono::seconds longest_life() const;

  // For the handlers, thread-safe.
  [[nodiscard]] api::RedisStatus status() override;

  void append(redis::Request& request, std::span<const Revocation> revocations, WallTime now) const override;

 private:
  void on_joined(std::string_view epoch, std::string_view base_entry, const Secret& resume_key) override;
  void on_revocations(std::span<const Revocation> revocations, bool first_reading) override;
  void on_events(std::span<const feed::PublishedEvent> events) override;
  std::vector<Revocation> held_revocations() override;

  void tell_of_id();
  void show_survey(api::RedisStatus& status) const;
  void link_changed(bool health_is_old);
  void look_for_master();
  [[nodiscard]] feed::InstanceRecord record() const;

  const config::Settings& settings_;
  const std::string instance_id_;
  const std::string boot_;
  const redis::Topology topology_;
  const std::string seeds_, master_name_;
  const Clock& clock_;
  Random& random_;
  const feed::Keys keys_;
  feed::Roster roster_;
  RedisLinks links_;
  std::vector<std::unique_ptr<redis::LoopClient>> clients_;
  std::vector<std::unique_ptr<redis::LoopClient>> confirming_;  ///< as many, or none
  std::vector<std::function<void()>> changed_;                  ///< of each loop
  std::vector<boost::asio::io_context*> loops_;                 ///< likewise
  std::unique_ptr<redis::LoopClient> feed_client_;
  std::unique_ptr<RedisSurvey> survey_;
  std::unique_ptr<feed::Follower> follower_;
  std::unique_ptr<feed::Registry> registry_;
  store::SharedStore& store_;
  api::Shared* shared_ = nullptr;
  LoopUnit* first_ = nullptr;

  store::Mode last_mode_;
  std::atomic<bool> serving_{false};  ///< Redis, or a part of the cluster
  bool id_was_taken_ = false;
};

}  // namespace vx11::server
