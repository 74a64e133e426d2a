// One line of text that gives way when space is short: elided at the end or in the middle, with the whole in the tool
// tip exactly while something is missing, and below it the details that were given, always.
#pragma once

#include <QWidget>

#include "platform/theme.h"

namespace vx11::ui {

class ElidedLabel : public QWidget {
  Q_OBJECT
 public:
  explicit ElidedLabel(const QString& text = {}, FontRole role = FontRole::Body, Token color = Token::Text,
                       Qt::TextElideMode mode = Qt::ElideRight, QWidget* parent = nullptr);
  void setText(const QString& text);
  [[nodiscard]] QString text() const { return text_; }
  void setDetails(const QString& details);
  void setColor(Token color);
  void setRole(FontRole role);
  void setAlignment(Qt::Alignment alignment);
  [[nodiscard]] bool isElided() const;
  [[nodiscard]] QSize sizeHint() const override;
  [[nodiscard]] QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void updateToolTip();
  QString text_, details_;
  FontRole role_;
  Token color_;
  Qt::TextElideMode mode_;
  Qt::Alignment alignment_ = Qt::AlignLeft | Qt::AlignVCenter;
};

}  // namespace vx11::ui
