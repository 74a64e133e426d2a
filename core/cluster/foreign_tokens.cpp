#include "cluster/foreign_tokens.h"

#include <QCoreApplication>
#include <QLocale>
#include <QSet>
#include <algorithm>

namespace vx11::cluster {
namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(vx11::cluster::foreignTokens)
};

constexpr qsizetype mostNamed = 10;

QString number(qsizetype count) { return QLocale().toString(count); }

QString nameOf(const IssuerCount& issuer) {
  return issuer.issuer.isEmpty() ? Words::tr("an issuer without a name") : issuer.issuer;
}

}  // namespace

ForeignTokens foreignTokens(Cluster& cluster) {
  ForeignTokens counted;
  QSet<QString> ours, silent;
  const QList<QUrl> pending = cluster.pendingAcceptance();
  for (const InstanceInfo& instance : cluster.instances()) {
    if (instance.internalCalls || pending.contains(instance.url)) ours.insert(instance.id);
    if (instance.answeredAt < 0) silent.insert(instance.id);
  }
  for (const IssuerCount& issuer : cluster.tokens().liveByIssuer()) {
    counted.live += issuer.live;
    if (ours.contains(issuer.issuer)) {
      silent.remove(issuer.issuer);
      continue;
    }
    counted.foreign += issuer.live;
    counted.issuers.append(issuer);
  }
  std::sort(counted.issuers.begin(), counted.issuers.end(), [](const IssuerCount& a, const IssuerCount& b) {
    return a.live != b.live ? a.live > b.live : a.issuer < b.issuer;
  });
  counted.strangers = silent.values();
  counted.strangers.sort();
  return counted;
}

QString foreignTokenWords(const ForeignTokens& counted, bool complete) {
  const QString live = (complete ? Words::tr("%1 live") : Words::tr("%1 so far")).arg(number(counted.live));
  if (counted.foreign == 0) return Words::tr("%1, none foreign").arg(live);
  if (counted.issuers.size() > 1) {
    return Words::tr("%1, %2 by %3 foreign issuers")
        .arg(live, number(counted.foreign), number(counted.issuers.size()));
  }
  const IssuerCount& only = counted.issuers.first();
  return only.issuer.isEmpty() ? Words::tr("%1, %2 foreign").arg(live, number(counted.foreign))
                               : Words::tr("%1, %2 by %3 (foreign)").arg(live, number(counted.foreign), only.issuer);
}

QString foreignTokenDetails(const ForeignTokens& counted) {
  if (counted.issuers.isEmpty()) return {};
  QStringList lines{Words::tr("Issued by others than the instances of this profile:")};
  for (const IssuerCount& issuer : counted.issuers.first(std::min(mostNamed, counted.issuers.size())))
    lines << Words::tr("%1: %2").arg(nameOf(issuer), number(issuer.live));
  if (counted.issuers.size() > mostNamed)
    lines << Words::tr("and %1 more issuers").arg(number(counted.issuers.size() - mostNamed));
  if (!counted.strangers.isEmpty())
    lines << Words::tr("Some may be of %1, which never answered: its name as an issuer is not known.")
                 .arg(counted.strangers.join(QStringLiteral(", ")));
  return lines.join(u'\n');
}

}  // namespace vx11::cluster
