#include "charts/legend.h"

#include <QEvent>
#include <QFontMetrics>
#include <QPainter>
#include <algorithm>
#include <numeric>

#include "widgets/focus_ring.h"
#include "widgets/metrics.h"

namespace vx11::ui {
namespace {

constexpr int sampleWidth = 18;
constexpr int rowHeight = 22, tightHeight = 15;  // two tight ones where the names need two rows
constexpr int inset = 2;  // room for the focus ring

QFont nameFont(const Theme& theme) { return theme.font(FontRole::Label); }

}  // namespace

LegendEntry::LegendEntry(const CurveSpec& spec, QWidget* parent) : QAbstractButton(parent), spec_(spec) {
  setText(spec.name);
  setCheckable(true);
  setChecked(true);
  setFocusPolicy(Qt::TabFocus);
  setCursor(Qt::PointingHandCursor);
  setValue({});
  connect(this, &QAbstractButton::toggled, this, [this] { setValue(value_); });
}

void LegendEntry::setValue(const QString& value) {
  value_ = value;
  const QString whole = value.isEmpty() ? spec_.name : spec_.name + u' ' + value;
  const QString verb = isChecked() ? tr("click to hide") : tr("click to show");
  if (const QString tip = whole + QStringLiteral("\n") + verb; tip != toolTip()) {
    setToolTip(tip);
    setAccessibleName(whole);
    setAccessibleDescription(verb);
    update();
  }
  const int width = QFontMetrics(nameFont(themeOf(palette()))).horizontalAdvance(value);
  if (width <= valueWidth_) return;
  valueWidth_ = width;
  updateGeometry();
}

void LegendEntry::setDetail(LegendDetail detail) {
  detail_ = detail;
  update();
}

int LegendEntry::widthFor(LegendDetail detail) const {
  int width = sampleWidth + 2 * inset;
  if (detail == LegendDetail::DashOnly) return width;
  width += metrics::space4 + QFontMetrics(nameFont(themeOf(palette()))).horizontalAdvance(spec_.name) + 1;
  return detail == LegendDetail::Whole && valueWidth_ > 0 ? width + metrics::space4 + valueWidth_ + 1 : width;
}

QSize LegendEntry::sizeHint() const { return {widthFor(detail_), rowHeight}; }

void LegendEntry::paintEvent(QPaintEvent*) {
  const Theme& theme = themeOf(palette());
  QPainter painter(this);
  QPen pen = seriesPen(spec_.style, theme);
  pen.setWidthF(qMax(pen.widthF(), 2.0));
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setOpacity(isChecked() ? 1 : 0.45);
  painter.setPen(pen);
  const qreal middle = height() / 2.0;
  painter.drawLine(QPointF(inset, middle), QPointF(inset + sampleWidth, middle));
  painter.setOpacity(1);

  if (detail_ != LegendDetail::DashOnly) {
    QFont font = nameFont(theme);
    const QFontMetrics metrics(font);
    int x = inset + sampleWidth + metrics::space4;
    font.setStrikeOut(!isChecked());
    painter.setFont(font);
    painter.setPen(theme.color(isChecked() ? (underMouse() ? Token::Text : Token::Text2) : Token::Text3));
    painter.drawText(QRect(x, 0, width() - x, height()), Qt::AlignLeft | Qt::AlignVCenter, spec_.name);
    x += metrics.horizontalAdvance(spec_.name) + 1 + metrics::space4;
    font.setStrikeOut(false);
    painter.setFont(font);
    painter.setPen(theme.color(isChecked() ? Token::Text : Token::Text3));
    if (detail_ == LegendDetail::Whole) {
      painter.drawText(QRect(x, 0, width() - inset - x, height()), Qt::AlignLeft | Qt::AlignVCenter, value_);
    }
  }
  if (hasFocus()) paintFocusRing(&painter, QRectF(rect()).adjusted(0, 1, 0, -1), metrics::controlRadius, theme);
}

void LegendEntry::changeEvent(QEvent* event) {
  QAbstractButton::changeEvent(event);
  if (event->type() != QEvent::ApplicationFontChange) return;
  valueWidth_ = 0;
  setValue(value_);
}

Legend::Legend(QWidget* parent) : QWidget(parent) { setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed); }

void Legend::setCurves(const QList<CurveSpec>& curves) {
  for (LegendEntry* entry : entries_) {
    entry->hide();
    entry->deleteLater();
  }
  entries_.clear();
  for (const CurveSpec& curve : curves) {
    auto* entry = new LegendEntry(curve, this);
    connect(entry, &QAbstractButton::toggled, this, &Legend::toggled);
    entry->show();
    entries_.push_back(entry);
  }
  updateGeometry();
  arrange();
}

void Legend::setValues(const QStringList& values) {
  const int before = widthFor(LegendDetail::Whole);
  for (std::size_t i = 0; i < entries_.size(); ++i) entries_[i]->setValue(values.value(static_cast<qsizetype>(i)));
  if (widthFor(LegendDetail::Whole) == before) return;
  updateGeometry();
  arrange();
}

QString Legend::value(int curve) const { return entries_.at(static_cast<std::size_t>(curve))->value(); }
bool Legend::isHidden(int curve) const { return !entries_.at(static_cast<std::size_t>(curve))->isChecked(); }
void Legend::setHidden(int curve, bool hidden) { entries_.at(static_cast<std::size_t>(curve))->setChecked(!hidden); }

int Legend::widthFor(LegendDetail detail) const {
  int width = 0;
  for (const LegendEntry* entry : entries_) width += entry->widthFor(detail) + (width > 0 ? metrics::space8 : 0);
  return width;
}

QSize Legend::sizeHint() const { return {widthFor(LegendDetail::Whole), 2 * tightHeight}; }
QSize Legend::minimumSizeHint() const { return {widthFor(LegendDetail::DashOnly), 2 * tightHeight}; }

void Legend::resizeEvent(QResizeEvent*) { arrange(); }

bool Legend::arrangeInTwoRows() {
  const std::size_t columns = (entries_.size() + 1) / 2;
  std::vector<int> widths(columns, 0);
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    int& widest = widths[i % columns];
    widest = std::max(widest, entries_[i]->widthFor(LegendDetail::NameOnly));
  }
  const int gaps = (static_cast<int>(columns) - 1) * metrics::space8;
  const int left = width() - std::accumulate(widths.begin(), widths.end(), gaps);
  if (left < 0) return false;
  int x = left;
  const int top = (height() - 2 * tightHeight) / 2;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (i == columns) x = left;
    entries_[i]->setDetail(LegendDetail::NameOnly);
    entries_[i]->setGeometry(x, i < columns ? top : top + tightHeight, widths[i % columns], tightHeight);
    x += widths[i % columns] + metrics::space8;
  }
  return true;
}

void Legend::arrange() {
  auto detail = LegendDetail::Whole;
  if (widthFor(detail) > width()) detail = LegendDetail::NameOnly;
  if (widthFor(detail) > width()) {
    if (arrangeInTwoRows()) return;
    detail = LegendDetail::DashOnly;
  }
  int x = width() - widthFor(detail);
  for (LegendEntry* entry : entries_) {
    entry->setDetail(detail);
    entry->setGeometry(x, (height() - rowHeight) / 2, entry->widthFor(detail), rowHeight);
    x += entry->width() + metrics::space8;
  }
}

}  // namespace vx11::ui
