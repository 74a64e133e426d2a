// A form that scrolls when the screen is too low for it. The bar stands in the margin at its right, so that the fields
// keep their width.
#pragma once

#include <QScrollArea>

namespace vx11::ui {

class FormScroll : public QScrollArea {
  Q_OBJECT
 public:
  /// The form has at least this width, in pixels.
  FormScroll(QWidget* form, int formWidth, QWidget* parent = nullptr);

  /// Without scrolling, sentences that wrap included.
  [[nodiscard]] int neededHeight() const;
  /// Scrolls to one of the form's fields.
  void reveal(QWidget& field);

 protected:
  void resizeEvent(QResizeEvent* event) override;
};

}  // namespace vx11::ui
