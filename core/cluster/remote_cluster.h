// The profile "Remote cluster": instances that somebody else runs, given by URL or found through their registry. The
// principal goes to no address that the operator didn't name, but for the rules of `reachOf`.
#pragma once

#include <QSet>
#include <QTimer>
#include <memory>
#include <vector>

#include "cluster/discovery.h"
#include "cluster/live_cluster.h"

namespace vx11::cluster {

class RemoteCluster : public LiveCluster {
  Q_OBJECT
 public:
  struct Secrets {
    Secret principal;  ///< empty: public calls only, and nothing can be discovered
    Secret redisPassword;
    Secret sentinelPassword = {};  ///< empty: as DirectRedis::Access
  };
  /// Connects at once. Clock and random outlive the cluster.
  RemoteCluster(const Profile& profile, const Secrets& secrets, const Clock& clock, Random& random);
  ~RemoteCluster() override;

  [[nodiscard]] QList<QUrl> pendingAcceptance() const override;
  void accept(const QUrl& url) override;
  /// As `accept`, for who said before the start that all may have the principal: needs no permission.
  void trust(const QUrl& url);
  /// The given URLs have been looked at and the registry, where there is one, was asked.
  [[nodiscard]] bool isSettled() const override { return settled_; }

  void setAttention(Attention attention) override;
  [[nodiscard]] QString whyNotDiscovered() const override;
  [[nodiscard]] QString discoveryDoubt() const override;

  void retryNow() override;

 private:
  struct Peer {
    QUrl url;             ///< from here
    QString announcedId;  ///< by the registry; empty: a given URL
    bool trusted = false;
    bool dismissed = false;  ///< another slot is the same instance
  };
  struct Probe;
  /// Of a round of discovery.
  struct Told {
    bool byRegistry = false;
    QString rememberedBy;      ///< who has the newest of what the registry said once; empty: nobody
    qint64 rememberedAt = -1;  ///< console clock of that
    QStringList lost;          ///< silent, and nobody who was asked knows where they are
  };

  void open(const Secrets& secrets);
  int add(const Peer& peer);
  void connectPeer(int slot);
  void probeGiven();
  void takeGiven();
  void onInstance(int slot);
  void dismissTwins(int slot);
  void discover();
  void askNext();
  void take(int slot, const wire::Neighbours& neighbours);
  void takeOne(const wire::Neighbour& neighbour);
  [[nodiscard]] bool hasInstance(const QString& id) const;
  void settle();
  [[nodiscard]] bool answers(int slot) const;
  [[nodiscard]] bool givenAreKnown() const;

  Secret principal_;
  QList<Peer> peers_;    ///< by slot
  QSet<int> answering_;  ///< slots, as of the last news of each
  std::vector<std::unique_ptr<Probe>> probes_;
  QTimer probesEnd_, discovery_;
  QList<int> toAsk_;  ///< in this round of discovery
  HttpCall call_;
  bool takenGiven_ = false, settled_ = false, isFull_ = false;
  Told told_, next_;  ///< by the last whole round; by the one under way
};

/// With a clock and random numbers of its own.
[[nodiscard]] std::unique_ptr<RemoteCluster> openRemoteCluster(const Profile& profile, const Secret& principal,
                                                               const Secret& redisPassword,
                                                               const Secret& sentinelPassword = {});

}  // namespace vx11::cluster
