#include "shell/leaving.h"

#include <QCoreApplication>

#include "shell/cluster_words.h"
#include "widgets/format.h"

namespace vx11::ui {
namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(Leaving)
};

QString whatStops(const cluster::Cluster& cluster) {
  if (cluster.profile().kind == cluster::ProfileKind::LocalServer) return Words::tr("the local server");
  const auto count = format::count(cluster.instances().size());
  return cluster.redis().configured ? Words::tr("%1 instances and their Redis").arg(count)
                                    : Words::tr("%1 instances").arg(count);
}

}  // namespace

std::optional<Confirmation> leavingQuestion(const cluster::Cluster& cluster, int ownStreams, Leaving leaving) {
  const qint64 streams =
      words::sum(cluster.instances(), &cluster::InstanceInfo::streams).value_or(0) - ownStreams;
  if (cluster.profile().kind == cluster::ProfileKind::RemoteCluster || streams <= 0) return std::nullopt;
  const QString open = streams == 1 ? Words::tr("%1 open stream").arg(format::count(streams))
                                    : Words::tr("%1 open streams").arg(format::count(streams));
  const auto tokens = words::sum(cluster.instances(), &cluster::InstanceInfo::liveTokens);
  const bool closes = leaving == Leaving::CloseConsole;
  return Confirmation{
      closes ? Words::tr("Close the console") : Words::tr("Open another profile"),
      closes ? Words::tr("Close the console and %1?").arg(open)
             : Words::tr("Leave %1 and close %2?").arg(cluster.profile().name, open),
      {{Words::tr("Stopped"), whatStops(cluster)},
       {Words::tr("Closed"), open},
       {Words::tr("Ended"), Words::tr("%1 live tokens").arg(format::count(tokens))},
       {Words::tr("Undo"), Words::tr("not possible")}},
      streams == 1 ? Words::tr("Close %1 stream").arg(format::count(streams))
                   : Words::tr("Close %1 streams").arg(format::count(streams)),
      QStringLiteral("slash-circle")};
}

}  // namespace vx11::ui
