// An instance as far as the feed goes: its two connections to a real Redis, its follower and its writer, on one loop.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "feed/follower.h"
#include "feed/writer.h"
#include "feed_listener.h"
#include "redis/node_client.h"
#include "support/loop_runner.h"
#include "support/redis_server.h"

namespace vx11::test {

/// Made, used and destroyed on the loop.
class LiveFeed final : public redis::LinkObserver {
 public:
  LiveFeed(boost::asio::io_context& io, const RedisServer& server, Random& random, const std::string& id)
      : commands(io, options(server, id + "-commands", false), clock_, random, nullptr),
        reader_(io, options(server, id + "-feed", true), clock_, random, this),
        follower(reader_, clock_, random, feed::Keys("vx11:"), listener, {std::chrono::milliseconds(300), id}),
        writer(commands, random, feed::Keys("vx11:"), id) {
    commands.start();
    reader_.start();
  }

  void publish(std::string_view data) {
    writer.publish("n", data, [this](const feed::Writer::Published& done) {
      if (done.ok) published.push_back(done.id);
      ++answered;
    });
  }
  void revoke(std::uint32_t number) {
    const WallTime now = commands.time(clock_.now()).value_or(clock_.wall());
    const Revocation one{Revocation::Kind::token, id_of(number), 0, now, now + std::chrono::minutes(5), "writer"};
    redis::Request request;
    feed::add_revocations(request, feed::Keys("vx11:"), {&one, 1}, now - std::chrono::minutes(5));
    commands.ask(std::move(request), [this](const redis::Answer& answer) { written += answer.replies.size(); });
  }
  /// What the follower's owner does ten times a second; true when it follows.
  bool tick() {
    follower.tick();
    return follower.following();
  }
  /// The numbers of the revoked tokens, in the order in which they were heard.
  [[nodiscard]] std::vector<std::uint32_t> heard(bool with_window) const {
    std::vector<std::uint32_t> numbers;
    for (const auto& one : listener.heard) {
      if (one.first_reading && !with_window) continue;
      const auto& bytes = one.revocation.id.bytes;
      numbers.push_back(static_cast<std::uint32_t>(bytes[13] << 16 | bytes[14] << 8 | bytes[15]));
    }
    return numbers;
  }

  void on_up(const redis::ServerFacts&) override {
    ++ups;
    follower.connected();
  }
  void on_down(redis::Fault, std::string_view) override { follower.disconnected(); }
  void on_breaker(redis::BreakerState) override {}
  void on_request(redis::Fault, std::chrono::nanoseconds) override {}
  void on_clock(std::chrono::microseconds) override {}

 private:
  static redis::Options options(const RedisServer& server, const std::string& name, bool blocking) {
    redis::Options made;
    made.port = server.port();
    made.client_name = name;
    made.drop_on_timeout = blocking;
    return made;
  }
  SystemClock clock_;

 public:
  FeedListener listener;
  redis::NodeClient commands;

 private:
  redis::NodeClient reader_;

 public:
  feed::Follower follower;
  feed::Writer writer;
  std::vector<std::string> published;  ///< ids
  std::size_t answered = 0;            ///< of the events to be published
  std::size_t written = 0;             ///< revocations
  int ups = 0;
};

}  // namespace vx11::test
