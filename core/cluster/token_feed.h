// Keeps one instance's part of the token book current: the watch stays open, and after every gap in it the list is
// walked while the watch already runs, so that nothing falls between the two. Of what others wrote into a shared Redis
// (a backend in another language, an instance outside this profile) no watch tells: for them the list is walked now and
// then, and soon after the instance has accepted a token that nobody listed.
#pragma once

#include <QObject>
#include <QTimer>
#include <functional>
#include <memory>
#include <vector>

#include "cluster/backoff.h"
#include "cluster/cluster.h"
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
  /// How often to look around for tokens of others; `feeds` of them take turns, this one as the one of its slot.
  void lookAround(Attention attention, int feeds);

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
  void startWalk(bool afterGap);
  void nextPage(const QString& cursor);
  void onWalkEnd(bool whole);
  [[nodiscard]] qint64 nextTurn() const;
  void noteStrangers(const std::vector<TokenId>& accepted);
  void planLook();
  void look();

  int slot_;
  QString mode_;  ///< as the watch told it
  InstanceClient& client_;
  TokenBook& book_;
  std::function<qint64()> now_;
  Backoff backoff_;
  std::unique_ptr<WatchStream> watch_;
  QTimer reopen_, rewalk_, look_;
  HttpCall page_;
  bool reachable_ = false, watching_ = false, walking_ = false, walkAgain_ = false, afterGap_ = false;
  qint64 walkBeganAt_ = 0, walkEndedAt_ = -1'000'000, walkTook_ = 0, strangersSince_ = 0;
  Attention attention_ = Attention::InView;
  int feeds_ = 1;
  qint64 listed_ = 0;               ///< tokens in the walk, or in the last
  bool turnTaken_ = false;          ///< looked around once, at its turn
  std::vector<TokenId> strangers_;  ///< accepted there since the last walk began, and unknown then; a few are enough
};

}  // namespace vx11::cluster
