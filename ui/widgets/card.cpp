#include "widgets/card.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QVBoxLayout>

#include "widgets/elided_label.h"
#include "widgets/focus_ring.h"
#include "widgets/link_button.h"
#include "widgets/metrics.h"
#include "widgets/tag.h"
#include "widgets/text_label.h"

namespace vx11::ui {

Card::Card(const QString& title, QWidget* parent)
    : QWidget(parent),
      mark_(new MarkLabel),
      title_(new ElidedLabel(title, FontRole::CardTitle, Token::Text, Qt::ElideMiddle)),
      tag_(new Tag),
      note_(new ElidedLabel({}, FontRole::Label, Token::Text2)),
      word_(new TextLabel),
      header_(new QHBoxLayout),
      body_(new QVBoxLayout),
      column_(new QVBoxLayout(this)) {
  setAccessibleName(title);
  auto* headerRow = new QWidget;
  headerRow->setFixedHeight(metrics::cardHeader);
  headerRow->setLayout(header_);
  header_->setContentsMargins(metrics::cardPaddingX, 0, metrics::cardPaddingX, 0);
  header_->setSpacing(metrics::space8);
  header_->addWidget(mark_);
  header_->addWidget(title_);
  title_->setSizePolicy(QSizePolicy::Minimum, QSizePolicy::Fixed);
  header_->addWidget(tag_);
  header_->addWidget(note_, 1);
  header_->addWidget(word_);
  mark_->setMarkOnly(true);
  mark_->hide();
  tag_->hide();
  word_->hide();

  body_->setContentsMargins(metrics::cardPaddingX, metrics::cardPaddingY, metrics::cardPaddingX,
                            metrics::cardPaddingY);
  body_->setSpacing(metrics::space8);
  column_->setContentsMargins(0, 0, 0, 0);
  column_->setSpacing(0);
  column_->addWidget(headerRow);
  column_->addLayout(body_, 1);
}

void Card::setTitle(const QString& title) {
  title_->setText(title);
  setAccessibleName(title);
}

void Card::setId(const QString& id) {
  setTitle(id);
  title_->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void Card::setMark(std::optional<Mark> mark) {
  mark_->setVisible(mark.has_value());
  if (mark) mark_->setMark(*mark);
}

void Card::setTag(const QString& text, std::optional<Token> tone) {
  tag_->setText(text);
  tag_->setTone(tone);
  tag_->setVisible(!text.isEmpty());
}

void Card::setNote(const QString& note) { note_->setText(note); }

void Card::setHeaderWord(const QString& word, Token color) {
  word_->setText(word);
  word_->setColor(color);
  word_->setVisible(!word.isEmpty());
}

LinkButton* Card::setHeaderLink(const QString& text) {
  if (link_ == nullptr) {
    link_ = new LinkButton(text);
    header_->addWidget(link_);
  }
  link_->setText(text);
  return link_;
}

void Card::addHeaderWidget(QWidget* widget) { header_->addWidget(widget); }

void Card::setEdge(Edge edge) {
  if (edge == edge_) return;
  edge_ = edge;
  update();
}

void Card::setClickable(bool on) {
  clickable_ = on;
  setFocusPolicy(on ? Qt::StrongFocus : Qt::NoFocus);
}

QHBoxLayout* Card::foot() {
  if (footRow_ == nullptr) {
    footRow_ = new QWidget;
    footRow_->setFixedHeight(metrics::cardFoot);
    auto* row = new QHBoxLayout(footRow_);
    row->setContentsMargins(metrics::cardPaddingX, 0, metrics::space8, 0);
    row->setSpacing(metrics::space8);
    column_->addWidget(footRow_);
  }
  return static_cast<QHBoxLayout*>(footRow_->layout());
}

void Card::paintEvent(QPaintEvent*) {
  const Theme& theme = themeOf(palette());
  const Token edges[] = {Token::Border, Token::Warn, Token::Crit};
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setBrush(theme.color(Token::Base));
  painter.setPen(QPen(theme.color(edges[static_cast<int>(edge_)]), 1));
  painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), metrics::cardRadius, metrics::cardRadius);
  painter.setRenderHint(QPainter::Antialiasing, false);
  painter.setPen(theme.color(Token::Border));
  painter.drawLine(1, metrics::cardHeader, width() - 2, metrics::cardHeader);
  if (footRow_ != nullptr) painter.drawLine(1, footRow_->y(), width() - 2, footRow_->y());
  if (hasFocus()) paintFocusRing(&painter, rect(), metrics::cardRadius, theme);
}

void Card::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) update();
}

void Card::keyPressEvent(QKeyEvent* event) {
  const bool go = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter || event->key() == Qt::Key_Space;
  if (clickable_ && go) Q_EMIT activated();
  else QWidget::keyPressEvent(event);
}

void Card::mousePressEvent(QMouseEvent* event) {
  pressed_ = clickable_ && event->button() == Qt::LeftButton;
  if (!pressed_) QWidget::mousePressEvent(event);
}

void Card::mouseReleaseEvent(QMouseEvent* event) {
  if (pressed_ && rect().contains(event->position().toPoint())) Q_EMIT activated();
  pressed_ = false;
}

}  // namespace vx11::ui
