// The clock that cells are painted by: one tick a second while a view counts down, and a time that can stand still.
#pragma once

#include <QObject>
#include <QTimer>
#include <functional>

namespace vx11::ui {

/// Without anything to run for it has no timer.
class Countdown : public QObject {
  Q_OBJECT
 public:
  /// `clock`: the console clock in ms.
  explicit Countdown(std::function<qint64()> clock, QObject* parent = nullptr);
  /// The time cells show: the clock's, or the moment at which it was frozen.
  [[nodiscard]] qint64 now() const { return frozen_ ? frozenAt_ : clock_(); }
  void setRunning(bool running);   ///< whether anybody sees it
  void setFrozen(bool frozen);     ///< "Pause view"
  [[nodiscard]] bool running() const { return timer_.isActive(); }
  /// What is shown is old: bars go idle, words grey. They go on counting, for their end is known.
  void setStale(bool stale);
  [[nodiscard]] bool stale() const { return stale_; }

 Q_SIGNALS:
  void ticked();

 private:
  void update();
  std::function<qint64()> clock_;
  QTimer timer_;
  qint64 frozenAt_ = 0;
  bool running_ = false, frozen_ = false, stale_ = false;
};

}  // namespace vx11::ui
