// Cells of the log: time and correlation id in fixed width, the severity as a shape, only trouble in its colour.
#pragma once

#include "delegates/cell_delegate.h"

namespace vx11::ui {

class LogModel;

class LogDelegate : public CellDelegate {
  Q_OBJECT
 public:
  /// For views of `model` alone; it outlives the delegate.
  LogDelegate(const LogModel& model, QObject* parent);

 protected:
  void paintCell(const Cell& cell, const QModelIndex& index) const override;

 private:
  const LogModel& model_;
};

}  // namespace vx11::ui
