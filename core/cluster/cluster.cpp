#include "cluster/cluster.h"

namespace vx11::cluster {

const RedisInfo& Cluster::redis() const {
  static const RedisInfo none;
  return none;
}

PublishJob* Cluster::publish(const PublishSpec&) { return nullptr; }

MatrixJob* Cluster::testAcross(const MatrixSpec&) { return nullptr; }

RollbackJob* Cluster::rollBack(const RollbackSpec&) { return nullptr; }

RollbackOutlook Cluster::outlook(const RollbackSpec&) const { return {}; }

RollbackJob* Cluster::resumeRollback(const QString&, bool) { return nullptr; }

}  // namespace vx11::cluster
