// The Cluster behind openLocalCluster: LiveCluster for what the instances say, a supervisor for what runs them. Redis
// is up before the first instance is started, a master before its replicas and these before the sentinels; and who once
// served keeps its port.
#pragma once

#include <QCoreApplication>
#include <QTemporaryDir>
#include <memory>
#include <vector>

#include "cluster/acquaintance.h"
#include "cluster/live_cluster.h"
#include "cluster/local_cluster.h"
#include "cluster/local_cluster_launch.h"
#include "cluster/local_cluster_supervisor.h"
#include "cluster/local_redis.h"

namespace vx11::cluster::local {

/// Made before LiveCluster, which holds references to it.
struct Surroundings {
  SystemClock systemClock;
  SystemRandom systemRandom;
};

class LocalCluster final : private Surroundings, public LiveCluster {
  Q_DECLARE_TR_FUNCTIONS(vx11::cluster::LocalCluster)
 public:
  explicit LocalCluster(const LocalClusterOptions& options);
  ~LocalCluster() override;

  [[nodiscard]] Secret localPrincipal() const override { return principals_.front(); }
  [[nodiscard]] Supervisor* supervisor() override { return &supervisor_; }
  void retryNow() override;
  /// Each instance has found all of the others, or could not for a while.
  [[nodiscard]] bool isSettled() const override { return !acquaintance_ || acquaintance_->isOver(); }
  [[nodiscard]] QString whyNotDiscovered() const override;

 private:
  struct Node {
    NodeInfo::State state = NodeInfo::State::Stopped;  ///< as of the last change
    quint16 port = 0;
    bool served = false;  ///< it keeps its port from then on
    int tries = 0;        ///< of ports, before it served
  };

  void addNode(NodeInfo info, LocalNode::MakeLaunch makeLaunch);
  [[nodiscard]] Node& node(int number) { return nodes_[static_cast<std::size_t>(number)]; }
  [[nodiscard]] QString nameOf(int number) const { return supervisor_.nodes()[number].name; }
  [[nodiscard]] QString portFileOf(int number) const;
  void addRedis();
  [[nodiscard]] LaunchResult launchInstance(int number);
  [[nodiscard]] LaunchResult launchServer(int number);
  [[nodiscard]] LaunchResult launchSentinel(int number);
  [[nodiscard]] bool haveServed(int first, int count) const;
  /// All that it needs at its first start is there.
  [[nodiscard]] bool isItsTurn(int number) const;
  void open();
  void giveUp(const QString& sentence);
  void startWaiting();
  void lookWhoListens();
  void onChanged(int number);
  void tellChange(const NodeInfo& info, NodeInfo::State before);
  void tellInstanceOf(const NodeInfo& info, NodeInfo::State before);
  void greet();
  void onFailed(int number);
  void onLines(int number, const QList<QByteArray>& lines);
  void hearRedis(int number, const NodeInfo& info, const QByteArray& line);

  LocalClusterOptions options_;
  std::vector<Secret> principals_;
  QTemporaryDir folder_;
  std::optional<LocalRedis> redis_;  ///< nothing: memory mode, or a Redis that is there
  std::vector<Node> nodes_;
  std::unique_ptr<Acquaintance> acquaintance_;  ///< null: without a Redis nobody finds anybody
  QTimer readyTimer_;
  QTimer copying_;  ///< sentinels don't wait longer for the replicas' first copies
  int copies_ = 0;
  int serverNode_ = -1;  ///< the first of them
  int sentinelNode_ = -1;
  bool opened_ = false;
  LocalSupervisor supervisor_{[this] { return canChange(); }};
};

}  // namespace vx11::cluster::local
