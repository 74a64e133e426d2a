// How the programs of a local cluster are found and started: paths, ports, arguments, environment. No secret is ever
// among the arguments.
#pragma once

#include <optional>

#include "cluster/child_process.h"
#include "token/random.h"
#include "token/secret.h"

namespace vx11::cluster::local {

struct Program {
  QString path;
  QString name;  ///< argv[0]: what it is called decides what it does; empty: the path
};
/// `given`, else beside this program, else on the PATH.
[[nodiscard]] std::optional<Program> findTokend(const QString& given);
/// `given`, else a redis-server in $VX11_TOOLS/bin, on the PATH or where systems keep them; else redis-tools'
/// redis-check-rdb, which is the same program and a server under that name.
[[nodiscard]] std::optional<Program> findRedis(const QString& given);

/// Of 127.0.0.1, just now, outside of `taken`: the first from `first` on of 21; 0 when there is none.
[[nodiscard]] quint16 freePortFrom(quint16 first, const QList<quint16>& taken);
/// Below those the kernel gives to outgoing connections: a client that tries again and again could reach itself there.
[[nodiscard]] quint16 freePrivatePort(Random& random);

/// Where Redis is and how to enter it, for an instance.
struct RedisAccess {
  quint16 port = 0;  ///< of a private one
  Secret password;
  Secret url;                    ///< instead of both
  QString sentinelPasswordFile;  ///< with a URL of sentinels that want one
};

struct RedisSeat {
  quint16 port = 0;
  quint16 master = 0;  ///< the port of the one it replicates; 0: none
  Secret password;     ///< the master's, too
};
[[nodiscard]] ChildProcess::Launch redisLaunch(const Program& program, const RedisSeat& seat, const QString& folder);
/// A sentinel writes into its configuration.
[[nodiscard]] ChildProcess::Launch sentinelLaunch(const Program& program, const QString& configuration);

struct InstanceSeat {
  QString id, mode, portFile;
  quint16 port = 0;
  int ttlSec = 60;
};
[[nodiscard]] ChildProcess::Launch instanceLaunch(const Program& program, const InstanceSeat& seat,
                                                  const std::vector<Secret>& principals, const RedisAccess& redis);

}  // namespace vx11::cluster::local
