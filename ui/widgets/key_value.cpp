#include "widgets/key_value.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include "widgets/elided_label.h"
#include "widgets/icon_label.h"
#include "widgets/metrics.h"
#include "widgets/text_label.h"

namespace vx11::ui {

KeyValueRow::KeyValueRow(const QString& label, FontRole valueRole, QWidget* parent)
    : QWidget(parent),
      label_(new TextLabel(label, FontRole::Body, Token::Text2)),
      clock_(new IconLabel(QStringLiteral("clock-history"), 12, Token::Idle)),
      value_(new ElidedLabel({}, valueRole, Token::Text, Qt::ElideMiddle)),
      unit_(new TextLabel({}, FontRole::Label, Token::Text3)),
      row_(new QHBoxLayout(this)) {
  setMinimumHeight(22);
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  value_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  row_->setContentsMargins(0, 0, 0, 0);
  row_->setSpacing(metrics::space4);
  row_->addWidget(label_);
  row_->addSpacing(metrics::space8);
  row_->addStretch(0);
  row_->addWidget(clock_);
  row_->addWidget(value_, 1);
  row_->addWidget(unit_);
  clock_->hide();
  unit_->hide();
}

void KeyValueRow::setLabel(const QString& label) {
  label_->setText(label);
  refresh();
}

void KeyValueRow::setValue(const QString& value, Token color) {
  value_->setText(value);
  unit_->hide();
  unit_->setText({});
  color_ = color;
  refresh();
}

void KeyValueRow::setQuantity(const format::Quantity& quantity) {
  value_->setText(quantity.number);
  unit_->setText(quantity.unit);
  unit_->setVisible(!quantity.unit.isEmpty());
  color_ = quantity.known ? Token::Text : Token::Text3;
  refresh();
}

void KeyValueRow::setStale(const QString& age) {
  age_ = age;
  refresh();
}

void KeyValueRow::setDetails(const QString& details) {
  details_ = details;
  setToolTip(details);
  value_->setDetails(details);
  refresh();
}

void KeyValueRow::addAfter(QWidget* widget) { row_->addWidget(widget); }

QString KeyValueRow::value() const {
  return unit_->text().isEmpty() ? value_->text() : format::Quantity{value_->text(), unit_->text(), true}.text();
}

void KeyValueRow::refresh() {
  const bool stale = !age_.isEmpty();
  clock_->setVisible(stale);
  clock_->setToolTip(age_);
  value_->setColor(stale ? Token::Text3 : color_);
  setAccessibleName(QStringLiteral("%1: %2").arg(label_->text(), value()));
  setAccessibleDescription(age_.isEmpty() || details_.isEmpty() ? age_ + details_ : age_ + u'\n' + details_);
}

KeyValueList::KeyValueList(QWidget* parent) : QWidget(parent) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
}

KeyValueRow* KeyValueList::add(const QString& label, FontRole valueRole) {
  auto* row = new KeyValueRow(label, valueRole);
  layout()->addWidget(row);
  return row;
}

void KeyValueList::setStale(const QString& age) {
  for (KeyValueRow* row : findChildren<KeyValueRow*>(Qt::FindDirectChildrenOnly)) row->setStale(age);
}

}  // namespace vx11::ui
