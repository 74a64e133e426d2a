#include "cluster/journal.h"

#include <QTimer>
#include <chrono>
#include <utility>

namespace vx11::cluster {
namespace {
constexpr std::chrono::milliseconds flushEvery{250};
}

Journal::Journal(int capacity, QObject* parent) : QObject(parent), capacity_(std::max(capacity, 1)) {}

void Journal::add(LogEntry entry) {
  entries_.push_back(entry);
  pending_.append(std::move(entry));
  while (std::cmp_greater(entries_.size(), capacity_)) {
    entries_.pop_front();
    ++dropped_;
  }
  // A storm between two flushes must not hold more than what a view could still show.
  if (pending_.size() > 2 * static_cast<qsizetype>(capacity_)) pending_.remove(0, pending_.size() - capacity_);
  if (std::exchange(scheduled_, true)) return;
  QTimer::singleShot(flushEvery, this, &Journal::flush);
}

void Journal::flush() {
  scheduled_ = false;
  if (pending_.size() > capacity_) pending_.remove(0, pending_.size() - capacity_);
  Q_EMIT appended(std::exchange(pending_, {}));
}

}  // namespace vx11::cluster
