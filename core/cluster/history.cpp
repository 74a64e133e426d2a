#include "cluster/history.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <limits>
#include <map>

namespace vx11::cluster {
namespace {

constexpr float none = std::numeric_limits<float>::quiet_NaN();
constexpr std::size_t maxMarks = 1000;
constexpr qint64 lateSeconds = 2;  // asked once a second, a little late each time: now and then one is left out

std::size_t index(Metric metric) { return static_cast<std::size_t>(metric); }
bool known(float value) { return !std::isnan(value); }
qint64 floorSecond(qint64 ms) { return ms >= 0 ? ms / 1000 : -((-ms + 999) / 1000); }
qint64 ceilSecond(qint64 ms) { return -floorSecond(-ms); }

/// Of several tellings the largest counts: the worst instance, or the one Redis that all of them see.
bool isLargest(Metric metric) {
  return metric == Metric::CheckP50 || metric == Metric::CheckP95 || metric == Metric::CheckP99 ||
         metric == Metric::RedisMemory || metric == Metric::RedisCommandRate;
}

/// A part of a whole, to be summed before it is divided.
struct Share {
  double part = 0, whole = 0;
};

/// One instance: a ring a metric, made when the metric is first reported.
class Lane {
 public:
  explicit Lane(int capacity) : capacity_(capacity) {}

  void add(qint64 second, const std::vector<std::pair<Metric, double>>& values) {
    // Older than the whole ring: the wall clock was set back, and what we hold lies in the future. Begin anew.
    if (newest_ && second <= *newest_ - capacity_) *this = Lane(capacity_);
    advanceTo(second);
    latest_.fill(none);
    for (auto& ring : rings_) {
      if (!ring.empty()) ring[place(second)] = none;
    }
    for (const auto& [metric, value] : values) {
      auto& ring = rings_[index(metric)];
      if (ring.empty()) ring.assign(static_cast<std::size_t>(capacity_), none);
      latest_[index(metric)] = ring[place(second)] = static_cast<float>(value);
    }
  }

  [[nodiscard]] float at(Metric metric, qint64 second) const {
    const auto& ring = rings_[index(metric)];
    if (ring.empty() || second > *newest_ || second < first()) return none;
    return ring[place(second)];
  }
  /// Local hits of all checks in that second; by the ratio alone where the rates weren't told.
  [[nodiscard]] Share hits(qint64 second) const {
    const auto rate = [&](Metric metric) {
      const float value = at(metric, second);
      return known(value) ? double{value} : 0.0;
    };
    const double local = rate(Metric::LocalHitRate);
    const double checks = local + rate(Metric::MissRate) + rate(Metric::RedisHitRate);
    if (checks > 0) return {local, checks};
    const float ratio = at(Metric::HitRatio, second);
    return known(ratio) ? Share{ratio, 1} : Share{};
  }
  [[nodiscard]] float latest(Metric metric) const { return latest_[index(metric)]; }
  [[nodiscard]] qint64 newest() const { return *newest_; }
  [[nodiscard]] qint64 first() const { return std::max(*oldest_, *newest_ - capacity_ + 1); }

 private:
  [[nodiscard]] std::size_t place(qint64 second) const {
    const qint64 rest = second % capacity_;
    return static_cast<std::size_t>(rest < 0 ? rest + capacity_ : rest);
  }
  void advanceTo(qint64 second) {
    if (!newest_) newest_ = oldest_ = second;
    oldest_ = std::min(*oldest_, second);
    if (second <= *newest_) return;
    const qint64 from = std::max(*newest_ + 1, second - capacity_ + 1);
    for (auto& ring : rings_) {
      if (ring.empty()) continue;
      for (qint64 s = from; s <= second; ++s) ring[place(s)] = none;
    }
    newest_ = second;
  }

  int capacity_;
  std::optional<qint64> newest_, oldest_;
  std::array<std::vector<float>, metricCount> rings_;
  std::array<float, metricCount> latest_ = [] {
    std::array<float, metricCount> empty{};
    empty.fill(none);
    return empty;
  }();
};

/// Sums `shareAt(second)` within equal steps and divides. Steps lie on multiples of their length, so that a curve keeps
/// its shape while its window moves on.
template <typename ShareAt>
std::vector<Point> shares(qint64 from, qint64 to, int maxPoints, ShareAt shareAt) {
  const qint64 first = ceilSecond(from), last = floorSecond(to);
  std::vector<Point> points;
  if (last < first || maxPoints < 1) return points;
  // The length depends on the window's length alone, whatever multiples it happens to lie between.
  const qint64 step = maxPoints > 1 ? std::max<qint64>(1, (last - first + maxPoints - 2) / (maxPoints - 1))
                                    : last - first + 1;
  const qint64 origin = maxPoints > 1 ? 0 : first;
  const auto bucket = [=](qint64 second) {
    const qint64 offset = second - origin;
    return offset >= 0 ? offset / step : -((-offset + step - 1) / step);
  };
  points.reserve(static_cast<std::size_t>(bucket(last) - bucket(first) + 1));
  for (qint64 b = bucket(first); b <= bucket(last); ++b) {
    const qint64 begin = std::max(origin + b * step, first), end = std::min(origin + (b + 1) * step, last + 1);
    Share sum;
    for (qint64 second = begin; second < end; ++second) {
      const Share share = shareAt(second);
      sum.part += share.part;
      sum.whole += share.whole;
    }
    points.push_back({begin * 1000, sum.whole > 0 ? sum.part / sum.whole : std::numeric_limits<double>::quiet_NaN()});
  }
  return points;
}

/// Averages `valueAt(second)` within equal steps.
template <typename ValueAt>
std::vector<Point> means(qint64 from, qint64 to, int maxPoints, ValueAt valueAt) {
  return shares(from, to, maxPoints, [&](qint64 second) {
    const double value = valueAt(second);
    return std::isnan(value) ? Share{} : Share{value, 1};
  });
}

}  // namespace

struct History::Impl {
  int capacity;
  std::map<int, Lane> lanes;
  std::deque<TimeMark> marks;

  /// Whether somebody who told until just now has yet to tell of that second: a sum without him would be a dip at the
  /// end of a curve that the next moment takes back. Who stays away is waited for no longer than `lateSeconds`.
  template <typename Told>
  [[nodiscard]] bool incomplete(qint64 second, Told told) const {
    qint64 newest = second;
    for (const auto& [slot, lane] : lanes) newest = std::max(newest, lane.newest());
    return std::any_of(lanes.begin(), lanes.end(), [&](const auto& lane) {
      const qint64 own = lane.second.newest();
      return own < second && newest - own <= lateSeconds && told(lane.second, own);
    });
  }
  /// Sum, largest, or nothing, of what the instances reported in that second.
  [[nodiscard]] double combined(Metric metric, qint64 second) const {
    if (incomplete(second, [=](const Lane& lane, qint64 last) { return known(lane.at(metric, last)); })) return none;
    float result = none;
    for (const auto& [slot, lane] : lanes) {
      const float value = lane.at(metric, second);
      if (!known(value)) continue;
      if (!known(result)) result = value;
      else result = isLargest(metric) ? std::max(result, value) : result + value;
    }
    return result;
  }
  [[nodiscard]] Share hits(qint64 second) const {
    if (incomplete(second, [](const Lane& lane, qint64 last) { return lane.hits(last).whole > 0; })) return {};
    Share sum;
    for (const auto& [slot, lane] : lanes) {
      const Share share = lane.hits(second);
      sum.part += share.part;
      sum.whole += share.whole;
    }
    return sum;
  }
};

History::History(int capacitySeconds) : impl_(new Impl{std::max(capacitySeconds, 1), {}, {}}) {}
History::~History() = default;
History::History(History&&) noexcept = default;
History& History::operator=(History&&) noexcept = default;

void History::add(int slot, qint64 at, const std::vector<std::pair<Metric, double>>& values) {
  impl_->lanes.try_emplace(slot, impl_->capacity).first->second.add(floorSecond(at), values);
}

void History::mark(TimeMark mark) {
  // Marks come nearly in order; a sorted place keeps `marks` simple when the wall clock was corrected.
  auto& marks = impl_->marks;
  const auto place = std::upper_bound(marks.begin(), marks.end(), mark.at,
                                      [](qint64 at, const TimeMark& other) { return at < other.at; });
  marks.insert(place, std::move(mark));
  if (marks.size() > maxMarks) marks.pop_front();
}

QList<int> History::slots_() const {
  QList<int> slots;
  for (const auto& [slot, lane] : impl_->lanes) slots.append(slot);
  return slots;
}

std::vector<Point> History::series(Metric metric, int slot, qint64 from, qint64 to, int maxPoints) const {
  const auto found = impl_->lanes.find(slot);
  if (found == impl_->lanes.end()) return means(from, to, maxPoints, [](qint64) { return double{none}; });
  const Lane& lane = found->second;
  if (metric == Metric::HitRatio) return shares(from, to, maxPoints, [&](qint64 second) { return lane.hits(second); });
  return means(from, to, maxPoints, [&](qint64 second) { return double{lane.at(metric, second)}; });
}

std::vector<Point> History::combined(Metric metric, qint64 from, qint64 to, int maxPoints) const {
  if (metric == Metric::HitRatio) {
    return shares(from, to, maxPoints, [&](qint64 second) { return impl_->hits(second); });
  }
  return means(from, to, maxPoints, [&](qint64 second) { return impl_->combined(metric, second); });
}

std::vector<Point> History::reporting(Metric metric, qint64 from, qint64 to, int maxPoints) const {
  return means(from, to, maxPoints, [&](qint64 second) {
    return static_cast<double>(std::count_if(impl_->lanes.begin(), impl_->lanes.end(), [&](const auto& lane) {
      return known(lane.second.at(metric, second));
    }));
  });
}

std::optional<double> History::latest(Metric metric, int slot) const {
  const auto lane = impl_->lanes.find(slot);
  if (lane == impl_->lanes.end() || !known(lane->second.latest(metric))) return std::nullopt;
  return lane->second.latest(metric);
}

QList<TimeMark> History::marks(qint64 from, qint64 to) const {
  QList<TimeMark> found;
  for (const TimeMark& mark : impl_->marks) {
    if (mark.at >= from && mark.at <= to) found.append(mark);
  }
  return found;
}

std::optional<qint64> History::firstSampleAt() const {
  std::optional<qint64> first;
  for (const auto& [slot, lane] : impl_->lanes) first = std::min(first.value_or(lane.first()), lane.first());
  if (first) *first *= 1000;
  return first;
}

}  // namespace vx11::cluster
