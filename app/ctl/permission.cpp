#include "ctl/permission.h"

#include "ctl/words.h"

namespace vx11::ctl {
namespace {

bool isProduction(const cluster::Cluster& cluster) {
  return cluster.profile().environment == cluster::Environment::Production;
}

}  // namespace

void permit(cluster::Cluster& cluster) {
  if (isProduction(cluster)) cluster.setCanChange(true);
}

bool permitByName(Output& output, cluster::Cluster& cluster, const QString& toDo, bool sure) {
  const QString& name = cluster.profile().name;
  if (isProduction(cluster) && !sure && output.interactive()) {
    const auto typed = output.answer(tr("This is production. Type its name, %1, %2:").arg(name, toDo));
    if (typed != name) {
      output.note(tr("nothing was changed"));
      return false;
    }
  }
  permit(cluster);
  return true;
}

}  // namespace vx11::ctl
