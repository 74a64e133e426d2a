#include "console/last_profile.h"

#include <QCoreApplication>
#include <algorithm>

#include "platform/settings_store.h"
#include "shell/profiles.h"

namespace vx11::console {
namespace {

using cluster::Profile;
using cluster::ProfileKind;
using ui::Profiles;

const QString serverKey = QStringLiteral("server"), clusterKey = QStringLiteral("cluster");

QString tr(const char* text) { return QCoreApplication::translate("vx11::console::LastProfile", text); }

LastProfile lastCluster(const Profiles& profiles) {
  const auto why = profiles.whyNoLocalCluster();
  if (!why) return {Profiles::localCluster()};
  return {Profiles::localServer(), tr("The local cluster was open last. %1").arg(*why)};
}

LastProfile lastRemote(const Profile& profile, const Profiles& profiles) {
  if (profile.keepsSecrets)
    return {Profiles::localServer(),
            tr("%1 was open last. The keychain is asked only when you open it (Ctrl+O)").arg(profile.name)};
  if (profiles.environmentPrincipal().empty())
    return {Profiles::localServer(), tr("%1 was open last. Its principal is typed when you open it (Ctrl+O)").arg(profile.name)};
  return {profile};
}

}  // namespace

LastProfile lastProfile(const ui::SettingsStore& settings, const Profiles& profiles) {
  const QString key = settings.lastProfile();
  if (!settings.preferences().restoresSession || key.isEmpty() || key == serverKey) return {Profiles::localServer()};
  if (key == clusterKey) return lastCluster(profiles);
  const QList<Profile> saved = profiles.remoteClusters();
  const auto found = std::find_if(saved.begin(), saved.end(), [&](const Profile& each) { return each.id == key; });
  return found == saved.end() ? LastProfile{Profiles::localServer()} : lastRemote(*found, profiles);
}

QString keyOf(const Profile& profile) {
  switch (profile.kind) {
    case ProfileKind::LocalServer:
      break;
    case ProfileKind::LocalCluster:
      return clusterKey;
    case ProfileKind::RemoteCluster:
      return profile.id;
  }
  return serverKey;
}

}  // namespace vx11::console
