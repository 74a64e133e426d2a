// The Overview of a cluster that works: six sums, a card an instance, and what the cache, the balancer, the newest
// tokens, Redis, the alerts and the log say.
#pragma once

#include "cluster/cluster.h"
#include "pages/overview_instance.h"
#include "pages/page.h"

namespace vx11::ui {

class AlertsCard;
class BalancerCard;
class CacheCard;
class CardGrid;
class NewestTokens;
class RecentCard;
class RedisCard;
class SumStrip;

class NormalView : public QWidget {
  Q_OBJECT
 public:
  explicit NormalView(cluster::AlertWatch* alerts, QWidget* parent = nullptr);
  /// Figures, countdowns and sentences; `instances` are the judged ones.
  void display(cluster::Cluster& cluster, const QList<cluster::InstanceInfo>& instances, const overview::Look& look);
  /// Curves; once a second.
  void drawCurves(const cluster::Cluster& cluster, const overview::Look& look);
  void setAvailableWidth(int width);
  /// Gives an instance's card the keys, where it has one already.
  void focusInstance(int slot);

 Q_SIGNALS:
  void chosen(int slot, vx11::ui::InstanceVerb verb);
  void allTokensRequested();
  void issueRequested();
  void logRequested();
  void pageRequested(vx11::ui::PageId page);
  void copyRequested(const QString& address);

 private:
  void matchCards(cluster::Cluster& cluster);
  void showAlarms(const QList<cluster::InstanceInfo>& instances);
  void placeCards();
  SumStrip* sums_;
  CardGrid* grid_;
  QList<InstanceCard*> instances_;
  NewestTokens* newest_;
  CacheCard* cache_;
  RecentCard* recent_;
  RedisCard* redis_;
  BalancerCard* balancer_;
  cluster::AlertWatch* watch_;  ///< may be null
  AlertsCard *alerts_, *alertsLine_;  ///< the same, as a card of its own and low, over what happened
  QWidget* traffic_;  ///< the cache, over the balancer
  QWidget* side_;     ///< the alerts, over what happened; of several instances
  int columns_ = 4;
};

}  // namespace vx11::ui
