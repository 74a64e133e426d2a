// A button on the red of production: an outline and words, in the colour of what stands on it.
#pragma once

#include <QAbstractButton>

namespace vx11::ui {

class BandButton : public QAbstractButton {
  Q_OBJECT
 public:
  explicit BandButton(QWidget* parent = nullptr);
  [[nodiscard]] QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
};

}  // namespace vx11::ui
