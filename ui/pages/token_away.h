// What still works while Redis is away: beside the table, in place of the selected token. And what issuing now means.
#pragma once

#include "cluster/cluster.h"
#include "widgets/card.h"

namespace vx11::ui {

/// A line for each thing one may want to do.
class TokenAwayCard : public Card {
  Q_OBJECT
 public:
  explicit TokenAwayCard(QWidget* parent = nullptr);
  void display(const cluster::Cluster& cluster);

 private:
  class Line;
  Line *checkSeen_, *checkElse_, *issue_, *revoke_;
};

namespace tokens {

struct Hint {
  Mark mark = Mark::Warning;
  QString words;  ///< empty: nothing to know
};
/// What is special about issuing on that instance (-1: any) now.
[[nodiscard]] Hint issueHint(const cluster::Cluster& cluster, int slot);

}  // namespace tokens
}  // namespace vx11::ui
