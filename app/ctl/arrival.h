// Waits until the instances of a cluster are all found and each has answered, or failed to: what is known then is all
// there is to know.
#pragma once

#include <QObject>
#include <QTimer>

#include "cluster/cluster.h"

namespace vx11::ctl {

class Arrival final : public QObject {
  Q_OBJECT
 public:
  /// The cluster outlives it.
  explicit Arrival(const cluster::Cluster& cluster, QObject* parent = nullptr);

 Q_SIGNALS:
  /// Once, from the event loop; at the latest after `longest`.
  void over();

 private:
  void look();
  void end();

  const cluster::Cluster& cluster_;
  QTimer limit_;
  bool over_ = false;
};

}  // namespace vx11::ctl
