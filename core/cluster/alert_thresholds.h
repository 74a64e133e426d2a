// What the alert rules compare with, and how long they wait: the spec's figures until an operator changes them.
// The same rules, with the same figures, are shipped for Prometheus in packaging/prometheus/vx11-alerts.yml.
#pragma once

#include <QString>
#include <QVariantMap>
#include <array>
#include <optional>

namespace vx11::cluster {

enum class AlertKind {
  InstanceDown,
  RedisDown,
  RedisMemory,
  IssueRate,
  LiveTokens,
  Refusals,
  PrincipalStreams,
  IssueLatency,
  LocalCheckLatency,
  RedisCheckLatency,
  StreamLatency
};
inline constexpr int alertKindCount = 11;

enum class AlertSeverity { Warning, Critical };
/// What a threshold counts. Factor: of planned rate (IssueRate's threshold) times TTL. None: there is nothing to edit.
enum class AlertUnit { None, Ratio, PerSecond, Factor, Milliseconds };

/// What never changes of a rule.
struct AlertRule {
  AlertKind kind{};
  const char* key;         ///< stable: in settings, and the name of its runbook
  const char* prometheus;  ///< the alert's name in the shipped rules
  AlertSeverity severity{};
  AlertUnit unit{};
  double threshold = 0;  ///< at first
  int forSec = 0;        ///< at first
};
[[nodiscard]] const std::array<AlertRule, alertKindCount>& alertRules();
[[nodiscard]] const AlertRule& alertRule(AlertKind kind);
/// Nothing: there is no such rule.
[[nodiscard]] std::optional<AlertKind> alertKindOf(const QString& key);
/// For people: "Refusals".
[[nodiscard]] QString alertName(AlertKind kind);

struct AlertThreshold {
  double value = 0;
  int forSec = 0;  ///< 0 to maxForSec: so long it has to last before it fires
  bool on = true;
  friend bool operator==(const AlertThreshold&, const AlertThreshold&) = default;
};

class AlertThresholds {
 public:
  static constexpr int maxForSec = 3600;

  AlertThresholds();
  [[nodiscard]] const AlertThreshold& of(AlertKind kind) const { return values_[static_cast<std::size_t>(kind)]; }
  /// False, and nothing changes, with a value that isn't finite and positive, or a time out of range.
  bool set(AlertKind kind, const AlertThreshold& threshold);
  [[nodiscard]] bool isDefault(AlertKind kind) const;

  /// Only what differs from the defaults; what can't be read back is left as it was.
  [[nodiscard]] QVariantMap toMap() const;
  [[nodiscard]] static AlertThresholds fromMap(const QVariantMap& map);

  friend bool operator==(const AlertThresholds&, const AlertThresholds&) = default;

 private:
  std::array<AlertThreshold, alertKindCount> values_;
};

}  // namespace vx11::cluster
