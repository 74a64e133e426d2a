#include "charts/nice_scale.h"

#include <QDateTime>
#include <QLocale>
#include <array>
#include <cmath>

namespace vx11::ui {
namespace {

constexpr double emptyTop = 1;
/// 0.1 + 0.2 must not ask for the next step.
constexpr double tolerance = 1e-9;

double decimalTop(double greatest) {
  static constexpr std::array<double, 7> steps{1, 2, 4, 5, 6, 8, 10};
  const double power = std::pow(10, std::floor(std::log10(greatest)));
  for (const double step : steps) {
    if (greatest <= step * power * (1 + tolerance)) return step * power;
  }
  return 10 * power;
}

double countTop(double greatest) {
  double top = decimalTop(std::max(greatest, 2.0));
  while (std::fmod(top, 2) != 0) top = decimalTop(top * 1.01);
  return top;
}

}  // namespace

double niceTop(double greatest, Scale scale) {
  if (scale == Scale::Percent) return 100;
  const bool something = std::isfinite(greatest) && greatest > 0;
  switch (scale) {
    case Scale::Count:
      return countTop(something ? greatest : 0);
    case Scale::Binary:
      return something ? std::max(1.0, std::exp2(std::ceil(std::log2(greatest) - tolerance))) : emptyTop;
    default:
      return something ? decimalTop(greatest) : emptyTop;
  }
}

QString axisLabel(double value) {
  const QLocale locale;
  const auto shortest = [&](double v) {
    QString text = locale.toString(v, 'f', v < 0.1 ? 3 : v < 1 ? 2 : 1);
    while (text.endsWith(locale.zeroDigit()) && text.contains(locale.decimalPoint())) text.chop(1);
    if (text.endsWith(locale.decimalPoint())) text.chop(1);
    return text;
  };
  if (value >= 1e6) return shortest(value / 1e6) + u'M';
  if (value >= 1e4) return shortest(value / 1e3) + u'k';
  if (value >= 10 && std::floor(value) == value) return locale.toString(static_cast<qlonglong>(value));
  return shortest(value);
}

TimeTicks timeTicks(qint64 from, qint64 to, int maxLabels) {
  static constexpr std::array<qint64, 17> seconds{1,   2,   5,   10,   15,   30,   60,   120,  180,
                                                  300, 600, 900, 1200, 1800, 3600, 7200, 21600};
  if (to <= from || maxLabels < 1) return {};
  TimeTicks ticks;
  ticks.interval = seconds.back() * 1000;
  for (const qint64 s : seconds) {
    if ((to - from) / (s * 1000) + 1 <= maxLabels) {
      ticks.interval = s * 1000;
      break;
    }
  }
  const qint64 offset = QDateTime::fromMSecsSinceEpoch(to).offsetFromUtc() * qint64{1000};
  const qint64 first = (from + offset + ticks.interval - 1) / ticks.interval * ticks.interval - offset;
  for (qint64 at = first; at <= to; at += ticks.interval) ticks.at.push_back(at);
  return ticks;
}

QString timeLabel(qint64 at, qint64 interval) {
  return QDateTime::fromMSecsSinceEpoch(at).toString(interval < 60'000 ? u"HH:mm:ss" : u"HH:mm");
}

}  // namespace vx11::ui
