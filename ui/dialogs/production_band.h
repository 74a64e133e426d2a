// The red band over what changes a production cluster: the word, and the cluster's name.
#pragma once

#include <QWidget>

namespace vx11::ui {

class ProductionBand : public QWidget {
  Q_OBJECT
 public:
  explicit ProductionBand(const QString& name, QWidget* parent = nullptr);
  /// After the name: what to know before anything is done.
  void setFacts(const QString& facts);

 protected:
  void paintEvent(QPaintEvent* event) override;
  /// Where words have to stop.
  [[nodiscard]] virtual int wordsEnd() const;

 private:
  QString name_, facts_;
};

}  // namespace vx11::ui
