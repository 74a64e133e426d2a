// One request on its way through a cluster: its commands, and which of them are answered.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "redis/client.h"
#include "redis/command_keys.h"
#include "redis/owned_replies.h"
#include "redis/redirection.h"
#include "redis/scan_cursor.h"
#include "token/clock.h"

namespace vx11::redis {

/// Tells its handler exactly once, or is destroyed. It knows no node: who sends its commands tells it the replies.
class ClusterOperation {
 public:
  using Numbers = std::vector<std::uint32_t>;  ///< of commands, ascending

  struct Command {
    Route route;
    std::string_view bytes;  ///< of the request
    Journey journey;
    std::optional<ScanPlace> scan;  ///< of a SCAN: where it was sent,
    std::string past_it;            ///< and the cursor that leaves that master out, should it not answer
    std::int64_t replicas = -1;     ///< what its master said to WAIT; less than none: nothing
    Reply reply;                    ///< so far
    bool answered = false;
    bool has_reply = false;  ///< the server's: the last redirection, while nothing better came
  };

  ClusterOperation(Request request, Instant deadline, Instant last_deadline, Client::Handler handler,
                   Client::Handler late);
  ClusterOperation(const ClusterOperation&) = delete;
  ClusterOperation& operator=(const ClusterOperation&) = delete;

  [[nodiscard]] const Request& request() const noexcept { return request_; }
  [[nodiscard]] std::vector<Command>& commands() noexcept { return commands_; }
  /// Until when it is worth trying: the handler's deadline, and once that was told, the late one's.
  [[nodiscard]] Instant deadline() const noexcept { return told_ ? last_deadline_ : deadline_; }
  [[nodiscard]] bool has_late() const noexcept { return static_cast<bool>(late_); }
  [[nodiscard]] bool told() const noexcept { return told_; }

  /// Those commands alone, as they are to be sent now; `asking`: each after an ASKING.
  [[nodiscard]] Request part(const Numbers& numbers, bool asking) const;

  /// The command's answer.
  void answer(std::uint32_t number, const Reply& reply);
  /// Likewise, one that no server gave.
  void answer_error(std::uint32_t number, std::string_view text);
  /// No answer to come: if a server redirected it before, its words are the answer; else `why` is. A SCAN's is a page
  /// of nothing that goes on past the master.
  void fail(const Numbers& numbers, Fault fault, std::string_view why);
  /// Keeps the words of a redirection.
  void keep(std::uint32_t number, const Reply& reply);
  /// What one master, to which these commands went, said to WAIT.
  void wait_reply(const Numbers& numbers, const Reply& reply);

  /// Are these all commands, each to be sent as it was given?
  [[nodiscard]] bool is_whole(const Numbers& numbers) const noexcept;

  /// When every command is answered, tells the handler, or the late one, and gives back the fault that it told; the
  /// first time only. The owner may be gone afterwards.
  std::optional<Fault> finish();
  /// Why there was nobody to ask, else what a server said where it didn't serve.
  [[nodiscard]] std::string_view refusal() const noexcept;
  /// Of an answer that is the whole operation's.
  void tell(const Answer& answer);
  /// The handler's deadline is over, and the late one's isn't.
  void patience_is_over(std::string_view why);

 private:
  [[nodiscard]] Reply replicas_of_each();
  [[nodiscard]] Reply page_before(std::string_view cursor);

  const Request request_;
  std::vector<Command> commands_;
  const Instant deadline_, last_deadline_;
  Client::Handler handler_, late_;
  OwnedReplies memory_;
  std::size_t open_ = 0;
  std::size_t without_answer_ = 0;
  Fault fault_ = Fault::none;
  std::string error_;
  bool goes_on_ = false;  // a SCAN does, past what doesn't answer
  bool told_ = false, finished_ = false;
};

}  // namespace vx11::redis
