// An application that measures what each event costs the GUI thread, in CPU time of that thread: what a person feels as
// a stutter, and no other program on the machine can spoil.
#pragma once

#include <QApplication>
#include <QThread>
#include <algorithm>
#include <ctime>
#include <vector>

namespace vx11::bench {

class MeteredApplication : public QApplication {
 public:
  using QApplication::QApplication;

  /// Only the outermost event counts: what is sent from within one belongs to it.
  bool notify(QObject* receiver, QEvent* event) override {
    if (depth_ > 0 || !metering_ || QThread::currentThread() != thread()) return QApplication::notify(receiver, event);
    const char* const kind = receiver->metaObject()->className();  // the receiver may not survive its event
    const int type = event->type();
    ++depth_;
    const double before = cpuMs();
    const bool answer = QApplication::notify(receiver, event);
    const double spent = cpuMs() - before;
    --depth_;
    costs_.push_back(spent);
    if (spent > worst_.ms) worst_ = {spent, kind, type, doing_};
    if (spent > heavyMs) heavy_.push_back({spent, kind, type, doing_});
    return answer;
  }

  struct Event {
    double ms = 0;
    const char* receiver = "";
    int type = 0;
    const char* during = "";
  };
  static constexpr double heavyMs = 10;

  void setMetering(bool on) { metering_ = on; }
  void setDoing(const char* what) { doing_ = what; }
  [[nodiscard]] std::size_t count() const { return costs_.size(); }
  [[nodiscard]] const Event& worst() const { return worst_; }
  [[nodiscard]] const std::vector<Event>& heavy() const { return heavy_; }
  /// `part` from 0 to 1.
  [[nodiscard]] double quantile(double part) {
    if (costs_.empty()) return 0;
    const auto at = costs_.begin() + static_cast<std::ptrdiff_t>(part * static_cast<double>(costs_.size() - 1));
    std::nth_element(costs_.begin(), at, costs_.end());
    return *at;
  }

 private:
  static double cpuMs() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
  }
  int depth_ = 0;
  bool metering_ = false;
  const char* doing_ = "";
  Event worst_;
  std::vector<double> costs_;
  std::vector<Event> heavy_;
};

}  // namespace vx11::bench
