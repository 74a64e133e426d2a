// Tries a remote profile before it is opened or saved, step by step, each with what came of it in one sentence.
// The principal goes where it would go in the opened profile and nowhere else; nothing is changed, nothing is kept.
#pragma once

#include <QObject>
#include <QStringList>
#include <memory>

#include "cluster/profile.h"
#include "token/clock.h"
#include "token/random.h"
#include "token/secret.h"

namespace vx11::cluster {

struct ConnectionStep {
  enum class What { Resolve, Connect, Alive, Principal, Discover, Reach, Redis, Balancer };
  /// Warned: the profile works, but for what the sentence says. Skipped: there is nothing to test, or an earlier step
  /// failed; the sentence says which.
  enum class State { Waiting, Running, Passed, Warned, Failed, Skipped };

  What what = What::Resolve;
  State state = State::Waiting;
  QString sentence;     ///< empty while waiting
  QStringList details;  ///< a line for each address it was tried on, where there are several; may grow while running
  double tookMs = 0;

  /// "Resolve the host name": what the step does, for its row and for screen readers.
  [[nodiscard]] static QString titleOf(What what);
};

/// An instance that the registry told of.
struct DiscoveredInstance {
  QString id;
  QUrl advertised, url;  ///< as the registry has it; as it is reached from here, by the address map
  bool trusted = false;  ///< false: would get public calls only until the operator accepts `url`
  bool answered = false;
};

/// GUI thread only; nothing blocks. Every step is bounded in time: 4 to 12 s, however many addresses.
class ConnectionTest final : public QObject {
  Q_OBJECT
 public:
  struct Secrets {
    Secret principal;  ///< empty: public calls only
    Secret redisPassword;
    Secret sentinelPassword = {};  ///< empty: as DirectRedis::Access
  };
  /// Clock and random outlive it. Nothing is sent before `start`. A profile that isn't remote has only skipped steps.
  ConnectionTest(Profile profile, Secrets secrets, const Clock& clock, Random& random, QObject* parent = nullptr);
  ~ConnectionTest() override;

  void start();
  /// Ends it at once: what hasn't ended is skipped. `finished` is still told.
  void cancel();

  /// Always all of them, in the order in which they run.
  [[nodiscard]] const QList<ConnectionStep>& steps() const;
  [[nodiscard]] bool isRunning() const;
  /// No step failed (warnings are not failures). False before it finished.
  [[nodiscard]] bool passed() const;
  /// Beside the given URLs; empty before the step Discover has ended.
  [[nodiscard]] const QList<DiscoveredInstance>& discovered() const;

 Q_SIGNALS:
  void stepChanged(int index);
  void finished();

 private:
  struct Run;
  std::unique_ptr<Run> run_;
};

}  // namespace vx11::cluster
