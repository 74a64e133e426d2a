// Three instances that a rollback's runner plays against, without time passing: they keep their modes, and fail where a
// test tells them to.
#pragma once

#include <QHash>
#include <QList>
#include <QStringList>
#include <functional>

#include "cluster/rollback_runner.h"

namespace vx11::cluster::testing {

using namespace vx11::cluster::rollback;
using Result = RollbackOutcome::Result;
using State = RollbackStep::State;
using Kind = RollbackStep::Kind;

inline QList<InstanceInfo> threeInstances(const QString& mode = QStringLiteral("hybrid")) {
  QList<InstanceInfo> all;
  for (int slot = 0; slot < 3; ++slot) {
    InstanceInfo info;
    info.slot = slot;
    info.id = QString(QChar(u'a' + slot));
    info.mode = mode;
    info.state = InstanceState::Live;
    info.redisConfigured = true;
    all << info;
  }
  return all;
}

inline Failure refused(int status, const char* code, const char* text = "") {
  Failure failure;
  failure.kind = Failure::Kind::Http;
  failure.httpStatus = status;
  failure.code = QString::fromLatin1(code);
  failure.text = QString::fromLatin1(text);
  return failure;
}
inline Failure silent() {
  Failure failure;
  failure.kind = Failure::Kind::Timeout;
  failure.code = QStringLiteral("timed_out");
  return failure;
}

inline QString nameOf(int slot) { return QString(QChar(u'a' + slot)); }

/// "look a", "post a memory", "issue a", "check a", "matrix", "wait 250", "finish".
inline QString textOf(const Action& action, qint64 now) {
  if (const auto* look = std::get_if<Look>(&action)) return QStringLiteral("look ") + nameOf(look->slot);
  if (const auto* post = std::get_if<Post>(&action))
    return QStringLiteral("post ") + nameOf(post->slot) + u' ' + post->mode;
  if (std::holds_alternative<Sign>(action)) return QStringLiteral("sign");
  if (const auto* issue = std::get_if<Issue>(&action)) return QStringLiteral("issue ") + nameOf(issue->slot);
  if (const auto* check = std::get_if<Check>(&action)) return QStringLiteral("check ") + nameOf(check->slot);
  if (std::holds_alternative<RunMatrix>(action)) return QStringLiteral("matrix");
  if (const auto* wait = std::get_if<WaitUntil>(&action)) return QStringLiteral("wait %1").arg(wait->at - now);
  return QStringLiteral("finish");
}

/// Three instances: all cells accepted, or the diagonal alone.
inline MatrixResult matrixOf(bool whole, bool diagonal = true) {
  MatrixResult result;
  for (int i = 0; i < 9; ++i) {
    MatrixCell cell;
    cell.issuer = i / 3;
    cell.validator = i % 3;
    const bool accepted = cell.issuer == cell.validator ? diagonal : whole;
    cell.state = accepted ? MatrixCell::State::Accepted : MatrixCell::State::Refused;
    result.cells << cell;
  }
  result.explanation = QStringLiteral("As it is.");
  return result;
}

/// Plays the instances: keeps their modes, and fails where told to.
class Game {
 public:
  explicit Game(const QString& to, const QString& from = QStringLiteral("hybrid"), bool dryRun = false)
      : runner(planRollback(threeInstances(from), to), specOf(to, dryRun),
               {QStringLiteral("op-1"), QStringLiteral("me")}) {
    for (int slot = 0; slot < 3; ++slot) {
      modes[slot].mode = from;
      modes[slot].configured = from;
    }
  }
  /// From now on this action ends so.
  void fail(const QString& action, const Event& event, int times = 1000) { failures[action] = {event, times}; }

  RollbackOutcome play(int limit = 2000) {
    Action action = runner.begin(now);
    while (limit-- > 0) {
      const QString text = textOf(action, now);
      if (!text.startsWith(QStringLiteral("wait")) || done.isEmpty() || done.last() != text) done << text;
      if (const auto* end = std::get_if<Finish>(&action)) return end->outcome;
      if (on.contains(text)) on.take(text)();
      action = runner.next(eventFor(action, text), now);
    }
    return {Result::Done, QStringLiteral("never ended"), false, {}, {}};
  }
  Event eventFor(const Action& action, const QString& text) {
    if (const auto* post = std::get_if<Post>(&action)) posted = post->slot;
    if (auto found = failures.find(text); found != failures.end() && found->second > 0) {
      --found->second;
      return found->first;
    }
    if (const auto* look = std::get_if<Look>(&action)) return ModeTold{modes[look->slot]};
    if (const auto* post = std::get_if<Post>(&action)) {
      if (modes[post->slot].mode != post->mode) modes[post->slot].drainingMs = 60'000;
      modes[post->slot].mode = post->mode;
      return ModeTold{modes[post->slot]};
    }
    if (std::holds_alternative<Sign>(action)) return Signed{};
    if (std::holds_alternative<Issue>(action)) return Issued{};
    if (std::holds_alternative<Check>(action)) return Checked{true, QStringLiteral("accepted")};
    if (std::holds_alternative<RunMatrix>(action))
      return MatrixTold{matrixOf(modes[0].mode != QStringLiteral("memory"))};
    now = std::get<WaitUntil>(action).at;
    return TimeCame{};
  }
  [[nodiscard]] QString modesNow() const { return modes[0].mode + u' ' + modes[1].mode + u' ' + modes[2].mode; }
  [[nodiscard]] QString stepsNow() const {
    QStringList all;
    for (const RollbackStep& step : runner.steps()) {
      static const QStringList kinds{QStringLiteral("look"),   QStringLiteral("switch"), QStringLiteral("gate"),
                                     QStringLiteral("matrix"), QStringLiteral("drain"),  QStringLiteral("restore")};
      static const QString states = QStringLiteral("w>+-s");
      all << kinds[static_cast<int>(step.kind)] + step.instance + states[static_cast<int>(step.state)];
    }
    return all.join(u' ');
  }

  qint64 now = 1'000'000;
  RollbackRunner runner;
  QList<wire::ModeState> modes = QList<wire::ModeState>(3);
  QHash<QString, std::pair<Event, int>> failures;
  QHash<QString, std::function<void()>> on;  ///< while this action is under way
  QStringList done;
  int posted = -1;

 private:
  static RollbackSpec specOf(const QString& to, bool dryRun) {
    RollbackSpec spec;
    spec.to = to;
    spec.dryRun = dryRun;
    return spec;
  }
};

inline const QString memory = QStringLiteral("memory"), hybrid = QStringLiteral("hybrid");
inline const QString allHybrid = QStringLiteral("hybrid hybrid hybrid"),
                     allMemory = QStringLiteral("memory memory memory");

}  // namespace vx11::cluster::testing
