// One chart over time as a card: title, unit and legend by us, the curves by Qt Charts behind CurveCanvas. Shows what
// it is given and keeps nothing else; the cursor is shared by all charts of a page.
#pragma once

#include <QWidget>

#include "charts/chart_data.h"

class QStackedLayout;

namespace vx11::ui {

class EmptyState;
class Legend;
class PlotArea;
class TextLabel;

class TimeChart : public QWidget {
  Q_OBJECT
 public:
  /// `cursor` outlives the chart.
  explicit TimeChart(ChartCursor& cursor, QWidget* parent = nullptr);

  /// Title and curves. Data that was there is gone; hidden curves show again.
  void setSpec(const ChartSpec& spec);
  [[nodiscard]] const ChartSpec& spec() const { return spec_; }
  /// Replaces everything drawn. Costs a repaint, at most one a second is meant.
  void setData(ChartData data);
  /// Instead of axes: one sentence for something that isn't used. Empty: axes again.
  void setNotUsed(const QString& sentence);
  void setMarkWords(bool on);

  [[nodiscard]] Legend& legend() const { return *legend_; }
  [[nodiscard]] PlotArea& plot() const { return *plot_; }
  /// Under the cursor, else the newest; NaN where there is none.
  [[nodiscard]] double value(int curve) const;
  /// As a screen reader says it: title, unit, each name with its newest value.
  [[nodiscard]] QString spoken() const;

 protected:
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void updateValues();
  [[nodiscard]] double newest(std::size_t curve) const;
  [[nodiscard]] QString valueText(int curve, double value) const;

  ChartCursor& cursor_;
  ChartSpec spec_;
  QString notUsed_;
  TextLabel* title_;
  TextLabel* unit_;
  Legend* legend_;
  PlotArea* plot_;
  EmptyState* empty_;
  QStackedLayout* stack_;
};

}  // namespace vx11::ui
