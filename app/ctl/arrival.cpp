#include "ctl/arrival.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace vx11::ctl {
namespace {

// An instance is given 2 s for its first answer, those that are found then too.
constexpr std::chrono::milliseconds longest{5000};

bool isKnown(const cluster::InstanceInfo& instance) {
  return instance.answeredAt >= 0 || instance.attempts > 0 || instance.unreachableSince >= 0;
}

}  // namespace

Arrival::Arrival(const cluster::Cluster& cluster, QObject* parent) : QObject(parent), cluster_(cluster) {
  connect(&cluster_, &cluster::Cluster::instanceChanged, this, &Arrival::look);
  connect(&cluster_, &cluster::Cluster::instancesChanged, this, &Arrival::look);
  connect(&cluster_, &cluster::Cluster::settled, this, &Arrival::look);
  limit_.setSingleShot(true);
  connect(&limit_, &QTimer::timeout, this, &Arrival::end);
  limit_.start(longest);
  QTimer::singleShot(0, this, &Arrival::look);
}

void Arrival::look() {
  const auto& instances = cluster_.instances();
  const bool known = cluster_.isSettled() && std::all_of(instances.begin(), instances.end(), isKnown);
  // We are called by who reports: the command begins when it has said all.
  if (known) QTimer::singleShot(0, this, &Arrival::end);
}

void Arrival::end() {
  if (!std::exchange(over_, true)) Q_EMIT over();
}

}  // namespace vx11::ctl
