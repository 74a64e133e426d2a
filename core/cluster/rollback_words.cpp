#include "cluster/rollback_words.h"

#include <QCoreApplication>
#include <array>
#include <utility>

#include "cluster/words.h"

namespace vx11::cluster::rollback {
namespace {

using Kind = RollbackStep::Kind;
using State = RollbackStep::State;

struct Words {
  Q_DECLARE_TR_FUNCTIONS(vx11::cluster::rollback)
};

constexpr std::array kinds{
    std::pair{Kind::Look, "look"},       std::pair{Kind::Lock, "lock"},       std::pair{Kind::Route, "route"},
    std::pair{Kind::Reload, "reload"},   std::pair{Kind::Sticky, "sticky"},   std::pair{Kind::Switch, "switch"},
    std::pair{Kind::Gate, "gate"},       std::pair{Kind::Change, "change"},   std::pair{Kind::Stop, "stop"},
    std::pair{Kind::Start, "start"},     std::pair{Kind::Matrix, "matrix"},   std::pair{Kind::Drain, "drain"},
    std::pair{Kind::Watch, "watch"},     std::pair{Kind::Release, "release"}, std::pair{Kind::Restore, "restore"},
    std::pair{Kind::Unroute, "unroute"},
};
constexpr std::array states{
    std::pair{State::Waiting, "waiting"}, std::pair{State::Running, "running"}, std::pair{State::Done, "done"},
    std::pair{State::Failed, "failed"},   std::pair{State::Skipped, "skipped"}, std::pair{State::Asking, "asking"},
};

template <typename Table, typename Value>
QString wordIn(const Table& table, Value value) {
  for (const auto& [each, word] : table) {
    if (each == value) return QLatin1String(word);
  }
  return {};
}

template <typename Value, typename Table>
std::optional<Value> valueIn(const Table& table, const QString& word) {
  for (const auto& [each, name] : table) {
    if (word == QLatin1String(name)) return each;
  }
  return std::nullopt;
}

const QString memory = QStringLiteral("memory");

}  // namespace

QString wordOf(Kind kind) { return wordIn(kinds, kind); }
std::optional<Kind> kindOf(const QString& word) { return valueIn<Kind>(kinds, word); }
QString wordOf(State state) { return wordIn(states, state); }
std::optional<State> stateOf(const QString& word) { return valueIn<State>(states, word); }

QString wordOf(RollbackOutcome::Result result) {
  switch (result) {
    case RollbackOutcome::Result::Done:
      return QStringLiteral("done");
    case RollbackOutcome::Result::Aborted:
      return QStringLiteral("aborted");
    case RollbackOutcome::Result::Refused:
      break;
  }
  return QStringLiteral("refused");
}

QString titleOf(const RollbackStep& step) {
  switch (step.kind) {
    case Kind::Look:
      return Words::tr("Pre-checks");
    case Kind::Lock:
      return Words::tr("Freeze mode changes");
    case Kind::Route:
      return step.sticky ? Words::tr("Write sticky routing") : Words::tr("Write routing");
    case Kind::Reload:
      return Words::tr("Reload nginx");
    case Kind::Sticky:
      if (step.slot >= 0) return Words::tr("See %1 again").arg(step.instance);
      return step.sticky ? Words::tr("See sticky routing") : Words::tr("See the routing");
    case Kind::Switch:
      return Words::tr("Switch %1 to %2").arg(step.instance, step.to);
    case Kind::Gate:
      return Words::tr("Try %1").arg(step.instance);
    case Kind::Change:
      return Words::tr("Change %1").arg(step.instance);
    case Kind::Stop:
      return Words::tr("Drain %1").arg(step.instance);
    case Kind::Start:
      return Words::tr("Start %1").arg(step.instance);
    case Kind::Matrix:
      return Words::tr("Test across instances");
    case Kind::Drain:
      return Words::tr("Let old tokens run out");
    case Kind::Watch:
      return Words::tr("Watch refusals");
    case Kind::Release:
      return Words::tr("Lift the freeze");
    case Kind::Restore:
      return Words::tr("Put %1 back to %2").arg(step.instance, step.to);
    case Kind::Unroute:
      return Words::tr("Put the routing back");
  }
  return {};
}

QString doing(const RollbackStep& step) {
  switch (step.kind) {
    case Kind::Look:
      return Words::tr("asking every instance");
    case Kind::Lock:
      return Words::tr("freezing mode changes");
    case Kind::Route:
      return Words::tr("writing the routing");
    case Kind::Reload:
      return Words::tr("reloading nginx");
    case Kind::Sticky:
      return step.slot < 0 ? Words::tr("trying the routing")
                           : Words::tr("waiting for the balancer to send to %1 again").arg(step.instance);
    case Kind::Switch:
      return Words::tr("switching %1 to %2").arg(step.instance, step.to);
    case Kind::Gate:
      return Words::tr("trying %1").arg(step.instance);
    case Kind::Change:
      return Words::tr("changing %1").arg(step.instance);
    case Kind::Stop:
      return Words::tr("draining %1").arg(step.instance);
    case Kind::Start:
      return Words::tr("starting %1").arg(step.instance);
    case Kind::Matrix:
      return Words::tr("testing across instances");
    case Kind::Drain:
      return Words::tr("letting old tokens run out");
    case Kind::Watch:
      return Words::tr("watching refusals");
    case Kind::Release:
      return Words::tr("lifting the freeze");
    case Kind::Restore:
      return Words::tr("putting %1 back to %2").arg(step.instance, step.to);
    case Kind::Unroute:
      return Words::tr("putting the routing back");
  }
  return {};
}

QString effectOf(const RollbackStep& step) {
  const QString byHand = Words::tr("Waits for you to do it");
  switch (step.kind) {
    case Kind::Look:
      return Words::tr("Nothing is changed by them");
    case Kind::Lock:
      return Words::tr("Mode switches from elsewhere are refused");
    case Kind::Route: {
      const QString servers = words::joined(step.servers);
      return step.sticky ? Words::tr("ip_hash over %1").arg(servers) : Words::tr("In turn over %1").arg(servers);
    }
    case Kind::Reload:
      return step.command.isEmpty() ? byHand : commandLine(step.command);
    case Kind::Sticky:
      if (step.slot >= 0) return Words::tr("nginx leaves out for a while whom it couldn't reach: waits until it is over");
      return step.sticky ? Words::tr("One client must stay on one instance")
                         : Words::tr("The answers must come from the instances of the upstream");
    case Kind::Switch:
    case Kind::Restore:
      return step.from.isEmpty() ? Words::tr("Its mode is unknown") : Words::tr("Now %1").arg(step.from);
    case Kind::Gate:
      return Words::tr("It must issue a token and accept it");
    case Kind::Change:
    case Kind::Start:
      return step.command.isEmpty() ? byHand : commandLine(step.command);
    case Kind::Stop:
      return Words::tr("Its streams move to the others, then it ends");
    case Kind::Matrix:
      return step.to == memory ? Words::tr("Each instance must accept its own tokens")
                               : Words::tr("Each instance must accept the tokens of all");
    case Kind::Drain:
      return Words::tr("The old store is read until its last token expires");
    case Kind::Watch:
      return Words::tr("Against their level before");
    case Kind::Release:
      return Words::tr("Mode switches from elsewhere are possible again");
    case Kind::Unroute:
      return Words::tr("The nginx file as it was, byte for byte");
  }
  return {};
}

QString whereOf(const RollbackStep& step) {
  switch (step.kind) {
    case Kind::Route:
    case Kind::Unroute:
    case Kind::Reload:
      return Words::tr("nginx");
    case Kind::Sticky:
      return Words::tr("balancer");
    default:
      return step.slot < 0 ? Words::tr("all") : step.instance;
  }
}

QString commandLine(const QStringList& arguments) {
  QStringList quoted;
  for (const QString& argument : arguments) {
    static const QString plain = QStringLiteral("+-./:=@_,%{}");
    bool safe = !argument.isEmpty();
    for (const QChar letter : argument) {
      safe = safe && ((letter.isLetterOrNumber() && letter.unicode() < 128) || plain.contains(letter));
    }
    QString inner = argument;
    quoted << (safe ? argument : u'\'' + inner.replace(u'\'', QStringLiteral("'\\''")) + u'\'');
  }
  return quoted.join(u' ');
}

}  // namespace vx11::cluster::rollback
