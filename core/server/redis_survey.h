// What Redis' servers, replicas and sentinels say of themselves: asked now and then, and kept for those who look.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "redis/loop_client.h"
#include "redis/sentinel_watch.h"
#include "server/seen_servers.h"
#include "server/server_answers.h"
#include "token/clock.h"
#include "token/random.h"

namespace vx11::server {

/// Belongs to the first loop but for what is said to be thread-safe. What was learnt last is kept with its age when
/// nobody answers any more.
class RedisSurvey {
 public:
  struct Found {
    ServerAnswers servers;                         ///< and those of a group that are gone
    std::optional<std::chrono::milliseconds> age;  ///< of the servers' answers; nothing: none has ever answered
    std::vector<redis::SentinelView> sentinels;
    Refusals refusals;  ///< of what was asked for last
  };

  /// `options` as for the client. What is passed by reference outlives the survey.
  RedisSurvey(boost::asio::io_context& io, redis::LoopClient& client, const redis::Options& options, const Clock& clock,
              Random& random);

  /// About ten times a second: asks when it is time to. INFO costs Redis something: every second while somebody looks,
  /// else just often enough for readiness.
  void tick();
  /// What is known is old: asks with the next tick.
  void hurry() noexcept { hurried_ = true; }
  /// Somebody looks. Thread-safe.
  [[nodiscard]] Found look();

 private:
  void ask_servers();
  void ask_sentinels();

  redis::LoopClient& client_;
  const redis::Topology topology_;
  const std::uint32_t database_;
  const Clock& clock_;
  std::unique_ptr<redis::SentinelWatch> watch_;  // null: there are no sentinels
  std::atomic<std::int64_t> interest_ns_{0};     // when somebody last looked
  bool hurried_ = true;
  bool asking_ = false;
  Instant servers_asked_at_, sentinels_asked_at_;
  mutable std::mutex mutex_;
  SeenServers seen_;
  Found found_;
  Instant found_at_;
};

}  // namespace vx11::server
