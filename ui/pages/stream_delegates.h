// Cells of the Streams page: a stream's state as a shape and a word, its token in fixed width; what came by in fixed
// width, notes in grey, only trouble in its colour.
#pragma once

#include "delegates/cell_delegate.h"

namespace vx11::ui {

class StreamEventModel;
class StreamTableModel;

/// For views of `model` alone; it outlives the delegate.
class StreamDelegate : public CellDelegate {
  Q_OBJECT
 public:
  StreamDelegate(const StreamTableModel& model, QObject* parent);

 protected:
  void paintCell(const Cell& cell, const QModelIndex& index) const override;

 private:
  const StreamTableModel& model_;
};

class StreamEventDelegate : public CellDelegate {
  Q_OBJECT
 public:
  StreamEventDelegate(const StreamEventModel& model, QObject* parent);

 protected:
  void paintCell(const Cell& cell, const QModelIndex& index) const override;

 private:
  const StreamEventModel& model_;
};

}  // namespace vx11::ui
