// The cross-instance test: a token of each instance, checked on each, as a grid that fills in live, what it means, one
// cell in words, and the runs before. A run that was asked for goes on out of view; only its painting waits.
#pragma once

#include <QPointer>
#include <QTimer>

#include "pages/matrix_history.h"
#include "pages/page.h"

class QCheckBox;
class QPushButton;
class QScrollArea;
class QSpinBox;

namespace vx11::ui {

class CapButton;
class Card;
class EmptyState;
class InlineBar;
class LinkButton;
class MatrixDetails;
class MatrixGrid;
class PageHeader;
class TextLabel;

class MatrixPage : public Page {
  Q_OBJECT
 public:
  explicit MatrixPage(const Services& services, QWidget* parent = nullptr);

  void setInView(bool inView) override;
  void setPaused(bool paused) override;
  void run() override;     ///< a run, unless one is under way or none is possible
  void save() override;    ///< the history as CSV, or a picture
  void escape() override;  ///< cancels
  [[nodiscard]] bool canSave() const override { return true; }
  [[nodiscard]] QVariantMap viewState() const override;
  void restoreViewState(const QVariantMap& state) override;

 private:
  [[nodiscard]] QWidget* makeGridCard();
  [[nodiscard]] QWidget* makeHistoryCard();
  void runNow();
  void runAgain();
  void cancel();
  void finish(const cluster::MatrixResult& result);
  void schedule();
  void changed();   ///< what the page can do
  void display();   ///< what is seen
  void showMeaning();
  void showCell();
  void copyShell();
  [[nodiscard]] QString whyNot() const;
  [[nodiscard]] const cluster::MatrixResult& shown() const;
  [[nodiscard]] cluster::MatrixResult empty() const;
  [[nodiscard]] bool working() const { return inView_ && !paused_; }

  PageHeader* header_;
  InlineBar* bar_;
  QCheckBox* repeat_;
  QSpinBox* every_;
  QCheckBox* balancer_;
  CapButton* run_;
  QPushButton* cancel_;
  EmptyState* nothing_;
  QWidget* content_;
  Card* gridCard_ = nullptr;
  MatrixGrid* grid_;
  TextLabel* behind_;
  MatrixDetails* details_;
  Card* historyCard_ = nullptr;
  LinkButton* export_ = nullptr;
  MatrixHistory history_;
  MatrixHistoryView* past_ = nullptr;
  QTimer repeatTimer_;
  QPointer<cluster::MatrixJob> job_;
  cluster::MatrixResult live_;   ///< of the run under way, or of one that was cancelled
  QString liveShell_, impossible_;
  qint64 startedAt_ = 0;
  int runs_ = 0, chosen_ = -1;   ///< `chosen_`: row of the history that is shown; -1: `live_`
  bool inView_ = false, paused_ = false, cancelled_ = false, troubleWanted_ = false;
};

}  // namespace vx11::ui
