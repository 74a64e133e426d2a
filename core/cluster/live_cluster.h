// The Cluster behind every profile: its instances, each with a client, a monitor and a feed, what they say gathered
// into history, tokens and journal, and the jobs that act on them. Read-only is enforced in the jobs.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "cluster/change_guard.h"
#include "cluster/job_context.h"
#include "cluster/live_member.h"
#include "cluster/redis_monitor.h"
#include "cluster/redis_token_feed.h"
#include "cluster/rollback_plan.h"
#include "cluster/rollback_store.h"
#include "token/clock.h"
#include "token/random.h"

namespace vx11::cluster {

class LiveStreams;

class LiveCluster : public Cluster {
  Q_OBJECT
 public:
  /// Clock and random outlive the cluster.
  static constexpr int maxSlots = RedisTokenFeed::slot;  ///< bits of TokenRow::cachedOn, but for Redis' own

  LiveCluster(Profile profile, const Clock& clock, Random& random, QObject* parent = nullptr);
  ~LiveCluster() override;

  /// A further slot; `name` is shown until it tells its id.
  int addInstance(const QString& name);
  /// Where it is reached from now on. An empty principal: public calls only.
  void connectInstance(int slot, const QUrl& url, const Secret& principal);
  /// It isn't asked any more, and shown as stopped for this reason; until it is connected again.
  void disconnectInstance(int slot, const QString& reason);
  /// What its owner knows of its process: Starting, Paused or Stopped.
  void tellInstance(int slot, InstanceState state, const QString& reason);

  void log(Severity severity, const QString& source, const QString& event, const QVariantMap& fields,
           const QString& correlationId = {});
  void mark(TimeMark::Kind kind, const QString& instance, const QString& detail) override;

  [[nodiscard]] const Profile& profile() const override { return profile_; }
  [[nodiscard]] const QList<InstanceInfo>& instances() const override { return instances_; }
  [[nodiscard]] const History& history() const override { return history_; }
  [[nodiscard]] Tokens& tokens() override { return book_; }
  [[nodiscard]] Journal& journal() override { return journal_; }
  [[nodiscard]] qint64 now() const override;
  [[nodiscard]] bool canChange() const override { return guard_.allows(); }
  void setCanChange(bool allowed) override;
  [[nodiscard]] std::optional<qint64> changesEndAt() const override { return guard_.endsAt(); }
  [[nodiscard]] Secret localPrincipal() const override { return {}; }
  [[nodiscard]] const RedisInfo& redis() const override { return redis_.info(); }
  [[nodiscard]] Streams* streams() override;
  void setAttention(Attention attention) override;
  void retryNow() override;
  IssueJob* issue(const IssueSpec& spec) override;
  CheckJob* check(const TokenText& token, int slot) override;
  RevokeJob* revoke(const RevokeSpec& spec) override;
  PublishJob* publish(const PublishSpec& spec) override;
  MatrixJob* testAcross(const MatrixSpec& spec) override;
  RollbackJob* rollBack(const RollbackSpec& spec) override;
  [[nodiscard]] RollbackOutlook outlook(const RollbackSpec& spec) const override;
  [[nodiscard]] QList<UnfinishedRollback> unfinishedRollbacks() const override;
  RollbackJob* resumeRollback(const QString& operationId, bool attended) override;
  void forgetRollback(const QString& operationId) override;

 protected:
  [[nodiscard]] const Clock& clock() const { return clock_; }
  [[nodiscard]] Random& random() { return random_; }
  [[nodiscard]] Profile& editProfile() { return profile_; }
  /// Redis' health comes from itself from now on, and the token list where no instance can give it.
  void readRedisDirectly(std::unique_ptr<DirectRedis> redis);
  /// For calls beside those of the members; `purpose` tells them apart in correlation ids. Goes before the cluster.
  [[nodiscard]] std::unique_ptr<InstanceClient> makeClient(const QUrl& url, const Secret& principal,
                                                           const QString& purpose);
  /// Null until it is connected.
  [[nodiscard]] InstanceClient* clientOf(int slot);
  [[nodiscard]] const InstanceMonitor& monitorOf(int slot) const;

 private:
  struct Network {
    std::unique_ptr<QNetworkAccessManager> control, work;
  };
  [[nodiscard]] InstanceClient::Networks networkFor(const QUrl& url);
  [[nodiscard]] std::unique_ptr<QNetworkAccessManager> newNetworkFor(const QUrl& url) const;
  [[nodiscard]] std::unique_ptr<BalancerVisitor> newVisitor();
  [[nodiscard]] RollbackPlan planFor(const RollbackSpec& spec) const;
  /// Nothing where an operation can't outlive this process: its instances don't.
  [[nodiscard]] std::optional<SavedRollback> keepingOf(const QString& operationId) const;
  [[nodiscard]] qint64 wallMs() const;
  [[nodiscard]] bool isStopped(int slot) const;
  void listenTo(LiveMember& member);
  void listenToRedis();
  /// Whether it is Redis that has to tell which tokens there are.
  void lookWhoLists();
  void lookAround();
  void tellPermission();
  /// `lane`: a slot, or what stands in its place for Redis; `lastSecond` is that lane's.
  void addSample(int lane, qint64& lastSecond, const InstanceMonitor::Values& values, bool continues);

  Profile profile_;
  const Clock& clock_;
  ChangeGuard guard_;
  Random& random_;
  QString correlationPrefix_;
  std::array<Network, 2> networks_;  ///< of loopback, of everything else
  QList<InstanceInfo> instances_;
  History history_;
  Journal journal_;
  TokenBook book_;
  JobContext context_;
  std::vector<std::unique_ptr<LiveMember>> members_;
  Secret balancerPrincipal_;                  ///< what the instances know; empty: there is no balancer
  std::unique_ptr<InstanceClient> balancer_;  ///< with it
  RedisMonitor redis_;
  std::unique_ptr<LiveStreams> streams_;
  std::unique_ptr<RedisTokenFeed> redisTokens_;  ///< goes before redis_
  qint64 redisSecond_ = 0;                       ///< wall time of Redis' last sample
  QTimer sampledTimer_;
  qint64 sampledAt_ = -1'000'000;
  Attention attention_ = Attention::InView;
  QTimer lapse_;  ///< runs while there is a permission that ends
};

}  // namespace vx11::cluster
