#include "widgets/format.h"

#include <QCoreApplication>
#include <QLocale>
#include <QTimeZone>
#include <algorithm>
#include <array>
#include <cmath>

namespace vx11::ui::format {
namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(vx11::ui::format)
};

QString decimal(double value, int digits) { return QLocale().toString(value, 'f', digits); }

Quantity unknownQuantity() { return {unknown(), {}, false}; }

bool measured(const std::optional<double>& value) { return value && std::isfinite(*value); }

/// Digits after the point, decided by the value as it will be written: 9.96 with one digit is already 10.
int digitsBelow(double value, double limit, int digits) {
  const double scale = std::pow(10.0, digits);
  return std::round(value * scale) / scale < limit ? digits : 0;
}

}  // namespace

QString Quantity::text() const {
  if (unit.isEmpty()) return number;
  return unit.startsWith(u'/') ? number + unit : number + u' ' + unit;
}

QString unknown() { return Words::tr("unknown"); }

QString count(std::optional<qint64> value) { return value ? QLocale().toString(*value) : unknown(); }

Quantity rateParts(std::optional<double> perSecond) {
  if (!measured(perSecond)) return unknownQuantity();
  const double value = std::max(0.0, *perSecond);
  return {decimal(value, digitsBelow(value, 100, 1)), Words::tr("/s", "per second"), true};
}
QString rate(std::optional<double> perSecond) { return rateParts(perSecond).text(); }

Quantity latencyParts(std::optional<double> milliseconds) {
  if (!measured(milliseconds)) return unknownQuantity();
  const double ms = std::max(0.0, *milliseconds);
  if (ms >= 999.5) return {decimal(ms / 1000, 2), Words::tr("s", "seconds"), true};
  if (ms > 0 && ms < 0.005) return {u'<' + decimal(0.01, 2), Words::tr("ms"), true};
  if (ms > 0 && ms < 0.095) return {decimal(ms, 2), Words::tr("ms"), true};
  return {decimal(ms, digitsBelow(ms, 10, 1)), Words::tr("ms"), true};
}
QString latency(std::optional<double> milliseconds) { return latencyParts(milliseconds).text(); }

Quantity bytesParts(std::optional<qint64> bytes) {
  if (!bytes) return unknownQuantity();
  static constexpr std::array units{"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  double value = static_cast<double>(std::max<qint64>(0, *bytes));
  std::size_t unit = 0;
  while (value >= 1023.5 && unit + 1 < units.size()) {
    value /= 1024;
    ++unit;
  }
  const int digits = unit == 0 ? 0 : digitsBelow(value, 10, 1);
  return {decimal(value, digits), QString::fromLatin1(units.at(unit)), true};
}
QString bytes(std::optional<qint64> bytes) { return bytesParts(bytes).text(); }

Quantity ratioParts(std::optional<double> ratio) {
  if (!measured(ratio)) return unknownQuantity();
  const double percent = std::clamp(*ratio, 0.0, 1.0) * 100;
  const QString sign = QStringLiteral("%");
  if (percent > 99 && percent < 100) return {decimal(std::floor(percent * 10 + 1e-9) / 10, 1), sign, true};
  if (percent > 0 && percent < 0.5) return {u'<' + decimal(1, 0), sign, true};
  return {decimal(percent, 0), sign, true};
}
QString ratio(std::optional<double> ratio) { return ratioParts(ratio).text(); }

QString duration(std::optional<qint64> seconds) {
  if (!seconds) return unknown();
  const qint64 s = std::max<qint64>(0, *seconds);
  const qint64 minutes = s / 60;
  const qint64 hours = minutes / 60;
  const qint64 days = hours / 24;
  const QLocale locale;
  if (s <= 60) return Words::tr("%1 s").arg(locale.toString(s));
  if (hours == 0) return Words::tr("%1 min").arg(locale.toString(minutes));
  if (days == 0) {
    if (minutes % 60 == 0) return Words::tr("%1 h").arg(locale.toString(hours));
    return Words::tr("%1 h %2 min").arg(locale.toString(hours), locale.toString(minutes % 60));
  }
  if (hours % 24 == 0) return Words::tr("%1 d").arg(locale.toString(days));
  return Words::tr("%1 d %2 h").arg(locale.toString(days), locale.toString(hours % 24));
}

QString countdown(qint64 seconds) {
  const qint64 s = std::max<qint64>(0, seconds);
  const auto two = [](qint64 n) { return QStringLiteral("%1").arg(n, 2, 10, QLatin1Char('0')); };
  if (s < 3600) return QStringLiteral("%1:%2").arg(s / 60).arg(two(s % 60));
  return QStringLiteral("%1:%2:%3").arg(s / 3600).arg(two(s / 60 % 60), two(s % 60));
}

QString timeLeft(qint64 seconds) { return seconds <= 60 ? duration(seconds) : countdown(seconds); }

QString age(qint64 seconds) { return Words::tr("%1 old", "an age").arg(duration(seconds)); }

int secondsLeft(qint64 millisecondsLeft) {
  return static_cast<int>((std::max<qint64>(0, millisecondsLeft) + 999) / 1000);
}

QString clockTime(const QDateTime& time) {
  return time.isValid() ? time.toLocalTime().toString(QStringLiteral("HH:mm:ss")) : unknown();
}

QString clockTimeMs(const QDateTime& time) {
  return time.isValid() ? time.toLocalTime().toString(QStringLiteral("HH:mm:ss.zzz")) : unknown();
}

QString moment(const QDateTime& time, const QDate& today) {
  const QDateTime local = time.toLocalTime();
  if (!time.isValid() || local.date() == today) return clockTime(time);
  return QLocale().toString(local, QStringLiteral("d MMM HH:mm"));
}

QString iso(const QDateTime& time) {
  if (!time.isValid()) return unknown();
  const QDateTime local = time.toLocalTime();
  return local.toOffsetFromUtc(local.offsetFromUtc()).toString(Qt::ISODateWithMs);
}

QString elideMiddle(const QString& text, qsizetype length) {
  if (text.size() <= length || length < 3) return text;
  const qsizetype tail = (length - 1) / 2;
  return text.left(length - 1 - tail) + QChar(0x2026) + text.right(tail);
}

QString address(const QUrl& url) {
  const QString host = url.host().contains(u':') ? u'[' + url.host() + u']' : url.host();
  return url.port() < 0 ? host : QStringLiteral("%1:%2").arg(host).arg(url.port());
}

}  // namespace vx11::ui::format
