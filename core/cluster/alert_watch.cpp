#include "cluster/alert_watch.h"

#include <algorithm>
#include <tuple>

#include "cluster/cluster.h"

namespace vx11::cluster {
namespace {

using Stage = AlertProgress::Stage;
using Verdict = AlertReading::Verdict;

constexpr int lookEveryMs = 1000;

QString keyOf(AlertKind kind) { return QString::fromLatin1(alertRule(kind).key); }

bool isWorse(const Alert& one, const Alert& other) {
  return std::tuple(one.firing, one.severity(), one.since) > std::tuple(other.firing, other.severity(), other.since);
}

}  // namespace

AlertWatch::AlertWatch(Cluster& cluster, std::function<qint64()> wallMs, bool timer)
    : cluster_(cluster), wallMs_(wallMs ? std::move(wallMs) : [] { return QDateTime::currentMSecsSinceEpoch(); }) {
  connect(&timer_, &QTimer::timeout, this, &AlertWatch::look);
  if (timer) timer_.start(lookEveryMs);
}

void AlertWatch::look() {
  const AlertSample sample = sampleOf(cluster_);
  window_.add(sample);
  turns_.clear();
  const auto silencesBefore = silences_.size();
  for (const AlertReading& reading : judge(window_, thresholds_)) take(reading, sample);
  dropGone(sample);
  silences_.removeIf([&](const Silence& silence) { return silence.until && *silence.until <= sample.at; });
  const bool none = alerts_.isEmpty();
  gather();
  const auto turns = std::exchange(turns_, {});
  for (const Alert& alert : turns) tell(alert);
  if (!none || !alerts_.isEmpty() || !turns.isEmpty()) Q_EMIT changed();
  if (silences_.size() != silencesBefore) Q_EMIT stateChanged();
}

void AlertWatch::take(const AlertReading& reading, const AlertSample& sample) {
  const AlertKey key{reading.kind, reading.slot};
  Watched& watched = watched_[key];
  AlertProgress& progress = watched.progress;
  Alert& alert = watched.alert;
  const Stage before = progress.stage;
  progress = advance(progress, reading, sample.at, thresholds_.of(reading.kind).forSec);
  const Stage now = progress.stage;
  if (now == Stage::Quiet) {
    if (before == Stage::Firing) end(alert);
    alert = {};
  }
  alert.key = key;
  for (const InstanceSample& instance : sample.instances) {
    if (instance.slot == reading.slot) alert.instance = instance.id;
  }
  if (now == Stage::Quiet) {
    if (reading.verdict == Verdict::Unknown) return;
    silences_.removeIf([&](const Silence& silence) { return !silence.until && silence.isOf(alert); });
    return;
  }
  if (before == Stage::Quiet) alert.since = sample.at;
  alert.known = reading.verdict != Verdict::Unknown;
  if (reading.value) alert.value = *reading.value;
  alert.threshold = reading.threshold;
  alert.clearMs = now == Stage::Firing && progress.clear ? std::optional(progress.clearMs) : std::nullopt;
  if (now != Stage::Firing || before == Stage::Firing) return;
  alert.firing = true;
  alert.firedAt = QDateTime::fromMSecsSinceEpoch(wallMs_());
  turns_.append(alert);
}

void AlertWatch::end(Alert alert) {
  alert.firing = false;
  alert.clearMs.reset();
  alert.clearedAt = QDateTime::fromMSecsSinceEpoch(wallMs_());
  history_.prepend(alert);
  if (history_.size() > maxHistory) history_.removeLast();
  turns_.append(alert);
}

void AlertWatch::dropGone(const AlertSample& sample) {
  for (auto it = watched_.begin(); it != watched_.end();) {
    const int slot = it->first.slot;
    const bool there = slot < 0 || std::any_of(sample.instances.begin(), sample.instances.end(),
                                               [slot](const InstanceSample& one) { return one.slot == slot; });
    if (!there && it->second.alert.firing) end(it->second.alert);
    it = there ? std::next(it) : watched_.erase(it);
  }
}

void AlertWatch::gather() {
  alerts_.clear();
  for (auto& [key, watched] : watched_) {
    if (watched.progress.stage == Stage::Quiet) continue;
    Alert& alert = watched.alert;
    const auto silence = std::find_if(silences_.begin(), silences_.end(),
                                      [&alert](const Silence& one) { return one.isOf(alert); });
    alert.silenced = silence != silences_.end();
    alert.silencedUntil = alert.silenced ? silence->until : std::nullopt;
    alerts_.append(alert);
  }
  std::stable_sort(alerts_.begin(), alerts_.end(), isWorse);
  for (Alert& alert : turns_) {
    alert.silenced = std::any_of(silences_.begin(), silences_.end(), [&](const Silence& one) { return one.isOf(alert); });
  }
}

void AlertWatch::tell(const Alert& alert) {
  const AlertRule& rule = alertRule(alert.key.kind);
  QVariantMap fields{{QStringLiteral("alert"), QString::fromLatin1(rule.key)},
                     {QStringLiteral("value"), alert.value},
                     {QStringLiteral("threshold"), alert.threshold}};
  if (!alert.instance.isEmpty()) fields.insert(QStringLiteral("instance"), alert.instance);
  LogEntry entry;
  entry.time = QDateTime::fromMSecsSinceEpoch(wallMs_());
  entry.source = QStringLiteral("console");
  entry.fields = fields;
  if (alert.firing) {
    entry.event = QStringLiteral("alert_fired");
    entry.severity = rule.severity == AlertSeverity::Critical ? Severity::Error : Severity::Warning;
  } else {
    entry.event = QStringLiteral("alert_cleared");
  }
  cluster_.journal().add(entry);
  if (alert.firing) cluster_.mark(TimeMark::Kind::Alert, alert.instance, alertName(alert.key.kind));
  alert.firing ? Q_EMIT fired(alert) : Q_EMIT cleared(alert);
}

const Alert* AlertWatch::find(const AlertKey& key) const {
  const auto found = std::find_if(alerts_.begin(), alerts_.end(), [&](const Alert& one) { return one.key == key; });
  return found == alerts_.end() ? nullptr : &*found;
}

int AlertWatch::firingCount() const {
  return static_cast<int>(
      std::count_if(alerts_.begin(), alerts_.end(), [](const Alert& one) { return one.firing && !one.silenced; }));
}

int AlertWatch::pendingCount() const {
  return static_cast<int>(
      std::count_if(alerts_.begin(), alerts_.end(), [](const Alert& one) { return !one.firing && !one.silenced; }));
}

bool AlertWatch::fires(AlertKind kind, int slot) const {
  const Alert* alert = find({kind, slot});
  return alert != nullptr && alert->firing;
}

void AlertWatch::acknowledge(const AlertKey& key) {
  const auto found = watched_.find(key);
  if (found == watched_.end() || !found->second.alert.firing || found->second.alert.acknowledged) return;
  found->second.alert.acknowledged = true;
  gather();
  Q_EMIT changed();
}

void AlertWatch::silence(const AlertKey& key, std::optional<qint64> forMs) {
  const Alert* alert = find(key);
  if (alert == nullptr) return;
  silences_.removeIf([&](const Silence& one) { return one.isOf(*alert); });
  silences_.append({key.kind, alert->instance,
                    forMs ? std::optional(cluster_.now() + std::max<qint64>(0, *forMs)) : std::nullopt});
  gather();
  Q_EMIT changed();
  Q_EMIT stateChanged();
}

void AlertWatch::endSilence(const AlertKey& key) {
  const Alert* alert = find(key);
  if (alert == nullptr || silences_.removeIf([&](const Silence& one) { return one.isOf(*alert); }) == 0) return;
  gather();
  Q_EMIT changed();
  Q_EMIT stateChanged();
}

void AlertWatch::setThresholds(const AlertThresholds& thresholds) {
  if (thresholds == thresholds_) return;
  thresholds_ = thresholds;
  Q_EMIT changed();
  Q_EMIT stateChanged();
}

QVariantMap AlertWatch::state() const {
  const qint64 now = cluster_.now(), wall = wallMs_();
  QVariantList silences;
  for (const Silence& silence : silences_) {
    QVariantMap saved{{QStringLiteral("alert"), keyOf(silence.kind)}, {QStringLiteral("instance"), silence.instance}};
    if (silence.until) saved.insert(QStringLiteral("until"), wall + *silence.until - now);
    silences.append(saved);
  }
  return {{QStringLiteral("thresholds"), thresholds_.toMap()}, {QStringLiteral("silences"), silences}};
}

void AlertWatch::restore(const QVariantMap& state) {
  thresholds_ = AlertThresholds::fromMap(state.value(QStringLiteral("thresholds")).toMap());
  silences_.clear();
  const qint64 now = cluster_.now(), wall = wallMs_();
  for (const QVariant& value : state.value(QStringLiteral("silences")).toList()) {
    const QVariantMap saved = value.toMap();
    const auto kind = alertKindOf(saved.value(QStringLiteral("alert")).toString());
    if (!kind) continue;
    Silence silence{*kind, saved.value(QStringLiteral("instance")).toString(), std::nullopt};
    if (saved.contains(QStringLiteral("until"))) {
      const qint64 left = saved.value(QStringLiteral("until")).toLongLong() - wall;
      if (left <= 0) continue;
      silence.until = now + left;
    }
    silences_.append(silence);
  }
  gather();
  Q_EMIT changed();
}

}  // namespace vx11::cluster
