// What a page of the console is to the shell: a title, a verdict, a badge, and the few verbs that keys send to it.
#pragma once

#include <QWidget>

#include "cluster/cluster.h"
#include "platform/clipboard_guard.h"
#include "platform/theme.h"

namespace vx11::cluster {
class AlertWatch;
class CommandConsents;
}

namespace vx11::ui {

enum class PageId { Overview, Tokens, Charts, Redis, Matrix, Streams, Trials, Rollback };

/// What every page is given; all of it outlives the page.
struct Services {
  cluster::Cluster& cluster;
  ThemeManager& themes;
  ClipboardGuard& clipboard;
  cluster::AlertWatch* alerts = nullptr;  ///< null: nothing is watched, as in most tests
  /// Of the profile's commands: asked about at their first use here. Null: nobody is asked, as in most tests.
  const cluster::CommandConsents* consents = nullptr;
};

/// At the right of a page's name in the list: a count, or a state with a count.
struct Badge {
  QString text;
  bool warning = false;
  bool critical = false;
  friend bool operator==(const Badge&, const Badge&) = default;
};

class Page : public QWidget {
  Q_OBJECT
 public:
  explicit Page(const Services& services, QWidget* parent = nullptr) : QWidget(parent), services_(services) {}

  /// In view or not; a page out of view does no work that nobody sees.
  virtual void setInView(bool) {}
  virtual void setPaused(bool) {}    ///< Ctrl+.: the view stands still, the data goes on
  virtual void focusFilter() {}      ///< Ctrl+F, /
  virtual void run() {}              ///< F5
  virtual void save() {}             ///< Ctrl+S: export this page
  virtual void escape() {}           ///< Esc
  [[nodiscard]] virtual bool hasFilter() const { return false; }
  [[nodiscard]] virtual bool canSave() const { return false; }
  /// What would be left half done if the window closed now, in a sentence; empty: nothing.
  [[nodiscard]] virtual QString unfinished() const { return {}; }
  /// State to restore next time (columns, ranges), never secrets.
  [[nodiscard]] virtual QVariantMap viewState() const { return {}; }
  virtual void restoreViewState(const QVariantMap&) {}

 Q_SIGNALS:
  void badgeChanged(const vx11::ui::Badge& badge);
  void message(const QString& text);                 ///< what just happened: for the status bar
  void lasting(const QString& text);                 ///< what holds until it is told anew: for the status bar
  void openPage(vx11::ui::PageId page);
  void openLog();
  void actionRequested(const QString& id);           ///< one of the window's: "profile.cluster"

 protected:
  [[nodiscard]] cluster::Cluster& cluster() const { return services_.cluster; }
  [[nodiscard]] const Services& services() const { return services_; }

 private:
  Services services_;
};

}  // namespace vx11::ui
