// The last few things that happened, as sentences.
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

 private:
  class Row;
  QList<Row*> rows_;
  EmptyState* empty_;
};

}  // namespace vx11::ui
