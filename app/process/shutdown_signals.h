// SIGINT, SIGTERM and SIGHUP as a Qt signal: the handler writes one byte into a pipe, the event loop reads it.
#pragma once

#include <QObject>
#include <QSocketNotifier>
#include <map>
#include <memory>

namespace vx11::process {

/// One at a time in a process; the former handlers come back with its end.
class ShutdownSignals : public QObject {
  Q_OBJECT
 public:
  explicit ShutdownSignals(QObject* parent = nullptr);
  ~ShutdownSignals() override;

 Q_SIGNALS:
  void requested();

 private:
  int readEnd_ = -1;
  std::unique_ptr<QSocketNotifier> notifier_;
  std::map<int, void (*)(int)> former_;
};

}  // namespace vx11::process
