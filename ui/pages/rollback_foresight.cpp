#include "pages/rollback_foresight.h"

#include <algorithm>
#include <tuple>

namespace vx11::ui {
namespace {

constexpr qint64 apartMs = 1000;

auto partsOf(const cluster::RollbackSpec& spec) {
  return std::tie(spec.plan, spec.to, spec.keep, spec.skip, spec.dryRun, spec.attended, spec.breakLock, spec.owner,
                  spec.nginxFile, spec.reloadCommand, spec.restartCommand, spec.watchSec);
}

}  // namespace

RollbackForesight::RollbackForesight(cluster::Cluster& cluster, QObject* parent) : QObject(parent), cluster_(cluster) {
  wait_.setSingleShot(true);
  connect(&wait_, &QTimer::timeout, this, &RollbackForesight::work);
}

void RollbackForesight::setSpec(const cluster::RollbackSpec& spec) {
  if (workedAt_ >= 0 && partsOf(spec) == partsOf(spec_)) return;
  spec_ = spec;
  refresh();
}

void RollbackForesight::refresh() {
  const qint64 since = cluster_.now() - workedAt_;
  if (workedAt_ < 0 || spec_.nginxFile.isEmpty() || since >= apartMs || since < 0) return work();
  if (!wait_.isActive()) wait_.start(static_cast<int>(apartMs - since));
}

void RollbackForesight::work() {
  wait_.stop();
  workedAt_ = cluster_.now();
  outlook_ = cluster_.outlook(spec_);
  Q_EMIT changed();
}

}  // namespace vx11::ui
