// What streams say: events that all of them share, and notices that each sends for itself.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace vx11::http {

/// What a stream was opened with, in the words of the one who opened it. Opaque here.
using StreamTag = std::array<std::uint8_t, 22>;

/// Serialised once for all streams of all loops. The frame is the `id` line, if there is one, and the text behind it.
struct Event {
  std::uint64_t number =
      0;               ///< its place in the order of publishing; without a gap, or nothing before it can be replayed
  std::string id;      ///< "id: <position>"; each stream ends that line with its own mark; empty: no such line
  std::string text;    ///< the rest of the frame
  bool quiet = false;  ///< it is old: only for streams that replay
};
using EventPointer = std::shared_ptr<const Event>;

/// One without a place and an id.
[[nodiscard]] inline EventPointer plain_event(std::string frame) {
  auto event = std::make_shared<Event>();
  event->text = std::move(frame);
  return event;
}

/// Sent by a stream for itself; its event repeats the stream's last position.
struct Notice {
  std::string before;  ///< goes out as it is
  std::string event;   ///< a frame without its id line; empty: none
};

/// How a stream begins.
struct Opening {
  Notice first;
  std::string first_id;  ///< "id: <position>" for `first`; empty: the stream's own position
  std::string then;      ///< a second event, at the stream's own position; empty: none
  StreamTag tag{};
  std::optional<std::uint64_t>
      after;  ///< replays what came after this event, which the hub keeps; else begins with the next
};

}  // namespace vx11::http
