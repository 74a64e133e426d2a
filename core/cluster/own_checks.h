// The checks of tokens that an operation itself caused, by instance: its gates, tests and probes are no refusals of
// anybody's client. No I/O.
#pragma once

#include <QHash>
#include <QJsonObject>

#include "cluster/matrix.h"
#include "cluster/rollback_runner.h"
#include "cluster/routing_probe.h"

namespace vx11::cluster {

class OwnChecks {
 public:
  void add(int slot, CheckAnswer::Verdict verdict);
  void add(const MatrixResult& result);
  /// Who isn't among them is nobody whose counters are read.
  void add(const RoutingProbe::Seen& seen, const QList<InstanceInfo>& instances);
  /// It begins to count anew.
  void forget(int slot) { own_.remove(slot); }

  /// What is left of an instance's own figures; never negative.
  [[nodiscard]] rollback::Counters without(int slot, const rollback::Counters& told) const;

  /// By id: slots differ from one run to the next.
  [[nodiscard]] QJsonObject saved(const QList<InstanceInfo>& instances) const;
  [[nodiscard]] static OwnChecks from(const QJsonObject& saved, const QList<InstanceInfo>& instances);

 private:
  QHash<int, rollback::Counters> own_;
};

}  // namespace vx11::cluster
