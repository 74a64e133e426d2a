// A small button that is only an icon, with its name for the tool tip and for screen readers: eye, copy, menu.
#pragma once

#include <QAbstractButton>
#include <QString>

namespace vx11::ui {

/// 24 by 24 with an icon of 14 to 16; the icon follows the theme, Text3 when disabled.
class IconButton : public QAbstractButton {
  Q_OBJECT
 public:
  IconButton(const QString& icon, const QString& name, QWidget* parent = nullptr);
  void setIconName(const QString& icon, const QString& name);
  /// Disabled, with the reason as the tool tip; an empty reason enables.
  void setDisabledBecause(const QString& reason);
  [[nodiscard]] QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;
  void enterEvent(QEnterEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  QString icon_, name_;
};

}  // namespace vx11::ui
