// One or more commands that leave together and are answered together, already in Redis' protocol.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace vx11::redis {

/// Words may hold any bytes. Encoded by hiredis (redisFormatCommandArgv).
class Request {
 public:
  Request() = default;
  /// One command.
  Request(std::initializer_list<std::string_view> words) { add(words); }

  Request& add(std::initializer_list<std::string_view> words) { return add(std::span(words.begin(), words.size())); }
  Request& add(std::span<const std::string_view> words);

  [[nodiscard]] std::size_t commands() const noexcept { return commands_; }
  [[nodiscard]] const std::string& bytes() const noexcept { return bytes_; }

 private:
  std::string bytes_;
  std::size_t commands_ = 0;
};

}  // namespace vx11::redis
