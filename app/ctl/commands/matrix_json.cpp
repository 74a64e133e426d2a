#include "ctl/commands/matrix_json.h"

#include <QJsonArray>
#include <algorithm>

#include "cluster/matrix_verdict.h"
#include "ctl/words.h"

namespace vx11::ctl {
namespace {

using cluster::MatrixCell;
using cluster::MatrixResult;
using State = MatrixCell::State;

QString word(State state) {
  switch (state) {
    case State::Pending: break;
    case State::Accepted: return QStringLiteral("accepted");
    case State::Refused: return QStringLiteral("refused");
    case State::CantTell: return QStringLiteral("cant_tell");
    case State::NoAnswer: return QStringLiteral("no_answer");
    case State::NotIssued: return QStringLiteral("not_issued");
  }
  return QStringLiteral("pending");
}

QString nameOf(const MatrixResult& result, int member) {
  if (member == MatrixCell::balancer) return QStringLiteral("balancer");
  return result.names.value(result.members.indexOf(member));
}

QJsonObject toJson(const MatrixResult& result, const MatrixCell& cell) {
  const auto status = cell.httpStatus != 0 ? std::optional(qint64{cell.httpStatus}) : std::nullopt;
  const auto latency = cell.latencyMs > 0 ? std::optional(cell.latencyMs) : std::nullopt;
  return {{QStringLiteral("issuer"), nameOf(result, cell.issuer)},
          {QStringLiteral("validator"), nameOf(result, cell.validator)},
          {QStringLiteral("state"), word(cell.state)},
          {QStringLiteral("status"), orNull(status)},
          {QStringLiteral("latency_ms"), orNull(latency)},
          {QStringLiteral("answered_by"), orNull(cell.answeredBy)},
          {QStringLiteral("error"), orNull(cell.failure ? cell.failure.code : QString())},
          {QStringLiteral("correlation_id"), orNull(cell.correlationId)}};
}

Cell shown(const MatrixCell& cell) {
  const QString status = QString::number(cell.httpStatus);
  switch (cell.state) {
    case State::Pending: break;
    case State::Accepted: return {QStringLiteral("%1  %2").arg(status, inMs(cell.latencyMs)), Tone::Good};
    case State::Refused: return {QStringLiteral("%1  %2").arg(status, inMs(cell.latencyMs)), Tone::Bad};
    case State::CantTell: return {tr("%1  can't tell").arg(status), Tone::Doubtful};
    case State::NoAnswer:
      return {cell.failure.kind == cluster::Failure::Kind::Timeout ? tr("no answer in time") : tr("no answer"),
              Tone::Bad};
    case State::NotIssued: return {tr("no token"), Tone::Bad};
  }
  return {QStringLiteral("–"), Tone::Faint};
}

/// Of one place, which in the balancer's row and column has several cells.
Cell shown(const QList<MatrixCell>& cells) {
  if (cells.isEmpty()) return {QStringLiteral("–"), Tone::Faint};
  if (cells.size() == 1) return shown(cells.first());
  const auto accepted = std::count_if(cells.begin(), cells.end(),
                                      [](const MatrixCell& cell) { return cell.state == State::Accepted; });
  return {tr("%1 of %2").arg(accepted).arg(cells.size()), accepted == cells.size() ? Tone::Good : Tone::Bad};
}

}  // namespace

QJsonObject toJson(const MatrixResult& result) {
  QJsonArray cells;
  for (const MatrixCell& cell : result.cells) cells.append(toJson(result, cell));
  QJsonObject behind;
  for (const auto& [name, count] : result.behindBalancer) behind.insert(name.isEmpty() ? tr("untold") : name, count);
  QJsonObject object{{QStringLiteral("instances"), QJsonArray::fromStringList(result.names)},
                     {QStringLiteral("cells"), cells},
                     {QStringLiteral("verdict"), cluster::verdictWord(result.verdict)},
                     {QStringLiteral("explanation"), result.explanation}};
  if (!behind.isEmpty()) object.insert(QStringLiteral("behind_balancer"), behind);
  return object;
}

Table matrixTable(const MatrixResult& result) {
  QList<int> places = result.members;
  const bool balancer = std::any_of(result.cells.begin(), result.cells.end(),
                                    [](const MatrixCell& cell) { return cell.validator == MatrixCell::balancer; });
  if (balancer) places.append(MatrixCell::balancer);
  QList<Table::Column> columns{{tr("ISSUED ON")}};
  for (const int place : places) columns.append({tr("CHECKED ON %1").arg(nameOf(result, place))});
  Table table(columns);
  for (const int issuer : places) {
    QList<Cell> row{{nameOf(result, issuer)}};
    for (const int validator : places) {
      QList<MatrixCell> here;
      std::copy_if(result.cells.begin(), result.cells.end(), std::back_inserter(here), [&](const MatrixCell& cell) {
        return cell.issuer == issuer && cell.validator == validator;
      });
      row.append(shown(here));
    }
    table.add(row);
  }
  return table;
}

QString countsBehindBalancer(const MatrixResult& result) {
  QStringList parts;
  for (const auto& [name, count] : result.behindBalancer) {
    parts.append(QStringLiteral("%1 %2").arg(name.isEmpty() ? tr("untold") : name).arg(count));
  }
  return parts.join(QStringLiteral(", "));
}

}  // namespace vx11::ctl
