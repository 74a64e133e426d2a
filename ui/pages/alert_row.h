// One alert as a row: mark, bold title with its figure, a sentence, since when, and what can be said to it. It shows
// what it is given and knows nothing of the watch.
#pragma once

#include <QWidget>

#include "cluster/alert_watch.h"

class QHBoxLayout;
class QPushButton;

namespace vx11::cluster {
class Cluster;
}

namespace vx11::ui {

class ElidedLabel;
class MarkLabel;
class TextLabel;

class AlertRow : public QWidget {
  Q_OBJECT
 public:
  /// Brief: on the Overview, with wrapped text over two buttons. Past: in the history, nothing can be said to it.
  enum class Form { Full, Brief, Past };

  explicit AlertRow(Form form, QWidget* parent = nullptr);
  void display(const cluster::Alert& alert, const cluster::Cluster& cluster, const cluster::AlertThresholds& thresholds);
  [[nodiscard]] const cluster::AlertKey& key() const { return key_; }
  void setChosen(bool chosen);

 Q_SIGNALS:
  void chosen();
  void leftBy(int rows);  ///< by the arrow keys: 1 for the next
  void runbookRequested();
  void acknowledgeRequested();
  /// Nothing: until it is resolved.
  void silenceRequested(std::optional<qint64> forMs);
  void endSilenceRequested();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;

 private:
  void buildLines();
  void buildBrief();
  QPushButton* addButton(QHBoxLayout* row, const QString& text);
  void openSilences();

  Form form_;
  cluster::AlertKey key_;
  MarkLabel* mark_;
  ElidedLabel* title_;
  TextLabel *sentence_, *note_, *since_;
  QPushButton *runbook_ = nullptr, *acknowledge_ = nullptr, *silence_ = nullptr;
  bool chosen_ = false, silenced_ = false;
};

}  // namespace vx11::ui
