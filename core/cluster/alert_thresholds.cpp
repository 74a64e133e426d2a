#include "cluster/alert_thresholds.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>

namespace vx11::cluster {
namespace {

// In the order of AlertKind. A time is one that neither a restart (30 s) nor a burst (1 min) makes a false alarm of.
constexpr std::array<AlertRule, alertKindCount> rules{{
    {AlertKind::InstanceDown, "instance_down", "Vx11InstanceDown", AlertSeverity::Critical, AlertUnit::None, 0, 30},
    {AlertKind::RedisDown, "redis_down", "Vx11RedisDown", AlertSeverity::Critical, AlertUnit::None, 0, 60},
    {AlertKind::RedisMemory, "redis_memory", "Vx11RedisMemory", AlertSeverity::Warning, AlertUnit::Ratio, 0.8, 300},
    {AlertKind::IssueRate, "issue_rate", "Vx11IssueRate", AlertSeverity::Warning, AlertUnit::PerSecond, 100, 60},
    {AlertKind::LiveTokens, "live_tokens", "Vx11LiveTokens", AlertSeverity::Warning, AlertUnit::Factor, 1.5, 60},
    {AlertKind::Refusals, "refusals", "Vx11Refusals", AlertSeverity::Critical, AlertUnit::PerSecond, 10, 60},
    {AlertKind::PrincipalStreams, "principal_streams", "Vx11PrincipalStreams", AlertSeverity::Warning,
     AlertUnit::Ratio, 0.1, 60},
    {AlertKind::IssueLatency, "issue_latency", "Vx11IssueLatency", AlertSeverity::Warning, AlertUnit::Milliseconds, 50,
     300},
    {AlertKind::LocalCheckLatency, "local_check_latency", "Vx11LocalCheckLatency", AlertSeverity::Warning,
     AlertUnit::Milliseconds, 1, 300},
    {AlertKind::RedisCheckLatency, "redis_check_latency", "Vx11RedisCheckLatency", AlertSeverity::Warning,
     AlertUnit::Milliseconds, 10, 300},
    {AlertKind::StreamLatency, "stream_latency", "Vx11StreamLatency", AlertSeverity::Warning, AlertUnit::Milliseconds,
     500, 300},
}};

QString keyOf(const AlertRule& rule) { return QString::fromLatin1(rule.key); }

QString tr(const char* text) { return QCoreApplication::translate("vx11::cluster::AlertRules", text); }

}  // namespace

const std::array<AlertRule, alertKindCount>& alertRules() { return rules; }

const AlertRule& alertRule(AlertKind kind) { return rules[static_cast<std::size_t>(kind)]; }

std::optional<AlertKind> alertKindOf(const QString& key) {
  for (const AlertRule& rule : rules) {
    if (key == QLatin1String(rule.key)) return rule.kind;
  }
  return std::nullopt;
}

QString alertName(AlertKind kind) {
  switch (kind) {
    case AlertKind::InstanceDown: return tr("Instance down");
    case AlertKind::RedisDown: return tr("Redis down");
    case AlertKind::RedisMemory: return tr("Redis memory");
    case AlertKind::IssueRate: return tr("Issue rate");
    case AlertKind::LiveTokens: return tr("Live tokens");
    case AlertKind::Refusals: return tr("Refusals");
    case AlertKind::PrincipalStreams: return tr("Principals used for streams");
    case AlertKind::IssueLatency: return tr("Issue p95");
    case AlertKind::LocalCheckLatency: return tr("Local check p95");
    case AlertKind::RedisCheckLatency: return tr("Redis check p95");
    case AlertKind::StreamLatency: return tr("Stream open p95");
  }
  return {};
}

AlertThresholds::AlertThresholds() {
  std::transform(rules.begin(), rules.end(), values_.begin(), [](const AlertRule& rule) {
    return AlertThreshold{rule.threshold, rule.forSec, true};
  });
}

bool AlertThresholds::set(AlertKind kind, const AlertThreshold& threshold) {
  const AlertRule& rule = alertRule(kind);
  const bool fits = rule.unit == AlertUnit::None ? threshold.value == rule.threshold
                                                 : std::isfinite(threshold.value) && threshold.value > 0;
  if (!fits || threshold.forSec < 0 || threshold.forSec > maxForSec) return false;
  if (rule.unit == AlertUnit::Ratio && threshold.value > 1) return false;
  values_[static_cast<std::size_t>(kind)] = threshold;
  return true;
}

bool AlertThresholds::isDefault(AlertKind kind) const {
  const AlertRule& rule = alertRule(kind);
  return of(kind) == AlertThreshold{rule.threshold, rule.forSec, true};
}

QVariantMap AlertThresholds::toMap() const {
  QVariantMap map;
  for (const AlertRule& rule : rules) {
    if (isDefault(rule.kind)) continue;
    const AlertThreshold& threshold = of(rule.kind);
    map.insert(keyOf(rule), QVariantMap{{QStringLiteral("value"), threshold.value},
                                        {QStringLiteral("for_sec"), threshold.forSec},
                                        {QStringLiteral("on"), threshold.on}});
  }
  return map;
}

AlertThresholds AlertThresholds::fromMap(const QVariantMap& map) {
  AlertThresholds thresholds;
  for (const AlertRule& rule : rules) {
    const QVariantMap saved = map.value(keyOf(rule)).toMap();
    if (saved.isEmpty()) continue;
    bool isValue = false, isTime = false;
    const AlertThreshold threshold{saved.value(QStringLiteral("value")).toDouble(&isValue),
                                   saved.value(QStringLiteral("for_sec")).toInt(&isTime),
                                   saved.value(QStringLiteral("on"), true).toBool()};
    if (isValue && isTime) static_cast<void>(thresholds.set(rule.kind, threshold));
  }
  return thresholds;
}

}  // namespace vx11::cluster
