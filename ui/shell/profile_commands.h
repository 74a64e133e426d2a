// What can be done with profiles from a window: open, connect to, edit, clone, remove and manage them. The menu of the
// profile box is made of it.
#pragma once

#include <QObject>
#include <QPointer>

#include "cluster/cluster.h"

class QMenu;

namespace vx11::ui {

class ActionRegistry;
class ProfileDialog;
class ProfileFiles;
class Profiles;
class ProfilesDialog;

class ProfileCommands : public QObject {
  Q_OBJECT
 public:
  /// All outlive it; questions stand over `window`, which owns it.
  ProfileCommands(const cluster::Cluster& opened, Profiles& profiles, ActionRegistry& actions, QWidget* window);

  /// Anew, as the profiles are now.
  void fill(QMenu& menu);
  /// In place of this one; asks the keychain for its secrets first where they are there, and for the principal where
  /// this run has none.
  void open(const cluster::Profile& profile);
  void connectToCluster();
  void edit(const cluster::Profile& profile);
  void clone(const cluster::Profile& profile);
  void enterPrincipal();  ///< of the open profile
  void remove(const QList<cluster::Profile>& profiles);
  void manage();
  /// Where the open profile's principal goes unencrypted over a network; empty: nowhere.
  [[nodiscard]] QString sentInClear() const;

 Q_SIGNALS:
  void message(const QString& text);

 private:
  /// `then` gets what the keychain had against it, if it had; never after something else was wished.
  void fetched(const cluster::Profile& profile, std::function<void(const QString& problem)> then);
  ProfileDialog* showDialog(const cluster::Profile& profile);
  void saved(const cluster::Profile& profile, bool opens);
  void addProfiles(QMenu& menu, const QList<cluster::Profile>& profiles);
  void removeNow(const QList<cluster::Profile>& profiles);
  void connectManager();
  void listProfiles();
  [[nodiscard]] QWidget* above() const;  ///< what questions stand over now
  [[nodiscard]] bool isOpen(const cluster::Profile& profile) const;
  [[nodiscard]] QString secretsWord(const cluster::Profile& profile) const;

  const cluster::Cluster& opened_;
  Profiles& profiles_;
  ActionRegistry& actions_;
  QWidget* window_;
  ProfileFiles* files_;
  QPointer<ProfilesDialog> manager_;
  int wishes_ = 0;  ///< the last one counts: what was waited for before it is no longer wanted
};

}  // namespace vx11::ui
