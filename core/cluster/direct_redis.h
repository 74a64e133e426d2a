// Redis asked straight from here, where the profile has its URL: its health, and how long the way there is. Only what
// reads; never KEYS.
#pragma once

#include <QObject>
#include <QTimer>
#include <QUrl>
#include <boost/system/result.hpp>
#include <memory>

#include "cluster/redis_info.h"
#include "token/clock.h"
#include "token/random.h"
#include "token/secret.h"

namespace vx11::cluster {

/// Keeps one connection, which mends itself, on a thread of its own. Asks only when told to.
class DirectRedis final : public QObject {
  Q_OBJECT
 public:
  struct Access {
    QUrl url;            ///< `password` counts over one in it
    Secret password;
    QString caFile;      ///< of rediss://; empty: the system's authorities
  };
  /// The error is a sentence, without any part of the URL. Clock and random outlive it.
  [[nodiscard]] static boost::system::result<std::unique_ptr<DirectRedis>, QString> open(const Access& access,
                                                                                         const Clock& clock,
                                                                                         Random& random);
  ~DirectRedis() override;

  /// Answered by one of the signals, later; while an answer is awaited this does nothing.
  void ask();
  [[nodiscard]] const QString& address() const { return address_; }
  [[nodiscard]] int database() const;

 Q_SIGNALS:
  /// All but what belongs to the console: `configured`, `source`, `answeredAt`, `seenBy`.
  void answered(const vx11::cluster::RedisInfo& info);
  void failed(const QString& sentence);

 private:
  struct Link;
  DirectRedis(std::unique_ptr<Link> link, QString address);
  void onAnswer(const RedisInfo& info);
  void onFailure(bool notConnected, const QString& sentence);

  QString address_;
  QTimer again_;
  qint64 patience_;            ///< ms in which the first connection may still come about
  bool awaiting_ = false;
  std::unique_ptr<Link> link_; ///< goes first: its thread tells us
};

}  // namespace vx11::cluster
