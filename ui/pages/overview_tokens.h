// The ten newest tokens, counting down. Their ends are known, so they go on counting when the list itself is old.
#pragma once

#include "cluster/tokens.h"
#include "pages/overview_words.h"
#include "widgets/card.h"

namespace vx11::ui {

class EmptyState;
class RowStack;

class NewestTokens : public Card {
  Q_OBJECT
 public:
  explicit NewestTokens(QWidget* parent = nullptr);
  /// `age`: how old the list is when it is stale, else empty. `ttlSec` is the life of the next token, where known.
  void display(const cluster::Tokens& tokens, const overview::Look& look, const QString& age,
               std::optional<int> ttlSec);
  /// On a page that scrolls anyway all ten have their place; on one that fits the last ones give way.
  void setScrolls(bool scrolls);

 Q_SIGNALS:
  void allRequested();
  void issueRequested();

 private:
  class Row;
  QList<Row*> rows_;
  RowStack* list_;
  EmptyState* empty_;
};

}  // namespace vx11::ui
