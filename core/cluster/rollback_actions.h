// What an operation's runner says is to be done, and what it is told came of it. Plain values.
#pragma once

#include <QHash>
#include <variant>

#include "cluster/matrix.h"
#include "cluster/rollback_progress.h"
#include "cluster/wire.h"

namespace vx11::cluster::rollback {

// What is to be done. Each ends in exactly one event: the one that is named, or Failed.
/// GET mode: ModeTold.
struct Look {
  int slot = 0;
};
/// A sign of life of the operation on each of them at the same time, with a deadline of a second: Signed.
struct Sign {
  QList<int> members;
  QString text;          ///< for their audit logs; empty: no entry
  bool release = false;  ///< the hold ends
};
/// POST mode, with the operation: ModeTold.
struct Post {
  int slot = 0;
  QString mode;
};
/// A token there, short-lived: Issued.
struct Issue {
  int slot = 0;
};
/// Of that token, on the same: Checked. On a backend without `validate` by a stream.
struct Check {
  int slot = 0;
};
/// The nginx file from `before` to `after`; where it holds `after` already nothing is done, and what neither of them
/// begins is a failure: Written.
struct WriteFile {
  QByteArray before, after;
};
/// The nginx file from `after` back to what it was at first: Written.
struct PutFileBack {
  QByteArray after;
};
/// A command of the operator's, with its placeholders filled in: Ran; or TimeCame after `RollbackRunner::renewMs`, and
/// when something was asked for meanwhile, while it still runs.
struct Run {
  QStringList command;
  int slot = -1;         ///< for whom; -1: nginx
  bool restart = false;  ///< its time-out is that of a restart
};
/// The command that still runs: as Run; an end that came during a Sign is told now. Any action but this and Sign ends
/// the command.
struct Await {};
/// Through the balancer, several times: Probed.
struct ProbeRouting {
  bool sticky = false;
};
/// It stops gracefully: Drained.
struct DrainInstance {
  int slot = 0;
};
/// Alive, whatever comes of it; Failed isn't used.
struct AskAlive {
  int slot = 0;
};
/// The cross-instance test over these members: MatrixTold.
struct RunMatrix {
  QList<int> members;
};
/// Counters of their checks: Counted.
struct Count {
  QList<int> members;
};
/// TimeCame, also when something was asked for meanwhile: the job cuts it short.
struct WaitUntil {
  qint64 at = 0;
};
/// The last: nothing comes after it.
struct Finish {
  RollbackOutcome outcome;
};
using Action = std::variant<Look, Sign, Post, Issue, Check, WriteFile, PutFileBack, Run, Await, ProbeRouting,
                            DrainInstance, AskAlive, RunMatrix, Count, WaitUntil, Finish>;

// What came of it.
struct ModeTold {
  wire::ModeState state;
};
struct Signed {
  QHash<int, Failure> failures;  ///< by slot; the others took it
};
struct Issued {};
struct Checked {
  bool accepted = false;
  QString reason;
};
struct Written {
  QString copy = {};  ///< where the file as it was at first is kept; empty: nowhere, for it is as it was
};
struct Ran {
  int exitCode = -1;  ///< -1: it didn't exit by itself
  QStringList lastLines = {};
  QString problem = {};  ///< a sentence, where it didn't: no such program, timed out
  bool started = true;
};
/// Answers to this machine by who gave them; "": it didn't say.
struct Probed {
  QHash<QString, int> answers;
  QString problem = {};  ///< a sentence: no answer, or a token that was refused
};
struct Drained {};
struct Alive {
  bool reachable = false, ready = false;
  qint64 bootMs = 0;  ///< when its process began, in wall time; 0: it doesn't tell
};
struct MatrixTold {
  MatrixResult result;
};
struct Counted {
  QHash<int, Counters> counters;  ///< by slot; who doesn't tell is missing
};
struct TimeCame {};
struct Failed {
  Failure failure;
  QString sentence = {};  ///< instead, where it was no call
};
using Event = std::variant<ModeTold, Signed, Issued, Checked, Written, Ran, Probed, Drained, Alive, MatrixTold, Counted,
                           TimeCame, Failed>;

/// Does it change anything? Then `RollbackRunner::saved` belongs on the disk before it is done.
[[nodiscard]] bool hasEffect(const Action& action);

}  // namespace vx11::cluster::rollback
