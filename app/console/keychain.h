// The system's keychain over QtKeychain: a Secret Service or KWallet on the session bus. Where there is none nothing is
// kept: never in a file.
#pragma once

#include "cluster/secret_store.h"

namespace QKeychain {
class Job;
}

namespace vx11::console {

/// Touches the bus first when it is asked for something; asks the bus alone, not the keychain, whether one is there.
class Keychain : public cluster::SecretStore {
  Q_OBJECT
 public:
  using cluster::SecretStore::SecretStore;

  void askWhyNot(ReasonHandler handler) override;
  void read(const QString& profileId, cluster::SecretKind kind, ReadHandler handler) override;
  void write(const QString& profileId, cluster::SecretKind kind, const Secret& secret, DoneHandler handler) override;
  void remove(const QString& profileId, cluster::SecretKind kind, DoneHandler handler) override;

 private:
  void seek(std::size_t question, ReasonHandler handler);
  /// Starts it; `ended` gets a sentence, or nothing where it worked or there was no such entry.
  void run(QKeychain::Job* job, const QString& profileId, cluster::SecretKind kind,
           std::function<void(const QString& problem)> ended);
};

}  // namespace vx11::console
