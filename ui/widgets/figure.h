// A measured number with its label: large on a card, or in body size. The unit is quieter than the number; an unknown
// number is the word, in Text3; a stale one is greyed and says its age.
#pragma once

#include <QWidget>

#include "widgets/format.h"

class QHBoxLayout;

namespace vx11::ui {

class ElidedLabel;

class Figure : public QWidget {
  Q_OBJECT
 public:
  enum class Size { Large, Small };

  explicit Figure(const QString& label, Size size = Size::Large, QWidget* parent = nullptr);
  void setLabel(const QString& label);
  void setQuantity(const format::Quantity& quantity);
  void setCount(std::optional<qint64> count);
  void setSub(const QString& sub);           ///< a line below; empty: none
  void setStale(const QString& age);         ///< "12 s old"; empty: fresh
  void setBeside(QWidget* widget);           ///< at the right of the number: its sparkline
  [[nodiscard]] QString text() const;        ///< number and unit, as read aloud

 protected:
  void changeEvent(QEvent* event) override;

 private:
  class Value;
  void refresh();
  ElidedLabel* label_;
  Value* value_;
  ElidedLabel* sub_;
  QHBoxLayout* row_;
  QString subText_, age_;
};

}  // namespace vx11::ui
