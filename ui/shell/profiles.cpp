#include "shell/profiles.h"

#include <algorithm>
#include <utility>

namespace vx11::ui {
namespace {

cluster::Profile builtIn(const QString& name, cluster::ProfileKind kind) {
  cluster::Profile profile;
  profile.name = name;
  profile.kind = kind;
  return profile;
}

}  // namespace

Profiles::Profiles(Surroundings surroundings, QObject* parent)
    : QObject(parent), surroundings_(std::move(surroundings)) {}

cluster::Profile Profiles::localServer() { return builtIn(tr("Local server"), cluster::ProfileKind::LocalServer); }

cluster::Profile Profiles::localCluster() { return builtIn(tr("Local cluster"), cluster::ProfileKind::LocalCluster); }

QList<cluster::Profile> Profiles::remoteClusters() const {
  const auto all = store().load();
  QList<cluster::Profile> remote = all.has_value() ? *all : QList<cluster::Profile>();
  remote.removeIf([](const auto& profile) { return profile.kind != cluster::ProfileKind::RemoteCluster; });
  std::sort(remote.begin(), remote.end(),
            [](const auto& a, const auto& b) { return a.name.localeAwareCompare(b.name) < 0; });
  return remote;
}

std::optional<cluster::Profile> Profiles::find(const QString& name) const {
  const QList<cluster::Profile> all = remoteClusters();
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& profile) { return profile.name == name; });
  return found == all.end() ? std::nullopt : std::optional(*found);
}

cluster::Profile Profiles::latest(const cluster::Profile& opened) const {
  const QList<cluster::Profile> all = remoteClusters();
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& profile) { return profile.id == opened.id; });
  return found == all.end() ? opened : *found;
}

ProfileSecrets Profiles::secretsOf(const cluster::Profile& profile) const {
  return secrets_.value(profile.id, {surroundings_.principal, {}});
}

void Profiles::keep(const cluster::Profile& profile, const ProfileSecrets& secrets) {
  secrets_.insert(profile.id, secrets);
}

}  // namespace vx11::ui
