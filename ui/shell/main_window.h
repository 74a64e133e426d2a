// The window: menu bar, toolbar, page list, pages, dock and status bar, and the wires between them. It holds no state
// of the cluster; every part reads that itself.
#pragma once

#include <QMainWindow>

#include "pages/page.h"
#include "platform/notifier.h"
#include "platform/preferences.h"
#include "shell/action_registry.h"
#include "shell/dock.h"
#include "shell/leaving.h"
#include "shell/verbs.h"

class QSplitter;

namespace vx11::ui {

class CommandPalette;
class PageList;
class PageStack;
class ProfileBar;
class ProfileCommands;
class Profiles;
class SettingsStore;
class StatusBar;
class ToolBar;

class MainWindow : public QMainWindow {
  Q_OBJECT
 public:
  /// All four outlive the window.
  MainWindow(cluster::Cluster& cluster, ThemeManager& themes, SettingsStore& settings, Profiles& profiles);
  ~MainWindow() override;

  void showPage(PageId id);
  /// Without a question, as a signal of the system asks for it.
  void closeNow();
  /// Another profile takes this one's place: `go` runs at once, or after the question that closing would ask.
  void leave(std::function<void()> go);
  void remember();  ///< size, page, dock and columns, for the next window
  /// How many open streams are this program's own: closing asks for others' only.
  void setOwnStreams(int streams) { ownStreams_ = streams; }
  [[nodiscard]] PageStack& pages() { return *stack_; }
  [[nodiscard]] PageList& pageList() { return *list_; }
  [[nodiscard]] ActionRegistry& actions() { return actions_; }
  [[nodiscard]] ToolBar& toolBar() { return *toolBar_; }
  [[nodiscard]] StatusBar& statusLine() { return *statusBar_; }
  [[nodiscard]] Dock& dock() { return *dock_; }
  [[nodiscard]] ClipboardGuard& clipboard() { return clipboard_; }
  [[nodiscard]] cluster::AlertWatch& alerts() { return *alerts_; }

 protected:
  void changeEvent(QEvent* event) override;
  void closeEvent(QCloseEvent* event) override;
  bool focusNextPrevChild(bool next) override;  ///< in reading order
  void hideEvent(QHideEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void showEvent(QShowEvent* event) override;

 private:
  void buildLayout(Profiles& profiles);
  void connectPages();
  void connectActions();
  void connectViewActions();
  void connectAlerts();
  void openAlerts();
  void on(const QString& id, std::function<void()> run);
  void issueOne();
  void stepPage(int step);
  void toggleDock(Dock::Part part);
  void refreshActions();
  void refreshAbilities();
  void refreshServer();
  [[nodiscard]] bool isServerStopped() const;
  void refreshBadges();
  void refreshAttention();
  void applyPreferences(const Preferences& preferences);
  void refreshChoices();
  void showShortcuts();
  void askReadOnly(bool readOnly);
  void stopOrStartServer();
  void showPreferences();
  void fillPalette(Profiles& profiles);
  [[nodiscard]] std::optional<Confirmation> questionBefore(Leaving leaving) const;
  void restore();
  void resetLayout();

  cluster::Cluster& cluster_;
  ThemeManager& themes_;
  SettingsStore& settings_;
  ClipboardGuard clipboard_;
  std::unique_ptr<cluster::AlertWatch> alerts_;
  DesktopNotifier notifier_;
  Services services_;
  ActionRegistry actions_;
  Verbs verbs_;
  ProfileCommands* profileCommands_ = nullptr;
  ToolBar* toolBar_ = nullptr;
  ProfileBar* profileBar_ = nullptr;
  PageList* list_ = nullptr;
  PageStack* stack_ = nullptr;
  QSplitter* splitter_ = nullptr;
  Dock* dock_ = nullptr;
  StatusBar* statusBar_ = nullptr;
  CommandPalette* palette_ = nullptr;
  bool closeConfirmed_ = false;
  int ownStreams_ = 0;
  bool stopsServer_ = false;  ///< until it has stopped
};

}  // namespace vx11::ui
