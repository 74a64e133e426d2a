// What looks like a search field at the right of the toolbar and opens the command palette; an icon alone in a small
// window.
#pragma once

#include <QAbstractButton>

namespace vx11::ui {

class PaletteField : public QAbstractButton {
  Q_OBJECT
 public:
  explicit PaletteField(QWidget* parent = nullptr);
  void setNarrow(bool narrow);
  [[nodiscard]] QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  bool narrow_ = false;
};

}  // namespace vx11::ui
