// The plan as a list: number, mark, title, what came of it or what it waits for, where, and its time. The step that
// runs stands out and stays in view.
#pragma once

#include <QAbstractListModel>
#include <QListView>
#include <QStyledItemDelegate>
#include <functional>

#include "pages/rollback_run.h"

namespace vx11::ui {

class RollbackPlanModel : public QAbstractListModel {
  Q_OBJECT
 public:
  using QAbstractListModel::QAbstractListModel;
  /// `now`: console clock, for the time of what runs.
  void display(const QList<TimedStep>& steps, qint64 now);
  [[nodiscard]] const QList<TimedStep>& steps() const { return steps_; }
  [[nodiscard]] qint64 now() const { return now_; }
  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

 private:
  QList<TimedStep> steps_;
  qint64 now_ = 0;
};

class RollbackStepDelegate : public QStyledItemDelegate {
  Q_OBJECT
 public:
  explicit RollbackStepDelegate(const RollbackPlanModel& model, QObject* parent = nullptr)
      : QStyledItemDelegate(parent), model_(model) {}
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

 private:
  const RollbackPlanModel& model_;
};

class RollbackPlanView : public QListView {
  Q_OBJECT
 public:
  explicit RollbackPlanView(QWidget* parent = nullptr);
  void display(const QList<TimedStep>& steps, qint64 now);
  [[nodiscard]] const RollbackPlanModel& plan() const { return *plan_; }

 private:
  RollbackPlanModel* plan_;
  int running_ = -1;
};

/// One segment a step; what each says stands in the plan below.
class RollbackStrip : public QWidget {
  Q_OBJECT
 public:
  explicit RollbackStrip(QWidget* parent = nullptr);
  void display(const QList<TimedStep>& steps);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  QList<cluster::RollbackStep> steps_;
};

}  // namespace vx11::ui
