#include "shell/profile_commands.h"

#include <QMenu>

#include "dialogs/confirm_dialog.h"
#include "dialogs/profile_dialog.h"
#include "platform/icons.h"
#include "shell/action_registry.h"
#include "shell/profile_box.h"
#include "shell/profiles.h"

namespace vx11::ui {
namespace {

using cluster::Profile;
using cluster::ProfileKind;

/// A menu takes one ampersand as a mnemonic.
QString inMenu(QString name) { return name.replace(u'&', QStringLiteral("&&")); }

}  // namespace

ProfileCommands::ProfileCommands(const cluster::Cluster& opened, Profiles& profiles, ActionRegistry& actions,
                                 QWidget* window)
    : QObject(window), opened_(opened), profiles_(profiles), actions_(actions), window_(window) {
  const auto on = [&](const char* id, auto run) {
    connect(actions_.get(QLatin1String(id)), &QAction::triggered, this, run);
  };
  on("profile.local", [this] { open(Profiles::localServer()); });
  on("profile.cluster", [this] { open(Profiles::localCluster()); });
  on("profile.new", [this] { connectToCluster(); });
  actions_.setReason(QStringLiteral("profile.cluster"), profiles_.whyNoLocalCluster().value_or(QString()));
}

void ProfileCommands::fill(QMenu& menu) {
  actions_.setReason(QStringLiteral("profile.cluster"), profiles_.whyNoLocalCluster().value_or(QString()));
  const QIcon check = themedIcon(QStringLiteral("check-lg"));
  const ProfileKind kind = opened_.profile().kind;
  actions_.get(QStringLiteral("profile.local"))->setIcon(kind == ProfileKind::LocalServer ? check : QIcon());
  actions_.get(QStringLiteral("profile.cluster"))->setIcon(kind == ProfileKind::LocalCluster ? check : QIcon());

  qDeleteAll(menu.findChildren<QMenu*>(Qt::FindDirectChildrenOnly));  // clear() leaves them
  menu.clear();
  menu.setToolTipsVisible(true);
  const auto add = [&](const char* id) { menu.addAction(actions_.get(QLatin1String(id))); };
  add("profile.local");
  add("profile.cluster");
  menu.addSeparator();
  const QList<Profile> remotes = profiles_.remoteClusters();
  for (const Profile& profile : remotes) {
    const QString word = environmentWord(profile.environment);
    QAction* action = menu.addAction(QStringLiteral("%1\t%2").arg(inMenu(profile.name), word));
    if (isOpen(profile)) action->setIcon(check);
    connect(action, &QAction::triggered, this, [this, profile] { open(profile); });
  }
  if (!remotes.isEmpty()) menu.addSeparator();
  add("profile.new");
  addForEach(*menu.addMenu(tr("&Edit")), remotes, &ProfileCommands::edit);
  addForEach(*menu.addMenu(tr("Re&move")), remotes, &ProfileCommands::remove);
  menu.addSeparator();
  for (const char* id : {"retry", "copy.address", "copy.principal", "readonly"}) add(id);
}

void ProfileCommands::addForEach(QMenu& menu, const QList<Profile>& profiles,
                                 void (ProfileCommands::*run)(const Profile&)) {
  menu.menuAction()->setEnabled(!profiles.isEmpty());
  if (profiles.isEmpty()) menu.menuAction()->setToolTip(tr("No cluster is saved yet: connect to one first"));
  for (const Profile& profile : profiles) {
    QAction* action = menu.addAction(inMenu(profile.name) + QChar(u'…'));
    connect(action, &QAction::triggered, this, [this, profile, run] { (this->*run)(profile); });
  }
}

void ProfileCommands::open(const Profile& profile) {
  if (isOpen(profile)) return Q_EMIT message(tr("%1 is open already").arg(profile.name));
  const bool remote = profile.kind == ProfileKind::RemoteCluster;
  if (remote && profiles_.secretsOf(profile).principal.empty() && !profiles_.isEntered(profile)) {
    showDialog(profile)->askForPrincipal();
    return;
  }
  Q_EMIT profiles_.openRequested(profile);
}

void ProfileCommands::connectToCluster() {
  Profile profile;
  profile.kind = ProfileKind::RemoteCluster;
  profile.environment = cluster::Environment::Test;
  showDialog(profile);
}

void ProfileCommands::edit(const Profile& profile) { showDialog(profile); }

void ProfileCommands::enterPrincipal() { showDialog(profiles_.latest(opened_.profile()))->askForPrincipal(); }

ProfileDialog* ProfileCommands::showDialog(const Profile& profile) {
  const QString origin = profiles_.isEntered(profile) ? tr("as entered in this run") : tr("from VX11_OPERATOR_TOKEN");
  auto* dialog = new ProfileDialog(profiles_.store(), {profile, profiles_.secretsOf(profile), origin}, window_);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &ProfileDialog::saved, this, [this](const Profile& saved, const ProfileSecrets& secrets, bool opens) {
    profiles_.keep(saved, secrets);
    const bool later = isOpen(saved) && !opens;
    const QString words = later ? tr("Saved %1: this window keeps to what it was opened with") : tr("Saved %1");
    Q_EMIT message(words.arg(saved.name));
    if (opens) Q_EMIT profiles_.openRequested(saved);
  });
  dialog->open();
  return dialog;
}

void ProfileCommands::remove(const Profile& profile) {
  ConfirmDialog::ask(
      window_,
      {tr("Remove a profile"),
       tr("Remove the profile %1?").arg(profile.name),
       {{tr("Forgotten"), tr("its addresses and address map, %1")
                              .arg(tr("%n instance(s)", nullptr, static_cast<int>(profile.instances.size())))},
        {tr("Untouched"), isOpen(profile) ? tr("the cluster itself, and this window of it") : tr("the cluster itself")},
        {tr("Undo"), tr("not possible")}},
       tr("Remove profile"),
       QStringLiteral("x-lg")},
      [this, profile] { removeNow(profile); });
}

QString ProfileCommands::sentInClear() const {
  const Profile& profile = opened_.profile();
  const bool sent = profile.kind == ProfileKind::RemoteCluster && !profiles_.secretsOf(profile).principal.empty();
  return sent ? sentInClearTo(profile) : QString();
}

void ProfileCommands::removeNow(const Profile& profile) {
  const auto removed = profiles_.store().remove(profile.id);
  if (removed.has_error()) return Q_EMIT message(removed.error());
  profiles_.forget(profile);
  Q_EMIT message(tr("Removed %1").arg(profile.name));
}

bool ProfileCommands::isOpen(const Profile& profile) const {
  const Profile& open = opened_.profile();
  return open.kind == profile.kind && open.id == profile.id;
}

}  // namespace vx11::ui
