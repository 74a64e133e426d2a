// One word of vx11ctl. It reads its own options, works on a cluster, and ends once with an exit code.
#pragma once

#include <QObject>
#include <memory>

#include "ctl/connection.h"
#include "ctl/output.h"

namespace vx11::ctl {

enum class Exit { Worked = 0, No = 1, WrongUse = 2, Unreachable = 3 };

class Command : public QObject {
  Q_OBJECT
 public:
  /// The output outlives the command.
  explicit Command(Output& output, QObject* parent = nullptr) : QObject(parent), out_(output) {}

  /// What is wrong with its options and words, in one sentence; empty: nothing.
  [[nodiscard]] virtual QString read(const Arguments&) { return {}; }
  /// The cluster that it works on; most are given theirs.
  [[nodiscard]] virtual std::unique_ptr<cluster::Cluster> open(const Connection& connection);
  /// Called from the event loop, once every instance has answered or failed to. The cluster outlives the command.
  virtual void run(cluster::Cluster& cluster) = 0;
  /// The person wants it to end. What is under way is given up; a command that follows something has then done its
  /// work.
  virtual void interrupt() { finish(Exit::No); }

 Q_SIGNALS:
  void finished(int exitCode);

 protected:
  /// The last thing it does; what comes later is ignored.
  void finish(Exit code) { finish(static_cast<int>(code)); }
  void finish(int code);
  [[nodiscard]] bool hasFinished() const { return finished_; }
  /// Says what failed, as a document too where that is wanted, and finishes.
  void fail(const cluster::Failure& failure, QJsonObject document = {});
  /// False when no instance answers: then all is said, and the command has finished.
  [[nodiscard]] bool someoneAnswers(const cluster::Cluster& cluster);
  /// Says why, and finishes: what it needed can't be reached.
  void failUnreachable(const QStringList& reasons);

  Output& out_;

 private:
  bool finished_ = false;
};

/// A command before it is one.
struct CommandSpec {
  CommandShape shape;
  Needs needs;
  bool opensOwn = false;  ///< a cluster of its own: it is given none, and begins at once
  std::unique_ptr<Command> (*make)(Output& output) = nullptr;
};

}  // namespace vx11::ctl
