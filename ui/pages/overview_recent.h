// The last few things that happened, as sentences: as many as there is place for, never one cut through.
#pragma once

#include "cluster/journal.h"
#include "pages/overview_words.h"
#include "widgets/card.h"

namespace vx11::ui {

class EmptyState;

class RecentCard : public Card {
  Q_OBJECT
 public:
  explicit RecentCard(QWidget* parent = nullptr);
  void display(const cluster::Journal& journal, const overview::Look& look);

 Q_SIGNALS:
  void logRequested();

 protected:
  void resizeEvent(QResizeEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  class Row;
  void showRows();

  QWidget* list_;
  QList<Row*> rows_;
  int filled_ = 0;
  EmptyState* empty_;
};

}  // namespace vx11::ui
