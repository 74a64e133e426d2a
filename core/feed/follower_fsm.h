// What the follower does next: joins, reads the window, tells Redis what it has lost, follows. Takes events and returns
// the next action as a value; does no I/O. One request is under way at most.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "feed/events_reader.h"
#include "feed/keys.h"
#include "feed/retry.h"
#include "feed/revocations_reader.h"
#include "redis/client.h"
#include "token/clock.h"
#include "token/random.h"
#include "token/revocation.h"

namespace vx11::feed {

class FollowerFsm {
 public:
  /// For the listener. Events view the answer that brought them.
  using Told = std::variant<Joined, Heard, std::vector<PublishedEvent>>;
  enum class Next : std::uint8_t {
    wait,      ///< for the answer under way, the connection, or a tick
    ask,       ///< Redis, and tell `answered`
    ask_held,  ///< the listener, and tell `held`
  };
  struct Step {
    std::vector<Told> told;  ///< in this order, before what comes next
    Next next = Next::wait;
    redis::Request request;
    std::chrono::milliseconds deadline = redis::Client::usual_deadline;
  };

  FollowerFsm(Keys keys, Random& random, std::chrono::milliseconds block, std::string instance_id);

  [[nodiscard]] Step connected(Instant now);
  void disconnected();
  [[nodiscard]] Step tick(Instant now);
  [[nodiscard]] Step read_again(Instant now);
  [[nodiscard]] Step answered(const redis::Answer& answer, Instant now);
  [[nodiscard]] Step held(std::vector<Revocation> revocations, Instant now, std::optional<WallTime> redis_now);

  /// Both streams, with the window read whole.
  [[nodiscard]] bool following() const noexcept { return up_ && joined_ && window_read_; }
  /// When the streams last answered.
  [[nodiscard]] std::optional<Instant> last_heard() const noexcept { return last_heard_; }
  /// Entries that couldn't be read, ever.
  [[nodiscard]] std::uint64_t broken() const noexcept { return broken_; }
  /// What is wrong at present; empty: nothing.
  [[nodiscard]] std::string problem() const;

 private:
  enum class Asked : std::uint8_t { nothing, join, page, writing, loop };

  void start_over();
  void next(Instant now, Step& step);
  void ask(Step& step, Asked what, redis::Request request);
  [[nodiscard]] redis::Request loop_request(Instant now);

  void no_answer(const redis::Answer& answer, Asked asked, Instant now);
  void on_join(const redis::Reply& reply, Instant now, Step& step);
  void on_page(const redis::Reply& reply, Instant now, Step& step);
  void on_written(std::span<const redis::Reply> replies, Instant now);
  void on_loop(std::span<const redis::Reply> replies, Instant now, Step& step);
  [[nodiscard]] bool on_check(std::span<const redis::Reply> replies, Instant now);
  void take_revocations(std::span<const redis::Reply> entries, bool in_window, Step& step);
  void take_events(std::span<const redis::Reply> entries, Step& step);
  void read_window_again();
  void revocations_failed(Instant now, std::string_view problem);
  void events_failed(Instant now, std::string_view problem);

  const Keys keys_;
  const std::chrono::milliseconds block_;
  const std::string instance_id_;
  EventsReader events_;
  RevocationsReader revocations_;

  bool up_ = false;
  bool joined_ = false;                ///< the events can be followed
  bool window_read_ = false;           ///< the revocations can be followed
  bool reread_ = false;                ///< they are read again as soon as nothing is under way
  bool compare_due_ = false;           ///< what we hold with what is there
  std::vector<Revocation> unwritten_;  ///< that Redis has lost; written from the end
  Retry link_, joining_, window_, writing_;

  Asked asked_ = Asked::nothing;
  std::size_t count_;      ///< entries a reply: fewer when they don't come in time
  bool checking_ = false;  ///< the request under way begins with a check
  Instant checked_at_;
  std::optional<Instant> last_heard_;
  std::uint64_t broken_ = 0;
};

}  // namespace vx11::feed
