#include "models/token_words.h"

#include <QCoreApplication>
#include <algorithm>

#include "widgets/format.h"

namespace vx11::ui::words {
namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(vx11::ui::words)
};

}  // namespace

QString state(cluster::TokenState state) {
  return state == cluster::TokenState::Expired ? Words::tr("Expired") : markWord(markOf(state));
}

QString unknownIssuer() { return format::unknown(); }

Mark markAt(const cluster::TokenRow& row, qint64 now) {
  if (row.state != cluster::TokenState::Live) return markOf(row.state);
  if (row.expiresAt <= now) return markOf(cluster::TokenState::Expired);
  return secondsLeft(row, now) <= expiringSeconds ? Mark::Expiring : Mark::Live;
}

QString stateAt(const cluster::TokenRow& row, qint64 now) {
  if (row.state == cluster::TokenState::Live && row.expiresAt <= now) return state(cluster::TokenState::Expired);
  return row.state == cluster::TokenState::Live ? markWord(markAt(row, now)) : state(row.state);
}

bool alive(const cluster::TokenRow& row, qint64 now) {
  return row.state == cluster::TokenState::Live && row.expiresAt > now;
}

int secondsLeft(const cluster::TokenRow& row, qint64 now) {
  return alive(row, now) ? format::secondsLeft(row.expiresAt - now) : 0;
}

double fractionLeft(const cluster::TokenRow& row, qint64 now) {
  if (!alive(row, now) || row.ttlMs <= 0) return 0;
  return std::min(1.0, static_cast<double>(row.expiresAt - now) / row.ttlMs);
}

QString timeLeft(const cluster::TokenRow& row, qint64 now) {
  const int seconds = secondsLeft(row, now);
  if (seconds == 0) return Words::tr("ended");
  return seconds > 60 ? format::countdown(seconds) : Words::tr("%1 s").arg(seconds);
}

QString timeLeftSpoken(const cluster::TokenRow& row, qint64 now) {
  const int seconds = secondsLeft(row, now);
  if (seconds == 0) return Words::tr("ended");
  return seconds == 1 ? Words::tr("1 second left") : Words::tr("%1 seconds left").arg(seconds);
}

QString life(int seconds) {
  return seconds < 120 ? Words::tr("%1 s").arg(seconds) : format::duration(seconds);
}

QString age(const cluster::TokenRow& row, qint64 now) {
  return format::duration(std::max<qint64>(0, now - (row.expiresAt - row.ttlMs)) / 1000);
}

QString cachedOn(const cluster::TokenRow& row, const QStringList& instances) {
  if (!row.cachedKnown) return format::unknown();
  QStringList names;
  for (qsizetype i = 0; i < 32; ++i) {
    if ((row.cachedOn >> i & 1U) != 0) names << instances.value(i, format::unknown());
  }
  return names.isEmpty() ? Words::tr("none", "no instance") : names.join(QStringLiteral(", "));
}

}  // namespace vx11::ui::words
