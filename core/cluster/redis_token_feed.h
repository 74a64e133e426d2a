// The tokens read from Redis itself, for the time in which no instance can list them: a walk in bounded steps, again
// and again. Redis tells nothing by itself, so that news come with the next walk.
#pragma once

#include <QObject>
#include <QTimer>
#include <functional>

#include "cluster/cluster.h"
#include "cluster/direct_redis.h"
#include "cluster/token_book.h"

namespace vx11::cluster {

class RedisTokenFeed final : public QObject {
  Q_OBJECT
 public:
  /// The slot under which the book keeps what Redis holds.
  static constexpr int slot = 31;

  /// `now` is the console clock in ms, `prefix` the one that the keys begin with, as far as it is known. Redis and the
  /// book outlive it.
  RedisTokenFeed(DirectRedis& redis, TokenBook& book, std::function<qint64()> now, std::function<QString()> prefix);

  /// Whether there is nobody else to ask. It begins a moment later: an instance may only be slow.
  void setNeeded(bool needed);
  void setAttention(Attention attention) { attention_ = attention; }

 Q_SIGNALS:
  /// Everything was looked at, once more.
  void walked();

 private:
  void begin();
  void onPage(const DirectRedis::Page& page);
  void onEnd();

  DirectRedis& redis_;
  TokenBook& book_;
  std::function<qint64()> now_;
  std::function<QString()> prefix_;
  QTimer start_, step_, release_;
  QByteArray cursor_;
  QString walkedPrefix_;
  Attention attention_ = Attention::InView;
  bool needed_ = false, walking_ = false;
  qint64 askedAt_ = 0;
};

}  // namespace vx11::cluster
