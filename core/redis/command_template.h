// A command that is sent again and again with other words of the same lengths: encoded by hiredis once, and then copied
// with the words put into their places.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace vx11::redis {

class CommandTemplate {
 public:
  CommandTemplate() = default;
  /// `slots`: numbers of the words that differ from one use to the next, ascending; their lengths here are what they
  /// will always be.
  CommandTemplate(std::initializer_list<std::string_view> words, std::initializer_list<std::size_t> slots);

  /// Do texts of these lengths fit into the slots?
  [[nodiscard]] bool fits(std::initializer_list<std::string_view> texts) const noexcept;
  /// Appends the command with `texts`, which must fit.
  void append_to(std::string& bytes, std::initializer_list<std::string_view> texts) const;

 private:
  struct Slot {
    std::size_t at = 0;
    std::size_t size = 0;
  };
  std::string bytes_;
  std::vector<Slot> slots_;
};

}  // namespace vx11::redis
