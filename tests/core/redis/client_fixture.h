// A NodeClient on a loop of its own, and what it told of itself.
#pragma once

#include <chrono>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "redis/node_client.h"
#include "support/loop_runner.h"
#include "support/redis_server.h"

namespace vx11::test {

/// Thread-safe.
class Watch final : public redis::LinkObserver {
 public:
  void on_up(const redis::ServerFacts& facts) override {
    const std::lock_guard lock(mutex_);
    facts_ = facts;
    ++ups_;
  }
  void on_down(redis::Fault fault, std::string_view why) override {
    const std::lock_guard lock(mutex_);
    fault_ = fault;
    why_ = why;
    whys_.emplace_back(why);
    ++downs_;
  }
  void on_breaker(redis::BreakerState state) override {
    const std::lock_guard lock(mutex_);
    breaker_ = state;
    if (state != redis::BreakerState::closed) ++silences_;
  }
  void on_request(redis::Fault, std::chrono::nanoseconds) override {}
  void on_clock(std::chrono::microseconds) override {
    const std::lock_guard lock(mutex_);
    ++clocks_;
  }

  void on_refused(redis::Fault, std::string_view why) override {
    const std::lock_guard lock(mutex_);
    refusals_.emplace_back(why);
  }

  [[nodiscard]] redis::ServerFacts facts() const { return get(facts_); }
  [[nodiscard]] int ups() const { return get(ups_); }
  [[nodiscard]] int downs() const { return get(downs_); }
  [[nodiscard]] redis::Fault fault() const { return get(fault_); }
  [[nodiscard]] std::string why() const { return get(why_); }
  [[nodiscard]] std::vector<std::string> whys() const { return get(whys_); }
  [[nodiscard]] redis::BreakerState breaker() const { return get(breaker_); }
  [[nodiscard]] int silences() const { return get(silences_); }
  [[nodiscard]] int clocks() const { return get(clocks_); }
  [[nodiscard]] std::vector<std::string> refusals() const { return get(refusals_); }

 private:
  template <class T>
  T get(const T& value) const {
    const std::lock_guard lock(mutex_);
    return value;
  }
  mutable std::mutex mutex_;
  redis::ServerFacts facts_;
  int ups_ = 0, downs_ = 0;
  redis::Fault fault_ = redis::Fault::none;
  std::string why_;
  redis::BreakerState breaker_ = redis::BreakerState::open;
  int silences_ = 0, clocks_ = 0;
  std::vector<std::string> whys_, refusals_;
};

/// "7", "text", "nil", "!error", "[a b]".
[[nodiscard]] inline std::string shown(const redis::Reply& reply) {
  switch (reply.type) {
    case redis::Reply::Type::nil:
      return "nil";
    case redis::Reply::Type::integer:
      return std::to_string(reply.integer);
    case redis::Reply::Type::error:
      return "!" + std::string(reply.text);
    case redis::Reply::Type::array:
      break;
    default:
      return std::string(reply.text);
  }
  std::string all;
  for (const redis::Reply& element : reply.elements()) all += (all.empty() ? "" : " ") + shown(element);
  return "[" + all + "]";
}

/// "fault: reply, reply", or "fault: the error's words".
[[nodiscard]] inline std::string asked(LoopRunner& loop, redis::Client& client, redis::Request request,
                                       std::chrono::milliseconds deadline) {
  std::promise<std::string> answer;
  loop.run([&] {
    client.ask(std::move(request), deadline, [&answer](const redis::Answer& given) {
      std::string text;
      for (const redis::Reply& reply : given.replies) text += (text.empty() ? "" : ", ") + shown(reply);
      if (given.replies.empty()) text = given.error;
      answer.set_value(std::string(redis::to_string(given.fault)) + ": " + text);
    });
  });
  return answer.get_future().get();
}

class ClientFixture {
 public:
  explicit ClientFixture(std::uint16_t port) : ClientFixture(port, [](redis::Options&) {}) {}
  template <class Change>
  ClientFixture(std::uint16_t port, Change&& change) {
    redis::Options options;
    options.port = port;
    options.timeout = std::chrono::seconds(2);  // patience with a busy machine; deadlines are chosen where they matter
    change(options);
    address_ = options.host + ":" + std::to_string(options.port);
    loop.run([&] {
      client_ = std::make_unique<redis::NodeClient>(loop.io(), std::move(options), clock, random, &watch);
      client_->start();
    });
  }
  explicit ClientFixture(const RedisServer& server) : ClientFixture(server.port()) {}
  template <class Change>
  ClientFixture(const RedisServer& server, Change&& change)
      : ClientFixture(server.port(), std::forward<Change>(change)) {}
  ~ClientFixture() {
    loop.run([this] { drop(); });
  }

  [[nodiscard]] const std::string& address() const { return address_; }
  redis::NodeClient* operator->() { return client_.get(); }
  /// On the loop.
  void drop() { client_.reset(); }
  void restart() {
    client_->stop();
    client_->start();
  }

  [[nodiscard]] bool usable() {
    return loop.run([this] { return client_->usable(); });
  }
  [[nodiscard]] bool wait_until_usable(std::chrono::milliseconds patience = std::chrono::seconds(10)) {
    return loop.until([this] { return client_->usable(); }, patience);
  }
  [[nodiscard]] std::string ask(redis::Request request,
                                std::chrono::milliseconds deadline = redis::Client::usual_deadline) {
    return asked(loop, *client_, std::move(request), deadline);
  }

  SystemClock clock;
  SystemRandom random;
  Watch watch;
  LoopRunner loop;

 private:
  std::string address_;
  std::unique_ptr<redis::NodeClient> client_;
};

}  // namespace vx11::test
