#include "pages/redis_facts.h"

#include <QCoreApplication>
#include <algorithm>

#include "widgets/figure.h"
#include "widgets/metrics.h"

namespace vx11::ui {
namespace {

using cluster::InstanceInfo;
using cluster::RedisInfo;
using cluster::RedisSeenBy;

struct Words {
  Q_DECLARE_TR_FUNCTIONS(vx11::ui::RedisPage)
};

constexpr double slowMs = 50;  // five times what a check through Redis may take

Fact latency(std::optional<double> ms) {
  if (!ms) return {format::unknown(), FontRole::Body, Token::Text3, {}};
  // The unit stands in the header.
  const int digits = *ms < 0.095 ? 2 : *ms < 9.95 ? 1 : 0;  // as it will be written: 0.099 is 0.1
  return {QLocale().toString(*ms, 'f', digits),
          *ms > slowMs ? FontRole::BodyStrong : FontRole::Body,
          *ms > slowMs ? Token::Warn : Token::Text,
          {}};
}

/// What most use; one that differs stands out.
QString placeOf(const RedisSeenBy& seen) {
  if (!seen.database && seen.prefix.isEmpty()) return format::unknown();
  const QString database = seen.database ? QString::number(*seen.database) : format::unknown();
  return seen.prefix.isEmpty() ? database : QStringLiteral("%1, %2").arg(database, seen.prefix);
}

QString usual(const QList<RedisSeenBy>& seenBy) {
  QStringList places;
  for (const RedisSeenBy& seen : seenBy) places << placeOf(seen);
  const auto most = std::max_element(places.begin(), places.end(),
                                     [&](const auto& a, const auto& b) { return places.count(a) < places.count(b); });
  return most == places.end() ? QString() : *most;
}

Mark markOf(const RedisSeenBy& seen) {
  if (!seen.up) return Mark::Unknown;
  if (!*seen.up) return Mark::Unreachable;
  return seen.breaker.isEmpty() || seen.breaker == QLatin1String("closed") ? Mark::Live : Mark::Degraded;
}

QString stateOf(const RedisSeenBy& seen) {
  if (seen.up == false) return seen.lastError.isEmpty() ? Words::tr("no answer") : seen.lastError;
  if (seen.breaker == QLatin1String("open")) return Words::tr("waits before it asks again");
  if (seen.breaker == QLatin1String("half_open")) return Words::tr("tries again");
  if (seen.unwritten.value_or(0) > 0) return Words::tr("%1 not written yet").arg(format::count(seen.unwritten));
  return seen.up ? Words::tr("connected") : format::unknown();
}

}  // namespace

RedisStrip::RedisStrip(QWidget* parent)
    : FigureStrip(parent),
      commands_(addFigure(tr("Commands"), metrics::cardPaddingY)),
      clients_(addFigure(tr("Clients"), metrics::cardPaddingY)),
      ratio_(addFigure(tr("Key hit ratio"), metrics::cardPaddingY)),
      save_(addFigure(tr("Last save"), metrics::cardPaddingY)),
      aof_(addFigure(tr("AOF"), metrics::cardPaddingY)),
      uptime_(addFigure(tr("Up for"), metrics::cardPaddingY)) {}

void RedisStrip::display(const RedisInfo& info, const redis::Look& look) {
  const auto word = [](const QString& text) { return format::Quantity{text, {}, text != format::unknown()}; };
  commands_->setQuantity({format::count(info.opsPerSec), QStringLiteral("/s"), info.opsPerSec.has_value()});
  commands_->setSub(tr("%1 expired").arg(format::count(info.expiredKeys)));
  clients_->setCount(info.clients);
  // Blocked are those that wait for the feed's next event: one an instance.
  clients_->setSub(info.maxClients ? tr("of %1").arg(format::count(info.maxClients)) : tr("limit unknown"));
  clients_->setToolTip(info.blockedClients ? tr("%1 of them wait for an event").arg(format::count(info.blockedClients))
                                           : QString());
  ratio_->setQuantity(format::ratioParts(info.hitRatio));
  ratio_->setSub(tr("keyspace, all users"));
  const qint64 sinceSave =
      info.rdbLastSaveAt ? std::max<qint64>(0, look.wall.toSecsSinceEpoch() - *info.rdbLastSaveAt) : 0;
  save_->setQuantity(word(info.rdbLastSaveOk == false ? tr("failed")
                          : info.rdbLastSaveAt        ? tr("%1 ago").arg(format::duration(sinceSave))
                                                      : format::unknown()));
  save_->setSub(info.rdbChangesSinceSave ? tr("%1 changes since").arg(format::count(info.rdbChangesSinceSave))
                                         : tr("RDB"));
  aof_->setQuantity(word(!info.aofEnabled ? format::unknown() : *info.aofEnabled ? tr("on") : tr("off")));
  aof_->setSub(info.aofEnabled != true        ? tr("append-only file")
               : info.aofLastWriteOk == false ? tr("last write failed")
                                              : tr("last write ok"));
  uptime_->setQuantity(word(format::duration(info.uptimeSec)));
  uptime_->setSub(info.version.isEmpty() ? tr("version unknown") : tr("version %1").arg(info.version));
  const QString age = redis::staleAge(info, look);
  for (Figure* figure : figures()) figure->setStale(age);
}

namespace redis {

QList<FactColumn> roundTripColumns() {
  return {{Words::tr("From"), false, 104},
          {Words::tr("p50, ms"), true, 66},
          {Words::tr("p99, ms"), true, 66},
          {Words::tr("Database, prefix"), false, 126},
          {Words::tr("State"), false, 80}};
}

QList<QList<Fact>> roundTrips(const RedisInfo& info, const QList<InstanceInfo>& instances) {
  QList<QList<Fact>> lines;
  if (info.source == RedisInfo::Source::Direct || info.roundTripMs) {
    const Mark mark = !info.up ? Mark::Unknown : *info.up ? Mark::Live : Mark::Unreachable;
    lines.append({{Words::tr("this console"), FontRole::Body, Token::Text, mark},
                  latency(info.roundTripMs),
                  {Words::tr("one try"), FontRole::Body, Token::Text3, {}},
                  {Words::tr("asks Redis itself"), FontRole::Body, Token::Text2, {}}});
  }
  const QString most = usual(info.seenBy);
  for (const InstanceInfo& instance : instances) {
    const auto seen = std::find_if(info.seenBy.begin(), info.seenBy.end(),
                                   [&](const auto& each) { return each.slot == instance.slot; });
    const auto name = [&](Mark mark) {
      return Fact{nameOf(instances, instance.slot), FontRole::Body, Token::Text, mark};
    };
    if (seen == info.seenBy.end()) {
      const bool without = instance.redisConfigured == false;
      lines.append({name(without ? Mark::Stopped : Mark::Unknown),
                    {without                  ? Words::tr("memory mode, does not use Redis")
                     : instance.internalCalls ? Words::tr("unknown, it has not told")
                                              : Words::tr("unknown, speaks the public calls only"),
                     FontRole::Body,
                     Token::Text2,
                     {}}});
      continue;
    }
    const QString place = placeOf(*seen);
    const Mark mark = markOf(*seen);
    const bool odd = place != most && place != format::unknown();
    lines.append({name(mark),
                  latency(seen->roundTripP50),
                  latency(seen->roundTripP99),
                  {place,
                   odd ? FontRole::BodyStrong : FontRole::Body,
                   odd                          ? Token::Warn
                   : place == format::unknown() ? Token::Text3
                                                : Token::Text,
                   {}},
                  {stateOf(*seen), FontRole::Body, isTrouble(mark) ? markColor(mark) : Token::Text2, {}}});
  }
  return lines;
}

QList<FactColumn> slowLogColumns() {
  return {{Words::tr("At"), false, 96}, {Words::tr("Took, ms"), true, 78}, {Words::tr("Command"), false, 200}};
}

QList<QList<Fact>> slowLog(const RedisInfo& info, const QDate& today) {
  QList<QList<Fact>> lines;
  for (const auto& slow : info.slowLog) {
    lines.append({{format::moment(QDateTime::fromSecsSinceEpoch(slow.at), today), FontRole::Fixed, Token::Text2, {}},
                  latency(slow.tookMs),
                  {slow.command, FontRole::Fixed, Token::Text, {}}});
  }
  return lines;
}

QString slowLogText(const RedisInfo& info) {
  QString text;
  for (const auto& slow : info.slowLog)
    text += QStringLiteral("%1\t%2 ms\t%3\n")
                .arg(QDateTime::fromSecsSinceEpoch(slow.at).toString(Qt::ISODate))
                .arg(slow.tookMs, 0, 'f', 1)
                .arg(slow.command);
  return text;
}

}  // namespace redis
}  // namespace vx11::ui
