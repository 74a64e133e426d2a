#include "cluster/stream_events.h"

#include <algorithm>
#include <utility>

namespace vx11::cluster {
namespace {

constexpr qsizetype longestPosition = 200, shortestCredential = 16, longestName = 200;

}  // namespace

void StreamEvents::add(StreamEvent event) {
  event.number = next_++;
  events_.push_back(std::move(event));
  if (events_.size() <= static_cast<std::size_t>(Streams::mostEvents)) return;
  events_.pop_front();
  ++dropped_;
}

void StreamEvents::clear() {
  events_.clear();
  told_ = next_;
  dropped_ = 0;
}

QList<StreamEvent> StreamEvents::takeNew() {
  const auto fresh = std::min(static_cast<qint64>(events_.size()), next_ - told_);
  told_ = next_;
  return {events_.end() - fresh, events_.end()};
}

QString positionOf(const QByteArray& id) {
  const QByteArray text = id.left(4 * longestPosition);
  const qsizetype entry = text.indexOf('.'), credential = entry < 0 ? -1 : text.indexOf('.', entry + 1);
  const bool resumes = credential >= 0 && text.size() - credential > shortestCredential;
  return QString::fromUtf8(resumes ? text.first(credential) : text).left(longestPosition);
}

StreamEvent eventOf(const SseEvent& event) {
  StreamEvent made;
  made.id = positionOf(event.id);
  made.name = QString::fromUtf8(event.type.left(4 * longestName)).left(longestName);
  made.dataSize = event.data.size();
  made.data = QString::fromUtf8(event.data.left(4 * StreamEvent::longestData)).left(StreamEvent::longestData);
  return made;
}

}  // namespace vx11::cluster
