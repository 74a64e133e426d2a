// Redis asked straight from here, where the profile has its URL: its health, who its servers are, and how long the way
// there is. Only what reads; never KEYS.
#pragma once

#include <QObject>
#include <QTimer>
#include <boost/system/result.hpp>
#include <memory>

#include "cluster/redis_info.h"
#include "cluster/wire.h"
#include "token/clock.h"
#include "token/random.h"
#include "token/secret.h"

namespace vx11::cluster {

/// Keeps one connection, which mends itself, on a thread of its own. Asks only when told to.
class DirectRedis final : public QObject {
  Q_OBJECT
 public:
  struct Access {
    QString url;  ///< `password` counts over one in it
    Secret password;
    QString caFile;  ///< of rediss://; empty: the system's authorities
    /// Of sentinels that want their own. Where one is empty, the service's environment variable for it counts; the
    /// user's not beside a password from here, which is then of the user "default".
    QString sentinelUser = {};
    Secret sentinelPassword = {};
  };
  /// The error is a sentence, without any part of the URL. Clock and random outlive it.
  [[nodiscard]] static boost::system::result<std::unique_ptr<DirectRedis>, QString> open(const Access& access,
                                                                                         const Clock& clock,
                                                                                         Random& random);
  ~DirectRedis() override;

  /// Answered by one of the signals, later; while an answer is awaited this does nothing.
  void ask();

  /// One bounded step of a walk over the tokens.
  struct Page {
    std::vector<wire::ListedToken> tokens;
    QByteArray cursor;  ///< "0": this was the last step
  };
  /// Answered by `listed` or `notListed`, later. Not before the last one was. A prefix that can't be one is taken for
  /// the usual one.
  void askForTokens(const QString& prefix, const QByteArray& cursor);
  /// Of the server that answers now; before, and of a cluster, those that were named.
  [[nodiscard]] const QString& address() const { return address_; }
  [[nodiscard]] int database() const;

 Q_SIGNALS:
  /// All but what belongs to the console: `configured`, `source`, `answeredAt`, `seenBy`.
  void answered(const vx11::cluster::RedisInfo& info);
  void failed(const QString& sentence);
  /// While the master doesn't answer.
  void sentinelsAnswered(const QList<vx11::cluster::RedisSentinel>& sentinels);
  void listed(const vx11::cluster::DirectRedis::Page& page);
  void notListed();

 private:
  struct Link;
  DirectRedis(std::unique_ptr<Link> link, QString address, const Clock& clock);
  void askServers(const std::shared_ptr<RedisInfo>& info);
  void onAnswer(const RedisInfo& info);
  void onFailure(bool notConnected, const QString& sentence, const QList<RedisSentinel>& sentinels);

  void tellPage(std::optional<Page> page);

  QString address_;
  const Clock& clock_;
  QTimer again_;
  qint64 patience_;  ///< ms in which the first connection may still come about
  bool awaiting_ = false;
  std::unique_ptr<Link> link_;  ///< goes first: its thread tells us
};

}  // namespace vx11::cluster
