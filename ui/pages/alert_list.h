// Alerts under each other, as the watch orders them. A row that stays keeps its widget, so that focus and menus outlive
// the figures' changes.
#pragma once

#include <QScrollArea>
#include <optional>

#include "pages/alert_row.h"

namespace vx11::ui {

class AlertList : public QScrollArea {
  Q_OBJECT
 public:
  AlertList(AlertRow::Form form, const QString& accessibleName, QWidget* parent = nullptr);
  void display(const QList<cluster::Alert>& alerts, const cluster::Cluster& cluster,
               const cluster::AlertThresholds& thresholds);
  /// The first while nobody chose another that is still there.
  [[nodiscard]] std::optional<cluster::AlertKey> chosen() const { return chosen_; }
  void choose(const cluster::AlertKey& key);
  [[nodiscard]] const QList<AlertRow*>& rows() const { return rows_; }

 Q_SIGNALS:
  void chosenChanged();
  void runbookRequested();
  void acknowledgeRequested(const vx11::cluster::AlertKey& key);
  void silenceRequested(const vx11::cluster::AlertKey& key, std::optional<qint64> forMs);
  void endSilenceRequested(const vx11::cluster::AlertKey& key);

 private:
  AlertRow* newRow();
  void place(const QList<cluster::Alert>& alerts);
  void markChosen();

  AlertRow::Form form_;
  QWidget* content_;
  QList<AlertRow*> rows_;
  std::optional<cluster::AlertKey> chosen_;
  bool chosenByHand_ = false;
};

}  // namespace vx11::ui
