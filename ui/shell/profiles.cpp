#include "shell/profiles.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace vx11::ui {
namespace {

using cluster::SecretKind;

cluster::Profile builtIn(const QString& name, cluster::ProfileKind kind) {
  cluster::Profile profile;
  profile.name = name;
  profile.kind = kind;
  return profile;
}

}  // namespace

Profiles::Profiles(Surroundings surroundings, QObject* parent)
    : QObject(parent),
      surroundings_(std::move(surroundings)),
      consents_(cluster::CommandConsents::pathBeside(surroundings_.store.path())) {}

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

QString Profiles::originOf(const cluster::Profile& profile) const {
  if (!isEntered(profile)) return tr("from VX11_OPERATOR_TOKEN");
  return kept_.contains(profile.id) ? tr("in the keychain") : tr("as entered in this run");
}

QString Profiles::whyNothingIsKept() const {
  return surroundings_.keychain == nullptr ? tr("There is no keychain.") : surroundings_.keychain->whyNot();
}

bool Profiles::isToBeFetched(const cluster::Profile& profile) const {
  return profile.keepsSecrets && !profile.id.isEmpty() && !isEntered(profile);
}

void Profiles::fetch(const cluster::Profile& profile, Ended ended) {
  if (surroundings_.keychain == nullptr) {
    QMetaObject::invokeMethod(
        this, [this, ended = std::move(ended)] { ended(whyNothingIsKept()); }, Qt::QueuedConnection);
    return;
  }
  const QPointer<Profiles> self(this);
  const auto found = std::make_shared<ProfileSecrets>();
  const auto finish = [self, found, id = profile.id, ended = std::move(ended)](const QString& problem) {
    if (!self) return;
    if (problem.isEmpty()) {
      self->kept_.insert(id, *found);
      if (!found->principal.empty() || !found->redisPassword.empty()) self->secrets_.insert(id, *found);
    }
    ended(problem);
  };
  // One after the other: the keychain asks once to be unlocked.
  surroundings_.keychain->read(profile.id, SecretKind::Principal, [self, found, finish, id = profile.id](const auto& told) {
    if (!self || told.has_error()) return finish(told.has_error() ? told.error() : QString());
    found->principal = *told;
    self->surroundings_.keychain->read(id, SecretKind::RedisPassword, [found, finish](const auto& password) {
      if (password.has_error()) return finish(password.error());
      found->redisPassword = *password;
      finish({});
    });
  });
}

void Profiles::store(const QString& id, SecretKind kind, const Secret& secret, const Ended& ended) {
  const QPointer<Profiles> self(this);
  const auto done = [self, ended, id, kind, secret](const auto& result) {
    if (!self) return;
    if (result.has_value()) {
      auto& kept = self->kept_[id];
      (kind == SecretKind::Principal ? kept.principal : kept.redisPassword) = secret;
    }
    ended(result.has_error() ? result.error() : QString());
  };
  if (secret.empty())
    surroundings_.keychain->remove(id, kind, done);
  else
    surroundings_.keychain->write(id, kind, secret, done);
}

void Profiles::keep(const cluster::Profile& before, const cluster::Profile& now, const ProfileSecrets& secrets,
                    Ended ended) {
  // What the keychain didn't give is still there, to be asked for when the profile is opened.
  const bool unasked = now.keepsSecrets && isToBeFetched(before) && before.id == now.id;
  const bool nothing = secrets.principal.empty() && secrets.redisPassword.empty();
  if (!unasked || !nothing) secrets_.insert(now.id, secrets);
  if (surroundings_.keychain == nullptr) return;
  if (!now.keepsSecrets) {
    kept_.remove(now.id);
    if (!before.keepsSecrets || before.id != now.id) return;
    store(now.id, SecretKind::RedisPassword, {}, [](const QString&) {});
    return store(now.id, SecretKind::Principal, {}, ended);
  }
  // What was never fetched isn't known to be another, so nothing typed leaves it as it is.
  const ProfileSecrets kept = kept_.value(now.id);
  const bool principal = !secrets.principal.equals(kept.principal.reveal());
  const bool password = !secrets.redisPassword.equals(kept.redisPassword.reveal());
  if (principal) store(now.id, SecretKind::Principal, secrets.principal, ended);
  if (password) store(now.id, SecretKind::RedisPassword, secrets.redisPassword, ended);
}

void Profiles::forget(const cluster::Profile& profile, Ended ended) {
  secrets_.remove(profile.id);
  kept_.remove(profile.id);
  if (!profile.keepsSecrets || surroundings_.keychain == nullptr) return;
  store(profile.id, SecretKind::RedisPassword, {}, [](const QString&) {});
  store(profile.id, SecretKind::Principal, {}, ended);
}

}  // namespace vx11::ui
