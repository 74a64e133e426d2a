// A program as a child of this process. It never outlives us: the kernel kills it with the thread that started it, even
// when that is killed itself, and a stopped child too.
#pragma once

#include <sys/types.h>

#include <QObject>
#include <QSocketNotifier>
#include <QTimer>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cluster/child_process_descriptor.h"
#include "cluster/child_process_lines.h"

namespace vx11::cluster {

class ChildProcess final : public QObject {
  Q_OBJECT
 public:
  /// Everybody on the machine sees the arguments: secrets go by environment or input, which are wiped in the end.
  struct Launch {
    Launch() = default;
    Launch(Launch&&) = default;
    Launch& operator=(Launch&&) = default;
    ~Launch();

    std::string program;                   ///< a path
    std::string name;                      ///< argv[0]; empty: the path
    std::vector<std::string> arguments;
    std::vector<std::string> environment;  ///< "NAME=value"; the whole of it
    std::string input;                     ///< what its stdin holds; at most 32 KiB
  };
  struct End {
    int exitCode = -1;  ///< -1: it didn't exit
    int signal = 0;     ///< 0: it wasn't killed
    [[nodiscard]] QString text() const;
  };

  explicit ChildProcess(QObject* parent = nullptr);
  ~ChildProcess() override;  ///< kills it

  /// Call only while there is none, in a thread that lives as long as this process is to. Returns why it couldn't be
  /// made; a program that can't be run says so on its stderr and exits with 127.
  [[nodiscard]] std::optional<QString> start(const Launch& launch);
  [[nodiscard]] pid_t pid() const { return pid_; }  ///< 0: there is none
  void send(int signal) const;
  /// Blocks until it has ended, at most so long; false: it still runs. For our own end: no signal is emitted.
  bool waitForEnd(std::chrono::milliseconds longest);

 Q_SIGNALS:
  void wrote(const QList<QByteArray>& lines);  ///< on stdout or stderr
  void droppedLines(qint64 count);             ///< over ChildProcessLines' bound, within a second
  void ended(const vx11::cluster::ChildProcess::End& end);

 private:
  void readOutput(qsizetype most);
  void countDropped();
  void watchEnd();
  void onEnd();
  [[nodiscard]] std::optional<End> reap();

  pid_t pid_ = 0;
  ChildDescriptor output_, pidfd_;
  std::unique_ptr<QSocketNotifier> outputNotifier_, endNotifier_;
  QTimer endTimer_;  ///< instead of the pidfd, where the kernel has none
  QTimer lineTimer_;
  ChildProcessLines lines_;
};

}  // namespace vx11::cluster
