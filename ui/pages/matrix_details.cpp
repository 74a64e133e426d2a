#include "pages/matrix_details.h"

#include <QHBoxLayout>
#include <QMap>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

#include "platform/icons.h"
#include "widgets/key_value.h"
#include "widgets/metrics.h"

namespace vx11::ui {
namespace {

using cluster::MatrixCell;

/// "fra-1", or of several "fra-1 3, fra-2 1".
QString answerers(const QList<MatrixCell>& cells) {
  QMap<QString, int> counts;
  for (const MatrixCell& cell : cells)
    if (!cell.answeredBy.isEmpty()) ++counts[cell.answeredBy];
  if (cells.size() == 1 || counts.isEmpty()) return counts.isEmpty() ? format::unknown() : counts.firstKey();
  QStringList parts;
  for (auto it = counts.cbegin(); it != counts.cend(); ++it)
    parts << QStringLiteral("%1 %2").arg(it.key()).arg(it.value());
  return parts.join(QStringLiteral(", "));
}

}  // namespace

MatrixDetails::MatrixDetails(QWidget* parent) : Card({}, parent), shell_(new QPushButton(tr("Copy as shell"))) {
  auto* left = new KeyValueList;
  auto* right = new KeyValueList;
  answer_ = left->add(tr("Answer"), FontRole::Fixed);
  latency_ = left->add(tr("Latency"));
  by_ = right->add(tr("Answered by"));
  correlation_ = right->add(tr("Correlation id"), FontRole::Fixed);
  auto* log = new QPushButton(tr("Show in log"));
  log->setIcon(themedIcon(QStringLiteral("journal-text")));
  shell_->setIcon(themedIcon(QStringLiteral("terminal")));
  auto* buttons = new QVBoxLayout;
  buttons->setSpacing(metrics::space8);
  for (QPushButton* button : {shell_, log}) {
    button->setProperty("small", true);
    button->setFixedHeight(metrics::smallControl);
    buttons->addWidget(button);
  }
  auto* row = new QHBoxLayout;
  row->setSpacing(metrics::space24);
  row->addWidget(left, 1);
  row->addWidget(right, 1);
  row->addLayout(buttons);
  body()->addLayout(row);
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  connect(shell_, &QPushButton::clicked, this, &MatrixDetails::shellAsked);
  connect(log, &QPushButton::clicked, this, &MatrixDetails::logAsked);
}

void MatrixDetails::setShellReason(const QString& reason) {
  shell_->setEnabled(reason.isEmpty());
  shell_->setToolTip(reason.isEmpty() ? tr("The curl lines that do the same, with $VX11_OPERATOR_TOKEN") : reason);
}

void MatrixDetails::display(const cluster::MatrixResult& result, int issuer, int validator) {
  const matrix::Place place = matrix::placeOf(result, issuer, validator);
  setTitle(tr("%1 to %2").arg(matrix::nameOf(result, issuer), matrix::nameOf(result, validator)));
  setMark(place.mark);
  setHeaderWord(place.code, place.mark ? markWordColor(*place.mark) : Token::Text3);
  if (place.cells.isEmpty() || place.tone == matrix::Place::Tone::Pending) {
    for (KeyValueRow* row : {answer_, latency_, by_, correlation_}) row->setValue(tr("not run yet"), Token::Text3);
    return;
  }
  const bool one = place.cells.size() == 1;
  const auto of = [](const QString& value) {
    return std::pair(value, value == format::unknown() ? Token::Text3 : Token::Text);
  };
  const auto put = [&](KeyValueRow* row, const QString& value) { row->setValue(of(value).first, of(value).second); };
  put(answer_, one ? matrix::answerWords(place.cells.first()) : tr("%1 accepted").arg(place.code));
  put(by_, answerers(place.cells));
  const MatrixCell& slowest = *std::max_element(place.cells.begin(), place.cells.end(),
                                                [](const auto& a, const auto& b) { return a.latencyMs < b.latencyMs; });
  const bool measured = slowest.state != MatrixCell::State::NoAnswer && slowest.state != MatrixCell::State::NotIssued;
  put(latency_, !measured ? format::unknown()
                : one     ? format::latency(slowest.latencyMs)
                          : tr("at most %1").arg(format::latency(slowest.latencyMs)));
  const QString id = slowest.correlationId;
  put(correlation_, id.isEmpty() ? format::unknown() : id);
}

}  // namespace vx11::ui
