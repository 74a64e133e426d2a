// What can go wrong between a question to Redis and its answer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace vx11::redis {

enum class Fault : std::uint8_t {
  none,
  // No answer came.
  not_connected,    ///< no connection, or the breaker is open; nothing was sent
  queue_full,       ///< too much is waiting already; nothing was sent
  timed_out,        ///< the deadline is over; the server may execute it yet
  connection_lost,  ///< sent, and the connection ended before the answer
  protocol,         ///< what came is not RESP
  // The server doesn't serve, whatever the command.
  loading,
  read_only,
  out_of_memory,
  no_auth,        ///< NOAUTH, WRONGPASS
  no_permission,  ///< NOPERM: the ACL user lacks a command or key
  master_down,
  cluster_down,
  busy,
  try_again,
  moved,
  ask,
  // The command doesn't fit what is there.
  wrong_type,
  other,
};
inline constexpr std::size_t fault_count = static_cast<std::size_t>(Fault::other) + 1;

/// "timed_out", …: a metric's label, a word in a log line.
[[nodiscard]] std::string_view to_string(Fault fault) noexcept;
/// Of an error reply's text, by its first word ("LOADING Redis is loading …").
[[nodiscard]] Fault fault_of(std::string_view error_text) noexcept;
/// Can't Redis be relied on while this happens? All but `none` and `wrong_type`.
[[nodiscard]] constexpr bool is_failing(Fault fault) noexcept {
  return fault != Fault::none && fault != Fault::wrong_type;
}

}  // namespace vx11::redis
