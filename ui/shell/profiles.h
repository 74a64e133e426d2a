// The profiles that can be opened, and the secrets known for them in this run; what the windows of one run share. A
// secret is never in a file: it lasts for the run, or is in the keychain where the profile wants that.
#pragma once

#include <QHash>
#include <QObject>
#include <QPointer>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "cluster/command_consents.h"
#include "cluster/profile_store.h"
#include "cluster/secret_store.h"
#include "dialogs/profile_input.h"

namespace vx11::ui {

class Profiles : public QObject {
  Q_OBJECT
 public:
  struct Surroundings {
    cluster::ProfileStore store;
    Secret principal = {};  ///< VX11_OPERATOR_TOKEN's; empty: there is none
    /// Nothing: a local cluster can run here.
    std::function<std::optional<QString>()> whyNoLocalCluster = [] { return std::nullopt; };
    cluster::SecretStore* keychain = nullptr;  ///< null: there is none; else it outlives the profiles
  };
  explicit Profiles(Surroundings surroundings, QObject* parent = nullptr);

  [[nodiscard]] static cluster::Profile localServer();
  [[nodiscard]] static cluster::Profile localCluster();
  /// The saved remote clusters, by name; none where the file can't be read.
  [[nodiscard]] QList<cluster::Profile> remoteClusters() const;
  [[nodiscard]] std::optional<cluster::Profile> find(const QString& name) const;
  /// What is saved of it now, which may have been edited since it was opened; itself where nothing is.
  [[nodiscard]] cluster::Profile latest(const cluster::Profile& opened) const;
  [[nodiscard]] const cluster::ProfileStore& store() const { return surroundings_.store; }
  [[nodiscard]] const cluster::CommandConsents& consents() const { return consents_; }
  [[nodiscard]] std::optional<QString> whyNoLocalCluster() const { return surroundings_.whyNoLocalCluster(); }

  [[nodiscard]] const Secret& environmentPrincipal() const { return surroundings_.principal; }
  /// Those known in this run, else the environment's principal.
  [[nodiscard]] ProfileSecrets secretsOf(const cluster::Profile& profile) const;
  /// "from VX11_OPERATOR_TOKEN".
  [[nodiscard]] QString originOf(const cluster::Profile& profile) const;
  [[nodiscard]] bool isEntered(const cluster::Profile& profile) const { return secrets_.contains(profile.id); }

  /// Why no secret outlasts this run, in a sentence; empty: the keychain can have them. Told from the event loop, not
  /// after this is gone.
  void askWhyNothingIsKept(std::function<void(const QString& reason)> told);
  /// It keeps its secrets in the keychain, and this run doesn't know them yet.
  [[nodiscard]] bool isToBeFetched(const cluster::Profile& profile) const;
  using Ended = std::function<void(const QString& problem)>;
  /// From the keychain, which may ask the person. `ended` comes from the event loop, not after this is gone; without a
  /// problem the secrets are known now, or there are none.
  void fetch(const cluster::Profile& profile, Ended ended);
  /// For this run, and in the keychain what has changed of them where `now` wants that; what it wanted `before` and no
  /// longer wants leaves the keychain. `ended` comes only if the keychain was touched.
  void keep(const cluster::Profile& before, const cluster::Profile& now, const ProfileSecrets& secrets, Ended ended);
  /// It was removed: so are its secrets, the keychain's too.
  void forget(const cluster::Profile& profile, Ended ended);
  void noteChange() { Q_EMIT changed(); }

 Q_SIGNALS:
  /// In place of what is open; who owns the window asks whether that may be left.
  void openRequested(const vx11::cluster::Profile& profile);
  void changed();  ///< of what is saved

 private:
  void fetchNext(const QString& id, std::vector<cluster::SecretKind> wanted,
                 const std::shared_ptr<ProfileSecrets>& found, const Ended& finish);
  void store(const QString& id, cluster::SecretKind kind, const Secret& secret, const Ended& ended);
  void removeAll(const QString& id, const Ended& ended);

  Surroundings surroundings_;
  cluster::CommandConsents consents_;
  QHash<QString, ProfileSecrets> secrets_;
  QHash<QString, ProfileSecrets> kept_;  ///< what the keychain is known to hold
};

}  // namespace vx11::ui
