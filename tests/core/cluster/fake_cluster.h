// Stand-ins for a cluster and its tokens that do what a test says and remember what was asked of them. Nothing happens
// by itself: jobs end when told, rows change when told, the clock stands still.
#pragma once

#include <QHash>
#include <QPointer>
#include <QStringList>
#include <algorithm>
#include <functional>
#include <utility>

#include "cluster/cluster.h"
#include "core/cluster/fake_streams.h"

namespace vx11::cluster::testing {

/// A row that lives: `seed` makes the id and the mask.
inline TokenRow makeRow(quint32 seed, qint64 expiresAt = 60'000, int ttlMs = 60'000, qint64 createdAt = 0) {
  TokenRow row;
  for (std::size_t i = 0; i < 4; ++i) row.id.bytes[i] = static_cast<std::uint8_t>(seed >> (8 * i));
  row.id.bytes[15] = 1;
  row.createdAt = createdAt;
  row.expiresAt = expiresAt;
  row.ttlMs = ttlMs;
  const QByteArray mask = QStringLiteral("%1\u2026%2").arg(seed & 0xffff, 4, 16, QLatin1Char('0'))
                              .arg((seed * 2654435761U) & 0xffff, 4, 16, QLatin1Char('0')).toUtf8();
  std::copy_n(mask.begin(), std::min<qsizetype>(mask.size(), 20), row.maskedUtf8.begin());
  return row;
}

class FakeTokens : public Tokens {
 public:
  using Tokens::Tokens;

  /// Changes what is known and emits the batch, as the real one does (also while inactive: a test decides).
  void apply(const TokenBatch& batch) {
    if (batch.reset) rows_.clear();
    for (const auto& row : batch.added) rows_.insert(row.id, row);
    for (const auto& row : batch.changed) rows_.insert(row.id, row);
    for (const auto& id : batch.gone) rows_.remove(id);
    Q_EMIT changed(batch);
  }
  void add(const QList<TokenRow>& rows) { apply({false, rows, {}, {}}); }
  void change(const QList<TokenRow>& rows) { apply({false, {}, rows, {}}); }
  void remove(const QList<TokenId>& ids) { apply({false, {}, {}, ids}); }
  void reset(const QList<TokenRow>& rows) { apply({true, rows, {}, {}}); }
  void setValue(const TokenId& id, const TokenText& text) { values_.insert(id, text); }
  void setIssuerNames(const QStringList& names) { issuers_ = names; }
  void setComplete(bool complete) { complete_ = complete; }
  void setUpdatedAt(qint64 at) { updatedAt_ = at; }
  [[nodiscard]] bool active() const { return active_; }

  [[nodiscard]] qsizetype count() const override { return rows_.size(); }
  [[nodiscard]] qsizetype liveCount() const override {
    return std::count_if(rows_.begin(), rows_.end(), [](const auto& row) { return row.state == TokenState::Live; });
  }
  [[nodiscard]] QList<IssuerCount> liveByIssuer() const override {
    QHash<QString, qsizetype> live;
    for (const TokenRow& row : rows_) {
      if (row.state == TokenState::Live) ++live[issuerName(row.issuer)];
    }
    QList<IssuerCount> counts;
    for (auto one = live.begin(); one != live.end(); ++one) counts.append({one.key(), one.value()});
    return counts;
  }
  [[nodiscard]] bool complete() const override { return complete_; }
  [[nodiscard]] qint64 updatedAt() const override { return updatedAt_; }
  [[nodiscard]] QString issuerName(int issuer) const override { return issuers_.value(issuer); }
  [[nodiscard]] std::optional<TokenRow> find(const TokenId& id) const override {
    const auto found = rows_.find(id);
    return found == rows_.end() ? std::nullopt : std::optional(*found);
  }
  [[nodiscard]] QList<TokenRow> newest(int n) const override {
    QList<TokenRow> sorted = rows_.values();
    std::sort(sorted.begin(), sorted.end(), [](const TokenRow& a, const TokenRow& b) {
      return std::pair(b.createdAt, a.id) < std::pair(a.createdAt, b.id);
    });
    return sorted.mid(0, n);
  }
  [[nodiscard]] TokenBatch everything() const override { return {true, rows_.values(), {}, {}}; }
  [[nodiscard]] std::optional<TokenText> value(const TokenId& id) const override {
    const auto found = values_.find(id);
    return found == values_.end() ? std::nullopt : std::optional(*found);
  }
  void setActive(bool active) override {
    if (std::exchange(active_, active) == active || !active) return;
    Q_EMIT changed(everything());
  }

 private:
  QHash<TokenId, TokenRow> rows_;
  QHash<TokenId, TokenText> values_;
  QStringList issuers_;
  bool complete_ = true, active_ = true;
  qint64 updatedAt_ = 0;
};

/// A job that waits for the test. `finish` ends it (once) and deletes it later.
template <typename JobType>
class FakeJob : public JobType {
 public:
  FakeJob(int total, QObject* parent) : JobType(parent), total_(total) {}
  [[nodiscard]] int done() const override { return done_; }
  [[nodiscard]] int total() const override { return total_; }
  void cancel() override { cancelled = true; }
  void progress(int done) {
    done_ = done;
    Q_EMIT this->progressed(done_, total_);
  }
  template <typename Outcome>
  void finish(const Outcome& outcome) {
    if (std::exchange(finished_, true)) return;
    Q_EMIT this->finished(outcome);
    this->deleteLater();
  }
  bool cancelled = false;

 private:
  int done_ = 0, total_ = 0;
  bool finished_ = false;
};

class FakeMatrixJob : public FakeJob<MatrixJob> {
 public:
  using FakeJob::FakeJob;
  [[nodiscard]] const MatrixResult& result() const override { return now; }
  [[nodiscard]] QString asShell() const override { return shell; }
  /// One answer more.
  void answer(int index, const MatrixCell& cell) {
    now.cells[index] = cell;
    Q_EMIT cellChanged(cell);
  }
  MatrixResult now;
  QString shell = QStringLiteral("curl -H \"X-VX11-Token: $VX11_OPERATOR_TOKEN\" http://127.0.0.1:8011/");
};

class FakeRollbackJob : public FakeJob<RollbackJob> {
 public:
  using FakeJob::FakeJob;
  [[nodiscard]] const QList<RollbackStep>& steps() const override { return plan; }
  [[nodiscard]] QString operationId() const override { return id; }
  [[nodiscard]] QStringList warnings() const override { return warned; }
  void pause() override { paused_ = true; }
  void resume() override { paused_ = false; }
  [[nodiscard]] bool paused() const override { return paused_; }
  void confirm() override { said << QStringLiteral("confirm"); }
  void retry() override { said << QStringLiteral("retry"); }
  void skip(const QString& why) override { said << QStringLiteral("skip: ") + why; }
  void setPlan(const QList<RollbackStep>& steps) {
    plan = steps;
    Q_EMIT stepsChanged();
  }
  void setStep(int index, const RollbackStep& step) {
    plan[index] = step;
    Q_EMIT stepChanged(index);
  }
  QList<RollbackStep> plan;
  QString id = QStringLiteral("0123456789abcdef");
  QStringList warned, said;  ///< what the operator said to a step that asked

 private:
  bool paused_ = false;
};

/// Remembers what was asked of whom: "stop 0".
class FakeSupervisor : public Supervisor {
 public:
  using Supervisor::Supervisor;
  void setNodes(const QList<NodeInfo>& nodes) { nodes_ = nodes; }
  void setState(int node, NodeInfo::State state) {
    nodes_[node].state = state;
    Q_EMIT changed(node);
  }
  [[nodiscard]] const QList<NodeInfo>& nodes() const override { return nodes_; }
  void start(int node) override { asked << QStringLiteral("start %1").arg(node); }
  void stop(int node) override { asked << QStringLiteral("stop %1").arg(node); }
  void pause(int node) override { asked << QStringLiteral("pause %1").arg(node); }
  void resume(int node) override { asked << QStringLiteral("resume %1").arg(node); }
  void kill(int node) override { asked << QStringLiteral("kill %1").arg(node); }
  QStringList asked;

 private:
  QList<NodeInfo> nodes_;
};

class FakeCluster : public Cluster {
 public:
  explicit FakeCluster(QObject* parent = nullptr) : Cluster(parent) { profile_.name = QStringLiteral("Local server"); }

  // What a test sets.
  void setProfile(const Profile& profile) { profile_ = profile; }
  void setPrincipal(Secret principal) { principal_ = std::move(principal); }
  void setNow(qint64 ms) { now_ = ms; }
  void advance(qint64 ms) { now_ += ms; }
  void addInstance(InstanceInfo info) {
    info.slot = static_cast<int>(instances_.size());
    instances_.append(info);
    Q_EMIT instancesChanged();
  }
  void setInstance(const InstanceInfo& info) {
    instances_[info.slot] = info;
    Q_EMIT instanceChanged(info.slot);
  }
  void clearInstances() {
    instances_.clear();
    Q_EMIT instancesChanged();
  }
  void sample(int slot, qint64 at, const std::vector<std::pair<Metric, double>>& values) {
    history_.add(slot, at, values);
    Q_EMIT sampled();
  }
  void mark(const TimeMark& mark) {
    history_.mark(mark);
    Q_EMIT marked();
  }
  void mark(TimeMark::Kind kind, const QString& instance, const QString& detail) override {
    mark({kind, now_, instance, detail});
  }
  void setRedis(const RedisInfo& info) {
    redis_ = info;
    Q_EMIT redisChanged();
  }
  void setWhyNotDiscovered(const QString& sentence) {
    whyNotDiscovered_ = sentence;
    Q_EMIT instancesChanged();
  }
  void setPending(const QList<QUrl>& urls) {
    pending_ = urls;
    Q_EMIT pendingAcceptanceChanged();
  }
  void failStart(const QString& sentence) { Q_EMIT startFailed(sentence); }
  [[nodiscard]] History& editHistory() { return history_; }
  [[nodiscard]] FakeTokens& fakeTokens() { return tokens_; }

  /// One process an instance, and Redis; from then on the cluster has a supervisor.
  FakeSupervisor& supervise() {
    QList<NodeInfo> nodes;
    for (const InstanceInfo& info : instances_) {
      nodes.append({info.id, NodeInfo::Kind::Instance, NodeInfo::State::Running, info.slot, 4000 + info.slot, {}});
    }
    nodes.append({QStringLiteral("redis"), NodeInfo::Kind::Redis, NodeInfo::State::Running, -1, 3999, {}});
    supervisor_.setNodes(nodes);
    supervised_ = true;
    return supervisor_;
  }

  // What was asked for.
  Attention attention = Attention::InView;
  int retries = 0;
  IssueSpec issueSpec;
  RevokeSpec revokeSpec;
  TokenText checkedToken;
  int checkedSlot = -2;
  QPointer<FakeJob<IssueJob>> issueJob;      ///< the last one
  QPointer<FakeJob<CheckJob>> checkJob;
  QPointer<FakeJob<RevokeJob>> revokeJob;
  MatrixSpec matrixSpec;
  RollbackSpec rollbackSpec;
  int matrixRuns = 0, rollbackRuns = 0;
  bool matrixPossible = true, rollbackPossible = true;  ///< false: as a cluster that can't do it at all
  QPointer<FakeMatrixJob> matrixJob;
  QPointer<FakeRollbackJob> rollbackJob;
  std::function<RollbackOutlook(const RollbackSpec&)> foresee;  ///< none: an outlook without anything
  mutable int outlooks = 0;
  QList<UnfinishedRollback> unfinished;
  QStringList resumed, forgotten;
  PublishSpec publishSpec;
  QPointer<FakeJob<PublishJob>> publishJob;
  FakeStreams fakeStreams;

  [[nodiscard]] const Profile& profile() const override { return profile_; }
  [[nodiscard]] const QList<InstanceInfo>& instances() const override { return instances_; }
  [[nodiscard]] const History& history() const override { return history_; }
  [[nodiscard]] Tokens& tokens() override { return tokens_; }
  [[nodiscard]] Journal& journal() override { return journal_; }
  [[nodiscard]] qint64 now() const override { return now_; }
  [[nodiscard]] QString whyNotDiscovered() const override { return whyNotDiscovered_; }
  [[nodiscard]] QList<QUrl> pendingAcceptance() const override { return pending_; }
  void accept(const QUrl& url) override {
    profile_.instances.append(url);
    pending_.removeAll(url);
    Q_EMIT pendingAcceptanceChanged();
  }
  [[nodiscard]] bool canChange() const override { return canChange_; }
  void setCanChange(bool allowed) override {
    const bool timed = allowed && profile_.environment == Environment::Production;
    changesEndAt_ = timed ? std::optional<qint64>(now_ + 15 * 60'000) : std::nullopt;
    if (std::exchange(canChange_, allowed) != allowed || timed) Q_EMIT canChangeChanged(allowed);
  }
  [[nodiscard]] std::optional<qint64> changesEndAt() const override { return changesEndAt_; }
  [[nodiscard]] Secret localPrincipal() const override { return principal_; }
  void setAttention(Attention value) override { attention = value; }
  void retryNow() override { ++retries; }
  IssueJob* issue(const IssueSpec& spec) override {
    issueSpec = spec;
    return issueJob = new FakeJob<IssueJob>(spec.count, this);
  }
  CheckJob* check(const TokenText& token, int slot) override {
    checkedToken = token;
    checkedSlot = slot;
    return checkJob = new FakeJob<CheckJob>(slot < 0 ? static_cast<int>(instances_.size()) : 1, this);
  }
  RevokeJob* revoke(const RevokeSpec& spec) override {
    revokeSpec = spec;
    return revokeJob = new FakeJob<RevokeJob>(std::max(1, static_cast<int>(spec.ids.size())), this);
  }
  [[nodiscard]] Streams* streams() override { return &fakeStreams; }
  PublishJob* publish(const PublishSpec& spec) override {
    publishSpec = spec;
    return publishJob = new FakeJob<PublishJob>(1, this);
  }
  [[nodiscard]] Supervisor* supervisor() override { return supervised_ ? &supervisor_ : nullptr; }
  [[nodiscard]] const RedisInfo& redis() const override { return redis_; }
  /// A job whose cells are all pending, of all instances.
  MatrixJob* testAcross(const MatrixSpec& spec) override {
    matrixSpec = spec;
    if (!matrixPossible) return nullptr;
    ++matrixRuns;
    const auto size = static_cast<int>(instances_.size());
    matrixJob = new FakeMatrixJob(size * size, this);
    for (const InstanceInfo& info : instances_) {
      matrixJob->now.members << info.slot;
      matrixJob->now.names << info.id;
      for (int checker = 0; checker < size; ++checker) {
        MatrixCell cell;
        cell.issuer = info.slot;
        cell.validator = checker;
        matrixJob->now.cells << cell;
      }
    }
    return matrixJob;
  }
  RollbackJob* rollBack(const RollbackSpec& spec) override {
    rollbackSpec = spec;
    if (!rollbackPossible) return nullptr;
    ++rollbackRuns;
    return rollbackJob = new FakeRollbackJob(0, this);
  }
  [[nodiscard]] RollbackOutlook outlook(const RollbackSpec& spec) const override {
    ++outlooks;
    return foresee ? foresee(spec) : RollbackOutlook();
  }
  [[nodiscard]] QList<UnfinishedRollback> unfinishedRollbacks() const override { return unfinished; }
  RollbackJob* resumeRollback(const QString& operationId, bool attended) override {
    const auto found = std::find_if(unfinished.begin(), unfinished.end(),
                                    [&](const auto& each) { return each.id == operationId && !each.running; });
    if (found == unfinished.end()) return nullptr;
    resumed << operationId;
    rollbackJob = new FakeRollbackJob(0, this);
    rollbackJob->id = operationId;
    rollbackJob->plan = found->steps;
    rollbackSpec = found->spec;
    rollbackSpec.attended = attended;
    unfinished.erase(found);
    return rollbackJob;
  }
  void forgetRollback(const QString& operationId) override {
    forgotten << operationId;
    unfinished.removeIf([&](const auto& each) { return each.id == operationId; });
  }

 private:
  Profile profile_;
  QList<InstanceInfo> instances_;
  History history_;
  FakeTokens tokens_;
  Journal journal_;
  RedisInfo redis_;
  FakeSupervisor supervisor_;
  bool supervised_ = false;
  qint64 now_ = 0;
  bool canChange_ = true;
  std::optional<qint64> changesEndAt_;
  QList<QUrl> pending_;
  QString whyNotDiscovered_;
  Secret principal_{"a-principal-of-this-test"};
};

}  // namespace vx11::cluster::testing
