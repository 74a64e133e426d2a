// What can be done with profiles from a window: open, connect to, edit and remove one. The menu of the profile box is
// made of it.
#pragma once

#include <QObject>

#include "cluster/cluster.h"

class QMenu;

namespace vx11::ui {

class ActionRegistry;
class ProfileDialog;
class Profiles;

class ProfileCommands : public QObject {
  Q_OBJECT
 public:
  /// All outlive it; questions stand over `window`, which owns it.
  ProfileCommands(const cluster::Cluster& opened, Profiles& profiles, ActionRegistry& actions, QWidget* window);

  /// Anew, as the profiles are now.
  void fill(QMenu& menu);
  /// In place of this one; asks for the principal first where this run has none.
  void open(const cluster::Profile& profile);
  void connectToCluster();
  void edit(const cluster::Profile& profile);
  void enterPrincipal();  ///< of the open profile
  void remove(const cluster::Profile& profile);
  /// Where the open profile's principal goes unencrypted over a network; empty: nowhere.
  [[nodiscard]] QString sentInClear() const;

 Q_SIGNALS:
  void message(const QString& text);

 private:
  ProfileDialog* showDialog(const cluster::Profile& profile);
  void addForEach(QMenu& menu, const QList<cluster::Profile>& profiles,
                  void (ProfileCommands::*run)(const cluster::Profile&));
  void removeNow(const cluster::Profile& profile);
  [[nodiscard]] bool isOpen(const cluster::Profile& profile) const;

  const cluster::Cluster& opened_;
  Profiles& profiles_;
  ActionRegistry& actions_;
  QWidget* window_;
};

}  // namespace vx11::ui
