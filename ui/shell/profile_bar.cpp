#include "shell/profile_bar.h"

#include "dialogs/dangerous.h"
#include "shell/profiles.h"
#include "widgets/format.h"

namespace vx11::ui {

ProfileBar::ProfileBar(cluster::Cluster& cluster, Profiles& profiles, QWidget* parent)
    : InlineBar(parent), cluster_(cluster), profiles_(profiles) {
  connect(&cluster, &cluster::Cluster::pendingAcceptanceChanged, this, &ProfileBar::refresh);
  connect(&cluster, &cluster::Cluster::canChangeChanged, this, [this] {
    for (const QUrl& url : std::as_const(shown_)) tellOf(url);
  });
  const cluster::Profile& profile = cluster.profile();
  if (profile.kind == cluster::ProfileKind::RemoteCluster && profiles.secretsOf(profile).principal.empty()) {
    const QString key = QStringLiteral("principal");
    const BarAction enter{tr("Enter principal…"), QStringLiteral("key"), [this] { Q_EMIT principalWanted(); }, {}};
    const BarAction without{tr("Go on without"), {}, [this, key] { clearCause(key); }, {}};
    setCause({key,
              Mark::Warning,
              tr("No principal for %1 in this run.").arg(profile.name),
              tr("Public calls only: nothing is counted, listed or revoked, and no other instance is found."),
              {},
              {enter, without}});
  }
  connect(&cluster, &cluster::Cluster::instancesChanged, this, &ProfileBar::tellWhoRefuses);
  connect(&cluster, &cluster::Cluster::instanceChanged, this, &ProfileBar::tellWhoRefuses);
  connect(&cluster, &cluster::Cluster::settled, this, &ProfileBar::tellOfDoubt);
  connect(&cluster, &cluster::Cluster::instancesChanged, this, &ProfileBar::tellOfDoubt);
  connect(&cluster, &cluster::Cluster::instanceChanged, this, &ProfileBar::tellOfDoubt);
  refresh();
  tellWhoRefuses();
  tellOfDoubt();
}

void ProfileBar::tellOfDoubt() {
  if (!cluster_.isSettled()) return;
  const QString missing = cluster_.whyNotDiscovered();
  const QString doubt = missing.isEmpty() ? cluster_.discoveryDoubt() : missing;
  if (doubt == doubt_) return;
  doubt_ = doubt;
  const QString key = QStringLiteral("discovery");
  if (doubt.isEmpty()) return clearCause(key);
  const BarAction again{tr("Retry now"), QStringLiteral("arrow-repeat"), [this] { cluster_.retryNow(); }, {}};
  const BarAction hide{tr("Hide"), {}, [this, key] { clearCause(key); }, {}};
  setCause({key, Mark::Warning, tr("There may be more instances."), doubt, {}, {again, hide}});
}

void ProfileBar::tellWhoRefuses() {
  const cluster::Profile& profile = cluster_.profile();
  const QString key = QStringLiteral("refused");
  QStringList names;
  for (const cluster::InstanceInfo& info : cluster_.instances()) {
    if (info.reason == QStringLiteral("refused_principal"))
      names << (info.id.isEmpty() ? format::address(info.url) : info.id);
  }
  if (names == refusing_) return;
  refusing_ = names;
  if (names.isEmpty() || profile.kind != cluster::ProfileKind::RemoteCluster ||
      profiles_.secretsOf(profile).principal.empty())
    return clearCause(key);
  const QString why = profile.keepsSecrets ? tr("The keychain’s entry for %1 may be old.").arg(profile.name)
                                           : tr("It may be old, or another cluster’s.");
  const BarAction enter{tr("Enter principal…"), QStringLiteral("key"), [this] { Q_EMIT principalWanted(); }, {}};
  setCause({key, Mark::Warning, tr("%1 refused the principal.").arg(names.join(QStringLiteral(", "))), why, {}, {enter}});
}

void ProfileBar::refresh() {
  QList<QUrl> pending = cluster_.pendingAcceptance();
  pending.removeIf([this](const QUrl& url) { return declined_.contains(url); });
  for (const QUrl& url : std::as_const(shown_)) {
    if (!pending.contains(url)) clearCause(url.toString());
  }
  for (const QUrl& url : std::as_const(pending)) {
    if (!shown_.contains(url)) tellOf(url);
  }
  shown_ = pending;
}

void ProfileBar::tellOf(const QUrl& url) {
  const BarAction yes{tr("Accept"), QStringLiteral("check-lg"), [this, url] { askToAccept(url); },
                      dangerous::whyNot(cluster_)};
  const BarAction no{tr("Not in this run"),
                     {},
                     [this, url] {
                       declined_.append(url);
                       refresh();
                     },
                     {}};
  setCause({url.toString(),
            Mark::Warning,
            tr("Found: an instance at %1.").arg(format::address(url)),
            tr("It gets public calls only, and never the principal, until it is accepted into the profile."),
            {},
            {yes, no}});
}

void ProfileBar::askToAccept(const QUrl& url) {
  Confirmation question;
  question.title = tr("Accept an instance");
  question.question = tr("Accept 1 instance into %1?").arg(cluster_.profile().name);
  question.facts = {{tr("Address"), format::address(url)},
                    {tr("Told"), tr("the principal of this profile, from now on")},
                    {tr("Undo"), tr("take its address out of the profile")}};
  question.verb = tr("Accept 1 instance");
  question.icon = QStringLiteral("check-lg");
  question.note = tr("Written to the profile.");
  dangerous::ask(this, cluster_, question, dangerous::Asks::InProduction, [this, url] { accept(url); });
}

void ProfileBar::accept(const QUrl& url) {
  cluster_.accept(url);
  if (cluster_.profile().id.isEmpty()) return;
  cluster::Profile profile = profiles_.latest(cluster_.profile());
  if (!profile.instances.contains(url)) profile.instances.append(url);
  const auto saved = profiles_.store().save(profile);
  Q_EMIT message(saved.has_error() ? saved.error() : tr("%1 accepted into %2").arg(format::address(url), profile.name));
}

}  // namespace vx11::ui
