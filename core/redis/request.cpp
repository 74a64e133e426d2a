#include "redis/request.h"

#include <hiredis/hiredis.h>

#include <memory>
#include <new>
#include <vector>

namespace vx11::redis {

Request& Request::add(std::span<const std::string_view> words) {
  constexpr std::size_t usual = 16;
  const char* few_texts[usual];
  std::size_t few_sizes[usual];
  std::vector<const char*> many_texts;
  std::vector<std::size_t> many_sizes;
  const char** texts = few_texts;
  std::size_t* sizes = few_sizes;
  if (words.size() > usual) {
    many_texts.resize(words.size());
    many_sizes.resize(words.size());
    texts = many_texts.data();
    sizes = many_sizes.data();
  }
  for (std::size_t i = 0; i < words.size(); ++i) {
    texts[i] = words[i].data();
    sizes[i] = words[i].size();
  }
  char* command = nullptr;
  const auto size = redisFormatCommandArgv(&command, static_cast<int>(words.size()), texts, sizes);
  if (size < 0) throw std::bad_alloc();
  const std::unique_ptr<char, void (*)(char*)> owner(command, redisFreeCommand);
  if (bytes_.empty()) bytes_.reserve(2 * static_cast<std::size_t>(size));  // two commands on one key are usual
  bytes_.append(command, static_cast<std::size_t>(size));
  ++commands_;
  return *this;
}

}  // namespace vx11::redis
