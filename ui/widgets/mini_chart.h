// A few curves on one small ground, without numbers on its axes: a card's picture beside its legend.
#pragma once

#include <QColor>
#include <QWidget>
#include <vector>

namespace vx11::ui {

/// One curve: `slot` is a chart colour (1 to 8), `values` are oldest first with NaN for "no answer".
struct MiniCurve {
  int slot = 1;
  bool dashed = false;
  std::vector<double> values;
};

class MiniChart : public QWidget {
  Q_OBJECT
 public:
  explicit MiniChart(const QString& accessibleName, QWidget* parent = nullptr);
  void setCurves(std::vector<MiniCurve> curves);
  void setIdle(bool idle);  ///< old data: no colour but idle's
  [[nodiscard]] QSize sizeHint() const override { return {220, 84}; }
  [[nodiscard]] QSize minimumSizeHint() const override { return {80, 60}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  std::vector<MiniCurve> curves_;
  bool idle_ = false;
};

/// A dash of the curve's colour, its name, and its value now below.
class LegendItem : public QWidget {
  Q_OBJECT
 public:
  LegendItem(const QString& name, int slot, bool dashed, QWidget* parent = nullptr);
  void setValue(const QString& value, bool stale);
  [[nodiscard]] QSize sizeHint() const override;
  [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  QString name_, value_;
  int slot_;
  bool dashed_, stale_ = false;
};

}  // namespace vx11::ui
