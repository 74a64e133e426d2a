// What an operation would do, by what is known now. The nginx file is read for it, so it is worked out at most once a
// second; who asks in between is told later.
#pragma once

#include <QTimer>

#include "cluster/cluster.h"

namespace vx11::ui {

class RollbackForesight : public QObject {
  Q_OBJECT
 public:
  explicit RollbackForesight(cluster::Cluster& cluster, QObject* parent = nullptr);
  /// The last outlook; of another spec than before, or after `refresh`, a new one follows within a second.
  void setSpec(const cluster::RollbackSpec& spec);
  void refresh();
  [[nodiscard]] const cluster::RollbackOutlook& outlook() const { return outlook_; }

 Q_SIGNALS:
  void changed();

 private:
  void work();

  cluster::Cluster& cluster_;
  cluster::RollbackSpec spec_;
  cluster::RollbackOutlook outlook_;
  QTimer wait_;
  qint64 workedAt_ = -1;
};

}  // namespace vx11::ui
