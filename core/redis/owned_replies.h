// Replies that outlive the call that brought them: the parts of an answer are kept until the last one is there.
#pragma once

#include <memory_resource>
#include <string_view>

#include "redis/reply.h"

namespace vx11::redis {

/// What it hands out views its own memory, and ends with it.
class OwnedReplies {
 public:
  OwnedReplies() = default;
  OwnedReplies(const OwnedReplies&) = delete;
  OwnedReplies& operator=(const OwnedReplies&) = delete;

  /// A copy of the whole tree.
  [[nodiscard]] Reply keep(const Reply& reply);
  [[nodiscard]] std::string_view keep(std::string_view text);
  /// An error that no server said.
  [[nodiscard]] Reply error(std::string_view text);

 private:
  std::pmr::monotonic_buffer_resource memory_;
};

}  // namespace vx11::redis
