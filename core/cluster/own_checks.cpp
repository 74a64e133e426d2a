#include "cluster/own_checks.h"

#include <algorithm>

#include "cluster/json_fields.h"

namespace vx11::cluster {

using rollback::Counters;
using Verdict = CheckAnswer::Verdict;

void OwnChecks::add(int slot, Verdict verdict) {
  if (verdict == Verdict::NoAnswer) return;
  Counters& own = own_[slot];
  ++own.checks;
  if (verdict == Verdict::Refused) ++own.refused;
}

void OwnChecks::add(const MatrixResult& result) {
  for (const MatrixCell& cell : result.cells) {
    if (cell.validator == MatrixCell::balancer) continue;
    if (cell.state == MatrixCell::State::Accepted) add(cell.validator, Verdict::Accepted);
    if (cell.state == MatrixCell::State::Refused) add(cell.validator, Verdict::Refused);
    if (cell.state == MatrixCell::State::CantTell) add(cell.validator, Verdict::CantTell);
  }
}

void OwnChecks::add(const RoutingProbe::Seen& seen, const QList<InstanceInfo>& instances) {
  for (const InstanceInfo& instance : instances) {
    if (!seen.checked.contains(instance.id)) continue;
    Counters& own = own_[instance.slot];
    own.checks += seen.checked.value(instance.id);
    own.refused += seen.refused.value(instance.id);
  }
}

Counters OwnChecks::without(int slot, const Counters& told) const {
  const Counters own = own_.value(slot);
  return {std::max<qint64>(0, told.checks - own.checks), std::max<qint64>(0, told.refused - own.refused)};
}

QJsonObject OwnChecks::saved(const QList<InstanceInfo>& instances) const {
  QJsonObject all;
  for (const InstanceInfo& instance : instances) {
    const auto own = own_.find(instance.slot);
    if (own == own_.end()) continue;
    all.insert(instance.id,
               QJsonObject{{QStringLiteral("checks"), own->checks}, {QStringLiteral("refused"), own->refused}});
  }
  return all;
}

OwnChecks OwnChecks::from(const QJsonObject& saved, const QList<InstanceInfo>& instances) {
  OwnChecks own;
  for (const InstanceInfo& instance : instances) {
    if (!saved.contains(instance.id)) continue;
    const QJsonObject counts = json::child(saved, instance.id);
    own.own_.insert(instance.slot,
                    {json::count(counts, u"checks").value_or(0), json::count(counts, u"refused").value_or(0)});
  }
  return own;
}

}  // namespace vx11::cluster
