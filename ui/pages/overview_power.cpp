#include "pages/overview_power.h"

#include <QCoreApplication>
#include <QMenu>
#include <QPointer>

#include "dialogs/dangerous.h"
#include "widgets/format.h"

namespace vx11::ui {
namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(vx11::ui::OverviewPage)
};

using cluster::NodeInfo;

QString verbWord(PowerVerb verb) {
  switch (verb) {
    case PowerVerb::Start:
      return Words::tr("Start");
    case PowerVerb::Stop:
      return Words::tr("Stop");
    case PowerVerb::Pause:
      return Words::tr("Pause");
    case PowerVerb::Resume:
      return Words::tr("Resume");
    case PowerVerb::Kill:
      return Words::tr("Kill");
  }
  return {};
}

QString nodeName(const NodeInfo& node) { return node.name == QStringLiteral("redis") ? Words::tr("Redis") : node.name; }

void act(cluster::Supervisor& supervisor, int node, PowerVerb verb) {
  switch (verb) {
    case PowerVerb::Start:
      return supervisor.start(node);
    case PowerVerb::Stop:
      return supervisor.stop(node);
    case PowerVerb::Pause:
      return supervisor.pause(node);
    case PowerVerb::Resume:
      return supervisor.resume(node);
    case PowerVerb::Kill:
      return supervisor.kill(node);
  }
}

/// What ends with it: of an instance its streams, and in memory mode its tokens; of Redis all that it holds.
QString whatEnds(const cluster::Cluster& cluster, const NodeInfo& node) {
  if (node.kind == NodeInfo::Kind::Sentinel) return Words::tr("its voice in a failover; the others go on");
  if (node.name != QStringLiteral("redis") && node.kind == NodeInfo::Kind::Redis)
    return Words::tr("what it didn’t pass on; if it is the master, a replica takes over");
  if (node.kind == NodeInfo::Kind::Redis) return Words::tr("what only Redis holds; instances keep what they have seen");
  const auto& instances = cluster.instances();
  if (node.slot < 0 || node.slot >= instances.size()) return Words::tr("its streams");
  const cluster::InstanceInfo& info = instances.at(node.slot);
  const QString streams =
      info.streams == 1 ? Words::tr("1 open stream") : Words::tr("%1 open streams").arg(format::count(info.streams));
  if (info.mode != QStringLiteral("memory")) return streams;
  return info.liveTokens == 1 ? Words::tr("%1 and 1 live token").arg(streams)
                              : Words::tr("%1 and %2 live tokens").arg(streams, format::count(info.liveTokens));
}

void askAndAct(QWidget* window, cluster::Cluster& cluster, int index, PowerVerb verb) {
  cluster::Supervisor* supervisor = cluster.supervisor();
  if (supervisor == nullptr || index >= supervisor->nodes().size()) return;
  const NodeInfo& node = supervisor->nodes().at(index);
  const QString title = QStringLiteral("%1 %2").arg(verbWord(verb), nodeName(node));
  const bool ends = verb == PowerVerb::Stop || verb == PowerVerb::Kill;
  Confirmation question;
  question.title = title;
  question.question = title + u'?';
  if (ends) {
    question.facts = {{Words::tr("How"), verb == PowerVerb::Stop ? Words::tr("it finishes what it has (SIGTERM)")
                                                                 : Words::tr("at once, as in a crash (SIGKILL)")},
                      {Words::tr("Ended"), whatEnds(cluster, node)},
                      {Words::tr("Undo"), Words::tr("Start brings it back on the same address")}};
    question.icon = QStringLiteral("slash-circle");
  }
  question.verb = title;
  dangerous::ask(window, cluster, question, ends ? dangerous::Asks::Always : dangerous::Asks::InProduction,
                 [guard = QPointer<cluster::Supervisor>(supervisor), index, verb] {
                   if (guard && index < guard->nodes().size()) act(*guard, index, verb);
                 });
}

void addVerbs(QMenu& menu, cluster::Cluster& cluster, int index, QWidget* window) {
  const NodeInfo& node = cluster.supervisor()->nodes().at(index);
  for (const PowerVerb verb :
       {PowerVerb::Start, PowerVerb::Stop, PowerVerb::Pause, PowerVerb::Resume, PowerVerb::Kill}) {
    QAction* action = menu.addAction(verbWord(verb), window,
                                     [window, &cluster, index, verb] { askAndAct(window, cluster, index, verb); });
    const QString why = whyNotPower(node, verb, dangerous::whyNot(cluster));
    action->setEnabled(why.isEmpty());
    action->setToolTip(why.isEmpty() && node.pid > 0 ? Words::tr("process %1").arg(node.pid) : why);
  }
}

}  // namespace

QString whyNotPower(const NodeInfo& node, PowerVerb verb, const QString& readOnly) {
  using State = NodeInfo::State;
  if (!readOnly.isEmpty()) return readOnly;
  const bool off = node.state == State::Stopped || node.state == State::Failed;
  const bool paused = node.state == State::Paused;
  switch (verb) {
    case PowerVerb::Start:
      return off                             ? QString()
             : node.state == State::Stopping ? Words::tr("It is stopping.")
                                             : Words::tr("It runs already.");
    case PowerVerb::Stop:
      if (off) return Words::tr("It is stopped already.");
      if (paused) return Words::tr("It is paused: resume it first, or kill it.");
      return node.state == State::Stopping ? Words::tr("It is stopping.") : QString();
    case PowerVerb::Pause:
      if (off) return Words::tr("It is stopped.");
      if (paused) return Words::tr("It is paused already.");
      return node.state == State::Running ? QString() : Words::tr("It is on its way up or down.");
    case PowerVerb::Resume:
      return paused ? QString() : Words::tr("It is not paused.");
    case PowerVerb::Kill:
      return off ? Words::tr("It is stopped already.") : QString();
  }
  return {};
}

void addPowerEntries(QMenu& menu, cluster::Cluster& cluster, int slot, QWidget* window) {
  const cluster::Supervisor* supervisor = cluster.supervisor();
  if (supervisor == nullptr) return;
  const QList<NodeInfo>& nodes = supervisor->nodes();
  QList<int> wanted;
  for (int index = 0; index < nodes.size(); ++index) {
    const bool isInstance = nodes.at(index).kind == NodeInfo::Kind::Instance;
    if (slot < 0 ? !isInstance : isInstance && nodes.at(index).slot == slot) wanted << index;
  }
  if (wanted.isEmpty()) return;
  menu.addSeparator();
  for (const int index : wanted) {
    if (wanted.size() == 1) return addVerbs(menu, cluster, index, window);
    const NodeInfo& node = nodes.at(index);
    QMenu* own =
        menu.addMenu(node.address.isEmpty() ? node.name : QStringLiteral("%1, %2").arg(node.name, node.address));
    own->setToolTipsVisible(true);
    addVerbs(*own, cluster, index, window);
  }
}

QList<BarAction> cureOf(cluster::Cluster& cluster, int slot, QWidget* window) {
  using State = NodeInfo::State;
  const cluster::Supervisor* supervisor = cluster.supervisor();
  if (supervisor == nullptr) return {};
  const QList<NodeInfo>& nodes = supervisor->nodes();
  for (int index = 0; index < nodes.size(); ++index) {
    const NodeInfo& node = nodes.at(index);
    if (slot < 0 ? node.kind == NodeInfo::Kind::Instance : node.kind != NodeInfo::Kind::Instance || node.slot != slot)
      continue;
    const bool paused = node.state == State::Paused;
    if (!paused && node.state != State::Stopped && node.state != State::Failed) continue;
    const PowerVerb verb = paused ? PowerVerb::Resume : PowerVerb::Start;
    const auto run = [window, &cluster, index, verb] { askAndAct(window, cluster, index, verb); };
    return {{QStringLiteral("%1 %2").arg(verbWord(verb), nodeName(node)), QStringLiteral("play-fill"), run,
             whyNotPower(node, verb, dangerous::whyNot(cluster))}};
  }
  return {};
}

bool addServerEntries(QMenu& menu, cluster::Cluster& cluster, const QString& address, QWidget* window) {
  const cluster::Supervisor* supervisor = cluster.supervisor();
  if (supervisor == nullptr || address.isEmpty()) return false;
  const QList<NodeInfo>& nodes = supervisor->nodes();
  for (int index = 0; index < nodes.size(); ++index) {
    if (nodes.at(index).address != address) continue;
    menu.addSection(nodeName(nodes.at(index)));
    addVerbs(menu, cluster, index, window);
    return true;
  }
  return false;
}

}  // namespace vx11::ui
