// A small curve without axes: how a number went over the last five minutes. A gap in the data is a gap in the line.
#pragma once

#include <QPolygonF>
#include <QRectF>
#include <QWidget>
#include <vector>

#include "platform/theme.h"

class QPainter;

namespace vx11::ui {

/// The pieces of a curve through equally spaced `values` between NaNs, in `rect`, y from 0 at the bottom to `top`.
[[nodiscard]] std::vector<QPolygonF> curvePieces(const std::vector<double>& values, const QRectF& rect, double top);
/// The largest finite value; 0 when there is none.
[[nodiscard]] double largestOf(const std::vector<double>& values);

class Sparkline : public QWidget {
  Q_OBJECT
 public:
  enum class Tone { Quiet, Warning, Idle };

  explicit Sparkline(const QString& accessibleName, QWidget* parent = nullptr);
  void setValues(std::vector<double> values);  ///< oldest first; NaN: no answer
  [[nodiscard]] const std::vector<double>& values() const { return values_; }
  void setTone(Tone tone);
  [[nodiscard]] QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  std::vector<double> values_;
  Tone tone_ = Tone::Quiet;
};

}  // namespace vx11::ui
