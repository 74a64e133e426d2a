// A verb written as a link: "All", "Hide", "Open log". A real button for keys and screen readers.
#pragma once

#include <QAbstractButton>

#include "platform/theme.h"

namespace vx11::ui {

class LinkButton : public QAbstractButton {
  Q_OBJECT
 public:
  explicit LinkButton(const QString& text = {}, QWidget* parent = nullptr);
  void setRole(FontRole role);  ///< Label at first
  [[nodiscard]] QSize sizeHint() const override;
  [[nodiscard]] QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;
  void enterEvent(QEnterEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  FontRole role_ = FontRole::Label;
};

}  // namespace vx11::ui
