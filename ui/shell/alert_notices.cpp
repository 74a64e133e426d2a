#include "shell/alert_notices.h"

#include <QStringList>
#include <algorithm>

#include "cluster/cluster.h"
#include "pages/alert_words.h"

namespace vx11::ui {
namespace {

constexpr qsizetype titlesShown = 4;

}  // namespace

AlertNotices::AlertNotices(cluster::Cluster& cluster, cluster::AlertWatch& watch, Notifier& notifier,
                           std::function<bool()> wanted, Pace pace, QObject* parent)
    : QObject(parent), cluster_(cluster), notifier_(notifier), wanted_(std::move(wanted)), pace_(pace) {
  timer_.setSingleShot(true);
  connect(&timer_, &QTimer::timeout, this, &AlertNotices::tell);
  connect(&watch, &cluster::AlertWatch::fired, this, &AlertNotices::note);
  connect(&watch, &cluster::AlertWatch::cleared, this, &AlertNotices::note);
}

void AlertNotices::note(const cluster::Alert& alert) {
  if (alert.silenced) return;
  // Of one that came and went meanwhile only the last is news.
  news_.removeIf([&](const cluster::Alert& other) { return other.key == alert.key; });
  news_.append(alert);
  if (timer_.isActive()) return;
  const qint64 since = sinceLast_.isValid() ? sinceLast_.elapsed() : pace_.atMostMs;
  timer_.start(static_cast<int>(std::max<qint64>(pace_.gatherMs, pace_.atMostMs - since)));
}

void AlertNotices::tell() {
  const auto news = std::exchange(news_, {});
  if (news.isEmpty() || !wanted_()) return;
  sinceLast_.start();
  notifier_.show(noticeOf(news));
}

Notice AlertNotices::noticeOf(const QList<cluster::Alert>& news) const {
  const QString name = cluster_.profile().name;
  const auto words = [&](const cluster::Alert& alert) {
    const QString title = alerts::title(alert, cluster_);
    return alert.firing ? title : tr("Over: %1").arg(title);
  };
  Notice notice;
  notice.critical = std::any_of(news.begin(), news.end(), [](const cluster::Alert& alert) {
    return alert.firing && alert.severity() == cluster::AlertSeverity::Critical;
  });
  if (news.size() == 1) {
    notice.title = tr("%1: %2").arg(name, words(news.first()));
    notice.text = alerts::ruleSentence(news.first().key.kind);
    return notice;
  }
  const auto fired = std::count_if(news.begin(), news.end(), [](const auto& alert) { return alert.firing; });
  notice.title = fired > 0 ? tr("%1: %2 alerts").arg(name).arg(fired) : tr("%1: %2 alerts are over").arg(name).arg(news.size());
  QStringList lines;
  for (const cluster::Alert& alert : news.mid(0, titlesShown)) lines << words(alert);
  if (news.size() > titlesShown) lines << tr("and %1 more").arg(news.size() - titlesShown);
  notice.text = lines.join(u'\n');
  return notice;
}

}  // namespace vx11::ui
