// Tells the desktop of alerts that begin or end: what comes together is one notice, and there is never more than one
// in a while, however an alert flaps.
#pragma once

#include <QElapsedTimer>
#include <QList>
#include <QObject>
#include <QTimer>
#include <functional>

#include "cluster/alert_watch.h"
#include "platform/notifier.h"

namespace vx11::cluster {
class Cluster;
}

namespace vx11::ui {

class AlertNotices : public QObject {
  Q_OBJECT
 public:
  struct Pace {
    int gatherMs = 2'000;   ///< from the first change to its notice
    int atMostMs = 15'000;  ///< between two notices
  };

  /// All of them outlive it. `wanted`: asked before each notice.
  AlertNotices(cluster::Cluster& cluster, cluster::AlertWatch& watch, Notifier& notifier, std::function<bool()> wanted,
               Pace pace, QObject* parent = nullptr);

 private:
  void note(const cluster::Alert& alert);
  void tell();
  [[nodiscard]] Notice noticeOf(const QList<cluster::Alert>& news) const;

  cluster::Cluster& cluster_;
  Notifier& notifier_;
  std::function<bool()> wanted_;
  Pace pace_;
  QList<cluster::Alert> news_;
  QTimer timer_;
  QElapsedTimer sinceLast_;
};

}  // namespace vx11::ui
