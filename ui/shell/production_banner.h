// Under the menu bar of a window over production: the word, the cluster, and whether it may be changed now and for how
// long still. Always true: the time counts down here and nowhere else.
#pragma once

#include <QTimer>

#include "cluster/cluster.h"
#include "dialogs/production_band.h"

class QAbstractButton;

namespace vx11::ui {

class IconLabel;
class TextLabel;

class ProductionBanner : public ProductionBand {
  Q_OBJECT
 public:
  /// The cluster outlives it.
  explicit ProductionBanner(cluster::Cluster& cluster, QWidget* parent = nullptr);
  /// "Changes allowed, 14:32 left" or "Read-only".
  [[nodiscard]] QString state() const;
  [[nodiscard]] QAbstractButton* button() const { return button_; }

 Q_SIGNALS:
  void pressed();  ///< Allow changes… or Make read-only

 protected:
  [[nodiscard]] int wordsEnd() const override;

 private:
  void refresh();
  void refreshFacts();

  cluster::Cluster& cluster_;
  IconLabel* lock_;
  TextLabel* state_;
  QAbstractButton* button_;
  QTimer second_;
};

}  // namespace vx11::ui
