// Why an operation isn't begun, and what one should know before it is.
#include <QCoreApplication>
#include <algorithm>

#include "cluster/rollback_draft.h"
#include "cluster/rollback_routing.h"
#include "cluster/words.h"

namespace vx11::cluster::rollback {
namespace {

struct Checks {
  Q_DECLARE_TR_FUNCTIONS(vx11::cluster::rollback)
};

bool isTarget(const QString& word) {
  return needsRedis(word) || word == QStringLiteral("memory") || word == QStringLiteral("single") ||
         word == QStringLiteral("signed");
}

/// What is wrong with it, without a full stop; empty: nothing.
QString troubleOf(const InstanceInfo& instance) {
  switch (instance.state) {
    case InstanceState::Unreachable:
      return Checks::tr("%1 doesn't answer").arg(instance.id);
    case InstanceState::Stopped:
      return Checks::tr("%1 is stopped").arg(instance.id);
    case InstanceState::Paused:
      return Checks::tr("%1 is paused").arg(instance.id);
    case InstanceState::Draining:
      return Checks::tr("%1 is about to end").arg(instance.id);
    case InstanceState::Starting:
      return Checks::tr("%1 is still starting").arg(instance.id);
    case InstanceState::Unknown:
    case InstanceState::Live:
    case InstanceState::Degraded:
      break;
  }
  return {};
}

bool isListed(const Draft& draft, const InstanceInfo& instance) {
  return draft.file && !serversOf(instance, draft.file->servers(), draft.ground.addressMap).isEmpty();
}

QString refusalOfWords(const Draft& draft) {
  const RollbackSpec& spec = draft.spec;
  if (!draft.restart && !isTarget(spec.to)) return Checks::tr("%1 is no mode.").arg(spec.to);
  if (draft.ground.instances.isEmpty()) return Checks::tr("There is no instance to change.");
  for (const QString& word : spec.skip) {
    const auto means = [&](const InstanceInfo& instance) { return isMeant(instance, word); };
    const bool known = std::any_of(draft.leftOut.begin(), draft.leftOut.end(), means);
    const QStringList servers = draft.file ? draft.file->servers() : QStringList();
    const QUrl url(word.contains(QStringLiteral("://")) ? word : QStringLiteral("http://") + word);
    const bool server =
        std::any_of(servers.begin(), servers.end(), [&](const QString& each) { return isServerOf(each, url); });
    if (!known && !server) return Checks::tr("There is no instance %1 that could be skipped.").arg(word);
  }
  if (draft.chosen.isEmpty()) return Checks::tr("Every instance is skipped: nothing is left to change.");
  if (!draft.single || draft.kept) return {};
  if (spec.keep.isEmpty()) {
    return Checks::tr("Say which instance stays: %1.").arg(words::joined(namesOf(draft.chosen)));
  }
  const bool skipped = std::any_of(draft.leftOut.begin(), draft.leftOut.end(),
                                   [&](const InstanceInfo& instance) { return isMeant(instance, spec.keep); });
  return skipped ? Checks::tr("%1 can't both stay and be skipped.").arg(spec.keep)
                 : Checks::tr("There is no instance %1 that could stay.").arg(spec.keep);
}

QString refusalOfStates(const Draft& draft) {
  if (std::all_of(draft.chosen.begin(), draft.chosen.end(), isGone)) {
    return draft.chosen.size() == 1
               ? Checks::tr("%1, and there is no other: nothing is begun.").arg(troubleOf(draft.chosen.first()))
               : Checks::tr("No instance answers, so nothing can be changed from here.");
  }
  QStringList troubles, names;
  for (const InstanceInfo& instance : draft.chosen) {
    const QString trouble = troubleOf(instance);
    if (trouble.isEmpty()) continue;
    troubles << trouble;
    names << instance.id;
  }
  if (troubles.isEmpty()) return {};
  return Checks::tr("%1, so nothing is begun. Skip %2 to go on without it.", nullptr, static_cast<int>(names.size()))
      .arg(words::joined(troubles), words::joined(names));
}

QString refusalOfRedis(const Draft& draft) {
  if (!needsRedis(draft.mode)) return {};
  for (const InstanceInfo& instance : draft.switched()) {
    if (instance.redisConfigured == false) {
      return Checks::tr("%1 has no Redis configured, which mode %2 needs.").arg(instance.id, draft.mode);
    }
    if (instance.state == InstanceState::Degraded && instance.reason == QStringLiteral("redis_down")) {
      return Checks::tr("%1 doesn't reach its Redis, which mode %2 needs.").arg(instance.id, draft.mode);
    }
  }
  return draft.redisDead ? Checks::tr("Redis doesn't answer, which mode %1 needs.").arg(draft.mode) : QString();
}

QString refusalOfHands(const Draft& draft) {
  if (!draft.spec.restartCommand.isEmpty() || draft.spec.attended || draft.spec.dryRun) return {};
  if (draft.restart) {
    return Checks::tr("Give the command that restarts an instance, or do this where you can be asked to restart it.");
  }
  for (const InstanceInfo& instance : draft.switched()) {
    if (instance.internalCalls) continue;
    return Checks::tr(
               "%1 is a backend of others: there is no call to change its mode. Give the command that restarts "
               "it, or do this where you can be asked to change it by hand.")
        .arg(instance.id);
  }
  return {};
}

QString refusalOfFile(const Draft& draft) {
  if (draft.spec.nginxFile.isEmpty()) return {};
  if (!draft.fileProblem.isEmpty()) return draft.fileProblem;
  if (draft.restart) return {};
  const QStringList strangers = draft.strangers();
  if (draft.kept && !strangers.isEmpty() && !isListed(draft, *draft.kept)) {
    return Checks::tr(
               "Which server of %1 %2 is can't be told: %3 belong to no instance that is known here. Give its "
               "address there with the profile.")
        .arg(draft.spec.nginxFile, draft.kept->id, words::joined(strangers));
  }
  return draft.servers().isEmpty()
             ? Checks::tr("No server would be left in the upstream of %1.").arg(draft.spec.nginxFile)
             : QString();
}

void warnOfRouting(const Draft& draft, QStringList& all) {
  if (!draft.file) {
    if (draft.ground.instances.size() < 2) return;
    if (draft.restart) {
      all << (draft.ground.hasBalancer
                  ? Checks::tr("No nginx file is given: the balancer finds out by itself that an instance is away, and "
                               "each is waited for until it is sent to again.")
                  : Checks::tr("No nginx file is given: the balancer finds out by itself that an instance is away. No "
                               "balancer is known to see when it is back: nginx may leave it out for 10 s "
                               "(fail_timeout), and the next one is stopped before."));
    } else if (draft.up()) {
      all << Checks::tr("No nginx file is given, so the routing isn't changed: where it is sticky, it stays so.");
    } else {
      all << Checks::tr(
          "No nginx file is given, so the routing isn't changed: without sticky routing a token is "
          "refused wherever it wasn't issued.");
    }
    return;
  }
  if (!draft.reloads()) {
    all << Checks::tr(
        "No reload command is given: the routing is written, but nginx reads it only when it is reloaded.");
  } else if (!draft.ground.hasBalancer && !draft.restart) {
    all << Checks::tr("No balancer is known, so the routing isn't tried through it.");
  }
  if (!draft.file->hasLocations()) {
    all << Checks::tr("The nginx file has no marks for the two locations: it must lead them to the upstream %1 itself.")
               .arg(QLatin1String(NginxFile::upstream));
  }
  for (const InstanceInfo& instance : draft.switched()) {
    if (isListed(draft, instance)) continue;
    const bool added = draft.servers().contains(addressOf(instance, draft.ground.addressMap));
    all << (added ? Checks::tr("%1 isn't in the upstream yet: it is put there as %2.")
                        .arg(instance.id, addressOf(instance, draft.ground.addressMap))
                  : Checks::tr("%1 isn't in the upstream, and isn't put there.").arg(instance.id));
  }
  const QStringList servers = draft.servers();
  for (const QString& stranger : draft.strangers()) {
    if (!servers.contains(stranger)) continue;
    all << Checks::tr("%1 in the upstream is no instance that is known here: it keeps its place and its mode.")
               .arg(stranger);
  }
}

void warnOfTokens(const Draft& draft, QStringList& all) {
  if (draft.redisDead && !needsRedis(draft.mode)) {
    all << Checks::tr(
        "Redis doesn't answer. A token that was issued on one instance and not seen on another can't be "
        "told there until it expires; none is refused for that.");
  }
  const auto inMemory = [](const InstanceInfo& instance) { return instance.mode == QStringLiteral("memory"); };
  QList<InstanceInfo> losing = draft.restart ? draft.chosen : draft.others();
  losing.removeIf([&](const InstanceInfo& instance) { return !inMemory(instance); });
  if (losing.isEmpty()) return;
  all << (draft.restart ? Checks::tr("Tokens that %1 issued in memory mode end with the process.")
                        : Checks::tr("Tokens that %1 issued in memory mode are known nowhere else."))
             .arg(words::joined(namesOf(losing)));
}

}  // namespace

QString refusalOf(const Draft& draft) {
  for (const auto check : {refusalOfWords, refusalOfStates, refusalOfRedis, refusalOfHands, refusalOfFile}) {
    if (QString why = check(draft); !why.isEmpty()) return why;
  }
  return {};
}

QStringList warningsOf(const Draft& draft) {
  QStringList all;
  warnOfTokens(draft, all);
  for (const InstanceInfo& instance : draft.leftOut) {
    const bool routes = draft.file && !draft.restart, listed = isListed(draft, instance);
    const bool unknown = routes && !listed && !draft.strangers().isEmpty();
    all << (unknown            ? Checks::tr("%1 is left out; whether it is in the upstream can't be told.")
            : routes && listed ? Checks::tr("%1 is left out, and taken out of the upstream.")
                               : Checks::tr("%1 is left out: it stays as it is."))
               .arg(instance.id);
  }
  for (const InstanceInfo& instance : draft.chosen) {
    if (instance.state == InstanceState::Degraded && !draft.redisDead) {
      QString reason = instance.reason;
      all << Checks::tr("%1 is degraded (%2).").arg(instance.id, reason.replace(u'_', u' '));
    }
    if (instance.internalCalls || draft.restart) continue;
    const bool stops = draft.single && draft.kept && draft.kept->slot != instance.slot;
    all << (stops ? Checks::tr("%1 can't be stopped from here: stop it yourself.").arg(instance.id)
            : draft.spec.restartCommand.isEmpty()
                ? Checks::tr("%1 can't switch its mode: you are asked to change it by hand.").arg(instance.id)
                : Checks::tr("%1 can't switch its mode: it is changed by the restart command.").arg(instance.id));
  }
  warnOfRouting(draft, all);
  return all;
}

}  // namespace vx11::cluster::rollback
