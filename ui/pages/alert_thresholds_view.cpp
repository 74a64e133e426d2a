#include "pages/alert_thresholds_view.h"

#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QEvent>
#include <QGridLayout>
#include <QScopedValueRollback>
#include <QSpinBox>
#include <cmath>

#include "pages/alert_words.h"
#include "widgets/link_button.h"
#include "widgets/metrics.h"
#include "widgets/text_label.h"

namespace vx11::ui {
namespace {

using cluster::AlertRule;
using cluster::AlertUnit;

constexpr int columnName = 0, columnSentence = 1, columnValue = 2, columnWait = 3, columnReset = 4;

/// What is shown of a ratio is its percentage.
double shownFactor(AlertUnit unit) { return unit == AlertUnit::Ratio ? 100 : 1; }

QString suffix(AlertUnit unit) {
  switch (unit) {
    case AlertUnit::None: break;
    case AlertUnit::Ratio: return AlertThresholdsView::tr(" %", "percent");
    case AlertUnit::PerSecond: return AlertThresholdsView::tr("/s");
    case AlertUnit::Factor: return AlertThresholdsView::tr(" ×", "times");
    case AlertUnit::Milliseconds: return AlertThresholdsView::tr(" ms");
  }
  return {};
}

/// "100/s" rather than "100.0/s".
class ThresholdBox : public QDoubleSpinBox {
 public:
  using QDoubleSpinBox::QDoubleSpinBox;
  [[nodiscard]] QString textFromValue(double value) const override {
    return locale().toString(value, 'f', value == std::floor(value) ? 0 : decimals());
  }
};

QDoubleSpinBox* newValue(const AlertRule& rule) {
  auto* value = new ThresholdBox;
  value->setDecimals(rule.unit == AlertUnit::Ratio ? 0 : 1);
  value->setRange(rule.unit == AlertUnit::Ratio ? 1 : 0.1, rule.unit == AlertUnit::Ratio ? 100 : 1'000'000);
  value->setSuffix(suffix(rule.unit));
  value->setAccelerated(true);
  value->setKeyboardTracking(false);
  value->setAccessibleName(AlertThresholdsView::tr("Threshold of %1").arg(cluster::alertName(rule.kind)));
  value->setFixedWidth(112);
  return value;
}

}  // namespace

AlertThresholdsView::AlertThresholdsView(QWidget* parent) : QScrollArea(parent) {
  setAccessibleName(tr("Thresholds"));
  setFrameShape(QFrame::NoFrame);
  setWidgetResizable(true);
  setFocusPolicy(Qt::NoFocus);
  auto* content = new QWidget;
  auto* grid = new QGridLayout(content);
  grid->setContentsMargins(metrics::space12, metrics::space4, metrics::space12, metrics::space12);
  grid->setHorizontalSpacing(metrics::space16);
  grid->setVerticalSpacing(metrics::space4);
  grid->setColumnStretch(columnSentence, 1);
  const auto head = [&](int column, const QString& text) {
    grid->addWidget(new TextLabel(text, FontRole::Label, Token::Text2), 0, column);
  };
  head(columnName, tr("Rule"));
  head(columnSentence, tr("What it watches"));
  head(columnValue, tr("Over"));
  head(columnWait, tr("For"));
  for (const AlertRule& rule : cluster::alertRules()) addLine(*grid, rule);
  grid->setRowStretch(grid->rowCount(), 1);
  setWidget(content);
  display({});
}

void AlertThresholdsView::addLine(QGridLayout& grid, const AlertRule& rule) {
  Line& one = line(rule.kind);
  const QString name = cluster::alertName(rule.kind);
  const int row = grid.rowCount();
  one.on = new QCheckBox(name);
  one.on->setToolTip(tr("Whether this rule is watched"));
  one.wait = new QSpinBox;
  one.wait->setRange(0, cluster::AlertThresholds::maxForSec);
  one.wait->setSingleStep(10);
  one.wait->setSuffix(tr(" s"));
  one.wait->setKeyboardTracking(false);
  one.wait->setAccessibleName(tr("How long %1 has to last").arg(name));
  one.wait->setFixedWidth(96);
  one.reset = new LinkButton(tr("Reset"));
  one.reset->setAccessibleName(tr("Reset %1").arg(name));
  auto* sentence = new TextLabel(alerts::ruleSentence(rule.kind), FontRole::Body, Token::Text2);
  sentence->setWordWrap(true);
  sentence->setMinimumWidth(160);
  grid.addWidget(one.on, row, columnName);
  grid.addWidget(sentence, row, columnSentence);
  if (rule.unit != AlertUnit::None) {
    one.value = newValue(rule);
    grid.addWidget(one.value, row, columnValue);
    connect(one.value, &QDoubleSpinBox::valueChanged, this, [this, &rule] { take(rule); });
  }
  grid.addWidget(one.wait, row, columnWait);
  grid.addWidget(one.reset, row, columnReset);
  connect(one.on, &QCheckBox::toggled, this, [this, &rule] { take(rule); });
  connect(one.wait, &QSpinBox::valueChanged, this, [this, &rule] { take(rule); });
  connect(one.reset, &QAbstractButton::clicked, this, [this, &rule] {
    if (thresholds_.set(rule.kind, {rule.threshold, rule.forSec, true})) Q_EMIT changed(thresholds_);
  });
  for (QWidget* field : {static_cast<QWidget*>(one.on), static_cast<QWidget*>(one.value),
                         static_cast<QWidget*>(one.wait), static_cast<QWidget*>(one.reset)}) {
    if (field == nullptr) continue;
    field->setFocusPolicy(Qt::StrongFocus);
    field->installEventFilter(this);
  }
}

void AlertThresholdsView::display(const cluster::AlertThresholds& thresholds) {
  if (displayed_ == thresholds) return;  // what somebody is typing stays
  const QScopedValueRollback guard(displaying_, true);
  displayed_ = thresholds_ = thresholds;
  for (const AlertRule& rule : cluster::alertRules()) {
    const cluster::AlertThreshold& threshold = thresholds.of(rule.kind);
    const Line& one = line(rule.kind);
    one.on->setChecked(threshold.on);
    if (one.value != nullptr) one.value->setValue(threshold.value * shownFactor(rule.unit));
    one.wait->setValue(threshold.forSec);
    one.reset->setVisible(!thresholds.isDefault(rule.kind));
  }
}

void AlertThresholdsView::take(const AlertRule& rule) {
  if (displaying_) return;
  const Line& one = line(rule.kind);
  const double value = one.value != nullptr ? one.value->value() / shownFactor(rule.unit) : rule.threshold;
  if (thresholds_.set(rule.kind, {value, one.wait->value(), one.on->isChecked()})) Q_EMIT changed(thresholds_);
}

bool AlertThresholdsView::eventFilter(QObject* watched, QEvent* event) {
  // The wheel scrolls; it changes no threshold that it only passes.
  if (event->type() == QEvent::Wheel && !static_cast<QWidget*>(watched)->hasFocus()) {
    event->ignore();
    return true;
  }
  if (event->type() == QEvent::FocusIn) ensureWidgetVisible(static_cast<QWidget*>(watched), 0, metrics::space8);
  return QScrollArea::eventFilter(watched, event);
}

}  // namespace vx11::ui
