#include <algorithm>
#include <array>
#include <string>

#include "fuzz/targets.h"
#include "redis/health.h"
#include "redis/reply_reader.h"

namespace vx11::fuzz {

namespace {

using redis::Reply;
using redis::ReplyReader;

constexpr ReplyReader::Limits limits{1000, 10'000, 1000};

struct Reading {
  std::string text;  ///< all that was found, in a form that tells everything apart
  std::size_t elements = 0;
  bool refused = false;
};

void look_at(const Reply& reply, Reading& reading) {
  ++reading.elements;
  reading.text += std::to_string(static_cast<int>(reply.type)) + ":" + std::to_string(reply.integer) + ":" +
                  std::to_string(reply.count) + ":" + std::to_string(reply.text.size()) + ":";
  reading.text += reply.text;
  for (const Reply& element : reply.elements()) look_at(element, reading);
}

/// Anything may be taken for the answer to the question how Redis is.
[[nodiscard]] bool harms_health(const Reply& reply) {
  const std::array<Reply, 3> replies{reply, reply, reply};
  const auto health = redis::read_health(replies, 0);
  if (!health) return false;
  return std::any_of(health->slow_log.begin(), health->slow_log.end(), [](const redis::SlowCommand& command) {
    return std::any_of(command.command.begin(), command.command.end(), [](char c) { return c == '\n' || c == '\0'; });
  });
}

[[nodiscard]] Reading read(std::string_view bytes, std::size_t step, bool& harmful) {
  ReplyReader reader(limits);
  Reading reading;
  while (!bytes.empty() && !reading.refused) {
    reader.feed(bytes.substr(0, step));
    bytes.remove_prefix(std::min(step, bytes.size()));
    Reply reply;
    ReplyReader::Found found = reader.next(reply);
    for (; found == ReplyReader::Found::reply; found = reader.next(reply)) {
      look_at(reply, reading);
      harmful = harmful || harms_health(reply);
      reader.release();
    }
    reading.refused = found == ReplyReader::Found::rubbish;
  }
  return reading;
}

}  // namespace

std::string_view replies(std::string_view bytes) {
  bool harmful = false;
  const Reading whole = read(bytes, bytes.size(), harmful);
  if (harmful) return "a slow command that could break a log line";
  for (const std::size_t step : {std::size_t{1}, std::size_t{7}}) {
    const Reading pieces = read(bytes, step, harmful);
    // What is too long to wait for may be refused before its end has come.
    if (pieces.text != whole.text && !pieces.refused) return "another meaning when cut differently";
    if (!whole.text.starts_with(pieces.text)) return "another reply when cut differently";
  }
  return {};
}

}  // namespace vx11::fuzz
