// What this console runs itself, as child processes: stop, start, pause and kill of each, for real. Only a local
// cluster has one; that there is none is how everything else knows that such things are impossible.
#pragma once

#include <QList>
#include <QObject>
#include <QString>

namespace vx11::cluster {

/// One child process. `slot` is the instance's in Cluster::instances(), -1 for the others.
struct NodeInfo {
  enum class Kind { Instance, Redis, Sentinel };
  enum class State { Starting, Running, Paused, Stopping, Stopped, Failed };

  QString name;            ///< "a", "redis", "redis-2", "sentinel-1"
  Kind kind = Kind::Instance;
  State state = State::Starting;
  int slot = -1;
  qint64 pid = 0;          ///< 0: there is no process
  QString reason;          ///< of Failed and Stopped: the system's words, or the last lines it said
  QString address = {};    ///< of Redis and a sentinel, once it has one
};

/// GUI thread only; nothing blocks.
class Supervisor : public QObject {
  Q_OBJECT
 public:
  using QObject::QObject;
  [[nodiscard]] virtual const QList<NodeInfo>& nodes() const = 0;
  virtual void start(int node) = 0;   ///< a stopped or failed one; on the address it had
  virtual void stop(int node) = 0;    ///< SIGTERM: it drains
  virtual void pause(int node) = 0;   ///< SIGSTOP
  virtual void resume(int node) = 0;  ///< SIGCONT
  virtual void kill(int node) = 0;    ///< SIGKILL

 Q_SIGNALS:
  void changed(int node);
};

}  // namespace vx11::cluster
