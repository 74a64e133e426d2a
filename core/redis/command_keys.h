// Takes our own requests apart again: which commands there are, and where in a cluster each of them belongs.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "redis/request.h"
#include "redis/slot.h"

namespace vx11::redis {

/// Where one command goes.
struct Route {
  enum class Kind : std::uint8_t {
    slot,      ///< to the master of the slot of its key
    anywhere,  ///< names no key (INFO, PING, TIME …)
    scan,      ///< to the master that its cursor names, with that master's own cursor
    wait,      ///< WAIT: to whomever the other commands of its request go
  };
  Kind kind = Kind::anywhere;
  Slot slot = 0;
};

/// `words` as the command's own bytes have them. A command of several keys goes where the first belongs: they have to
/// be in one slot, as Redis wants it.
[[nodiscard]] Route route_of(std::span<const std::string_view> words) noexcept;

/// Walks over the commands of a request. The words view the bytes.
class CommandReader {
 public:
  /// `bytes` are Request::bytes(): what isn't a whole command ends the walk.
  explicit CommandReader(std::string_view bytes) noexcept : rest_(bytes) {}

  /// Replaces `words` by the next command's; false: there is none.
  [[nodiscard]] bool next(std::vector<std::string_view>& words);
  /// What wasn't read yet.
  [[nodiscard]] std::string_view rest() const noexcept { return rest_; }

 private:
  [[nodiscard]] std::optional<std::size_t> number(char mark);

  std::string_view rest_;
};

}  // namespace vx11::redis
