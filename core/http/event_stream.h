// One open event stream: a socket, a place in the chain of published events, and the few bytes that are its own.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include "http/event.h"
#include "http/socket.h"

namespace vx11::http {

class EventHub;

/// A published event in the chain that streams walk along; freed when the slowest has gone by.
struct Frame : boost::intrusive_ref_counter<Frame, boost::thread_unsafe_counter> {
  EventPointer event;
  boost::intrusive_ptr<Frame> next;
  std::uint64_t end = 0;  ///< bytes published by the hub up to and with this one
};
using FramePointer = boost::intrusive_ptr<Frame>;

/// How a stream ends: `gentle` leaves it to the system to deliver what was written; `prompt` throws away what the
/// client hasn't taken soon, because it must not be told anything more.
enum class Ending : std::uint8_t { gentle, prompt };

/// An idle one costs its socket and this object; it holds no buffer.
class EventStream : public boost::intrusive_ref_counter<EventStream, boost::thread_unsafe_counter> {
 public:
  static constexpr std::size_t longest_mark = 31;

  /// What comes after `at` is for it. `head` is what still has to be written before anything else.
  EventStream(EventHub& hub, Socket&& socket, std::string head, const StreamTag& tag, FramePointer at);
  ~EventStream();

  void start(const Opening& opening);
  /// Writes what there is.
  void serve();
  /// A sign of life, left out while the client doesn't read; too many left out in a row end the stream.
  void send(const Notice& beat);
  /// Ends after `notice`, or at once if the client doesn't read. A prompt end may leave the socket open for what the
  /// client has still to take: true, and `abandon` has to be called soon. The stream itself is closed in any case.
  [[nodiscard]] bool finish(const Notice& notice, Ending ending);
  /// Resets the connection if there is still something that the client hasn't taken.
  void abandon() noexcept;
  void close() noexcept;
  [[nodiscard]] const StreamTag& tag() const noexcept { return tag_; }
  [[nodiscard]] bool blocked() const noexcept { return blocked_; }
  [[nodiscard]] bool closed() const noexcept { return closed_; }
  [[nodiscard]] std::chrono::steady_clock::time_point opened_at() const noexcept { return opened_at_; }

  // The hub's bookkeeping.
  std::uint32_t index = 0;
  std::uint32_t heartbeat_slot = 0;
  std::uint32_t heartbeat_index = 0;

 private:
  void watch_client();
  void wait_writable();
  void leave() noexcept;
  void reset() noexcept;
  [[nodiscard]] bool write_own();
  [[nodiscard]] bool write_frames();
  [[nodiscard]] bool too_far_behind() const noexcept;
  void pass_over_quiet();
  void append(const Notice& notice, std::string_view id);
  [[nodiscard]] std::string_view id_end();

  EventHub* hub_;
  Socket socket_;
  std::string own_;  ///< first bytes, heartbeats, and the rest of an event cut in two by a full socket
  FramePointer at_;  ///< the last event taken
  std::chrono::steady_clock::time_point opened_at_;
  std::uint32_t mark_made_ = 0;  ///< ms after `opened_at_`; wraps
  StreamTag tag_;
  std::array<char, longest_mark + 1> id_end_{};  ///< the stream's mark and the line's end
  std::uint8_t id_end_size_ = 0;                 ///< 0: none made yet
  std::uint8_t beats_missed_ = 0;                ///< since the client last took something
  bool replaying_;                               ///< until it has caught up for the first time
  bool blocked_ = false;
  bool closed_ = false;
};

}  // namespace vx11::http
