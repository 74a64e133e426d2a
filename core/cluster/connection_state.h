// What the answers and failures of one instance say about it, and when to ask again. A state machine without I/O: the
// caller brings the time (console clock, ms). Asking never stops while the instance is only unreachable.
#pragma once

#include <chrono>
#include <optional>

#include "cluster/backoff.h"
#include "cluster/cluster.h"

namespace vx11::cluster {

class ConnectionState {
 public:
  enum class Change { None, Connected, Lost, Back };
  struct Step {
    Change change = Change::None;
    qint64 afterMs = 0;  ///< Connected, Back: how long it took or was away
    bool stateChanged = false;
  };

  ConnectionState(qint64 now, Random& random);

  /// cache-stats answered; `reported` is its "state", `trouble` why one that is ready is degraded all the same.
  Step answered(qint64 now, QStringView reported, const QString& trouble = {});
  /// It has no internal calls (404, 405): known by its health alone from now on, until it was away.
  Step answeredHealthOnly(qint64 now);
  /// Something answered, but not with what was asked for: alive and degraded ("refused_principal", "http_503", …).
  Step answeredBadly(qint64 now, const Failure& failure);
  /// No answer. Of one that never answered, or by a refused connection, it is believed at once; else at the second
  /// time.
  Step failed(qint64 now, const Failure& failure);
  /// Known from elsewhere, such as from the process that runs it: Starting, Paused or Stopped; Draining, until it is
  /// told of the end: what drains takes no new connections, so silence is nothing new.
  Step toldThat(qint64 now, InstanceState state, const QString& reason);

  /// Another address, or another right to ask: whether it has internal calls is to be found out anew.
  void forgetCalls() { internalCalls_ = true; }

  [[nodiscard]] InstanceState state() const { return state_; }
  [[nodiscard]] const QString& reason() const { return reason_; }
  [[nodiscard]] bool internalCalls() const { return internalCalls_; }
  [[nodiscard]] int attempts() const { return attempts_; }
  [[nodiscard]] qint64 unreachableSince() const { return unreachableSince_; }
  [[nodiscard]] bool reachable() const;
  /// Time from the start of the last poll to the next; nothing: not before it is told of a start.
  [[nodiscard]] std::optional<std::chrono::milliseconds> pollDelay(Attention attention) const;
  [[nodiscard]] static std::chrono::milliseconds interval(Attention attention);

 private:
  Step alive(qint64 now, InstanceState state, const QString& reason);
  Step enter(InstanceState state, const QString& reason);

  InstanceState state_ = InstanceState::Unknown;
  QString reason_;
  bool internalCalls_ = true, answeredEver_ = false, toldToDrain_ = false;
  int attempts_ = 0;
  qint64 since_, unreachableSince_ = -1;
  Backoff backoff_;
  std::chrono::milliseconds retry_{0};
};

}  // namespace vx11::cluster
