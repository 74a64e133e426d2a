// The strip of six sums over all instances. A sum says who reported; a percentile is the worst instance's, never an
// average; a ratio is the ratio of sums.
#pragma once

#include "pages/overview_words.h"
#include "widgets/figure_strip.h"

namespace vx11::cluster {
class AlertWatch;
}

namespace vx11::ui {

class Sparkline;

class SumStrip : public FigureStrip {
  Q_OBJECT
 public:
  explicit SumStrip(QWidget* parent = nullptr);
  /// The figures; at most four times a second.
  void display(const QList<cluster::InstanceInfo>& instances, const cluster::History& history,
               const overview::Look& look);
  /// A curve whose rule fires anywhere turns amber; after `display`.
  void showAlarms(const cluster::AlertWatch& watch);
  /// The curves of the last 5 min; once a second.
  void drawCurves(const cluster::History& history, const overview::Look& look);

 private:
  struct Cell {
    Figure* figure;
    Sparkline* curve;
  };
  Cell addCell(const QString& label);
  Cell tokens_, streams_, issued_, checked_, p95_, ratio_;
  QList<Cell> cells_;
};

}  // namespace vx11::ui
