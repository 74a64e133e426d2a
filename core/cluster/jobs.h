// Work that takes more than an instant: it reports progress, can be cancelled, ends exactly once and then deletes
// itself.
#pragma once

#include <QJsonValue>
#include <QObject>
#include <optional>

#include "cluster/types.h"
#include "token/secret.h"

namespace vx11::cluster {

class Job : public QObject {
  Q_OBJECT
 public:
  using QObject::QObject;
  [[nodiscard]] virtual int done() const = 0;
  [[nodiscard]] virtual int total() const = 0;
  virtual void cancel() = 0;

 Q_SIGNALS:
  void progressed(int done, int total);
};

struct IssueSpec {
  int count = 1;              ///< 1 to 100,000
  std::optional<int> ttlSec;  ///< empty: the instance's default
  bool singleUse = false;
  int slot = -1;  ///< -1: any, in turn
};
struct IssueOutcome {
  int issued = 0;
  QList<TokenId> ids;  ///< in the order of the answers
  Failure failure;     ///< the first one; issuing stops there
};
class IssueJob : public Job {
  Q_OBJECT
 public:
  using Job::Job;
 Q_SIGNALS:
  void finished(const vx11::cluster::IssueOutcome& outcome);
};

/// One instance's answer to "is this token valid".
struct CheckAnswer {
  int slot = 0;
  enum class Verdict { Accepted, Refused, CantTell, NoAnswer } verdict = Verdict::NoAnswer;
  int httpStatus = 0;
  qint64 expiresInMs = 0;
  QString source;  ///< "local", "redis", "memory", "signed"
  double latencyMs = 0;
  QString answeredBy;  ///< X-VX11-Instance; empty: not told
  Failure failure;     ///< its code and correlation id are also set when it is none
};
class CheckJob : public Job {
  Q_OBJECT
 public:
  using Job::Job;
 Q_SIGNALS:
  void answered(const vx11::cluster::CheckAnswer& answer);
  void finished(const QList<vx11::cluster::CheckAnswer>& answers);
};

struct RevokeSpec {
  bool all = false;
  QList<TokenId> ids;
  TokenText token;  ///< instead of ids
};
struct RevokeOutcome {
  qint64 revoked = 0;
  bool othersPending = false;
  Failure failure;
};
class RevokeJob : public Job {
  Q_OBJECT
 public:
  using Job::Job;
 Q_SIGNALS:
  void finished(const vx11::cluster::RevokeOutcome& outcome);
};

struct PublishSpec {
  QString event;
  QJsonValue data;
  int slot = -1;  ///< -1: the first that is live
};
struct PublishOutcome {
  QString id;     ///< of the event; empty: the instance tells none
  int slot = -1;  ///< who took it; -1: nobody was asked
  Failure failure;
};
class PublishJob : public Job {
  Q_OBJECT
 public:
  using Job::Job;
 Q_SIGNALS:
  void finished(const vx11::cluster::PublishOutcome& outcome);
};

}  // namespace vx11::cluster
