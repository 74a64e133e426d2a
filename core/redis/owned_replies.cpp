#include "redis/owned_replies.h"

#include <algorithm>
#include <new>

namespace vx11::redis {

Reply OwnedReplies::keep(const Reply& reply) {
  Reply copy = reply;
  copy.text = keep(reply.text);
  if (reply.count == 0) return copy;
  auto* elements = static_cast<Reply*>(memory_.allocate(reply.count * sizeof(Reply), alignof(Reply)));
  for (std::size_t i = 0; i < reply.count; ++i) ::new (static_cast<void*>(elements + i)) Reply(keep(reply.first[i]));
  copy.first = elements;
  return copy;
}

std::string_view OwnedReplies::keep(std::string_view text) {
  if (text.empty()) return {};
  auto* copy = static_cast<char*>(memory_.allocate(text.size(), 1));
  std::copy(text.begin(), text.end(), copy);
  return {copy, text.size()};
}

Reply OwnedReplies::error(std::string_view text) {
  Reply reply;
  reply.type = Reply::Type::error;
  reply.text = keep(text);
  return reply;
}

}  // namespace vx11::redis
