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

QString questionOf(const cluster::Cluster& cluster, const QString& streams, Leaving leaving) {
  const QString name = cluster.profile().name;
  if (leaving == Leaving::CloseConsole)
    return streams.isEmpty() ? Words::tr("Close the console now?")
                             : Words::tr("Close the console and %1?").arg(streams);
  return streams.isEmpty() ? Words::tr("Leave %1 now?").arg(name)
                           : Words::tr("Leave %1 and close %2?").arg(name, streams);
}

}  // namespace

std::optional<Confirmation> leavingQuestion(const cluster::Cluster& cluster, int ownStreams, const QString& unfinished,
                                            Leaving leaving) {
  const bool goesOn = cluster.profile().kind == cluster::ProfileKind::RemoteCluster;
  const qint64 open = words::sum(cluster.instances(), &cluster::InstanceInfo::streams).value_or(0) - ownStreams;
  const qint64 ending = goesOn ? 0 : open;
  if (ending <= 0 && unfinished.isEmpty()) return std::nullopt;

  const QString count = format::count(ending);
  const QString streams = ending <= 0 ? QString() : words::openStreams(ending);
  Confirmation question;
  const bool closes = leaving == Leaving::CloseConsole;
  question.title = closes ? Words::tr("Close the console") : Words::tr("Open another profile");
  question.question = questionOf(cluster, streams, leaving);
  if (!unfinished.isEmpty()) question.facts.append({Words::tr("Unfinished"), unfinished});
  if (!goesOn) question.facts.append({Words::tr("Stopped"), whatStops(cluster)});
  if (!streams.isEmpty()) {
    const auto tokens = words::sum(cluster.instances(), &cluster::InstanceInfo::liveTokens);
    question.facts.append({Words::tr("Closed"), streams});
    question.facts.append({Words::tr("Ended"), words::liveTokens(tokens)});
  }
  question.facts.append({Words::tr("Undo"), Words::tr("not possible")});
  question.verb = streams.isEmpty() ? (closes ? Words::tr("Close now") : Words::tr("Leave now"))
                  : ending == 1     ? Words::tr("Close %1 stream").arg(count)
                                    : Words::tr("Close %1 streams").arg(count);
  question.icon = QStringLiteral("slash-circle");
  return question;
}

}  // namespace vx11::ui
