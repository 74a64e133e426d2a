#include "api/json_slice.h"

#include <cstddef>

namespace vx11::api {

namespace {

constexpr std::string_view blanks = " \t\r\n";

/// Walks over valid JSON; at its end it stays there.
class Walk {
 public:
  explicit Walk(std::string_view text) noexcept : text_(text) { skip_blanks(); }

  [[nodiscard]] bool at(char c) const noexcept { return at_ < text_.size() && text_[at_] == c; }
  [[nodiscard]] bool over() const noexcept { return at_ >= text_.size(); }
  void step() noexcept {
    ++at_;
    skip_blanks();
  }

  /// A whole value, without the blanks behind it.
  [[nodiscard]] std::string_view value() noexcept {
    const std::size_t begin = at_;
    std::size_t depth = 0;
    do {
      if (at('"')) {
        skip_string();
      } else if (at('{') || at('[')) {
        ++depth;
        ++at_;
      } else if (at('}') || at(']')) {
        --depth;
        ++at_;
      } else {
        at_ = text_.find_first_of(depth == 0 ? ",}] \t\r\n" : "\"{}[]", at_);
      }
      if (at_ > text_.size()) at_ = text_.size();
    } while (depth > 0 && !over());
    const std::string_view found = text_.substr(begin, at_ - begin);
    skip_blanks();
    return found;
  }

 private:
  void skip_string() noexcept {
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\') ++at_;
    }
    ++at_;
  }
  void skip_blanks() noexcept {
    at_ = text_.find_first_not_of(blanks, at_);
    if (at_ == std::string_view::npos) at_ = text_.size();
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::string_view member_text(std::string_view object, std::string_view name) noexcept {
  std::string_view found;
  Walk walk(object);
  if (!walk.at('{')) return {};
  do {
    walk.step();  // the brace, or a comma
    if (!walk.at('"')) break;
    const std::string_view key = walk.value();
    if (!walk.at(':')) break;
    walk.step();
    const std::string_view value = walk.value();
    if (key.size() == name.size() + 2 && key.substr(1, name.size()) == name) found = value;
  } while (walk.at(','));
  return found;
}

}  // namespace vx11::api
