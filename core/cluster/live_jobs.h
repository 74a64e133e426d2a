// The jobs of LiveCluster. Whether changes are allowed is asked before every request, not only at the start.
#pragma once

#include <QHash>
#include <vector>

#include "cluster/job_steps.h"

namespace vx11::cluster {

/// Issues in turn over the instances that are live; stops at the first failure, once the requests under way have ended.
class LiveIssueJob final : public SteppedJob<IssueJob> {
 public:
  LiveIssueJob(JobContext& context, const IssueSpec& spec, QObject* parent);
  ~LiveIssueJob() override;
  void cancel() override;

 protected:
  void step() override;

 private:
  [[nodiscard]] int nextSlot();
  void start(int slot);
  void onAnswer(int slot, const Answer<wire::Issued>& answer);
  void conclude();

  IssueSpec spec_;
  IssueOutcome outcome_;
  QHash<int, HttpCall> calls_;        ///< by the request's number
  QHash<int, int> issuedBySlot_;
  QString correlationId_;             ///< of the last answer
  int started_ = 0, lastSlot_ = -1, ttlSec_ = 0;
};

/// Asks all its instances at once.
class LiveCheckJob final : public SteppedJob<CheckJob> {
 public:
  LiveCheckJob(JobContext& context, const TokenText& token, std::vector<int> slots, QObject* parent);
  ~LiveCheckJob() override;
  void cancel() override;

 protected:
  void step() override;

 private:
  void onAnswer(CheckAnswer answer, int slot, bool byStream);
  void take(const CheckAnswer& answer);

  TokenText token_;
  std::vector<int> slots_;
  QHash<int, HttpCall> calls_;        ///< by slot
  QList<CheckAnswer> answers_;
  bool started_ = false, cancelled_ = false;
};

/// Tells the instances that hold the token, or all of them when that isn't known.
class LiveRevokeJob final : public SteppedJob<RevokeJob> {
 public:
  LiveRevokeJob(JobContext& context, const RevokeSpec& spec, QObject* parent);
  ~LiveRevokeJob() override;
  void cancel() override;

 protected:
  void step() override;

 private:
  struct Errand {
    int slot = 0;
    RevokeTarget target;
  };
  void plan(const RevokeSpec& spec);
  void start(const Errand& errand);
  void onAnswer(const Errand& errand, qint64 sentAt, const Answer<InstanceClient::RevokeAnswer>& answer);
  void conclude();

  std::vector<Errand> errands_;
  QHash<int, HttpCall> calls_;
  RevokeOutcome outcome_;
  QString correlationId_;             ///< when there was one request
  qsizetype named_ = 0;               ///< ids asked for; 0: all
  std::size_t started_ = 0;
};

/// Sends one event to one instance.
class LivePublishJob final : public SteppedJob<PublishJob> {
 public:
  LivePublishJob(JobContext& context, const PublishSpec& spec, QObject* parent);
  ~LivePublishJob() override;
  void cancel() override;

 protected:
  void step() override;

 private:
  [[nodiscard]] int findSlot() const;
  void conclude(const Failure& failure, const QString& correlationId);

  PublishSpec spec_;
  PublishOutcome outcome_;
  HttpCall call_;
};

}  // namespace vx11::cluster
