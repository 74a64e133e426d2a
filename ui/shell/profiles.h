// The profiles that can be opened, and the secrets entered for them in this run; what the windows of one run share. A
// secret is never saved.
#pragma once

#include <QHash>
#include <QObject>
#include <functional>
#include <optional>

#include "cluster/profile_store.h"
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
  [[nodiscard]] std::optional<QString> whyNoLocalCluster() const { return surroundings_.whyNoLocalCluster(); }

  [[nodiscard]] const Secret& environmentPrincipal() const { return surroundings_.principal; }
  /// Those entered in this run, else the environment's principal.
  [[nodiscard]] ProfileSecrets secretsOf(const cluster::Profile& profile) const;
  [[nodiscard]] bool isEntered(const cluster::Profile& profile) const { return secrets_.contains(profile.id); }
  void keep(const cluster::Profile& profile, const ProfileSecrets& secrets);
  void forget(const cluster::Profile& profile) { secrets_.remove(profile.id); }

 Q_SIGNALS:
  /// In place of what is open; who owns the window asks whether that may be left.
  void openRequested(const vx11::cluster::Profile& profile);

 private:
  Surroundings surroundings_;
  QHash<QString, ProfileSecrets> secrets_;
};

}  // namespace vx11::ui
