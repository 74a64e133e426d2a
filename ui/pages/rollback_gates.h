// What must hold before the next step, as far as it is known: what the runner judges, seen from the instances.
#pragma once

#include "pages/rollback_run.h"
#include "widgets/state_mark.h"

namespace vx11::ui {

struct GateLine {
  Mark mark = Mark::Waiting;
  QString text, value;
  friend bool operator==(const GateLine&, const GateLine&) = default;
};

/// Of the step at `index`. Pure.
[[nodiscard]] QList<GateLine> gatesOf(const RollbackRun& run, int index,
                                      const QList<cluster::InstanceInfo>& instances);

/// A row for each: mark, text, value at the right.
class RollbackGates : public QWidget {
  Q_OBJECT
 public:
  explicit RollbackGates(QWidget* parent = nullptr);
  void display(const QList<GateLine>& lines);
  [[nodiscard]] const QList<GateLine>& lines() const { return lines_; }
  [[nodiscard]] QSize sizeHint() const override;
  [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  QList<GateLine> lines_;
};

}  // namespace vx11::ui
