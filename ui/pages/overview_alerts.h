// The two worst alerts of a cluster, with what can be said to each at once; the whole text is in the dock.
#pragma once

#include "cluster/alert_watch.h"
#include "pages/overview_words.h"
#include "widgets/card.h"

namespace vx11::ui {

class AlertRow;
class EmptyState;
class TextLabel;

class AlertsCard : public Card {
  Q_OBJECT
 public:
  /// `watch` may be null. Low: where there is much else to show, nothing takes one line.
  AlertsCard(cluster::AlertWatch* watch, bool low, QWidget* parent = nullptr);
  void display(const cluster::Cluster& cluster);

 private:
  cluster::AlertWatch* watch_;
  QList<AlertRow*> rows_;
  QWidget* nothing_;
};

namespace overview {

/// What the page opens with while alerts fire: they are what to look at where nothing else is wrong. Those that
/// somebody has acknowledged or silenced say no more there.
[[nodiscard]] Verdict withAlerts(Verdict verdict, const cluster::AlertWatch* watch, const cluster::Cluster& cluster);

}  // namespace overview

}  // namespace vx11::ui
