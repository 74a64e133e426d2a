#include "charts/time_chart.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>
#include <QStackedLayout>
#include <algorithm>
#include <cmath>
#include <limits>

#include "charts/legend.h"
#include "charts/plot_area.h"
#include "charts/presence.h"
#include "widgets/empty_state.h"
#include "widgets/format.h"
#include "widgets/metrics.h"
#include "widgets/text_label.h"

namespace vx11::ui {
namespace {

constexpr int headerHeight = 30;

/// Before it nobody was asked; the least number where there is no value at all.
qint64 firstValueAt(const ChartData& shown) {
  qint64 first = std::numeric_limits<qint64>::max();
  for (const auto& curve : shown.curves) {
    const auto point =
        std::find_if(curve.begin(), curve.end(), [](const auto& each) { return !std::isnan(each.value); });
    if (point != curve.end()) first = std::min(first, point->at);
  }
  return first == std::numeric_limits<qint64>::max() ? std::numeric_limits<qint64>::min() : first;
}

}  // namespace

TimeChart::TimeChart(ChartCursor& cursor, QWidget* parent)
    : QWidget(parent),
      cursor_(cursor),
      title_(new TextLabel({}, FontRole::CardTitle)),
      unit_(new TextLabel({}, FontRole::Label, Token::Text3)),
      legend_(new Legend),
      plot_(new PlotArea(cursor)),
      empty_(new EmptyState(QStringLiteral("slash-circle"), {})) {
  auto* header = new QHBoxLayout;
  header->setContentsMargins(metrics::cardPaddingX, 0, metrics::cardPaddingX - 2, 0);
  header->setSpacing(metrics::space12);
  header->addWidget(title_);
  header->addWidget(unit_);
  header->addWidget(legend_, 1);
  header->addStretch();
  auto* headerRow = new QWidget;
  headerRow->setFixedHeight(headerHeight);
  headerRow->setLayout(header);

  auto* body = new QWidget;
  stack_ = new QStackedLayout(body);
  stack_->addWidget(plot_);
  stack_->addWidget(empty_);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(1, 1, 1, metrics::space4);
  column->setSpacing(0);
  column->addWidget(headerRow);
  column->addWidget(body, 1);

  connect(legend_, &Legend::toggled, this, [this] {
    std::vector<bool> hidden;
    for (int i = 0; i < spec_.curves.size(); ++i) hidden.push_back(legend_->isHidden(i));
    plot_->setHidden(std::move(hidden));
  });
  connect(&cursor_, &ChartCursor::moved, this, &TimeChart::updateValues);
}

void TimeChart::setSpec(const ChartSpec& spec) {
  spec_ = spec;
  title_->setText(spec.title);
  unit_->setText(spec.unit);
  legend_->setCurves(spec.curves);
  plot_->setSpec(spec);
  updateValues();
}

void TimeChart::setData(ChartData shown) {
  plot_->setData(std::move(shown));
  updateValues();
}

void TimeChart::setNotUsed(const QString& sentence) {
  if (sentence == notUsed_) return;
  notUsed_ = sentence;
  empty_->setSentence(sentence);
  legend_->setVisible(sentence.isEmpty());
  unit_->setVisible(sentence.isEmpty());
  stack_->setCurrentWidget(sentence.isEmpty() ? static_cast<QWidget*>(plot_) : empty_);
  updateValues();
}

void TimeChart::setMarkWords(bool on) { plot_->setMarkWords(on); }

double TimeChart::value(int curve) const {
  const auto& curves = plot_->data().curves;
  const auto index = static_cast<std::size_t>(curve);
  if (index >= curves.size()) return std::nan("");
  return cursor_.at() ? valueAt(curves[index], *cursor_.at()) : newest(index);
}

double TimeChart::newest(std::size_t curve) const {
  const ChartData& shown = plot_->data();
  if (curve < shown.newest.size()) return shown.newest[curve];
  return curve < shown.curves.size() ? newestValue(shown.curves[curve]) : std::nan("");
}

QString TimeChart::valueText(int curve, double value) const {
  const CurveSpec& spec = spec_.curves.at(curve);
  if (!std::isnan(value)) return spec.format ? spec.format(value) : axisLabel(value);
  if (plot_->data().curves.empty()) return {};
  const qint64 at = cursor_.at().value_or(plot_->data().range.to);
  for (const ChartGap& gap : plot_->data().gaps) {
    if (gap.whole && gap.span.contains(at)) return tr("no answer");
  }
  return spec.whenNone.isEmpty() || at < firstValueAt(plot_->data()) ? format::unknown() : spec.whenNone;
}

QString TimeChart::spoken() const {
  if (!notUsed_.isEmpty()) return QStringLiteral("%1. %2").arg(spec_.title, notUsed_);
  QStringList values;
  for (int i = 0; i < spec_.curves.size(); ++i) {
    values += spec_.curves.at(i).name + u' ' + valueText(i, newest(static_cast<std::size_t>(i)));
  }
  return QStringLiteral("%1, %2. %3").arg(spec_.title, spec_.unit, values.join(QStringLiteral(", ")));
}

void TimeChart::updateValues() {
  QStringList values;
  for (int i = 0; i < spec_.curves.size(); ++i) values += valueText(i, value(i));
  legend_->setValues(values);
  const QString words = spoken();
  if (plot_->accessibleName() == words) return;
  plot_->setAccessibleName(words);
  setAccessibleName(words);
}

void TimeChart::paintEvent(QPaintEvent*) {
  const Theme& theme = themeOf(palette());
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setBrush(theme.color(Token::Base));
  painter.setPen(QPen(theme.color(Token::Border), 1));
  painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), metrics::cardRadius, metrics::cardRadius);
}

void TimeChart::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) update();
}

}  // namespace vx11::ui
