#include "pages/matrix_words.h"

#include <QCoreApplication>
#include <algorithm>

#include "pages/token_sentences.h"
#include "widgets/format.h"

namespace vx11::ui::matrix {
namespace {

using cluster::MatrixCell;
using cluster::MatrixResult;
using cluster::MatrixVerdict;
using State = MatrixCell::State;

struct Words {
  Q_DECLARE_TR_FUNCTIONS(vx11::ui::matrix)
};

// An answer from afar is not slow; one that takes this long is noticed.
constexpr double slowMs = 500;

bool throughBalancer(const MatrixCell& cell) {
  return cell.issuer == MatrixCell::balancer || cell.validator == MatrixCell::balancer;
}

bool answered(const MatrixCell& cell) {
  return cell.state == State::Accepted || cell.state == State::Refused || cell.state == State::CantTell;
}

bool has(const MatrixResult& result, State state) {
  return std::any_of(result.cells.begin(), result.cells.end(),
                     [state](const auto& cell) { return !throughBalancer(cell) && cell.state == state; });
}

QString status(const MatrixCell& cell) { return cell.httpStatus > 0 ? QString::number(cell.httpStatus) : QString(); }

void describeOne(Place& place) {
  const MatrixCell& cell = place.cells.first();
  const bool slow = answered(cell) && cell.latencyMs > slowMs;
  place.code = status(cell);
  place.below = answered(cell) ? format::latency(cell.latencyMs) : QString();
  switch (cell.state) {
    case State::Pending:
      return;
    case State::Accepted:
      place.tone = slow ? Place::Tone::Mixed : Place::Tone::Quiet;
      place.mark = slow ? Mark::Warning : Mark::Pass;
      break;
    case State::Refused:
      place.tone = Place::Tone::Refused;
      place.mark = Mark::Fail;
      break;
    case State::CantTell:
      place.tone = Place::Tone::Unknown;
      place.mark = Mark::CantTell;
      break;
    case State::NoAnswer:
    case State::NotIssued:
      place.tone = Place::Tone::Unknown;
      place.mark = Mark::Unknown;
      place.code = Words::tr("unknown");
      place.below = stateWord(cell.state);
      return;
  }
  if (place.code.isEmpty()) place.code = stateWord(cell.state);
}

void describeSeveral(Place& place) {
  const auto count = [&](State state) {
    return std::count_if(place.cells.begin(), place.cells.end(),
                         [state](const auto& cell) { return cell.state == state; });
  };
  const auto size = place.cells.size(), accepted = count(State::Accepted);
  if (count(State::Pending) == size) return;
  place.code = Words::tr("%1 of %2").arg(accepted).arg(size);
  const auto other = std::find_if(place.cells.begin(), place.cells.end(), [](const auto& cell) {
    return cell.state != State::Accepted && cell.state != State::Pending;
  });
  if (other == place.cells.end()) {
    const auto slowest = std::max_element(place.cells.begin(), place.cells.end(),
                                          [](const auto& a, const auto& b) { return a.latencyMs < b.latencyMs; });
    place.below = format::latency(slowest->latencyMs);
    place.tone = Place::Tone::Quiet;
    place.mark = Mark::Pass;
    return;
  }
  const QString what = other->httpStatus > 0 ? status(*other) : stateWord(other->state);
  place.below = QStringLiteral("%1 × %2").arg(count(other->state)).arg(what);
  if (accepted > 0) {
    place.tone = Place::Tone::Mixed;
    place.mark = Mark::Warning;
  } else if (count(State::Refused) > 0) {
    place.tone = Place::Tone::Refused;
    place.mark = Mark::Fail;
  } else {
    place.tone = Place::Tone::Unknown;
    place.mark = Mark::Unknown;
  }
}

}  // namespace

Place placeOf(const MatrixResult& result, int issuer, int validator) {
  Place place;
  for (const MatrixCell& cell : result.cells)
    if (cell.issuer == issuer && cell.validator == validator) place.cells << cell;
  if (place.cells.size() == 1) describeOne(place);
  if (place.cells.size() > 1) describeSeveral(place);
  return place;
}

bool hasBalancerColumn(const MatrixResult& result) {
  return std::any_of(result.cells.begin(), result.cells.end(),
                     [](const auto& cell) { return cell.validator == MatrixCell::balancer; });
}

bool hasBalancerRow(const MatrixResult& result) {
  return std::any_of(result.cells.begin(), result.cells.end(),
                     [](const auto& cell) { return cell.issuer == MatrixCell::balancer; });
}

QString nameOf(const MatrixResult& result, int slot) {
  if (slot == MatrixCell::balancer) return Words::tr("Balancer");
  const QString name = result.names.value(result.members.indexOf(slot));
  return name.isEmpty() ? Words::tr("instance %1").arg(slot + 1) : name;
}

QString stateWord(State state) {
  switch (state) {
    case State::Pending:
      return Words::tr("pending");
    case State::Accepted:
      return Words::tr("accepted");
    case State::Refused:
      return Words::tr("refused");
    case State::CantTell:
      return Words::tr("can’t tell");
    case State::NoAnswer:
      return Words::tr("no answer");
    case State::NotIssued:
      return Words::tr("not issued");
  }
  return {};
}

QString answerWords(const MatrixCell& cell) {
  if (cell.state == State::Pending) return stateWord(cell.state);
  const QString why = cell.failure.code.isEmpty() ? cell.failure.text : cell.failure.code;
  if (cell.httpStatus > 0)
    return why.isEmpty() ? QStringLiteral("%1 %2").arg(status(cell), stateWord(cell.state))
                         : QStringLiteral("%1 %2").arg(status(cell), why);
  return why.isEmpty() ? stateWord(cell.state)
                       : QStringLiteral("%1 (%2)").arg(stateWord(cell.state), QString(why).replace(u'_', u' '));
}

QString spoken(const MatrixResult& result, const Place& place, int issuer, int validator) {
  const QString where = Words::tr("%1 to %2").arg(nameOf(result, issuer), nameOf(result, validator));
  if (place.cells.size() != 1) {
    QStringList parts{place.code, place.below};
    parts.removeAll(QString());
    return parts.isEmpty() ? Words::tr("%1: not run yet").arg(where)
                           : QStringLiteral("%1: %2").arg(where, parts.join(QStringLiteral(", ")));
  }
  const MatrixCell& cell = place.cells.first();
  QStringList parts{stateWord(cell.state)};
  if (cell.httpStatus > 0) parts << status(cell);
  if (answered(cell)) parts << format::latency(cell.latencyMs);
  return QStringLiteral("%1: %2").arg(where, parts.join(QStringLiteral(", ")));
}

QString toolTip(const MatrixResult& result, const Place& place, int issuer, int validator) {
  QStringList lines{Words::tr("Issued on %1, checked on %2").arg(nameOf(result, issuer), nameOf(result, validator))};
  for (const MatrixCell& cell : place.cells) {
    QStringList parts{answerWords(cell)};
    if (answered(cell)) parts << format::latency(cell.latencyMs);
    if (!cell.answeredBy.isEmpty()) parts << Words::tr("by %1").arg(cell.answeredBy);
    if (!cell.correlationId.isEmpty()) parts << cell.correlationId;
    lines << parts.join(QStringLiteral(", "));
  }
  if (place.cells.isEmpty()) lines << Words::tr("Not run yet");
  return lines.join(u'\n');
}

Score scoreOf(const MatrixResult& result) {
  Score score;
  for (const MatrixCell& cell : result.cells) {
    if (throughBalancer(cell)) continue;
    ++score.total;
    score.accepted += cell.state == State::Accepted ? 1 : 0;
    score.answered += cell.state == State::Pending ? 0 : 1;
    if (answered(cell)) score.slowestMs = std::max(score.slowestMs.value_or(0), cell.latencyMs);
  }
  return score;
}

Mark markOf(const MatrixResult& result) {
  switch (result.verdict) {
    case MatrixVerdict::Running:
      return Mark::Running;
    case MatrixVerdict::Whole:
      return Mark::Pass;
    case MatrixVerdict::Diagonal:
      return Mark::Warning;
    case MatrixVerdict::Partial:
    case MatrixVerdict::None:
      break;
  }
  // Nobody refused and nobody was silent: Redis is away, which is no refusal.
  const bool onlyCantTell = has(result, State::CantTell) && !has(result, State::Refused) &&
                            !has(result, State::NoAnswer) && !has(result, State::NotIssued);
  return onlyCantTell ? Mark::CantTell : Mark::Fail;
}

QString verdictWord(const MatrixResult& result) {
  switch (result.verdict) {
    case MatrixVerdict::Running:
      return Words::tr("Running");
    case MatrixVerdict::Whole:
      return Words::tr("Whole");
    case MatrixVerdict::Diagonal:
      return Words::tr("Diagonal");
    case MatrixVerdict::Partial:
      return Words::tr("Partial");
    case MatrixVerdict::None:
      return Words::tr("None");
  }
  return {};
}

QString explanationOf(const MatrixResult& result) {
  if (!result.explanation.isEmpty()) return result.explanation;
  switch (result.verdict) {
    case MatrixVerdict::Running:
      return Words::tr("Cells fill in as the answers come.");
    case MatrixVerdict::Whole:
      return Words::tr("Every token is accepted everywhere.");
    case MatrixVerdict::Diagonal:
      return Words::tr(
          "403 off the diagonal: each instance knows only its own tokens. Memory mode without sticky routing.");
    case MatrixVerdict::Partial:
      return Words::tr("Some instances refuse or don’t answer.");
    case MatrixVerdict::None:
      return Words::tr("Nothing is accepted, not even where it was issued.");
  }
  return {};
}

Verdict verdictOf(const MatrixResult& result) {
  const Score score = scoreOf(result);
  const Mark mark = markOf(result);
  if (result.verdict == MatrixVerdict::Running) {
    return {mark, Words::tr("Running, %1 of %2 answers.").arg(score.answered).arg(score.total), explanationOf(result)};
  }
  const QString phrase =
      Words::tr("%1, %2 of %3 accepted.").arg(verdictWord(result)).arg(score.accepted).arg(score.total);
  const QString slowest =
      score.slowestMs ? Words::tr("Slowest answer %1.").arg(format::latency(score.slowestMs)) : QString();
  const bool whole = result.verdict == MatrixVerdict::Whole;  // else the bar below explains
  return {mark, phrase, whole ? QStringLiteral("%1 %2").arg(explanationOf(result), slowest).trimmed() : slowest};
}

bool hasRefusal(const MatrixResult& result) { return has(result, State::Refused); }

QString behindBalancer(const MatrixResult& result) {
  QStringList parts;
  for (const auto& [name, answers] : result.behindBalancer)
    parts << QStringLiteral("%1 %2").arg(name, answers > 0 ? format::count(answers) : Words::tr("none"));
  return parts.join(QStringLiteral(", "));
}

QByteArray csv(const QList<MatrixResult>& runs) {
  QByteArray text("time,verdict,issued_on,checked_on,answer,status,latency_ms,answered_by,correlation_id\n");
  const auto field = [](QString value) {
    // A spreadsheet must not take an instance's name for a formula.
    if (!value.isEmpty() && QStringLiteral("=+-@\t\r").contains(value.front())) value.prepend(u'\'');
    return '"' + value.replace(u'"', QStringLiteral("\"\"")).toUtf8() + '"';
  };
  for (const MatrixResult& run : runs) {
    for (const MatrixCell& cell : run.cells) {
      text += run.at.toString(Qt::ISODateWithMs).toUtf8() + ',' + verdictWord(run).toLower().toUtf8() + ',' +
              field(nameOf(run, cell.issuer)) + ',' + field(nameOf(run, cell.validator)) + ',' +
              stateWord(cell.state).toUtf8() + ',' + status(cell).toUtf8() + ',' +
              (answered(cell) ? QByteArray::number(cell.latencyMs, 'f', 3) : QByteArray()) + ',' +
              field(cell.answeredBy) + ',' + field(cell.correlationId) + '\n';
    }
  }
  return text;
}

}  // namespace vx11::ui::matrix
