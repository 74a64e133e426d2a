// A word in a small frame: an instance's mode, the environment of a profile, the keys of an action.
#pragma once

#include <QWidget>
#include <optional>

#include "platform/theme.h"

class QPainter;

namespace vx11::ui {

enum class TagKind { Mode, Environment, KeyCap };

/// For delegates and painted widgets. `tone` colours frame and word; without one they are quiet.
[[nodiscard]] QSize tagSize(const QString& text, TagKind kind, const Theme& theme);
void paintTag(QPainter* painter, const QRectF& rect, const QString& text, TagKind kind, const Theme& theme,
              std::optional<QColor> tone = {});

class Tag : public QWidget {
  Q_OBJECT
 public:
  explicit Tag(const QString& text = {}, TagKind kind = TagKind::Mode, QWidget* parent = nullptr);
  void setText(const QString& text);  ///< an environment's word is written in capitals whatever is given
  [[nodiscard]] QString text() const { return text_; }
  void setTone(std::optional<Token> tone);
  [[nodiscard]] QSize sizeHint() const override;
  [[nodiscard]] QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  QString text_;
  TagKind kind_;
  std::optional<Token> tone_;
};

}  // namespace vx11::ui
