// Keeps what is known of Redis current: asks it straight where the profile has its URL, else one of the instances that
// answer, and gathers how each instance sees it. What was known stays, with its age, when nobody answers any more.
#pragma once

#include <QObject>
#include <QTimer>
#include <functional>
#include <memory>

#include "cluster/cluster.h"
#include "cluster/direct_redis.h"
#include "cluster/instance_client.h"

namespace vx11::cluster {

/// Never two questions under way, and never two within a second.
class RedisMonitor final : public QObject {
  Q_OBJECT
 public:
  /// What it may use of its cluster; outlives it.
  struct Surroundings {
    const QList<InstanceInfo>& instances;
    std::function<InstanceClient*(int slot)> client;  ///< null: not connected
    std::function<qint64()> now;                      ///< console clock in ms
  };
  explicit RedisMonitor(Surroundings surroundings, QObject* parent = nullptr);
  ~RedisMonitor() override;

  void readDirectly(std::unique_ptr<DirectRedis> redis);
  void setAttention(Attention attention);
  void pollNow();
  /// What the instance of this slot said of it last; nothing: it has none.
  void see(int slot, const std::optional<wire::RedisSummary>& summary);

  [[nodiscard]] const RedisInfo& info() const { return info_; }
  /// As the instances tell it; empty: none did.
  [[nodiscard]] QString prefix() const;

 Q_SIGNALS:
  void changed();  ///< at most twice a second
  void wentDown(const QString& sentence);
  void cameBack(qint64 afterMs);
  /// Another server took over: "127.0.0.1:6379 to 127.0.0.1:6380". Once, whoever tells of it.
  void failedOver(const QString& words);
  /// Told anew by Redis. `continues`: nothing failed since the last time.
  void sampled(bool continues);

 private:
  void poll();
  void askNext();
  [[nodiscard]] QList<int> whomToAsk() const;
  void onDirectAnswer(const RedisInfo& told);
  void onReport(int slot, const wire::RedisReport& report);
  [[nodiscard]] RedisServers newest(const wire::RedisReport& report) const;
  void lookForFailover();
  void onSilence();
  void conclude();
  void schedule(qint64 at);
  void announce();

  Surroundings around_;
  RedisInfo info_;
  std::unique_ptr<DirectRedis> direct_;
  QString directError_;  ///< why it isn't Redis itself that tells
  QList<int> toAsk_;     ///< in this round
  HttpCall call_;
  QTimer timer_, announcement_;
  Attention attention_ = Attention::InView;
  qint64 pollBeganAt_ = -1'000'000, announcedAt_ = -1'000'000;
  qint64 downSince_ = -1;  ///< -1: up, or not known
  /// The last failover that is known of, as its witness dated it; nothing: nobody told of servers yet.
  std::optional<std::pair<qint64, QString>> failover_;
  int sourceSlot_ = -1;
  bool asking_ = false, continues_ = false;
};

}  // namespace vx11::cluster
