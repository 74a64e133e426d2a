// Which cluster a command works on, from the options that all commands share, and how it is opened.
#pragma once

#include <memory>

#include "cluster/profile.h"
#include "cluster/remote_cluster.h"
#include "ctl/arguments.h"
#include "token/secret.h"

namespace vx11::ctl {

struct Connection {
  cluster::Profile profile;     ///< a remote cluster: given, or saved under a name
  Secret principal, redisPassword;
  bool trustsDiscovered = false;
  QString error;                ///< not empty: wrong use, in one sentence
  QStringList warnings;
};

[[nodiscard]] const QList<OptionSpec>& connectionOptions();

/// What a command wants of it.
struct Needs {
  bool principal = true;    ///< without one it would be refused everything
  bool discovery = false;   ///< one URL stands for the whole cluster
};

/// Reads the principal's file, or else `VX11_OPERATOR_TOKEN`; the password of Redis is `REDIS_PASSWORD`'s where its URL
/// has none. `--profile` names one that the console saved.
[[nodiscard]] Connection readConnection(const Arguments& arguments, const Needs& needs);

[[nodiscard]] std::unique_ptr<cluster::RemoteCluster> open(const Connection& connection);

/// With the password taken out of it, or an error's sentence that tells no part of it.
struct RedisAddress {
  QString url;
  Secret password;
  QString error;
};
[[nodiscard]] RedisAddress readRedisAddress(const QString& text);

}  // namespace vx11::ctl
