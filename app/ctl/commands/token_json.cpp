#include "ctl/commands/token_json.h"

#include <QJsonArray>
#include <algorithm>

#include "ctl/words.h"

namespace vx11::ctl {
namespace {

using cluster::TokenRow;
using cluster::TokenState;

qint64 leftMs(const cluster::Cluster& cluster, const TokenRow& row) {
  return row.state == TokenState::Live ? std::max<qint64>(0, row.expiresAt - cluster.now()) : 0;
}

}  // namespace

QString stateWord(TokenState state) {
  switch (state) {
    case TokenState::Live:
      break;
    case TokenState::Revoked:
      return QStringLiteral("revoked");
    case TokenState::Used:
      return QStringLiteral("used");
    case TokenState::Expired:
      return QStringLiteral("expired");
  }
  return QStringLiteral("live");
}

QStringList cachedOn(const cluster::Cluster& cluster, const TokenRow& row) {
  QStringList names;
  for (const auto& instance : cluster.instances())
    if ((row.cachedOn >> static_cast<unsigned>(instance.slot) & 1U) != 0) names.append(instance.id);
  return names;
}

QJsonObject toJson(cluster::Cluster& cluster, const TokenRow& row) {
  const QJsonValue cached = QJsonArray::fromStringList(cachedOn(cluster, row));
  return {{QStringLiteral("id"), row.id.text()},
          {QStringLiteral("masked"), row.masked()},
          {QStringLiteral("state"), stateWord(row.state)},
          {QStringLiteral("issued_by"), orNull(cluster.tokens().issuerName(row.issuer))},
          {QStringLiteral("created_at"), static_cast<double>(row.createdAt) / 1000},
          {QStringLiteral("ttl_sec"), row.ttlMs / 1000},
          {QStringLiteral("expires_in_ms"), leftMs(cluster, row)},
          {QStringLiteral("single_use"), row.singleUse},
          {QStringLiteral("cached_on"), row.cachedKnown ? cached : QJsonValue()}};
}

QJsonObject toJson(const cluster::ForeignTokens& counted) {
  QJsonArray issuers;
  for (const cluster::IssuerCount& issuer : counted.issuers) {
    issuers.append(
        QJsonObject{{QStringLiteral("issued_by"), orNull(issuer.issuer)}, {QStringLiteral("live"), qint64{issuer.live}}});
  }
  return {{QStringLiteral("live"), qint64{counted.foreign}}, {QStringLiteral("issuers"), issuers}};
}

Table tokenTable() {
  using enum Table::Side;
  return Table({{tr("TOKEN")},
                {tr("LIVES"), Right},
                {tr("OF"), Right},
                {tr("ISSUER")},
                {tr("CACHED ON")},
                {tr("STATE")},
                {tr("ID")}});
}

void addTo(Table& table, cluster::Cluster& cluster, const TokenRow& row) {
  const QString issuer = cluster.tokens().issuerName(row.issuer);
  const QString cached = cachedOn(cluster, row).join(QStringLiteral(", "));
  const QString state = row.singleUse ? tr("%1, single use").arg(stateWord(row.state)) : stateWord(row.state);
  table.add({{row.masked()},
             {lasting(static_cast<double>(leftMs(cluster, row)) / 1000)},
             {lasting(row.ttlMs / 1000)},
             {issuer.isEmpty() ? tr("foreign") : issuer},
             {row.cachedKnown ? cached : QStringLiteral("–")},
             {state, row.state == TokenState::Live ? Tone::Plain : Tone::Doubtful},
             {row.id.text(), Tone::Faint}});
}

}  // namespace vx11::ctl
