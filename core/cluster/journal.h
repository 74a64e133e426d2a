// What the console did and what the instances reported, newest last, bounded.
#pragma once

#include <QObject>
#include <deque>

#include "cluster/types.h"

namespace vx11::cluster {

/// Holds the last `capacity` entries. Emits at most four times a second, with all that came meanwhile.
class Journal : public QObject {
  Q_OBJECT
 public:
  explicit Journal(int capacity = 10'000, QObject* parent = nullptr);
  void add(LogEntry entry);
  [[nodiscard]] const std::deque<LogEntry>& entries() const { return entries_; }
  [[nodiscard]] qint64 dropped() const { return dropped_; }  ///< entries that fell out at the old end

 Q_SIGNALS:
  void appended(const QList<vx11::cluster::LogEntry>& entries);

 private:
  void flush();
  int capacity_;
  qint64 dropped_ = 0;
  std::deque<LogEntry> entries_;
  QList<LogEntry> pending_;
  bool scheduled_ = false;
};

}  // namespace vx11::cluster
