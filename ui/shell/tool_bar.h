// The bar of the verbs: which profile, how it is connected, issue, test, roll back, pause, change or read-only,
// palette.
#pragma once

#include <QWidget>

#include "cluster/cluster.h"

class QHBoxLayout;
class QMenu;
class QSpacerItem;

namespace vx11::ui {

class ActionRegistry;
class MarkLabel;
class PaletteField;
class ProfileBox;
class ProfileCommands;

class ToolBar : public QWidget {
  Q_OBJECT
 public:
  ToolBar(cluster::Cluster& cluster, ActionRegistry& actions, ProfileCommands& profiles, QWidget* parent = nullptr);
  void openProfileMenu();
  void setNarrow(bool narrow);
  /// The mark and words of the connection; painted last when the window starts.
  [[nodiscard]] MarkLabel& connectionLabel() const { return *connection_; }

 private:
  void addGap(QHBoxLayout* row);
  void addVerb(QHBoxLayout* row, const QString& id);
  void refresh();

  cluster::Cluster& cluster_;
  ActionRegistry& actions_;
  ProfileCommands& profiles_;
  MarkLabel* connection_;
  MarkLabel* redis_;
  MarkLabel* clear_;
  PaletteField* field_;
  ProfileBox* profile_;
  QMenu* menu_;
  QList<QSpacerItem*> gaps_;  ///< half as wide in a narrow window
};

}  // namespace vx11::ui
