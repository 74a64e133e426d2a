#include "shell/profile_commands.h"

#include <utility>

#include "cluster/profile_transfer.h"
#include "dialogs/confirm_dialog.h"
#include "dialogs/profile_dialog.h"
#include "dialogs/profiles_dialog.h"
#include "shell/action_registry.h"
#include "shell/profile_files.h"
#include "shell/profiles.h"

namespace vx11::ui {

using cluster::Profile;
using cluster::ProfileKind;

ProfileCommands::ProfileCommands(const cluster::Cluster& opened, Profiles& profiles, ActionRegistry& actions,
                                 QWidget* window)
    : QObject(window),
      opened_(opened),
      profiles_(profiles),
      actions_(actions),
      window_(window),
      files_(new ProfileFiles(profiles, this)) {
  const auto on = [&](const char* id, auto run) {
    connect(actions_.get(QLatin1String(id)), &QAction::triggered, this, run);
  };
  on("profile.local", [this] { open(Profiles::localServer()); });
  on("profile.cluster", [this] { open(Profiles::localCluster()); });
  on("profile.new", [this] { connectToCluster(); });
  on("profile.manage", [this] { manage(); });
  actions_.setReason(QStringLiteral("profile.cluster"), profiles_.whyNoLocalCluster().value_or(QString()));
  connect(files_, &ProfileFiles::said, this, [this](Mark mark, const QString& words) {
    if (manager_ && manager_->isVisible())
      manager_->say(mark, words);
    else
      Q_EMIT message(words);
  });
}

QWidget* ProfileCommands::above() const { return manager_ && manager_->isVisible() ? manager_.data() : window_; }

void ProfileCommands::fetched(const Profile& profile, std::function<void(const QString&)> then) {
  const int wish = ++wishes_;
  if (!profiles_.isToBeFetched(profile)) return then({});
  Q_EMIT message(tr("Asking the keychain for the secrets of %1…").arg(profile.name));
  const QPointer<ProfileCommands> self(this);
  profiles_.fetch(profile, [self, wish, then = std::move(then)](const QString& problem) {
    if (self && self->wishes_ == wish) then(problem);
  });
}

void ProfileCommands::open(const Profile& profile) {
  if (isOpen(profile)) return Q_EMIT message(tr("%1 is open already").arg(profile.name));
  ++wishes_;
  if (profile.kind != ProfileKind::RemoteCluster) return Q_EMIT profiles_.openRequested(profile);
  const bool asked = profiles_.isToBeFetched(profile);
  fetched(profile, [this, profile, asked](const QString& problem) {
    if (!profiles_.secretsOf(profile).principal.empty() || profiles_.isEntered(profile))
      return Q_EMIT profiles_.openRequested(profile);
    const QString none = asked ? tr("The keychain has no principal for it.") : QString();
    showDialog(profile)->askForPrincipal(problem.isEmpty() ? none : problem);
  });
}

void ProfileCommands::connectToCluster() {
  Profile profile;
  profile.kind = ProfileKind::RemoteCluster;
  profile.environment = cluster::Environment::Test;
  showDialog(profile);
}

void ProfileCommands::edit(const Profile& profile) {
  fetched(profile, [this, profile](const QString& problem) {
    ProfileDialog* dialog = showDialog(profile);
    if (!problem.isEmpty())
      dialog->say(tr("%1 Its secrets stay there as they are, unless others are typed.").arg(problem));
  });
}

void ProfileCommands::clone(const Profile& profile) {
  QStringList names;
  const QList<Profile> all = profiles_.remoteClusters();
  for (const Profile& each : all) names << each.name;
  showDialog(cluster::cloneOf(profile, names))
      ->say(tr("As %1, and not saved yet. Its secrets aren’t copied.").arg(profile.name));
}

void ProfileCommands::enterPrincipal() {
  const Profile profile = profiles_.latest(opened_.profile());
  const bool known = !profiles_.secretsOf(profile).principal.empty();  // then it is refused, or to be another
  fetched(profile, [this, profile, known](const QString& problem) {
    showDialog(profile)->askForPrincipal(problem.isEmpty() && known ? tr("Type the principal that counts now.")
                                                                    : problem);
  });
}

ProfileDialog* ProfileCommands::showDialog(const Profile& profile) {
  // What the keychain didn't give must not be replaced there by the environment's principal.
  const ProfileSecrets known = profiles_.isToBeFetched(profile) ? ProfileSecrets() : profiles_.secretsOf(profile);
  auto* dialog = new ProfileDialog(profiles_.store(), {profile, known, profiles_.originOf(profile)}, above());
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  profiles_.askWhyNothingIsKept([dialog = QPointer<ProfileDialog>(dialog)](const QString& reason) {
    if (dialog) dialog->setWhyNothingIsKept(reason);
  });
  connect(dialog, &ProfileDialog::saved, this,
          [this, profile](const Profile& now, const ProfileSecrets& secrets, bool opens) {
            profiles_.keep(profile, now, secrets, [self = QPointer<ProfileCommands>(this)](const QString& problem) {
              if (self && !problem.isEmpty())
                Q_EMIT self->message(tr("%1 The secrets last for this run only.").arg(problem));
            });
            this->saved(now, opens);
          });
  dialog->open();
  return dialog;
}

void ProfileCommands::saved(const Profile& now, bool opens) {
  const bool later = isOpen(now) && !opens;
  const QString words = later ? tr("Saved %1: this window keeps to what it was opened with") : tr("Saved %1");
  profiles_.noteChange();
  if (manager_) manager_->choose({now.id});
  Q_EMIT message(words.arg(now.name));
  if (opens) Q_EMIT profiles_.openRequested(now);
}

void ProfileCommands::remove(const QList<Profile>& profiles) {
  if (profiles.isEmpty()) return;
  const bool one = profiles.size() == 1;
  QStringList names;
  bool open = false, kept = false;
  for (const Profile& profile : profiles) {
    names << profile.name;
    open = open || isOpen(profile);
    kept = kept || profile.keepsSecrets;
  }
  const QString what = one ? names.first() : tr("%1 profiles").arg(profiles.size());
  Confirmation question;
  question.title = one ? tr("Remove a profile") : tr("Remove profiles");
  question.question = one ? tr("Remove the profile %1?").arg(what) : tr("Remove %1?").arg(what);
  if (!one) question.facts.append({tr("Profiles"), names.join(QStringLiteral(", "))});
  question.facts.append({tr("Forgotten"), kept ? tr("addresses, address maps, commands, and secrets in the keychain")
                                               : tr("addresses, address maps and commands")});
  question.facts.append(
      {tr("Untouched"), open ? tr("the cluster itself, and this window of it") : tr("the cluster itself")});
  question.facts.append({tr("Undo"), tr("not possible; export first to keep a copy")});
  question.verb = one ? tr("Remove profile") : tr("Remove %1 profiles").arg(profiles.size());
  question.icon = QStringLiteral("x-lg");
  ConfirmDialog::ask(above(), question, [this, profiles] { removeNow(profiles); });
}

void ProfileCommands::removeNow(const QList<Profile>& profiles) {
  for (const Profile& profile : profiles) {
    const auto removed = profiles_.store().remove(profile.id);
    if (removed.has_error()) return Q_EMIT message(removed.error());
    profiles_.forget(profile, [self = QPointer<ProfileCommands>(this), profile](const QString& problem) {
      if (self && !problem.isEmpty())
        Q_EMIT self->message(tr("%1 The keychain still has the secrets of %2.").arg(problem, profile.name));
    });
  }
  profiles_.noteChange();
  Q_EMIT message(profiles.size() == 1 ? tr("Removed %1").arg(profiles.first().name)
                                      : tr("Removed %1 profiles").arg(profiles.size()));
}

void ProfileCommands::manage() {
  if (!manager_) {
    manager_ = new ProfilesDialog(window_);
    manager_->setAttribute(Qt::WA_DeleteOnClose);
    connectManager();
    listProfiles();
  }
  manager_->open();
}

void ProfileCommands::connectManager() {
  ProfilesDialog* dialog = manager_;
  connect(dialog, &ProfilesDialog::openAsked, this, [this](const Profile& profile) {
    if (isOpen(profile)) return manager_->say(Mark::Unknown, tr("%1 is open already.").arg(profile.name));
    manager_->accept();
    open(profile);
  });
  connect(dialog, &ProfilesDialog::editAsked, this, &ProfileCommands::edit);
  connect(dialog, &ProfilesDialog::cloneAsked, this, &ProfileCommands::clone);
  connect(dialog, &ProfilesDialog::newAsked, this, &ProfileCommands::connectToCluster);
  connect(dialog, &ProfilesDialog::removeAsked, this, &ProfileCommands::remove);
  connect(dialog, &ProfilesDialog::exportAsked, this,
          [this](const QList<Profile>& profiles) { files_->exportTo(above(), profiles); });
  connect(dialog, &ProfilesDialog::importAsked, this, [this] { files_->importFrom(above()); });
  connect(files_, &ProfileFiles::imported, dialog, &ProfilesDialog::choose);
  connect(&profiles_, &Profiles::changed, dialog, [this] { listProfiles(); });
}

void ProfileCommands::listProfiles() {
  if (!manager_) return;
  QList<ListedProfile> listed;
  const QList<Profile> all = profiles_.remoteClusters();
  for (const Profile& profile : all) listed.append({profile, isOpen(profile), secretsWord(profile)});
  manager_->display(listed);
}

QString ProfileCommands::secretsWord(const Profile& profile) const {
  if (profile.keepsSecrets) return tr("secrets in the keychain");
  return profiles_.isEntered(profile) ? tr("secrets for this run") : QString();
}

QString ProfileCommands::sentInClear() const {
  const Profile& profile = opened_.profile();
  const bool sent = profile.kind == ProfileKind::RemoteCluster && !profiles_.secretsOf(profile).principal.empty();
  return sent ? sentInClearTo(profile) : QString();
}

bool ProfileCommands::isOpen(const Profile& profile) const {
  const Profile& open = opened_.profile();
  return open.kind == profile.kind && open.id == profile.id;
}

}  // namespace vx11::ui
