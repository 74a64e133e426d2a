// Every rule with its threshold and how long it has to last, to be changed in place: a change counts at once.
#pragma once

#include <QScrollArea>

#include "cluster/alert_thresholds.h"

class QCheckBox;
class QDoubleSpinBox;
class QGridLayout;
class QSpinBox;

namespace vx11::ui {

class LinkButton;

class AlertThresholdsView : public QScrollArea {
  Q_OBJECT
 public:
  explicit AlertThresholdsView(QWidget* parent = nullptr);
  void display(const cluster::AlertThresholds& thresholds);

 Q_SIGNALS:
  void changed(const vx11::cluster::AlertThresholds& thresholds);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  struct Line {
    QCheckBox* on = nullptr;
    QDoubleSpinBox* value = nullptr;  ///< null where there is nothing to edit
    QSpinBox* wait = nullptr;
    LinkButton* reset = nullptr;
  };
  void addLine(QGridLayout& grid, const cluster::AlertRule& rule);
  void take(const cluster::AlertRule& rule);
  [[nodiscard]] Line& line(cluster::AlertKind kind) { return lines_[static_cast<std::size_t>(kind)]; }

  std::array<Line, cluster::alertKindCount> lines_;
  cluster::AlertThresholds thresholds_;
  std::optional<cluster::AlertThresholds> displayed_;  ///< nothing: nothing yet
  bool displaying_ = false;
};

}  // namespace vx11::ui
