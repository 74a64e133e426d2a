// One opened profile: its instances, their samples, tokens and log, and everything the console can do to them.
// The window and its pages talk to this class and to nothing below it.
#pragma once

#include <QObject>
#include <memory>

#include "cluster/history.h"
#include "cluster/jobs.h"
#include "cluster/journal.h"
#include "cluster/matrix.h"
#include "cluster/profile.h"
#include "cluster/redis_info.h"
#include "cluster/rollback.h"
#include "cluster/supervisor.h"
#include "cluster/tokens.h"
#include "cluster/types.h"

namespace vx11::cluster {

class Streams;

/// How closely somebody looks: decides how often instances are asked.
enum class Attention { InView, Behind, Minimised };  // every 1 s, 5 s, 15 s

/// GUI thread only; nothing blocks. Interface, so that pages can be tested with a fake.
class Cluster : public QObject {
  Q_OBJECT
 public:
  using QObject::QObject;

  [[nodiscard]] virtual const Profile& profile() const = 0;
  [[nodiscard]] virtual const QList<InstanceInfo>& instances() const = 0;
  [[nodiscard]] virtual const History& history() const = 0;
  [[nodiscard]] virtual Tokens& tokens() = 0;
  [[nodiscard]] virtual Journal& journal() = 0;
  /// The console clock in ms: monotonic, runs while the machine sleeps.
  [[nodiscard]] virtual qint64 now() const = 0;
  /// False when the profile is read-only; enforced here, whatever a button thinks.
  [[nodiscard]] virtual bool canChange() const = 0;
  /// On a production profile the permission lapses by itself after 15 minutes.
  virtual void setCanChange(bool allowed) = 0;
  /// When the permission lapses, on the console clock (ms). Nothing: it doesn't, or there is none.
  [[nodiscard]] virtual std::optional<qint64> changesEndAt() const { return std::nullopt; }
  /// The principal used for the local server of this run, to be copied; empty for remote profiles.
  [[nodiscard]] virtual Secret localPrincipal() const = 0;

  /// Of what this console runs itself; null everywhere else.
  [[nodiscard]] virtual Supervisor* supervisor() { return nullptr; }
  /// Event streams that this console holds open; null where none can be.
  [[nodiscard]] virtual Streams* streams() { return nullptr; }
  /// What is known of Redis; `configured` false in mode memory without one.
  [[nodiscard]] virtual const RedisInfo& redis() const;

  /// Addresses that were discovered and get public calls only, until they are accepted.
  [[nodiscard]] virtual QList<QUrl> pendingAcceptance() const { return {}; }
  /// Whoever was to be found has been looked for: `instances` is whole, or nothing more can be found out.
  [[nodiscard]] virtual bool isSettled() const { return true; }
  /// A sentence where others were to be found, and nobody could ask the registry for them: there may be more instances
  /// than `instances()`. Empty: all is known, or nothing more was wanted.
  [[nodiscard]] virtual QString whyNotDiscovered() const { return {}; }
  /// A sentence where others were found, but not by the registry's word of now: it is old, or tells of somebody whose
  /// address nobody knows. To be said beside `instances()`, and no reason to refuse anything.
  [[nodiscard]] virtual QString discoveryDoubt() const { return {}; }
  /// Into the profile (`profile().instances`, to be saved by who asked), and the principal goes there from now on.
  virtual void accept(const QUrl&) {}

  /// Something that belongs on the time axis of every chart, as of now.
  virtual void mark(TimeMark::Kind, const QString& /*instance*/, const QString& /*detail*/) {}

  virtual void setAttention(Attention attention) = 0;
  virtual void retryNow() = 0;
  /// Of the service in this process: begins to drain, within its stop timeout; its state tells the end, and `retryNow`
  /// starts it again. Nothing where there is none, or while this is read-only.
  virtual void stopServer() {}
  /// There is one, and it runs and doesn't drain yet.
  [[nodiscard]] virtual bool hasServerToStop() const { return false; }

  // Each returns a job that has not finished yet; it ends later, from the event loop.
  virtual IssueJob* issue(const IssueSpec& spec) = 0;
  /// slot -1: on every instance.
  virtual CheckJob* check(const TokenText& token, int slot) = 0;
  virtual RevokeJob* revoke(const RevokeSpec& spec) = 0;
  /// Null where it can't be done at all, as of the next ones.
  virtual PublishJob* publish(const PublishSpec& spec);
  virtual MatrixJob* testAcross(const MatrixSpec& spec);
  virtual RollbackJob* rollBack(const RollbackSpec& spec);
  /// What `rollBack` would do, by what is known now; asks nobody, but reads the nginx file.
  [[nodiscard]] virtual RollbackOutlook outlook(const RollbackSpec& spec) const;
  /// Begun on this cluster from this machine and not ended; the newest first.
  [[nodiscard]] virtual QList<UnfinishedRollback> unfinishedRollbacks() const { return {}; }
  /// Goes on where it stopped, with no step's effect twice. Null: there is no such, or its process still lives.
  virtual RollbackJob* resumeRollback(const QString& operationId, bool attended);
  /// What is left of it is no longer wanted: its file goes, nothing else.
  virtual void forgetRollback(const QString& operationId){Q_UNUSED(operationId)}

  Q_SIGNALS : void instanceChanged(int slot);  ///< any field of instances()[slot]
  void instancesChanged();                     ///< their number or order
  void sampled();                              ///< history has a new sample; at most once a second
  void marked();                               ///< history has a new mark
  void redisChanged();                         ///< any field of redis(); at most twice a second
  void canChangeChanged(bool allowed);         ///< or when it lapses was put off
  void pendingAcceptanceChanged();
  void settled();                             ///< isSettled, once
  void startFailed(const QString& sentence);  ///< the local server could not start; in the system's words
};

}  // namespace vx11::cluster
