// What came by all streams, newest last, bounded; and how much of an event is kept.
#pragma once

#include <deque>

#include "cluster/sse_parser.h"
#include "cluster/streams.h"

namespace vx11::cluster {

/// Numbers what is added; remembers which of it nobody was told of yet.
class StreamEvents {
 public:
  void add(StreamEvent event);
  void clear();
  [[nodiscard]] const std::deque<StreamEvent>& all() const { return events_; }
  [[nodiscard]] qint64 dropped() const { return dropped_; }
  /// What was added since the last time and is still held.
  [[nodiscard]] QList<StreamEvent> takeNew();

 private:
  std::deque<StreamEvent> events_;
  qint64 next_ = 0, told_ = 0, dropped_ = 0;
};

/// The part of an event's id that says where it stands, without the credential that resumes the stream; at most 200
/// characters.
[[nodiscard]] QString positionOf(const QByteArray& id);
/// Name, id and data; who and when is left to the caller.
[[nodiscard]] StreamEvent eventOf(const SseEvent& event);

}  // namespace vx11::cluster
