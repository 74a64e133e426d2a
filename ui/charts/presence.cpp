#include "charts/presence.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace vx11::ui {

using cluster::Point;

namespace {

constexpr qint64 longestSilence = 20'000;  // ms: a minimised console asks every 15 s
constexpr qint64 markSlack = 2'000;        // ms between the last answer and the mark that says "gone"
constexpr double none = std::numeric_limits<double>::quiet_NaN();

}  // namespace

std::vector<Run> runs(const std::vector<Point>& points) {
  std::vector<Run> found;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (std::isnan(points[i].value)) continue;
    if (found.empty() || found.back().first + found.back().count != i) found.push_back({i, 0});
    ++found.back().count;
  }
  return found;
}

Presence presence(const std::vector<Point>& alive, const std::vector<qint64>& goneAt, qint64 step,
                  qint64 firstSampleAt) {
  Presence result;
  result.notAsked.assign(alive.size(), false);
  for (std::size_t i = 0; i < alive.size();) {
    if (!std::isnan(alive[i].value) || alive[i].at + step <= firstSampleAt) {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < alive.size() && std::isnan(alive[end].value)) ++end;
    const TimeSpan span{alive[i].at, alive[end - 1].at + step};
    const bool known = std::any_of(goneAt.begin(), goneAt.end(),
                                   [&](qint64 at) { return at >= span.from - step - markSlack && at <= span.to; });
    if (known || span.length() > longestSilence)
      result.outages.push_back(span);
    else
      std::fill(result.notAsked.begin() + static_cast<std::ptrdiff_t>(i),
                result.notAsked.begin() + static_cast<std::ptrdiff_t>(end), true);
    i = end;
  }
  return result;
}

void leaveOut(std::vector<Point>& points, const std::vector<bool>& notAsked) {
  std::size_t i = 0;
  std::erase_if(points, [&](const Point&) { return i < notAsked.size() ? bool{notAsked[i++]} : false; });
}

double valueAt(const std::vector<Point>& points, qint64 at) {
  const auto after =
      std::upper_bound(points.begin(), points.end(), at, [](qint64 t, const Point& point) { return t < point.at; });
  return after == points.begin() ? none : std::prev(after)->value;
}

double newestValue(const std::vector<Point>& points) { return points.empty() ? none : points.back().value; }

}  // namespace vx11::ui
