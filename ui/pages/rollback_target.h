// Before a change of mode: to which one, what will be different then, and how it goes. A mode that can't be chosen says
// why.
#pragma once

#include "cluster/cluster.h"
#include "widgets/card.h"

namespace vx11::ui {

class KeyValueList;
class KeyValueRow;
class Segmented;
class TextLabel;

class RollbackTarget : public Card {
  Q_OBJECT
 public:
  explicit RollbackTarget(QWidget* parent = nullptr);
  /// `locked`: why nothing can be chosen now; empty: something can. `brief`: without how it goes.
  void display(const cluster::Cluster& cluster, const QString& locked, bool brief);
  [[nodiscard]] QString mode() const;
  void choose(const QString& mode);

 Q_SIGNALS:
  void chosen();  ///< by the user

 private:
  Segmented* modes_;
  TextLabel* promise_;
  KeyValueList* facts_;
  KeyValueRow* now_;
  KeyValueRow* order_;
  KeyValueRow* drain_;
  bool choosing_ = false;
};

}  // namespace vx11::ui
