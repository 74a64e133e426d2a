// Asks one instance how it is, as often as somebody looks, and keeps what it said: its InstanceInfo. Never two polls
// under way; retries while unreachable; keeps the last values when it falls silent.
#pragma once

#include <QObject>
#include <QTimer>
#include <functional>
#include <utility>
#include <vector>

#include "cluster/connection_state.h"
#include "cluster/history.h"
#include "cluster/instance_client.h"
#include "cluster/rates.h"

namespace vx11::cluster {

class InstanceMonitor final : public QObject {
  Q_OBJECT
 public:
  using Values = std::vector<std::pair<Metric, double>>;

  /// `now`: console clock in ms.
  InstanceMonitor(int slot, const QString& name, std::function<qint64()> now, Random& random,
                  QObject* parent = nullptr);
  ~InstanceMonitor() override;

  /// Begins to poll. The client outlives the monitor or the next call; null: nothing to ask.
  void setClient(InstanceClient* client);
  void setAttention(Attention attention);
  void pollNow();
  /// Known from elsewhere: Starting, Paused or Stopped.
  void tell(InstanceState state, const QString& reason);

  [[nodiscard]] const InstanceInfo& info() const { return info_; }
  /// How the instance sees Redis; nothing where it has none, or doesn't tell.
  [[nodiscard]] const std::optional<wire::RedisSummary>& redis() const { return redis_; }
  /// The start of the process that answers, in unix seconds by its own clock; -1: not told. With the id it tells one
  /// instance from another.
  [[nodiscard]] double startedAt() const { return startedAt_; }
  /// Whether watch and list are worth trying.
  [[nodiscard]] bool watchable() const;

 Q_SIGNALS:
  void changed();
  void connected(qint64 afterMs, bool back);
  void lost(const QString& reason);
  void restarted();
  void modeChanged(const QString& from, const QString& to);
  void drainBegan();
  /// `continues`: nothing failed since the last sample, so that this one holds for the time between, too.
  void sampled(const vx11::cluster::InstanceMonitor::Values& values, bool continues);

 private:
  void poll();
  void askHealth();
  void onStats(const wire::Stats& stats);
  void onHealth(const wire::Health& health);
  void onFailure(const Failure& failure);
  void take(const wire::Stats& stats);
  void takeRates(const wire::Stats& stats);
  void sample();
  void apply(const ConnectionState::Step& step);
  void setIdentity(const QString& id, const QString& version, const QString& mode);
  void scheduleNext();

  std::function<qint64()> now_;
  ConnectionState connection_;
  InstanceClient* client_ = nullptr;
  InstanceInfo info_;
  std::optional<wire::RedisSummary> redis_;
  HttpCall call_;
  QTimer timer_;
  Attention attention_ = Attention::InView;
  Rate issueRate_, checkRate_, refusedRate_, hitRate_, missRate_, acceptedRate_;
  double startedAt_ = -1, uptime_ = -1;
  qint64 pollBeganAt_ = -1;
  bool continues_ = false;
};

}  // namespace vx11::cluster
