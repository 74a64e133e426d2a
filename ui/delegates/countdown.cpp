#include "delegates/countdown.h"

namespace vx11::ui {

Countdown::Countdown(std::function<qint64()> clock, QObject* parent) : QObject(parent), clock_(std::move(clock)) {
  timer_.setInterval(1000);
  connect(&timer_, &QTimer::timeout, this, &Countdown::ticked);
}

void Countdown::setRunning(bool running) {
  running_ = running;
  update();
}

void Countdown::setFrozen(bool frozen) {
  if (frozen == frozen_) return;
  frozenAt_ = clock_();
  frozen_ = frozen;
  update();
}

void Countdown::setStale(bool stale) {
  if (stale == stale_) return;
  stale_ = stale;
  Q_EMIT ticked();
}

void Countdown::update() {
  const bool counting = running_ && !frozen_;
  if (counting == timer_.isActive()) return;
  if (counting) {
    timer_.start();
    Q_EMIT ticked();
  } else {
    timer_.stop();
  }
}

}  // namespace vx11::ui
