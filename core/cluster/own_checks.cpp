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

QJsonObject OwnChecks::saved() const {
  QJsonObject all;
  for (auto own = own_.begin(); own != own_.end(); ++own) {
    all.insert(QString::number(own.key()), QJsonObject{{QStringLiteral("checks"), own->checks},
                                                       {QStringLiteral("refused"), own->refused}});
  }
  return all;
}

OwnChecks OwnChecks::from(const QJsonObject& saved) {
  OwnChecks own;
  for (auto one = saved.begin(); one != saved.end(); ++one) {
    const QJsonObject counts = one.value().toObject();
    own.own_.insert(one.key().toInt(),
                    {json::count(counts, u"checks").value_or(0), json::count(counts, u"refused").value_or(0)});
  }
  return own;
}

}  // namespace vx11::cluster
