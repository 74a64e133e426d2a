// The red band over what changes a production cluster: the word, and the cluster's name.
#pragma once

#include <QWidget>

namespace vx11::ui {

class ProductionBand : public QWidget {
  Q_OBJECT
 public:
  explicit ProductionBand(const QString& name, QWidget* parent = nullptr);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QString name_;
};

}  // namespace vx11::ui
