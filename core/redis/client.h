// The port through which everything else speaks to Redis: ask, and be answered on the same event loop.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "redis/fault.h"
#include "redis/reply.h"
#include "redis/request.h"
#include "token/callback.h"
#include "token/clock.h"

namespace vx11::redis {

struct Answer {
  /// `none`: every reply is there, and none says that the server doesn't serve. Else of the first that does, or why no
  /// answer came. A reply may still be an error of its own command (`wrong_type`, `other`).
  Fault fault = Fault::none;
  std::string_view error;          ///< the server's words, or ours; for logs and people
  std::span<const Reply> replies;  ///< one a command; empty when no answer came
};

/// The answer that these replies are: its fault is the first that says that the server doesn't serve.
[[nodiscard]] Answer answer_of(std::span<const Reply> replies) noexcept;

/// Belongs to one event loop: all calls come from it, and all handlers are called on it, each exactly once, unless the
/// client is destroyed before.
class Client {
 public:
  using Handler = Callback<void(const Answer&)>;
  static constexpr std::chrono::milliseconds usual_deadline{0};  ///< the configured one

  virtual ~Client() = default;
  /// Requests of one turn of the loop leave in one write, in the order of the calls. The handler is called inside this
  /// call when nothing can be sent. After `deadline` it is told `timed_out`, whatever Redis does with the commands.
  virtual void ask(Request request, std::chrono::milliseconds deadline, Handler handler) = 0;
  void ask(Request request, Handler handler) { ask(std::move(request), usual_deadline, std::move(handler)); }
  /// For somebody who has something to fall back on: after `patience` the handler is told `timed_out`, but Redis gets
  /// its usual time; what it says later, `late` is told (never both). `late` isn't called when no answer comes at all.
  virtual void ask_patiently(Request request, std::chrono::milliseconds patience, Handler handler, Handler late) = 0;
  /// May it be believed now that a key which Redis hasn't got was never there, or deleted? Not of the master of a
  /// Sentinel group that a replica has left, or that doesn't answer: another one may have taken its place, and hold the
  /// key. The handler as in `ask`; inside this call where there is nothing to ask.
  virtual void confirm_absence(std::chrono::milliseconds deadline, Callback<void(bool)> handler) {
    static_cast<void>(deadline);
    handler(true);
  }
  /// Would a request be sent? False: no connection, or the breaker is open.
  [[nodiscard]] virtual bool usable() const noexcept = 0;
  /// Redis' clock at a moment of ours, as last measured (TIME, at connect and every 10 s); nothing before the first
  /// time.
  [[nodiscard]] virtual std::optional<WallTime> time(Instant at) const noexcept = 0;
};

}  // namespace vx11::redis
