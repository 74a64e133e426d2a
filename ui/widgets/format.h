// Numbers, spans of time and names as the console writes them: one way for each, on every page. Pure functions; what
// is empty (or not a number) is always the word "unknown", never 0 and never a dash.
#pragma once

#include <QDateTime>
#include <QString>
#include <QUrl>
#include <optional>

namespace vx11::ui::format {

/// A number and its unit apart, for figures that paint the unit smaller. An unknown quantity has no unit.
struct Quantity {
  QString number;
  QString unit;
  bool known = true;
  /// "6.2/s", "38 ms", "unknown".
  [[nodiscard]] QString text() const;
};

[[nodiscard]] QString unknown();

/// 4,318: grouped as the locale does.
[[nodiscard]] QString count(std::optional<qint64> value);
/// 6.2/s; one digit below 100, none above.
[[nodiscard]] Quantity rateParts(std::optional<double> perSecond);
[[nodiscard]] QString rate(std::optional<double> perSecond);
/// 0.9 ms below 10 ms, 38 ms, 1.24 s. Below 0.1 ms two digits, so that a fast answer is not written as zero.
[[nodiscard]] Quantity latencyParts(std::optional<double> milliseconds);
[[nodiscard]] QString latency(std::optional<double> milliseconds);
/// Binary: 512 B, 1.4 MiB (one digit below 10), 427 MiB.
[[nodiscard]] Quantity bytesParts(std::optional<qint64> bytes);
[[nodiscard]] QString bytes(std::optional<qint64> bytes);
/// 0 to 1 as 83 %; one digit only over 99, and never rounded up to 100.
[[nodiscard]] Quantity ratioParts(std::optional<double> ratio);
[[nodiscard]] QString ratio(std::optional<double> ratio);

/// 51 s (a minute is 60 s), 4 min, 2 h 11 min, 3 d 4 h; two units at most. Below zero counts as zero.
[[nodiscard]] QString duration(std::optional<qint64> seconds);
/// Of a drain, or of more than a minute: 0:38, 12:04, 1:02:03.
[[nodiscard]] QString countdown(qint64 seconds);
/// What a token still has: 51 s, and 4:12 when it is over a minute.
[[nodiscard]] QString timeLeft(qint64 seconds);
/// "12 s old".
[[nodiscard]] QString age(qint64 seconds);
/// Whole seconds until an end, rounded up: 0 only when it is over.
[[nodiscard]] int secondsLeft(qint64 millisecondsLeft);

/// 14:32:36, local time.
[[nodiscard]] QString clockTime(const QDateTime& time);
/// 14:32:36.123, for the log and for details.
[[nodiscard]] QString clockTimeMs(const QDateTime& time);
/// 14:32:36 on `today`, else 21 Nov 16:40.
[[nodiscard]] QString moment(const QDateTime& time, const QDate& today);
/// ISO 8601 with zone, for tool tips.
[[nodiscard]] QString iso(const QDateTime& time);

/// First and last characters with an ellipsis between, at most `length` characters in all.
[[nodiscard]] QString elideMiddle(const QString& text, qsizetype length);
/// Host and port as they are written: 127.0.0.1:8011, [::1]:8011.
[[nodiscard]] QString address(const QUrl& url);

}  // namespace vx11::ui::format
