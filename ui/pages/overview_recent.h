// The last few things that happened, as sentences: as many as there is place for.
#pragma once

#include "cluster/journal.h"
#include "pages/overview_words.h"
#include "widgets/card.h"

namespace vx11::ui {

class EmptyState;
class RowStack;

class RecentCard : public Card {
  Q_OBJECT
 public:
  explicit RecentCard(QWidget* parent = nullptr);
  void display(const cluster::Journal& journal, const overview::Look& look);

 Q_SIGNALS:
  void logRequested();

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  class Row;
  RowStack* list_;
  QList<Row*> rows_;
  EmptyState* empty_;
};

}  // namespace vx11::ui
