#include "widgets/figure.h"

#include <QEvent>
#include <QFontMetrics>
#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>

#include "platform/icons.h"
#include "widgets/elided_label.h"

namespace vx11::ui {

/// Number and unit on one base line.
class Figure::Value : public QWidget {
 public:
  explicit Value(Size size) : size_(size) { setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed); }

  void set(const format::Quantity& quantity) {
    if (quantity.number == quantity_.number && quantity.unit == quantity_.unit && quantity.known == quantity_.known)
      return;
    quantity_ = quantity;
    updateGeometry();
    update();
  }
  void setStale(bool stale) {
    if (stale == stale_) return;
    stale_ = stale;
    updateGeometry();
    update();
  }
  [[nodiscard]] const format::Quantity& quantity() const { return quantity_; }

  [[nodiscard]] QSize sizeHint() const override {
    const Theme& theme = themeOf(palette());
    int width = QFontMetrics(numberFont(theme)).horizontalAdvance(quantity_.number) + 1;
    if (!quantity_.unit.isEmpty()) width += gap + QFontMetrics(unitFont(theme)).horizontalAdvance(quantity_.unit);
    if (stale_) width += clock + gap;
    return {width, QFontMetrics(theme.font(size_ == Size::Large ? FontRole::Figure : FontRole::Body)).height()};
  }
  [[nodiscard]] QSize minimumSizeHint() const override { return {24, sizeHint().height()}; }

 protected:
  void paintEvent(QPaintEvent*) override {
    const Theme& theme = themeOf(palette());
    QPainter painter(this);
    const QFontMetrics line(theme.font(size_ == Size::Large ? FontRole::Figure : FontRole::Body));
    const int base = line.ascent();
    int x = 0;
    if (stale_) {
      painter.drawPixmap(0, (height() - clock) / 2,
                         iconPixmap(QStringLiteral("clock-history"), theme.color(Token::Idle), clock,
                                    devicePixelRatioF()));
      x = clock + gap;
    }
    painter.setFont(numberFont(theme));
    const QFontMetrics metrics(painter.font());
    const QString number = metrics.elidedText(quantity_.number, Qt::ElideRight, std::max(0, width() - x));
    painter.setPen(theme.color(stale_ || !quantity_.known ? Token::Text3 : Token::Text));
    painter.drawText(x, base, number);
    x += metrics.horizontalAdvance(number) + gap;
    painter.setFont(unitFont(theme));
    painter.setPen(theme.color(Token::Text3));
    painter.drawText(x, base, quantity_.unit);
  }
  void changeEvent(QEvent* event) override {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::ApplicationFontChange) updateGeometry();
    if (event->type() == QEvent::PaletteChange) update();
  }

 private:
  static constexpr int gap = 3, clock = 12;
  [[nodiscard]] QFont numberFont(const Theme& theme) const {
    return theme.font(size_ == Size::Large && quantity_.known ? FontRole::Figure : FontRole::Body);
  }
  [[nodiscard]] QFont unitFont(const Theme& theme) const { return theme.font(FontRole::Label); }
  Size size_;
  format::Quantity quantity_{format::unknown(), {}, false};
  bool stale_ = false;
};

Figure::Figure(const QString& label, Size size, QWidget* parent)
    : QWidget(parent),
      label_(new ElidedLabel(label, FontRole::Label, Token::Text2)),
      value_(new Value(size)),
      sub_(new ElidedLabel({}, FontRole::Label, Token::Text2)),
      row_(new QHBoxLayout) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(size == Size::Large ? 2 : 0);
  column->addWidget(label_);
  row_->setSpacing(8);
  row_->addWidget(value_, 1);
  column->addLayout(row_);
  column->addWidget(sub_);
  sub_->hide();
  refresh();
}

void Figure::setLabel(const QString& label) {
  label_->setText(label);
  refresh();
}

void Figure::setQuantity(const format::Quantity& quantity) {
  value_->set(quantity);
  refresh();
}

void Figure::setCount(std::optional<qint64> count) { setQuantity({format::count(count), {}, count.has_value()}); }

void Figure::setSub(const QString& sub) {
  subText_ = sub;
  refresh();
}

void Figure::setStale(const QString& age) {
  age_ = age;
  refresh();
}

void Figure::setBeside(QWidget* widget) {
  value_->setSizePolicy(QSizePolicy::Minimum, QSizePolicy::Fixed);
  row_->addWidget(widget, 0, Qt::AlignVCenter);
}

QString Figure::text() const { return value_->quantity().text(); }

void Figure::refresh() {
  value_->setStale(!age_.isEmpty() && value_->quantity().known);
  value_->setToolTip(age_);
  sub_->setText(subText_);
  sub_->setVisible(!subText_.isEmpty());
  setAccessibleName(QStringLiteral("%1: %2").arg(label_->text(), text()));
  setAccessibleDescription(age_.isEmpty() ? subText_ : age_);
}

void Figure::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::LanguageChange) refresh();
}

}  // namespace vx11::ui
