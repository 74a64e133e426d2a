// The Overview of a cluster that works: six sums, a card an instance, and what the cache, the newest tokens, Redis,
// the alerts and the log say.
#pragma once

#include "cluster/cluster.h"
#include "pages/overview_instance.h"

namespace vx11::ui {

class CacheCard;
class CardGrid;
class NewestTokens;
class RecentCard;
class SumStrip;

class NormalView : public QWidget {
  Q_OBJECT
 public:
  explicit NormalView(QWidget* parent = nullptr);
  /// Figures, countdowns and sentences.
  void display(cluster::Cluster& cluster, const overview::Look& look);
  /// Curves; once a second.
  void drawCurves(const cluster::Cluster& cluster, const overview::Look& look);
  void setAvailableWidth(int width);

 Q_SIGNALS:
  void chosen(int slot, vx11::ui::InstanceVerb verb);
  void allTokensRequested();
  void issueRequested();
  void logRequested();

 private:
  void matchCards(const QList<cluster::InstanceInfo>& instances);
  SumStrip* sums_;
  CardGrid* grid_;
  QList<InstanceCard*> instances_;
  NewestTokens* newest_;
  CacheCard* cache_;
  RecentCard* recent_;
  Card *redis_, *alerts_;
};

}  // namespace vx11::ui
