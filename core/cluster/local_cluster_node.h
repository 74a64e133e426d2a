// One process of a local cluster and what became of it: a state machine over ChildProcess. Its state is always what was
// asked for last or, when it ended by itself, why.
#pragma once

#include <QStringList>
#include <boost/system/result.hpp>
#include <functional>

#include "cluster/child_process.h"
#include "cluster/supervisor.h"

namespace vx11::cluster {

/// Or why it can't be started.
using LaunchResult = boost::system::result<ChildProcess::Launch, QString>;

class LocalNode final : public QObject {
  Q_OBJECT
 public:
  using MakeLaunch = std::function<LaunchResult()>;

  /// `makeLaunch` is asked at every start. Info's state is Stopped until then.
  LocalNode(NodeInfo info, MakeLaunch makeLaunch, QObject* parent = nullptr);

  [[nodiscard]] const NodeInfo& info() const { return info_; }
  /// Told with the next change.
  void setAddress(const QString& address) { info_.address = address; }
  /// Waits to be started: shown as Starting without a process.
  void await();
  void setStopped(const QString& reason);  ///< of one that waited
  void start();
  void stop();
  void pause();
  void resume();
  void kill();
  /// Its owner saw that it serves.
  void setReady();
  /// Without a signal, for the end of all: asks it to stop; waits for it.
  void sayGoodbye();
  void waitForEnd(std::chrono::milliseconds longest);

  /// Killed when not ready by then.
  static constexpr std::chrono::milliseconds startLimit{10'000};
  /// Killed when it hasn't stopped by then.
  static constexpr std::chrono::milliseconds stopLimit{8'000};

 Q_SIGNALS:
  void changed();
  void wrote(const QList<QByteArray>& lines);
  void droppedLines(qint64 count);

 private:
  void enter(NodeInfo::State state, const QString& reason = {});
  void keepWords(const QList<QByteArray>& lines);
  void onDeadline();
  void onEnded(const ChildProcess::End& end);

  NodeInfo info_;
  MakeLaunch makeLaunch_;
  ChildProcess process_;
  QTimer deadline_;
  QStringList lastWords_;
  QString whyKilled_;    ///< what the reason says when the process was killed by us
  bool failed_ = false;  ///< killed for not getting ready
};

}  // namespace vx11::cluster
