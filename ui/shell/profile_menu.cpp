// The menu of the profile box: what can be opened, under the captions of its groups.
#include <QMenu>
#include <algorithm>

#include "dialogs/profile_chip.h"
#include "platform/icons.h"
#include "shell/action_registry.h"
#include "shell/profile_commands.h"
#include "shell/profiles.h"

namespace vx11::ui {
namespace {

using cluster::Profile;
using cluster::ProfileKind;

/// A menu takes one ampersand as a mnemonic.
QString inMenu(QString name) { return name.replace(u'&', QStringLiteral("&&")); }

}  // namespace

void ProfileCommands::fill(QMenu& menu) {
  actions_.setReason(QStringLiteral("profile.cluster"), profiles_.whyNoLocalCluster().value_or(QString()));
  const ProfileKind kind = opened_.profile().kind;
  const auto chip = [kind](ProfileKind of) { return profileIcon({}, cluster::Environment::Local, kind == of); };
  actions_.get(QStringLiteral("profile.local"))->setIcon(chip(ProfileKind::LocalServer));
  actions_.get(QStringLiteral("profile.cluster"))->setIcon(chip(ProfileKind::LocalCluster));

  menu.clear();
  menu.setToolTipsVisible(true);
  const auto add = [&](const char* id) { menu.addAction(actions_.get(QLatin1String(id))); };
  add("profile.local");
  add("profile.cluster");
  addProfiles(menu, profiles_.remoteClusters());
  menu.addSeparator();
  add("profile.new");
  add("profile.manage");
  if (kind == ProfileKind::RemoteCluster && !opened_.profile().id.isEmpty()) {
    const Profile profile = opened_.profile();
    QAction* edit = menu.addAction(tr("&Edit %1…").arg(inMenu(profile.name)));
    connect(edit, &QAction::triggered, this, [this, profile] { this->edit(profiles_.latest(profile)); });
  }
  menu.addSeparator();
  for (const char* id : {"retry", "copy.address", "copy.principal", "readonly"}) add(id);
}

/// By group as they are saved by name; those without one first.
void ProfileCommands::addProfiles(QMenu& menu, const QList<Profile>& profiles) {
  QList<Profile> grouped = profiles;
  std::stable_sort(grouped.begin(), grouped.end(),
                   [](const Profile& a, const Profile& b) { return a.group.localeAwareCompare(b.group) < 0; });
  QString group;
  bool first = true;
  for (const Profile& profile : std::as_const(grouped)) {
    if (first || profile.group != group) {
      menu.addSeparator();
      if (!profile.group.isEmpty()) menu.addAction(inMenu(profile.group))->setEnabled(false);
    }
    first = false;
    group = profile.group;
    QAction* action = menu.addAction(
        profileIcon(profile.colour, profile.environment, isOpen(profile)),
        QStringLiteral("%1\t%2").arg(inMenu(profile.name), environmentWord(profile.environment)));
    connect(action, &QAction::triggered, this, [this, profile] { open(profile); });
  }
}

}  // namespace vx11::ui
