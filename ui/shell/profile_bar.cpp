#include "shell/profile_bar.h"

#include "shell/profiles.h"
#include "widgets/format.h"

namespace vx11::ui {

ProfileBar::ProfileBar(cluster::Cluster& cluster, Profiles& profiles, QWidget* parent)
    : InlineBar(parent), cluster_(cluster), profiles_(profiles) {
  connect(&cluster, &cluster::Cluster::pendingAcceptanceChanged, this, &ProfileBar::refresh);
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
  refresh();
}

void ProfileBar::refresh() {
  QList<QUrl> pending = cluster_.pendingAcceptance();
  pending.removeIf([this](const QUrl& url) { return declined_.contains(url); });
  for (const QUrl& url : std::as_const(shown_)) {
    if (!pending.contains(url)) clearCause(url.toString());
  }
  for (const QUrl& url : std::as_const(pending)) {
    if (shown_.contains(url)) continue;
    const BarAction yes{tr("Accept"), QStringLiteral("check-lg"), [this, url] { accept(url); }, {}};
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
  shown_ = pending;
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
