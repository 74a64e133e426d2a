// A framed part of a page: header with mark, title, tag and a word or link at the right; a body; perhaps a foot. Its
// edge is grey unless there is trouble.
#pragma once

#include <QWidget>
#include <optional>

#include "widgets/state_mark.h"

class QHBoxLayout;
class QVBoxLayout;

namespace vx11::ui {

class LinkButton;
class Tag;
class TextLabel;
class ElidedLabel;

class Card : public QWidget {
  Q_OBJECT
 public:
  enum class Edge { Quiet, Warning, Critical };

  explicit Card(const QString& title, QWidget* parent = nullptr);

  void setTitle(const QString& title);
  void setId(const QString& id);                         ///< a title of any length: gives way in its middle
  void setMark(std::optional<Mark> mark);                ///< before the title
  void setTag(const QString& text, std::optional<Token> tone = {});  ///< empty: none
  void setNote(const QString& note);                     ///< after the title, quiet: "last 5 min"
  void setHeaderWord(const QString& word, Token color = Token::Text);  ///< at the right
  LinkButton* setHeaderLink(const QString& text);        ///< at the right, after the word
  void addHeaderWidget(QWidget* widget);                 ///< at the right
  void setEdge(Edge edge);
  /// A clickable card takes the focus, and Enter and Space as well as the mouse.
  void setClickable(bool on);

  [[nodiscard]] QVBoxLayout* body() { return body_; }    ///< padding 10 by 12; a table sets its margins to 0
  [[nodiscard]] QHBoxLayout* foot();                     ///< made at the first call, with a line above it

 Q_SIGNALS:
  void activated();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;

 private:
  MarkLabel* mark_;
  ElidedLabel* title_;
  Tag* tag_;
  ElidedLabel* note_;
  TextLabel* word_;
  LinkButton* link_ = nullptr;
  QHBoxLayout* header_;
  QVBoxLayout* body_;
  QVBoxLayout* column_;
  QWidget* footRow_ = nullptr;
  Edge edge_ = Edge::Quiet;
  bool clickable_ = false, pressed_ = false;
};

}  // namespace vx11::ui
