// Keeps one instance's part of the token book current: the watch stays open, and after every gap in it the list is
// walked while the watch already runs, so that nothing falls between the two.
#pragma once

#include <QObject>
#include <QTimer>
#include <functional>
#include <memory>

#include "cluster/backoff.h"
#include "cluster/instance_client.h"
#include "cluster/token_book.h"
#include "cluster/watch_stream.h"

namespace vx11::cluster {

class TokenFeed final : public QObject {
  Q_OBJECT
 public:
  /// `now` is the console clock in ms. The client and the book outlive the feed.
  TokenFeed(int slot, InstanceClient& client, TokenBook& book, std::function<qint64()> now, Random& random,
            QObject* parent = nullptr);
  ~TokenFeed() override;

  /// Whether it is worth trying: the instance answers and has the internal calls. Repeating it changes nothing.
  void setReachable(bool reachable);
  /// There is nothing to list here: the book needn't wait for it.
  void giveUp();

 Q_SIGNALS:
  void opened();
  void cut(const vx11::cluster::Failure& failure);
  void modeTold(const QString& mode, const QString& state);
  void failoverTold();  ///< of Redis

 private:
  void openWatch();
  void onEvent(const wire::WatchEvent& event);
  void onEnded(const Failure& failure);
  void askForWalk();
  void startWalk();
  void nextPage(const QString& cursor);

  int slot_;
  QString mode_;  ///< as the watch told it
  InstanceClient& client_;
  TokenBook& book_;
  std::function<qint64()> now_;
  Backoff backoff_;
  std::unique_ptr<WatchStream> watch_;
  QTimer reopen_, rewalk_;
  HttpCall page_;
  bool reachable_ = false, watching_ = false, walking_ = false, walkAgain_ = false;
  qint64 walkBeganAt_ = 0, walkEndedAt_ = -1'000'000, walkTook_ = 0;
};

}  // namespace vx11::cluster
