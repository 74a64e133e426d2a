#include "cluster/rollback_judgement.h"

#include <QCoreApplication>

#include "cluster/words.h"

namespace vx11::cluster {
namespace {

struct Judgement {
  Q_DECLARE_TR_FUNCTIONS(RollbackJudgement)
};

}  // namespace

bool isFinal(const Failure& failure) {
  const bool refused = failure.kind == Failure::Kind::Http && failure.httpStatus >= 400 && failure.httpStatus < 500;
  return (refused && failure.httpStatus != 429) || failure.kind == Failure::Kind::ReadOnly;
}

bool hadNoEffect(const Failure& failure) {
  return isFinal(failure) || failure.httpStatus == 429 || failure.kind == Failure::Kind::NoInstance ||
         failure.code == QStringLiteral("connection_refused") || failure.code == QStringLiteral("host_not_found");
}

QString sentenceOf(const QString& name, const Failure& failure) {
  if (failure.kind == Failure::Kind::ReadOnly) return Judgement::tr("This cluster is read-only");
  if (failure.code == QStringLiteral("mode_held")) {
    return Judgement::tr("The mode of %1 is held by an operation of %2").arg(name, failure.text);
  }
  if (failure.code == QStringLiteral("mode_unavailable")) {
    return Judgement::tr("%1 can't take this mode: %2").arg(name, failure.text);
  }
  const bool answered = failure.kind == Failure::Kind::Http || failure.kind == Failure::Kind::BadAnswer;
  return (answered ? Judgement::tr("%1 refuses (%2)") : Judgement::tr("%1 doesn't answer (%2)"))
      .arg(name, words::reason(failure));
}

QString brokenPromise(const MatrixResult& result, const QString& mode) {
  const bool ownOnly = mode == QStringLiteral("memory");
  bool kept = !result.cells.isEmpty();
  for (const MatrixCell& cell : result.cells) {
    const bool direct = cell.issuer != MatrixCell::balancer && cell.validator != MatrixCell::balancer;
    const bool promised = direct && (!ownOnly || cell.issuer == cell.validator);
    kept = kept && (!promised || cell.state == MatrixCell::State::Accepted);
  }
  if (kept) return {};
  QString why = result.explanation;
  if (why.endsWith(u'.')) why.chop(1);
  return why.isEmpty() ? Judgement::tr("the cross-instance test failed") : why;
}

}  // namespace vx11::cluster
