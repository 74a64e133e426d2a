// The curves' names at the right of a chart's header: dash sample, name, value at the cursor. A click on a name hides
// its curve and strikes the name through; colours never move.
#pragma once

#include <QAbstractButton>
#include <QWidget>
#include <vector>

#include "charts/chart_data.h"

namespace vx11::ui {

/// How much of an entry there is room for.
enum class LegendDetail { Whole, NameOnly, DashOnly };

class LegendEntry : public QAbstractButton {
  Q_OBJECT
 public:
  explicit LegendEntry(const CurveSpec& spec, QWidget* parent = nullptr);
  void setValue(const QString& value);
  [[nodiscard]] QString value() const { return value_; }
  void setDetail(LegendDetail detail);
  [[nodiscard]] int widthFor(LegendDetail detail) const;
  [[nodiscard]] QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  CurveSpec spec_;
  QString value_;
  LegendDetail detail_ = LegendDetail::Whole;
  int valueWidth_ = 0;  ///< only grows, so that names stand still while figures change
};

/// Right-aligned; where it is too narrow drops the values, then takes two rows, then drops the names (the tool tips
/// keep them).
class Legend : public QWidget {
  Q_OBJECT
 public:
  explicit Legend(QWidget* parent = nullptr);
  void setCurves(const QList<CurveSpec>& curves);
  void setValues(const QStringList& values);
  [[nodiscard]] QString value(int curve) const;
  [[nodiscard]] bool isHidden(int curve) const;
  void setHidden(int curve, bool hidden);
  [[nodiscard]] QSize sizeHint() const override;
  [[nodiscard]] QSize minimumSizeHint() const override;

 Q_SIGNALS:
  void toggled();  ///< a curve was hidden or shown

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void arrange();
  /// The names alone, in columns; false: not even so is there room.
  bool arrangeInTwoRows();
  [[nodiscard]] int widthFor(LegendDetail detail) const;
  std::vector<LegendEntry*> entries_;
};

}  // namespace vx11::ui
