// Label at the left, value at the right, a row each: how a card tells its facts.
#pragma once

#include <QWidget>

#include "platform/theme.h"
#include "widgets/format.h"

class QHBoxLayout;

namespace vx11::ui {

class ElidedLabel;
class TextLabel;
class IconLabel;

/// One row, 22 high. A stale value is greyed, with a clock mark and its age.
class KeyValueRow : public QWidget {
  Q_OBJECT
 public:
  explicit KeyValueRow(const QString& label, FontRole valueRole = FontRole::Body, QWidget* parent = nullptr);
  void setLabel(const QString& label);
  void setValue(const QString& value, Token color = Token::Text);
  void setQuantity(const format::Quantity& quantity);  ///< the unit in Text3; unknown in Text3
  void setStale(const QString& age);                   ///< "12 s old"; empty: fresh
  void setDetails(const QString& details);             ///< in the tool tip, and for a screen reader
  void addAfter(QWidget* widget);                      ///< at the right of the value: eye, copy
  [[nodiscard]] QString value() const;

 private:
  void refresh();
  TextLabel* label_;
  IconLabel* clock_;
  ElidedLabel* value_;
  TextLabel* unit_;
  QHBoxLayout* row_;
  Token color_ = Token::Text;
  QString age_, details_;
};

/// Rows in order.
class KeyValueList : public QWidget {
  Q_OBJECT
 public:
  explicit KeyValueList(QWidget* parent = nullptr);
  KeyValueRow* add(const QString& label, FontRole valueRole = FontRole::Body);
  void setStale(const QString& age);  ///< all rows
};

}  // namespace vx11::ui
