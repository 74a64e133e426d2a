// The open streams as a list, with what can be done to the chosen ones: come back now, close, take off the list.
#pragma once

#include <QTimer>
#include <QVariantMap>

#include "pages/page.h"
#include "widgets/card.h"

class QPushButton;
class QStackedWidget;

namespace vx11::cluster {
class Streams;
}

namespace vx11::ui {

class EmptyState;
class ListTable;
class StreamTableModel;

class StreamList : public Card {
  Q_OBJECT
 public:
  /// The cluster has streams, and outlives the list.
  explicit StreamList(const Services& services, QWidget* parent = nullptr);

  /// Of the chosen rows; empty: none is chosen.
  [[nodiscard]] QList<quint64> chosen() const;
  [[nodiscard]] StreamTableModel& model() const { return *model_; }
  [[nodiscard]] ListTable& table() const { return *table_; }
  void clearChoice();
  void setFrozen(bool frozen);
  void refresh();  ///< what the buttons can do

 Q_SIGNALS:
  void chosenChanged();
  void message(const QString& text);

 private:
  void buildTable();
  void reconnect();
  void closeChosen();
  void forgetChosen();
  void copyRows();

  Services services_;
  cluster::Streams& streams_;
  StreamTableModel* model_;
  ListTable* table_;
  EmptyState* empty_;
  QStackedWidget* stack_;
  QPushButton* reconnect_;
  QPushButton* close_;
  QPushButton* forget_;
};

}  // namespace vx11::ui
