// A push button that names its keys: "Issue token  Ctrl+N".
#pragma once

#include <QPushButton>

namespace vx11::ui {

/// Looks as the style sheet says, by the properties "primary", "destructive" and "small" too; icon, text and key cap
/// are painted side by side. Primary: at most one a page.
class CapButton : public QPushButton {
  Q_OBJECT
 public:
  CapButton(const QString& text, const QString& icon, const QString& keys, QWidget* parent = nullptr);
  void setPrimary(bool on);
  [[nodiscard]] QSize sizeHint() const override;
  [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  [[nodiscard]] QFont textFont() const;
  [[nodiscard]] bool isSmall() const;
  QString icon_, keys_;
  bool primary_ = false;
};

}  // namespace vx11::ui
