// One or more commands that leave together and are answered together, already in Redis' protocol.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "redis/command_template.h"

namespace vx11::redis {

/// Words may hold any bytes. Encoded by hiredis (redisFormatCommandArgv).
class Request {
 public:
  Request() = default;
  /// One command.
  Request(std::initializer_list<std::string_view> words) { add(words); }

  Request& add(std::initializer_list<std::string_view> words) { return add(std::span(words.begin(), words.size())); }
  Request& add(std::span<const std::string_view> words);

  /// One command whose `texts` fit.
  Request& add(const CommandTemplate& command, std::initializer_list<std::string_view> texts) {
    if (bytes_.empty()) bytes_.reserve(expected_size);
    command.append_to(bytes_, texts);
    ++commands_;
    return *this;
  }

  [[nodiscard]] std::size_t commands() const noexcept { return commands_; }
  [[nodiscard]] const std::string& bytes() const noexcept { return bytes_; }

 private:
  static constexpr std::size_t expected_size = 256;

  std::string bytes_;
  std::size_t commands_ = 0;
};

}  // namespace vx11::redis
