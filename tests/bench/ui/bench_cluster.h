// A cluster of one live instance without a network: the console's real token book, fed with tokens that are issued,
// seen again, revoked and expire at a steady rate, and an hour of samples.
#pragma once

#include <QElapsedTimer>
#include <QTimer>
#include <memory>

#include "cluster/cluster.h"
#include "cluster/token_book.h"

namespace vx11::bench {

class BenchCluster : public cluster::Cluster {
 public:
  /// `live` tokens, and in steady state `eventsPerSecond` of all kinds.
  BenchCluster(int live, int eventsPerSecond);
  /// Feeds all tokens, some thousand a turn; `ready` when they are in the book.
  void load(std::function<void()> ready);
  void run();

  [[nodiscard]] const cluster::Profile& profile() const override { return profile_; }
  [[nodiscard]] const QList<cluster::InstanceInfo>& instances() const override { return instances_; }
  [[nodiscard]] const cluster::History& history() const override { return history_; }
  [[nodiscard]] cluster::Tokens& tokens() override { return *book_; }
  [[nodiscard]] cluster::Journal& journal() override { return journal_; }
  [[nodiscard]] qint64 now() const override { return clock_.elapsed() + 1'000'000; }
  [[nodiscard]] bool canChange() const override { return true; }
  void setCanChange(bool) override {}
  [[nodiscard]] Secret localPrincipal() const override { return {}; }
  void setAttention(cluster::Attention) override {}
  void retryNow() override {}
  cluster::IssueJob* issue(const cluster::IssueSpec&) override { return nullptr; }
  cluster::CheckJob* check(const TokenText&, int) override { return nullptr; }
  cluster::RevokeJob* revoke(const cluster::RevokeSpec&) override { return nullptr; }

 private:
  [[nodiscard]] cluster::wire::ListedToken make(qint64 expiresInMs);
  void loadSome();
  void feed();
  void sample();

  const int live_, rate_;
  const std::int32_t ttlMs_;
  QElapsedTimer clock_;
  cluster::Profile profile_{QStringLiteral("bench")};
  QList<cluster::InstanceInfo> instances_;
  cluster::History history_;
  cluster::Journal journal_;
  std::unique_ptr<cluster::TokenBook> book_;
  QTimer loader_, feeder_, sampler_;
  std::function<void()> ready_;
  int loaded_ = 0;
  std::uint64_t seed_ = 1;
  std::vector<cluster::wire::ListedToken> recent_;
};

}  // namespace vx11::bench
