#include "widgets/segmented.h"

#include <QAbstractButton>
#include <QButtonGroup>
#include <QEvent>
#include <QFontMetrics>
#include <QHBoxLayout>
#include <QPainter>
#include <QPainterPath>

#include "widgets/focus_ring.h"
#include "widgets/metrics.h"

namespace vx11::ui {
namespace {

/// One segment; only the outer corners are round, and neighbours share a line.
class Segment : public QAbstractButton {
 public:
  Segment(const QString& text, bool first, bool last) : first_(first), last_(last) {
    setText(text);
    setCheckable(true);
    setFocusPolicy(Qt::ClickFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
  }
  [[nodiscard]] QSize sizeHint() const override {
    // The chosen one is bold: room for that always, so that nothing moves.
    const QFontMetrics metrics(themeOf(palette()).font(FontRole::BodyStrong));
    return {metrics.horizontalAdvance(text()) + 2 * metrics::space12, metrics::control};
  }

 protected:
  void paintEvent(QPaintEvent*) override {
    const Theme& theme = themeOf(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    // Wider than it is where it joins a neighbour, and clipped there: the corner falls outside.
    const qreal left = first_ ? 0.5 : -metrics::controlRadius - 1.0;
    const qreal right = last_ ? width() - 0.5 : width() + metrics::controlRadius + 1.0;
    const Token fill = isChecked() || isDown() ? Token::Raised : underMouse() ? Token::Base : Token::Alt;
    painter.setBrush(theme.color(isEnabled() ? fill : Token::Window));
    painter.setPen(theme.color(isEnabled() ? Token::BorderStrong : Token::Border));
    painter.drawRoundedRect(QRectF(QPointF(left, 0.5), QPointF(right, height() - 0.5)), metrics::controlRadius,
                            metrics::controlRadius);
    if (!first_) painter.drawLine(QPointF(0.5, 0.5), QPointF(0.5, height() - 0.5));
    painter.setFont(theme.font(isChecked() ? FontRole::BodyStrong : FontRole::Body));
    painter.setPen(theme.color(!isEnabled() ? Token::Text3 : isChecked() ? Token::Text : Token::Text2));
    painter.drawText(rect(), Qt::AlignCenter, text());
    if (hasFocus()) paintFocusRing(&painter, rect(), metrics::controlRadius, theme);
  }
  void changeEvent(QEvent* event) override {
    QAbstractButton::changeEvent(event);
    if (event->type() == QEvent::ApplicationFontChange) updateGeometry();
    update();
  }

 private:
  bool first_, last_;
};

}  // namespace

Segmented::Segmented(const QString& accessibleName, const QStringList& segments, QWidget* parent)
    : QWidget(parent), group_(new QButtonGroup(this)) {
  setAccessibleName(accessibleName);
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(0);
  for (int i = 0; i < segments.size(); ++i) {
    auto* segment = new Segment(segments.at(i), i == 0, i == segments.size() - 1);
    segment->setAccessibleDescription(accessibleName);
    group_->addButton(segment, i);
    row->addWidget(segment);
  }
  // Tab goes to the chosen one, also before any has had the keys.
  connect(group_, &QButtonGroup::idToggled, this,
          [this](int id, bool on) { group_->button(id)->setFocusPolicy(on ? Qt::StrongFocus : Qt::ClickFocus); });
  if (QAbstractButton* first = group_->button(0)) first->setChecked(true);
  connect(group_, &QButtonGroup::idToggled, this, [this](int id, bool on) {
    if (on) Q_EMIT changed(id);
  });
}

int Segmented::current() const { return group_->checkedId(); }

void Segmented::setCurrent(int index) {
  if (QAbstractButton* button = group_->button(index)) button->setChecked(true);
}

void Segmented::setSegmentDisabledBecause(int index, const QString& reason) {
  if (QAbstractButton* button = group_->button(index)) {
    button->setEnabled(reason.isEmpty());
    button->setToolTip(reason);
  }
}

}  // namespace vx11::ui
