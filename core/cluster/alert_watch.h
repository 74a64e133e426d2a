// Watches one cluster by the alert rules, once a second: what is pending and what fires, what the operator said to it,
// and what was. It changes nothing but the log and the marks of the charts.
#pragma once

#include <QDateTime>
#include <QObject>
#include <QTimer>
#include <functional>
#include <map>

#include "cluster/alert_rules.h"

namespace vx11::cluster {

class Cluster;

struct AlertKey {
  AlertKind kind{};
  int slot = -1;  ///< of the instance; -1: the whole
  friend bool operator==(const AlertKey&, const AlertKey&) = default;
  friend auto operator<=>(const AlertKey&, const AlertKey&) = default;
};

/// One that is pending, fires, or did.
struct Alert {
  AlertKey key;
  QString instance;  ///< its id; empty: the whole
  bool firing = false;
  bool known = true;  ///< false: `value` is the last one that somebody told
  double value = 0, threshold = 0;  ///< as of AlertReading
  qint64 since = 0;                 ///< console clock, ms: over since then
  std::optional<qint64> clearMs;    ///< firing, though clear again for so long without a break; empty: over its limit
  QDateTime firedAt, clearedAt;
  bool acknowledged = false;
  bool silenced = false;
  std::optional<qint64> silencedUntil;  ///< console clock, ms; empty while silenced: until it is resolved
  [[nodiscard]] AlertSeverity severity() const { return alertRule(key.kind).severity; }
};

/// GUI thread only.
class AlertWatch : public QObject {
  Q_OBJECT
 public:
  static constexpr int maxHistory = 200;

  /// `wallMs`: ms since the epoch, for what is kept over a restart. Without `timer` only `look` looks.
  explicit AlertWatch(Cluster& cluster, std::function<qint64()> wallMs = {}, bool timer = true);

  /// Pending and firing; the worst first, then the newest.
  [[nodiscard]] const QList<Alert>& alerts() const { return alerts_; }
  /// Over again, the newest first.
  [[nodiscard]] const QList<Alert>& history() const { return history_; }
  [[nodiscard]] const Alert* find(const AlertKey& key) const;
  [[nodiscard]] int firingCount() const;   ///< without the silenced
  [[nodiscard]] int pendingCount() const;  ///< likewise
  /// Whether one of these rules fires for the instance of this slot.
  [[nodiscard]] bool fires(AlertKind kind, int slot) const;

  /// Seen by somebody: it keeps its place. Until it clears.
  void acknowledge(const AlertKey& key);
  /// No notification and no count for so long; nothing: until it is resolved.
  void silence(const AlertKey& key, std::optional<qint64> forMs);
  void endSilence(const AlertKey& key);

  [[nodiscard]] const AlertThresholds& thresholds() const { return thresholds_; }
  void setThresholds(const AlertThresholds& thresholds);

  /// Somebody wants to read about it: whoever shows alerts, shows this one.
  void ask(const AlertKey& key) { Q_EMIT asked(key); }

  /// Thresholds and silences, to be kept with the profile.
  [[nodiscard]] QVariantMap state() const;
  void restore(const QVariantMap& state);

  /// Judges the cluster as it is now.
  void look();

 Q_SIGNALS:
  void changed();  ///< alerts, history or thresholds; at most once a look or call
  void fired(const vx11::cluster::Alert& alert);
  void cleared(const vx11::cluster::Alert& alert);
  void asked(const vx11::cluster::AlertKey& key);
  void stateChanged();  ///< there is something else to be kept

 private:
  struct Silence {
    AlertKind kind{};
    QString instance;
    std::optional<qint64> until;  ///< console clock, ms; empty: until it is resolved
    [[nodiscard]] bool isOf(const Alert& alert) const { return kind == alert.key.kind && instance == alert.instance; }
  };
  struct Watched {
    AlertProgress progress;
    Alert alert;
  };
  void take(const AlertReading& reading, const AlertSample& sample);
  void end(Alert alert);
  void dropGone(const AlertSample& sample);
  void gather();
  void tell(const Alert& alert);

  Cluster& cluster_;
  std::function<qint64()> wallMs_;
  AlertThresholds thresholds_;
  AlertWindow window_;
  std::map<AlertKey, Watched> watched_;
  QList<Silence> silences_;
  QList<Alert> alerts_, history_;
  QList<Alert> turns_;  ///< began to fire or cleared at this look
  QTimer timer_;
};

}  // namespace vx11::cluster
