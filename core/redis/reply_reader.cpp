#include "redis/reply_reader.h"

#include <hiredis/hiredis.h>
#include <hiredis/read.h>

#include <cstring>
#include <new>
#include <type_traits>

namespace vx11::redis {

namespace {
constexpr std::string_view out_of_bounds = "a reply larger than any that was asked for";
constexpr std::string_view line_too_long = "a line that doesn't end";
constexpr std::size_t kept_buffer = std::size_t{256} << 10U;  // hiredis' own default has it allocate at every turn
#if HIREDIS_MAJOR >= 1
using Elements = std::size_t;
#else
using Elements = int;
#endif

ReplyReader& reader_of(const redisReadTask* task) { return *static_cast<ReplyReader*>(task->privdata); }
}  // namespace

/// hiredis hands out the place in the tree (task) and takes back a pointer that it gives to the children as their
/// parent's; null means that there is no memory, and ends the reading.
struct ReplyReader::Builder {
  static Reply* place(const redisReadTask* task) {
    if (task->parent == nullptr) return &(reader_of(task).root_ = Reply{});
    const auto* parent = static_cast<const Reply*>(task->parent->obj);
    return const_cast<Reply*>(parent->first) + task->idx;
  }

  static void* text(const redisReadTask* task, char* data, std::size_t size) {
    void* copy = reader_of(task).allocate(size, 1);
    if (copy == nullptr) return nullptr;
    if (size > 0) std::memcpy(copy, data, size);
    Reply* reply = place(task);
    reply->type = task->type == REDIS_REPLY_ERROR    ? Reply::Type::error
                  : task->type == REDIS_REPLY_STATUS ? Reply::Type::status
                                                     : Reply::Type::text;
    reply->text = {static_cast<const char*>(copy), size};
    return reply;
  }

  static void* array(const redisReadTask* task, Elements elements) {
    ReplyReader& reader = reader_of(task);
    const auto count = static_cast<std::size_t>(elements);
    int depth = 1;
    for (const redisReadTask* above = task->parent; above != nullptr; above = above->parent) ++depth;
    if (depth > max_depth || count > reader.limits_.elements - reader.elements_) {
      reader.error_ = out_of_bounds;
      return nullptr;
    }
    void* memory = reader.allocate(count * sizeof(Reply), alignof(Reply));
    if (memory == nullptr) return nullptr;
    reader.elements_ += count;
    auto* first = static_cast<Reply*>(memory);
    for (std::size_t i = 0; i < count; ++i) ::new (static_cast<void*>(first + i)) Reply;
    Reply* reply = place(task);
    reply->type = Reply::Type::array;
    reply->first = first;
    reply->count = count;
    return reply;
  }

  static void* integer(const redisReadTask* task, long long value) {
    Reply* reply = place(task);
    reply->type = Reply::Type::integer;
    reply->integer = value;
    return reply;
  }

  static void* nil(const redisReadTask* task) { return place(task); }

#if HIREDIS_MAJOR >= 1
  // Of RESP3, which is never asked for.
  static void* number(const redisReadTask* task, double, char* data, std::size_t size) {
    return text(task, data, size);
  }
  static void* boolean(const redisReadTask* task, int value) { return integer(task, value); }
#endif

  static void release(void*) {}

  static constexpr redisReplyObjectFunctions functions {
    .createString = text, .createArray = array, .createInteger = integer,
#if HIREDIS_MAJOR >= 1
    .createDouble = number,
#endif
    .createNil = nil,
#if HIREDIS_MAJOR >= 1
    .createBool = boolean,
#endif
    .freeObject = release
  };
  static_assert(std::is_trivially_destructible_v<Reply>);
};

ReplyReader::ReplyReader(Limits limits)
    : limits_(limits),
      reader_(redisReaderCreateWithFunctions(const_cast<redisReplyObjectFunctions*>(&Builder::functions)),
              redisReaderFree),
      arena_(usual_.data(), usual_.size()) {
  if (!reader_) throw std::bad_alloc();
  reader_->privdata = this;
  reader_->maxbuf = kept_buffer;
}

ReplyReader::~ReplyReader() = default;

void ReplyReader::feed(std::string_view bytes) {
  if (redisReaderFeed(reader_.get(), bytes.data(), bytes.size()) != REDIS_OK && error_.empty()) {
    error_ = reader_->errstr;
  }
}

ReplyReader::Found ReplyReader::next(Reply& reply) {
  if (!error_.empty()) return Found::rubbish;
  void* found = nullptr;
  if (redisReaderGetReply(reader_.get(), &found) != REDIS_OK) {
    if (error_.empty()) error_ = reader_->errstr;
    return Found::rubbish;
  }
  if (found != nullptr) {
    reply = root_;
    return Found::reply;
  }
  return outgrown() ? Found::rubbish : Found::nothing;
}

/// What waits for its end in hiredis' buffer has no limit of its own there.
bool ReplyReader::outgrown() noexcept {
  const std::size_t waiting = reader_->len - reader_->pos;
  if (waiting > limits_.bytes) error_ = out_of_bounds;
  // A text's length stands in a line before it, so that whatever waits begins with a line.
  if (waiting > limits_.line && std::memchr(reader_->buf + reader_->pos, '\r', limits_.line) == nullptr) {
    error_ = line_too_long;
  }
  return !error_.empty();
}

void ReplyReader::release() noexcept {
  if (bytes_ > 0) arena_.release();
  elements_ = bytes_ = 0;
}

/// Never throws: it is called through C.
void* ReplyReader::allocate(std::size_t size, std::size_t alignment) {
  if (size > limits_.bytes - bytes_) {
    error_ = out_of_bounds;
    return nullptr;
  }
  try {
    void* memory = arena_.allocate(size > 0 ? size : 1, alignment);
    bytes_ += size > 0 ? size : 1;
    return memory;
  } catch (const std::bad_alloc&) {
    error_ = "out of memory";
    return nullptr;
  }
}

}  // namespace vx11::redis
