// What a job of LiveCluster may use of it. Outlives every job.
#pragma once

#include <functional>
#include <memory>

#include "cluster/cluster.h"
#include "cluster/instance_client.h"
#include "cluster/token_book.h"

namespace vx11::cluster {

struct BalancerVisitor;

struct JobContext {
  TokenBook& book;
  const QList<InstanceInfo>& instances;
  std::function<InstanceClient*(int slot)> client;   ///< null: not connected, or known to be stopped
  std::function<InstanceClient*()> balancer;         ///< null: the profile has none
  std::function<std::unique_ptr<BalancerVisitor>()> visitor;  ///< likewise, and with connections of its own
  std::function<bool()> canChange;
  std::function<bool()> permissionLapsed;  ///< what was begun with it may end, nothing may begin
  std::function<void(Severity, const QString& event, const QVariantMap& fields, const QString& correlationId)> log;
  std::function<qint64()> now, wallMs;

  [[nodiscard]] QString nameOf(int slot) const {
    return slot >= 0 && slot < instances.size() ? instances[slot].id : QString();
  }
};

/// Requests of one job under way at once.
inline constexpr int jobWidth = 8;

[[nodiscard]] inline Failure failureOf(Failure::Kind kind, const QString& code) {
  Failure failure;
  failure.kind = kind;
  failure.code = code;
  return failure;
}

/// The fields of a failure that a log line carries.
[[nodiscard]] inline QVariantMap fieldsOf(const Failure& failure) {
  QVariantMap fields{{QStringLiteral("reason"), failure.code}};
  if (failure.httpStatus != 0) fields.insert(QStringLiteral("status"), failure.httpStatus);
  if (!failure.instance.isEmpty()) fields.insert(QStringLiteral("instance"), failure.instance);
  return fields;
}

}  // namespace vx11::cluster
