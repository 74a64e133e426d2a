#include "charts/plot_area.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <cmath>
#include <utility>

#include "charts/plot_painter.h"
#include "charts/presence.h"
#include "widgets/focus_ring.h"
#include "widgets/metrics.h"

namespace vx11::ui {
namespace {

constexpr qreal fillShare = 0.16;       // opacity under a single curve
constexpr qint64 shortestZoom = 5'000;  // ms
constexpr qreal dragStart = 5;          // logical pixels
constexpr qreal nearby = 5;             // of an event's line

}  // namespace

PlotArea::PlotArea(ChartCursor& cursor, QWidget* parent) : QWidget(parent), cursor_(cursor) {
  setMouseTracking(true);
  setFocusPolicy(Qt::StrongFocus);
  setMinimumSize(160, 72);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
  connect(&cursor_, &ChartCursor::moved, this, qOverload<>(&QWidget::update));
  connect(&cursor_, &ChartCursor::bandChanged, this, qOverload<>(&QWidget::update));
}

PlotArea::~PlotArea() = default;

void PlotArea::setSpec(const ChartSpec& spec) {
  spec_ = spec;
  hidden_.assign(static_cast<std::size_t>(spec.curves.size()), false);
  data_.curves.clear();
  refresh();
}

void PlotArea::setData(ChartData data) {
  data_ = std::move(data);
  refresh();
  if (hoverX_ && underMouse()) cursor_.setAt(geometryNow().pointTimeAt(*hoverX_));
}

void PlotArea::setHidden(std::vector<bool> hidden) {
  hidden_ = std::move(hidden);
  refresh();
}

void PlotArea::setMarkWords(bool on) {
  markWords_ = on;
  refresh();
}

void PlotArea::refresh() {
  double greatest = data_.topAtLeast;
  for (std::size_t i = 0; i < data_.curves.size(); ++i) {
    if (!shown(i)) continue;
    for (const auto& point : data_.curves[i]) greatest = std::max(greatest, std::isnan(point.value) ? 0 : point.value);
  }
  for (const ChartLimit& limit : data_.limits) greatest = std::max(greatest, limit.value);
  top_ = niceTop(greatest, spec_.scale);
  forgetPicture();
}

void PlotArea::forgetPicture() {
  picture_ = {};
  if (!isVisible() || std::exchange(picturePromised_, true)) return;
  // In an event of its own: with new data for all charts of a page, one event that paints them all would be felt.
  QMetaObject::invokeMethod(
      this,
      [this] {
        picturePromised_ = false;
        if (picture_.isNull()) paintPicture();
        update();
      },
      Qt::QueuedConnection);
}

PlotGeometry PlotArea::geometryNow() const {
  const QFontMetricsF small(themeOf(palette()).font(FontRole::Small));
  // Room for five characters, whatever the labels are now: the plots of a column stand exactly below each other.
  const qreal left = std::ceil(small.horizontalAdvance(QStringLiteral("0,000"))) + 10;
  const qreal bottom = std::ceil(small.height()) + 5;
  const QRectF plot(left, small.height() / 2, width() - left - metrics::space8, height() - bottom - small.height() / 2);
  return {plot, data_.range, top_, data_.step};
}

QString PlotArea::wordsAt(qreal x) const {
  const PlotGeometry geometry = geometryNow();
  QStringList words;
  for (const ChartMark& mark : data_.marks) {
    if (std::abs(geometry.x(mark.at) - x) <= nearby) words += timeLabel(mark.at, 1000) + u' ' + mark.words;
  }
  for (const ChartGap& gap : data_.gaps) {
    if (geometry.x(gap.span.from) <= x && x <= geometry.x(gap.span.to)) words += gap.words;
  }
  return words.join(u'\n');
}

bool PlotArea::anyPoint() const {
  return std::any_of(data_.curves.begin(), data_.curves.end(), [](const auto& curve) { return !runs(curve).empty(); });
}

void PlotArea::paintPicture() {
  const Theme& theme = themeOf(palette());
  const PlotGeometry geometry = geometryNow();
  picture_ = QPixmap(size() * devicePixelRatioF());
  picture_.setDevicePixelRatio(devicePixelRatioF());
  picture_.fill(theme.color(Token::Base));
  QPainter painter(&picture_);
  PlotPainter plot(&painter, theme, geometry);
  plot.grid();
  if (data_.range.length() <= 0) return;
  plot.timeLabels();
  plot.gaps(data_.gaps);
  QList<CanvasCurve> curves;
  for (std::size_t i = 0; i < data_.curves.size() && i < static_cast<std::size_t>(spec_.curves.size()); ++i) {
    if (!shown(i)) continue;
    const CurveSpec& spec = spec_.curves.at(static_cast<qsizetype>(i));
    CanvasCurve curve{&data_.curves[i], seriesPen(spec.style, theme), Qt::NoBrush};
    if (spec.filled) {
      QColor fill = curve.pen.color();
      fill.setAlphaF(static_cast<float>(fillShare));
      curve.fill = fill;
    }
    curves.append(curve);
  }
  canvas_.paint(&painter, geometry.plot, data_.range, data_.step, top_, curves);
  plot.limits(data_.limits);
  plot.marks(data_.marks);
  if (markWords_) plot.words(data_.marks, data_.gaps);
  if (!data_.whenEmpty.isEmpty() && !anyPoint()) plot.message(data_.whenEmpty);
}

void PlotArea::paintEvent(QPaintEvent*) {
  if (picture_.isNull() || picture_.devicePixelRatio() != devicePixelRatioF()) paintPicture();
  const Theme& theme = themeOf(palette());
  const PlotGeometry geometry = geometryNow();
  QPainter painter(this);
  painter.drawPixmap(0, 0, picture_);
  PlotPainter plot(&painter, theme, geometry);
  if (cursor_.band()) plot.zoomBand(*cursor_.band());
  if (const auto at = cursor_.at(); at && data_.range.contains(*at)) {
    plot.cursor(*at);
    for (std::size_t i = 0; i < data_.curves.size(); ++i) {
      const double value = valueAt(data_.curves[i], *at);
      if (!shown(i) || std::isnan(value)) continue;
      plot.cursorDot(*at, value, theme.series(spec_.curves.at(static_cast<qsizetype>(i)).style.slot));
    }
  }
  if (hasFocus()) paintFocusRing(&painter, QRectF(rect()), metrics::controlRadius, theme);
}

bool PlotArea::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QWidget::event(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  const QString words = wordsAt(help->pos().x());
  if (words.isEmpty())
    QToolTip::hideText();
  else
    QToolTip::showText(help->globalPos(), words, this);
  return true;
}

void PlotArea::resizeEvent(QResizeEvent*) { forgetPicture(); }

void PlotArea::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() != QEvent::PaletteChange && event->type() != QEvent::FontChange) return;
  forgetPicture();
  update();
}

void PlotArea::mousePressEvent(QMouseEvent* event) {
  if (event->button() == Qt::LeftButton) pressX_ = event->position().x();
}

void PlotArea::mouseMoveEvent(QMouseEvent* event) {
  const PlotGeometry geometry = geometryNow();
  hoverX_ = event->position().x();
  cursor_.setAt(geometry.pointTimeAt(*hoverX_));
  if (!pressX_ || std::abs(*hoverX_ - *pressX_) < dragStart) return;
  const qint64 a = geometry.pointTimeAt(*pressX_), b = geometry.pointTimeAt(*hoverX_);
  if (a != b) cursor_.setBand(TimeSpan{std::min(a, b), std::max(a, b)});
}

void PlotArea::mouseReleaseEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton) return;
  pressX_.reset();
  const auto band = cursor_.band();
  cursor_.setBand({});
  if (band && band->length() >= shortestZoom) cursor_.requestZoom(*band);
}

void PlotArea::mouseDoubleClickEvent(QMouseEvent* event) {
  if (event->button() == Qt::LeftButton) cursor_.requestReset();
}

void PlotArea::leaveEvent(QEvent*) {
  if (!hoverX_) return;
  hoverX_.reset();
  cursor_.setAt({});
}

void PlotArea::moveCursorBy(qint64 ms) {
  const PlotGeometry geometry = geometryNow();
  hoverX_.reset();
  cursor_.setAt(geometry.snapped(cursor_.at().value_or(data_.range.to) + ms));
}

void PlotArea::keyPressEvent(QKeyEvent* event) {
  const qint64 jump = data_.step * (event->modifiers().testFlag(Qt::ShiftModifier) ? 10 : 1);
  switch (event->key()) {
    case Qt::Key_Left:
      return moveCursorBy(-jump);
    case Qt::Key_Right:
      return moveCursorBy(jump);
    case Qt::Key_Home:
      return moveCursorBy(data_.range.from - cursor_.at().value_or(data_.range.to));
    case Qt::Key_End:
      return moveCursorBy(data_.range.to - cursor_.at().value_or(data_.range.to));
    case Qt::Key_Escape:
      if (cursor_.band()) {
        pressX_.reset();
        return cursor_.setBand({});
      }
      return cursor_.requestReset();
    default:
      QWidget::keyPressEvent(event);
  }
}

}  // namespace vx11::ui
