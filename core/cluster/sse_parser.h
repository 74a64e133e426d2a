// Reads text/event-stream (WHATWG HTML, 9.2.6) out of bytes as they come, in any pieces. No I/O; memory is bounded:
// past the bound it refuses everything that follows.
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <optional>
#include <utility>
#include <vector>

namespace vx11::cluster {

struct SseEvent {
  QByteArray type;  ///< "message" when the stream didn't name one
  QByteArray data;
  QByteArray id;    ///< the last id seen so far
};

class SseParser {
 public:
  /// `maxBytes` bounds one line and one event's data. `lastId` holds until the stream tells another: where it is taken
  /// up again, what was seen before.
  explicit SseParser(qsizetype maxBytes = 4 * 1024 * 1024, QByteArray lastId = {})
      : maxBytes_(maxBytes), id_(lastId), lastId_(std::move(lastId)) {}

  /// Appends the events that these bytes complete. False once a bound was passed: the stream is to be closed.
  [[nodiscard]] bool feed(QByteArrayView bytes, std::vector<SseEvent>& events);

  [[nodiscard]] const QByteArray& lastEventId() const { return lastId_; }
  /// The last `retry` of the stream, in ms.
  [[nodiscard]] std::optional<qint64> retry() const { return retry_; }

 private:
  void endLine(std::vector<SseEvent>& events);
  void field(QByteArrayView name, QByteArrayView value);
  void dispatch(std::vector<SseEvent>& events);

  qsizetype maxBytes_;
  QByteArray line_, type_, data_, id_, lastId_;
  std::optional<qint64> retry_;
  bool firstLine_ = true;
  bool skipLf_ = false;  ///< the last byte was CR: an LF now belongs to it
  bool broken_ = false;
};

}  // namespace vx11::cluster
