// Turns bytes into trees of Reply: hiredis' reader, building into memory that is used again for every answer. No cut of
// the bytes changes what is read, and no reply costs more than the limits.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <memory_resource>
#include <string_view>

#include "redis/reply.h"

struct redisReader;

namespace vx11::redis {

class ReplyReader {
 public:
  enum class Found { reply, nothing, rubbish };
  /// Arrays in arrays, the outermost included: what every release of hiredis can read.
  static constexpr int max_depth = 7;

  struct Limits {
    std::size_t elements = std::size_t{1} << 20U;  ///< of one answer's arrays together
    std::size_t bytes = std::size_t{64} << 20U;    ///< of one answer
    std::size_t line = std::size_t{64} << 10U;     ///< a status, an error, a length
  };

  ReplyReader() : ReplyReader(Limits{}) {}
  explicit ReplyReader(Limits limits);
  ReplyReader(const ReplyReader&) = delete;
  ReplyReader& operator=(const ReplyReader&) = delete;
  ~ReplyReader();

  /// Bytes as they came. Ask next() until it finds nothing.
  void feed(std::string_view bytes);
  /// After `rubbish` nothing more is ever found: no reply can be told from its neighbour any more.
  [[nodiscard]] Found next(Reply& reply);
  /// Why it is rubbish.
  [[nodiscard]] std::string_view error() const noexcept { return error_; }
  /// Forgets the replies found so far. Until then they stay as they are.
  void release() noexcept;

 private:
  struct Builder;  // what hiredis calls

  [[nodiscard]] bool outgrown() noexcept;
  [[nodiscard]] void* allocate(std::size_t size, std::size_t alignment);

  Limits limits_;
  std::size_t elements_ = 0;
  std::size_t bytes_ = 0;
  Reply root_;
  std::string_view error_;
  std::unique_ptr<redisReader, void (*)(redisReader*)> reader_;
  std::array<std::byte, 4096> usual_;
  std::pmr::monotonic_buffer_resource arena_;
};

}  // namespace vx11::redis
