// The dock's alerts: what is pending and fires now, what was, and the thresholds; beside the chosen one its runbook.
#pragma once

#include <QWidget>

#include "cluster/alert_watch.h"
#include "pages/page.h"

class QSplitter;
class QStackedWidget;

namespace vx11::ui {

class AlertList;
class AlertThresholdsView;
class EmptyState;
class RunbookView;
class Segmented;

class AlertsView : public QWidget {
  Q_OBJECT
 public:
  enum class Tab { Now, Past, Thresholds };

  /// The services have a watch.
  explicit AlertsView(const Services& services, QWidget* parent = nullptr);

  /// Chooses what is shown; to be placed in the head of the dock by its owner.
  [[nodiscard]] QWidget* tabs() const;
  void showTab(Tab tab);
  [[nodiscard]] Tab tab() const;
  /// Of what is now; brings it into view and gives its runbook the keys.
  void choose(const cluster::AlertKey& key);
  /// The chosen one, else the worst that nobody has acknowledged; a word for the status bar, empty: there was none.
  QString acknowledge();

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  void refresh();
  void showRunbook();
  [[nodiscard]] AlertList* shownList() const;

  Services services_;
  cluster::AlertWatch& watch_;
  Segmented* tabs_;
  AlertList *now_, *past_;
  AlertThresholdsView* thresholds_;
  EmptyState *nothingNow_, *nothingPast_;
  QStackedWidget* stack_;
  RunbookView* runbook_;
};

}  // namespace vx11::ui
