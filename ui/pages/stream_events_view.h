// What comes by the chosen streams: filter row, table in fixed width, and the chosen event whole. It follows the newest
// line while one looks at it, and stands still once somebody scrolls up.
#pragma once

#include <QVariantMap>

#include "pages/page.h"
#include "widgets/card.h"

class QCheckBox;
class QLineEdit;
class QPlainTextEdit;
class QStackedWidget;

namespace vx11::ui {

class EmptyState;
class LinkButton;
class ListTable;
class StreamEventModel;

class StreamEventsView : public Card {
  Q_OBJECT
 public:
  /// The cluster has streams, and outlives the view.
  explicit StreamEventsView(const Services& services, QWidget* parent = nullptr);

  /// Empty: of all.
  void showOf(const QList<quint64>& streams);
  void setFrozen(bool frozen);
  void addFoot(QWidget* widget);  ///< under the events, after a line
  void focusFilter();
  /// Clears the filter; false when there was none.
  bool clearFilter();
  [[nodiscard]] StreamEventModel& model() const { return *model_; }
  [[nodiscard]] ListTable& table() const { return *table_; }

 Q_SIGNALS:
  void message(const QString& text);
  void exportWanted();
  /// To be sent as Last-Event-ID by the next streams.
  void resumeWanted(const QString& id);

 private:
  void buildTable();
  void applyFilter();
  void follow();
  [[nodiscard]] int rowHeight() const;
  void refresh();
  void showChosen();
  void copyRows();

  Services services_;
  StreamEventModel* model_;
  QLineEdit* field_;
  QCheckBox* heartbeats_;
  ListTable* table_;
  EmptyState* empty_;
  QStackedWidget* stack_;
  QPlainTextEdit* whole_;
  LinkButton* resume_;
  QList<quint64> of_;
  bool atEnd_ = true;
};

}  // namespace vx11::ui
