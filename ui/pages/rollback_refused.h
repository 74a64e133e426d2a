// Refused checks a second of every instance, beside the plan: what a change of mode must not raise.
#pragma once

#include <QDateTime>
#include <QList>

#include "cluster/cluster.h"
#include "widgets/card.h"

class QGridLayout;

namespace vx11::ui {

class LegendItem;
class MiniChart;

class RollbackRefused : public Card {
  Q_OBJECT
 public:
  explicit RollbackRefused(QWidget* parent = nullptr);
  void display(const cluster::Cluster& cluster, const QDateTime& wall);

 private:
  void makeLegend(const QStringList& names);
  MiniChart* chart_;
  QGridLayout* legend_;
  QStringList names_;
  QList<LegendItem*> items_;
};

}  // namespace vx11::ui
