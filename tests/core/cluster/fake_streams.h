// Streams that do what a test says and remember what was asked of them.
#pragma once

#include <QStringList>
#include <algorithm>

#include "cluster/streams.h"

namespace vx11::cluster::testing {

class FakeStreams : public Streams {
 public:
  using Streams::Streams;

  // What a test sets.
  void put(const QList<StreamInfo>& infos) {
    infos_ = infos;
    Q_EMIT listChanged();
    Q_EMIT changed();
  }
  void receive(QList<StreamEvent> events) {
    for (StreamEvent& event : events) {
      event.number = next_++;
      events_.push_back(event);
      if (events_.size() > static_cast<std::size_t>(mostEvents)) events_.pop_front();
    }
    Q_EMIT changed();
    Q_EMIT received(events);
  }
  Failure refusal;  ///< of `open` and `reconnect`

  // What was asked for.
  QList<StreamSpec> opened;
  QStringList asked;  ///< "reconnect 1", "close 2"

  [[nodiscard]] const QList<StreamInfo>& streams() const override { return infos_; }
  [[nodiscard]] const std::deque<StreamEvent>& events() const override { return events_; }
  [[nodiscard]] qint64 droppedEvents() const override { return next_ - static_cast<qint64>(events_.size()); }
  Failure open(const StreamSpec& spec) override {
    opened << spec;
    return refusal;
  }
  Failure reconnect(quint64 id) override {
    asked << QStringLiteral("reconnect %1").arg(id);
    return refusal;
  }
  void close(quint64 id) override { asked << QStringLiteral("close %1").arg(id); }
  void forget(quint64 id) override {
    asked << QStringLiteral("forget %1").arg(id);
    infos_.removeIf([id](const auto& info) { return info.id == id; });
    Q_EMIT listChanged();
  }
  void clearEvents() override {
    events_.clear();
    Q_EMIT eventsCleared();
  }

 private:
  QList<StreamInfo> infos_;
  std::deque<StreamEvent> events_;
  qint64 next_ = 0;
};

}  // namespace vx11::cluster::testing
