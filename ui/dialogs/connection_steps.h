// The steps of a connection test, one below the other: mark, what is tried, and a sentence on what came of it.
#pragma once

#include <QList>
#include <QWidget>

#include "cluster/connection_test.h"
#include "widgets/state_mark.h"

class QVBoxLayout;

namespace vx11::ui {

class TextLabel;

[[nodiscard]] Mark markOf(cluster::ConnectionStep::State state);

class ConnectionSteps : public QWidget {
  Q_OBJECT
 public:
  explicit ConnectionSteps(QWidget* parent = nullptr);
  void setSteps(const QList<cluster::ConnectionStep>& steps);
  [[nodiscard]] int count() const { return static_cast<int>(rows_.size()); }
  /// As read aloud: "Fail: Principal. The instance refuses it."
  [[nodiscard]] QString text(int step) const;

 private:
  struct Row {
    QWidget* box;
    MarkLabel* mark;
    TextLabel* title;
    TextLabel* sentence;
    TextLabel* details;
  };
  [[nodiscard]] Row makeRow();

  QVBoxLayout* column_;
  QList<Row> rows_;
};

}  // namespace vx11::ui
