// Replies made by hand: reads Redis' own protocol, as a server would send it.
#pragma once

#include <string>
#include <string_view>

#include "redis/reply_reader.h"

namespace vx11::test {

/// "*2|$3|abc|:7|" with | for the line's end. The reply lives as long as this does.
class ReplyTree {
 public:
  explicit ReplyTree(std::string_view text) {
    std::string bytes;
    for (const char c : text) c == '|' ? bytes += "\r\n" : bytes += c;
    reader_.feed(bytes);
    found_ = reader_.next(reply_) == redis::ReplyReader::Found::reply;
  }
  /// Was it one?
  [[nodiscard]] explicit operator bool() const { return found_; }
  [[nodiscard]] const redis::Reply& operator*() const { return reply_; }

 private:
  redis::ReplyReader reader_;
  redis::Reply reply_;
  bool found_ = false;
};

}  // namespace vx11::test
