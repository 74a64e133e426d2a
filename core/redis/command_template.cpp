#include "redis/command_template.h"

#include <algorithm>
#include <cstring>

#include "redis/request.h"

namespace vx11::redis {

CommandTemplate::CommandTemplate(std::initializer_list<std::string_view> words,
                                 std::initializer_list<std::size_t> slots) {
  bytes_ = Request().add(words).bytes();
  // Each word stands between its length's line and a line break of its own.
  std::size_t at = 0;
  std::size_t number = 0;
  for (const std::string_view word : words) {
    at = bytes_.find('$', at);
    at = bytes_.find("\r\n", at) + 2;
    if (std::find(slots.begin(), slots.end(), number) != slots.end()) slots_.push_back({at, word.size()});
    at += word.size() + 2;
    ++number;
  }
}

bool CommandTemplate::fits(std::initializer_list<std::string_view> texts) const noexcept {
  return texts.size() == slots_.size() && std::equal(texts.begin(), texts.end(), slots_.begin(),
                                                     [](std::string_view text, const Slot& slot) {
                                                       return text.size() == slot.size;
                                                     });
}

void CommandTemplate::append_to(std::string& bytes, std::initializer_list<std::string_view> texts) const {
  const std::size_t begin = bytes.size();
  bytes += bytes_;
  auto slot = slots_.begin();
  for (const std::string_view text : texts) {
    std::memcpy(bytes.data() + begin + slot->at, text.data(), text.size());
    ++slot;
  }
}

}  // namespace vx11::redis
