#include "cluster/rollback_judgement.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QRegularExpression>
#include <algorithm>

#include "cluster/rollback_words.h"
#include "cluster/words.h"

namespace vx11::cluster {
namespace {

constexpr double leastShare = 0.01;
constexpr qint64 leastRefused = 5;

struct Judgement {
  Q_DECLARE_TR_FUNCTIONS(RollbackJudgement)
};

QString withoutStop(QString sentence) {
  if (sentence.endsWith(u'.')) sentence.chop(1);
  return sentence;
}

bool sharesStore(const QString& issuer, const QString& validator) {
  const auto redis = [](const QString& mode) {
    return mode == QStringLiteral("redis") || mode == QStringLiteral("hybrid");
  };
  const QString signedMode = QStringLiteral("signed");
  return (redis(issuer) && redis(validator)) || (issuer == signedMode && validator == signedMode);
}

double shareOf(const rollback::Counters& counters) {
  return counters.checks > 0 ? static_cast<double>(counters.refused) / static_cast<double>(counters.checks) : 0.0;
}

QString percent(double share) { return QString::number(100 * share, 'f', 1) + QStringLiteral(" %"); }

bool isTooMany(const rollback::Counters& before, const rollback::Counters& during) {
  return during.refused >= leastRefused && shareOf(during) > std::max(leastShare, 2 * shareOf(before));
}

}  // namespace

bool isFinal(const Failure& failure) {
  const bool refused = failure.kind == Failure::Kind::Http && failure.httpStatus >= 400 && failure.httpStatus < 500;
  return (refused && failure.httpStatus != 429) || failure.kind == Failure::Kind::ReadOnly;
}

bool hadNoEffect(const Failure& failure) {
  return isFinal(failure) || failure.httpStatus == 429 || failure.kind == Failure::Kind::NoInstance ||
         failure.code == QStringLiteral("connection_refused") || failure.code == QStringLiteral("host_not_found");
}

bool isHeld(const Failure& failure) { return failure.code == QStringLiteral("mode_held"); }

QString sentenceOf(const QString& name, const Failure& failure) {
  if (failure.kind == Failure::Kind::ReadOnly) return Judgement::tr("This cluster is read-only");
  if (isHeld(failure)) {
    const QString held = Judgement::tr("The mode of %1 is held by an operation of %2").arg(name, failure.text);
    if (failure.holder.since <= 0) return held;
    const QDateTime since = QDateTime::fromSecsSinceEpoch(failure.holder.since);
    return Judgement::tr("%1 since %2").arg(held, since.toString(QStringLiteral("HH:mm:ss")));
  }
  if (failure.code == QStringLiteral("mode_unavailable")) {
    return Judgement::tr("%1 can't take this mode: %2").arg(name, failure.text);
  }
  const bool answered = failure.kind == Failure::Kind::Http || failure.kind == Failure::Kind::BadAnswer;
  return (answered ? Judgement::tr("%1 refuses (%2)") : Judgement::tr("%1 doesn't answer (%2)"))
      .arg(name, words::reason(failure));
}

QString sentenceOf(const QStringList& command, const rollback::Ran& ran) {
  if (ran.exitCode == 0 && ran.problem.isEmpty()) return {};
  const QString line = rollback::commandLine(command);
  if (!ran.problem.isEmpty()) return Judgement::tr("%1: %2").arg(line, withoutStop(ran.problem));
  const QString said = ran.lastLines.isEmpty() ? QString() : ran.lastLines.last().trimmed();
  return said.isEmpty()
             ? Judgement::tr("%1 ended with exit code %2").arg(line).arg(ran.exitCode)
             : Judgement::tr("%1 ended with exit code %2: %3").arg(line).arg(ran.exitCode).arg(withoutStop(said));
}

QString brokenPromise(const MatrixResult& result, const QHash<int, QString>& modes) {
  bool kept = !result.cells.isEmpty();
  for (const MatrixCell& cell : result.cells) {
    const bool direct = cell.issuer != MatrixCell::balancer && cell.validator != MatrixCell::balancer;
    const bool promised =
        direct && (cell.issuer == cell.validator || sharesStore(modes.value(cell.issuer), modes.value(cell.validator)));
    kept = kept && (!promised || cell.state == MatrixCell::State::Accepted);
  }
  if (kept) return {};
  const QString why = withoutStop(result.explanation);
  return why.isEmpty() ? Judgement::tr("the cross-instance test failed") : why;
}

QString brokenRouting(const rollback::Probed& probed, const QStringList& outsiders, bool sticky) {
  if (!probed.problem.isEmpty()) return withoutStop(probed.problem);
  if (probed.answers.isEmpty()) return Judgement::tr("nobody answers through the balancer");
  QStringList names = probed.answers.keys();
  std::sort(names.begin(), names.end());
  for (const QString& name : std::as_const(names)) {
    if (outsiders.contains(name)) return Judgement::tr("%1 still answers through the balancer").arg(name);
  }
  if (!sticky || names.size() == 1) return {};
  names.replaceInStrings(QRegularExpression(QStringLiteral("^$")), Judgement::tr("one that doesn't say who it is"));
  return Judgement::tr("the requests of one client went to %1").arg(words::joined(names));
}

RefusalWatch::RefusalWatch(QHash<int, Counters> before, QHash<int, Counters> since, const QHash<int, Counters>& now)
    : before_(std::move(before)) {
  const auto add = [](Counters& sum, const Counters& one) {
    sum.checks += one.checks;
    sum.refused += one.refused;
  };
  for (auto each = now.begin(); each != now.end(); ++each) {
    Counters during = each.value();
    const Counters start = since.value(each.key());
    // One that was restarted meanwhile counts from nought again.
    if (2 * during.checks >= start.checks) {
      during.checks = std::max<qint64>(0, during.checks - start.checks);
      during.refused = std::max<qint64>(0, during.refused - start.refused);
    }
    during_.insert(each.key(), during);
    add(allDuring_, during);
    add(allBefore_, before_.value(each.key()));
  }
}

QString RefusalWatch::tooMany(const std::function<QString(int)>& nameOf) const {
  QList<int> each = during_.keys();
  std::sort(each.begin(), each.end());
  for (const int slot : std::as_const(each)) {
    const Counters& during = during_[slot];
    if (!isTooMany(before_.value(slot), during)) continue;
    return Judgement::tr("%1 refuses %2 of its checks, before it were %3")
        .arg(nameOf(slot), percent(shareOf(during)), percent(shareOf(before_.value(slot))));
  }
  if (!isTooMany(allBefore_, allDuring_)) return {};
  return Judgement::tr("%1 of all checks are refused, before it were %2")
      .arg(percent(shareOf(allDuring_)), percent(shareOf(allBefore_)));
}

QString RefusalWatch::text() const {
  if (during_.isEmpty()) return Judgement::tr("No instance tells its refusals");
  return Judgement::tr("%1 of %2 checks refused (%3), before %4")
      .arg(allDuring_.refused)
      .arg(allDuring_.checks)
      .arg(percent(shareOf(allDuring_)), percent(shareOf(allBefore_)));
}

}  // namespace vx11::cluster
