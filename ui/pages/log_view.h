// What the console did and what the instances reported, in the dock: filter row, table, the chosen entry as JSON. It
// follows the newest line until somebody scrolls up; from then on it stands still and counts what came.
#pragma once

#include <QWidget>

#include "pages/page.h"

class QPlainTextEdit;
class QPushButton;
class QStackedLayout;

namespace vx11::ui {

class EmptyState;
class ListTable;
class LogFilterBar;
class LogModel;

class LogView : public QWidget {
  Q_OBJECT
 public:
  explicit LogView(const Services& services, QWidget* parent = nullptr);
  ~LogView() override;

  void focusFilter();
  /// Clears the filter; false when there was none to clear.
  bool escape();
  /// Asks where to: the lines shown as JSON or CSV, or a picture.
  void save();
  /// Its columns; what is broken in `state` is left as it is.
  [[nodiscard]] QVariantMap viewState() const;
  void restoreViewState(const QVariantMap& state);
  [[nodiscard]] LogModel& model() const { return *model_; }
  [[nodiscard]] bool follows() const;
  void setFollows(bool on);
  /// Lines that came since it stopped following.
  [[nodiscard]] int unseen() const { return unseen_; }
  [[nodiscard]] QList<cluster::LogEntry> shownEntries() const;

 Q_SIGNALS:
  void message(const QString& text);  ///< what just happened: for the status bar

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void showEvent(QShowEvent* event) override;

 private:
  void buildTable();
  void applyFilter();
  void onInserted(int first, int last);
  void onRemoved(int count);
  void onScrolled(int value);
  void showChosen();
  void updateState();
  void updateNewButton();
  void copyRows();

  Services services_;
  LogModel* model_;
  LogFilterBar* bar_;
  ListTable* table_;
  QPlainTextEdit* json_;
  QPushButton* newLines_;
  EmptyState* empty_;
  QStackedLayout* stack_;
  int unseen_ = 0;
  bool scrollingByUs_ = false;
};

}  // namespace vx11::ui
