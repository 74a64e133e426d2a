// Where checks were answered in the last five minutes: from the instance's own cache, from Redis, or not at all.
#pragma once

#include "pages/overview_words.h"
#include "widgets/card.h"

namespace vx11::ui {

class LegendItem;
class MiniChart;

class CacheCard : public Card {
  Q_OBJECT
 public:
  explicit CacheCard(QWidget* parent = nullptr);
  void drawCurves(const QList<cluster::InstanceInfo>& instances, const cluster::History& history,
                  const overview::Look& look);

 private:
  MiniChart* chart_;
  LegendItem *local_, *redis_, *misses_;
};

}  // namespace vx11::ui
