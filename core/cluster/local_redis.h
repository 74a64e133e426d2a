// A local cluster's own Redis: one server, or three that replicate with three sentinels that watch them. Knows ports,
// passwords and who the master is; starts nothing itself.
#pragma once

#include <QString>
#include <optional>
#include <vector>

#include "cluster/local_cluster_launch.h"
#include "cluster/local_cluster_node.h"

namespace vx11::cluster::local {

/// Ports and passwords are made at a server's first start and stay.
class LocalRedis {
 public:
  /// `folder` is private to us, and goes with us; random outlives it.
  LocalRedis(int servers, QString folder, Random& random);

  [[nodiscard]] int servers() const { return static_cast<int>(serverPorts_.size()); }
  [[nodiscard]] int sentinels() const { return static_cast<int>(sentinelPorts_.size()); }
  /// "redis"; of several "redis-1", "sentinel-1".
  [[nodiscard]] QString serverName(int place) const;
  [[nodiscard]] static QString sentinelName(int place);
  [[nodiscard]] QString serverAddress(int place) const;
  [[nodiscard]] QString sentinelAddress(int place) const;

  /// `isNew`: it never served, and takes another port.
  [[nodiscard]] ChildProcess::Launch launchServer(const Program& program, int place, bool isNew);
  [[nodiscard]] LaunchResult launchSentinel(const Program& program, int place, bool isNew);
  /// As instances reach it.
  [[nodiscard]] RedisAccess access() const;

  /// A sentinel's line may say that another is the master now: who is started from then on follows it.
  void hear(const QByteArray& line);
  /// A replica has copied its master.
  [[nodiscard]] static bool saysCopied(const QByteArray& line);
  /// A sentinel watches from then on.
  [[nodiscard]] static bool saysWatching(const QByteArray& line);

 private:
  [[nodiscard]] quint16 masterPort() const { return masterPort_ != 0 ? masterPort_ : serverPorts_.front(); }
  [[nodiscard]] QString passwordFile() const { return folder_ + QStringLiteral("/sentinel.password"); }

  QString folder_;
  Random& random_;
  Secret password_, sentinelPassword_;
  std::vector<quint16> serverPorts_, sentinelPorts_;
  quint16 masterPort_ = 0;  ///< 0: the first server's
};

}  // namespace vx11::cluster::local
