// The strip of six sums over all instances. A sum says who reported; a percentile is the worst instance's, never an
// average; a ratio is the ratio of sums.
#pragma once

#include <QWidget>

#include "pages/overview_words.h"

namespace vx11::ui {

class Figure;
class Sparkline;

class SumStrip : public QWidget {
  Q_OBJECT
 public:
  explicit SumStrip(QWidget* parent = nullptr);
  /// The figures; at most four times a second.
  void display(const QList<cluster::InstanceInfo>& instances, const cluster::History& history,
               const overview::Look& look);
  /// The curves of the last 5 min; once a second.
  void drawCurves(const cluster::History& history, const overview::Look& look);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;

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
