#include "shell/profiles.h"

#include <algorithm>
#include <array>
#include <utility>

#include "cluster/redis_address.h"

namespace vx11::ui {
namespace {

using cluster::SecretKind;

cluster::Profile builtIn(const QString& name, cluster::ProfileKind kind) {
  cluster::Profile profile;
  profile.name = name;
  profile.kind = kind;
  return profile;
}

constexpr std::array kinds{SecretKind::Principal, SecretKind::RedisPassword, SecretKind::SentinelPassword};

template <typename Secrets>
auto& partOf(Secrets& secrets, SecretKind kind) {
  return kind == SecretKind::Principal       ? secrets.principal
         : kind == SecretKind::RedisPassword ? secrets.redisPassword
                                             : secrets.sentinelPassword;
}

bool isNothing(const ProfileSecrets& secrets) {
  return std::all_of(kinds.begin(), kinds.end(), [&](SecretKind kind) { return partOf(secrets, kind).empty(); });
}

/// The last one first.
std::vector<SecretKind> kindsOf(const cluster::Profile& profile) {
  std::vector<SecretKind> wanted(kinds.rbegin(), kinds.rend());
  if (!cluster::redis_address::namesSentinels(profile.redis)) wanted.erase(wanted.begin());
  return wanted;
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

void Profiles::askWhyNothingIsKept(std::function<void(const QString&)> told) {
  if (surroundings_.keychain == nullptr) {
    QMetaObject::invokeMethod(
        this, [told = std::move(told)] { told(tr("There is no keychain.")); }, Qt::QueuedConnection);
    return;
  }
  surroundings_.keychain->askWhyNot([self = QPointer<Profiles>(this), told = std::move(told)](const QString& reason) {
    if (self) told(reason);
  });
}

bool Profiles::isToBeFetched(const cluster::Profile& profile) const {
  return profile.keepsSecrets && !profile.id.isEmpty() && !isEntered(profile);
}

void Profiles::fetch(const cluster::Profile& profile, Ended ended) {
  if (surroundings_.keychain == nullptr) return askWhyNothingIsKept(std::move(ended));
  const QPointer<Profiles> self(this);
  const auto found = std::make_shared<ProfileSecrets>();
  const auto finish = [self, found, id = profile.id, ended = std::move(ended)](const QString& problem) {
    if (!self) return;
    if (problem.isEmpty()) {
      self->kept_.insert(id, *found);
      if (!isNothing(*found)) self->secrets_.insert(id, *found);
    }
    ended(problem);
  };
  fetchNext(profile.id, kindsOf(profile), found, finish);
}

/// One after the other: the keychain asks once to be unlocked.
void Profiles::fetchNext(const QString& id, std::vector<SecretKind> wanted,
                         const std::shared_ptr<ProfileSecrets>& found, const Ended& finish) {
  if (wanted.empty()) return finish({});
  const SecretKind kind = wanted.back();
  wanted.pop_back();
  surroundings_.keychain->read(id, kind, [=, self = QPointer<Profiles>(this)](const auto& told) {
    if (!self || told.has_error()) return finish(told.has_error() ? told.error() : QString());
    partOf(*found, kind) = *told;
    self->fetchNext(id, wanted, found, finish);
  });
}

void Profiles::store(const QString& id, SecretKind kind, const Secret& secret, const Ended& ended) {
  const QPointer<Profiles> self(this);
  const auto done = [self, ended, id, kind, secret](const auto& result) {
    if (!self) return;
    if (result.has_value()) {
      if (!secret.empty())
        partOf(self->kept_[id], kind) = secret;
      else if (const auto kept = self->kept_.find(id); kept != self->kept_.end())
        partOf(*kept, kind) = {};
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
  if (!unasked || !isNothing(secrets)) secrets_.insert(now.id, secrets);
  if (surroundings_.keychain == nullptr) return;
  if (!now.keepsSecrets) {
    kept_.remove(now.id);
    if (!before.keepsSecrets || before.id != now.id) return;
    return removeAll(now.id, ended);
  }
  // What was never fetched isn't known to be another, so nothing typed leaves it as it is.
  const ProfileSecrets kept = kept_.value(now.id);
  for (const SecretKind kind : kinds)
    if (const Secret& secret = partOf(secrets, kind); !secret.equals(partOf(kept, kind).reveal()))
      store(now.id, kind, secret, ended);
}

void Profiles::forget(const cluster::Profile& profile, Ended ended) {
  secrets_.remove(profile.id);
  kept_.remove(profile.id);
  if (!profile.keepsSecrets || surroundings_.keychain == nullptr) return;
  removeAll(profile.id, ended);
}

/// What keeps one there mostly keeps them all: the first problem is told, once.
void Profiles::removeAll(const QString& id, const Ended& ended) {
  const auto told = std::make_shared<bool>(false);
  const auto first = [told, ended](const QString& problem) {
    if (!problem.isEmpty() && !std::exchange(*told, true)) ended(problem);
  };
  for (const SecretKind kind : kinds) store(id, kind, {}, first);
}

}  // namespace vx11::ui
