// The share of refused checks of every instance beside the plan, with the gate that it must stay under.
#pragma once

#include <QDateTime>
#include <QWidget>

#include "charts/chart_cursor.h"
#include "cluster/cluster.h"

namespace vx11::ui {

class TimeChart;

class RollbackRefused : public QWidget {
  Q_OBJECT
 public:
  explicit RollbackRefused(QWidget* parent = nullptr);
  /// `gate`: 0.01 is one in a hundred.
  void display(const cluster::Cluster& cluster, double gate, const QDateTime& wall);
  /// Where there is no place for it, it isn't shown.
  void setMayGiveWay(bool on);
  [[nodiscard]] const TimeChart& chart() const { return *chart_; }

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void setNames(const QStringList& names);

  ChartCursor cursor_;
  TimeChart* chart_;
  QStringList names_;
};

}  // namespace vx11::ui
