// What a client says when it is connected, and what the server's answers mean. Its sentences name address and cause,
// and never the password.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "redis/link_observer.h"
#include "redis/options.h"
#include "redis/reply.h"
#include "redis/request.h"
#include "redis/trouble.h"
#include "token/clock.h"

namespace vx11::redis {

/// "10.0.0.1:6379", "[::1]:6379".
[[nodiscard]] std::string address_of(const Options& options);

/// Does this reply to ROLE come from a master?
[[nodiscard]] bool says_master(const Reply& role) noexcept;
/// The addresses of the replicas that follow it, as a reply to ROLE tells them; sorted.
[[nodiscard]] std::vector<std::string> replicas_of(const Reply& role);

/// AUTH, SELECT, CLIENT SETNAME, ROLE, TIME and INFO, in one write. ROLE is asked of a server that others named, and
/// must say master; a sentinel is neither asked for SELECT nor TIME. Used for one connection.
class Greeting {
 public:
  /// `options` outlives it.
  explicit Greeting(const Options& options);

  [[nodiscard]] const Request& request() const noexcept { return request_; }
  /// The replies one after the other; the first that makes the connection useless is told.
  [[nodiscard]] std::optional<Trouble> take(const Reply& reply);
  /// All replies are there.
  [[nodiscard]] bool done() const noexcept { return taken_ == commands_.size(); }

  [[nodiscard]] const ServerFacts& facts() const noexcept { return facts_; }
  /// Those that followed the master then.
  [[nodiscard]] const std::vector<std::string>& replicas() const noexcept { return replicas_; }
  /// Redis' clock, as TIME showed it; a sentinel isn't asked.
  [[nodiscard]] std::optional<WallTime> time() const noexcept { return time_; }
  /// The server's words where it forbids what is nice to have; else empty.
  [[nodiscard]] const std::string& refusal() const noexcept { return refusal_; }

 private:
  enum class Command { auth, select, name, role, time, info };

  void say(Command command, std::initializer_list<std::string_view> words);
  [[nodiscard]] std::optional<Trouble> refused(Command command, std::string_view error);
  [[nodiscard]] std::optional<Trouble> read_role(const Reply& reply);
  [[nodiscard]] std::optional<Trouble> read_info(std::string_view text);
  [[nodiscard]] Trouble trouble(Fault fault, std::string_view what) const;
  [[nodiscard]] std::string user() const;

  const Options& options_;
  Request request_;
  std::vector<Command> commands_;
  std::size_t taken_ = 0;
  ServerFacts facts_;
  std::vector<std::string> replicas_;
  std::optional<WallTime> time_;
  std::string refusal_;
};

}  // namespace vx11::redis
