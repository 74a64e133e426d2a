#include "cluster/rollback_draft.h"

#include <algorithm>

#include "cluster/discovery.h"
#include "cluster/rollback_routing.h"

namespace vx11::cluster::rollback {
namespace {

/// "host:port" would be read as a scheme and a path.
QUrl urlOf(const QString& word) {
  return QUrl(word.contains(QStringLiteral("://")) ? word : QStringLiteral("http://") + word);
}

bool isRedisDown(const InstanceInfo& instance) {
  return instance.state == InstanceState::Degraded && instance.reason == QStringLiteral("redis_down");
}

}  // namespace

bool isMeant(const InstanceInfo& instance, const QString& word) {
  if (instance.id == word) return true;
  const QUrl url = urlOf(word);
  const bool address = word.contains(u':') && url.isValid() && !url.host().isEmpty();
  return address && originOf(url) == originOf(instance.url);
}

QStringList namesOf(const QList<InstanceInfo>& instances) {
  QStringList names;
  for (const InstanceInfo& instance : instances) names << instance.id;
  return names;
}

bool needsRedis(const QString& mode) { return mode == QStringLiteral("redis") || mode == QStringLiteral("hybrid"); }

bool isGone(const InstanceInfo& instance) {
  return instance.state == InstanceState::Unreachable || instance.state == InstanceState::Stopped ||
         instance.state == InstanceState::Paused;
}

Draft::Draft(const RollbackGround& known, const RollbackSpec& wanted)
    : ground(known),
      spec(wanted),
      single(wanted.plan == RollbackSpec::Plan::Mode && wanted.to == QStringLiteral("single")),
      restart(wanted.plan == RollbackSpec::Plan::Restart),
      mode(restart  ? QString()
           : single ? QStringLiteral("memory")
                    : wanted.to) {
  for (const InstanceInfo& instance : known.instances) {
    const bool skip = std::any_of(wanted.skip.begin(), wanted.skip.end(),
                                  [&](const QString& word) { return isMeant(instance, word); });
    (skip ? leftOut : chosen) << instance;
  }
  redisDead = known.redisUp == false || std::any_of(chosen.begin(), chosen.end(), isRedisDown);
  if (single) {
    const auto found = std::find_if(chosen.begin(), chosen.end(),
                                    [&](const InstanceInfo& instance) { return isMeant(instance, wanted.keep); });
    if (found != chosen.end()) kept = *found;
    if (wanted.keep.isEmpty() && chosen.size() == 1) kept = chosen.first();
  }
  if (wanted.nginxFile.isEmpty()) return;
  fileProblem = known.nginxProblem;
  if (!fileProblem.isEmpty()) return;
  if (auto read = NginxFile::read(known.nginx); read.has_value())
    file = *read;
  else
    fileProblem = read.error();
}

QList<InstanceInfo> Draft::switched() const {
  if (!single) return chosen;
  return kept ? QList<InstanceInfo>{*kept} : QList<InstanceInfo>{};
}

QList<InstanceInfo> Draft::others() const {
  QList<InstanceInfo> all;
  if (!single) return all;
  for (const InstanceInfo& instance : chosen) {
    if (!kept || instance.slot != kept->slot) all << instance;
  }
  return all;
}

QStringList Draft::serversFor(const InstanceInfo& instance) const {
  const QStringList its = file ? serversOf(instance, file->servers(), ground.addressMap) : QStringList();
  return its.isEmpty() ? QStringList{addressOf(instance, ground.addressMap)} : its;
}

QStringList Draft::servers() const {
  QStringList all = file->servers();
  const auto drop = [&](const QString& server) { all.removeAll(server); };
  for (const InstanceInfo& instance : leftOut) {
    for (const QString& server : serversFor(instance)) drop(server);
  }
  // A word that names no instance may still name a server: one that nobody tells of any more.
  for (const QString& word : spec.skip) {
    for (const QString& server : file->servers()) {
      if (isServerOf(server, urlOf(word))) drop(server);
    }
  }
  if (single) {
    const QStringList keeps = kept ? serversFor(*kept) : QStringList();
    const QStringList present = all;
    for (const QString& server : present) {
      if (!keeps.contains(server)) drop(server);
    }
    if (all.isEmpty()) all = keeps;
    return all;
  }
  // Servers that nobody here knows may be these instances by other names.
  if (!up() || !strangers().isEmpty()) return all;
  for (const InstanceInfo& instance : chosen) {
    for (const QString& server : serversFor(instance)) {
      if (!all.contains(server)) all << server;
    }
  }
  return all;
}

QStringList Draft::strangers() const {
  QStringList all = file ? file->servers() : QStringList();
  for (const InstanceInfo& instance : ground.instances) {
    for (const QString& server : serversFor(instance)) all.removeAll(server);
  }
  return all;
}

int Draft::windowSec() const {
  int longest = 0;
  for (const InstanceInfo& instance : chosen) {
    longest = std::max(longest, instance.maxTtlSec.value_or(instance.ttlSec.value_or(0)));
  }
  return longest;
}

}  // namespace vx11::cluster::rollback
