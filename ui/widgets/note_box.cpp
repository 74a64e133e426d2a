#include "widgets/note_box.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>
#include <QPainterPath>

#include "widgets/metrics.h"
#include "widgets/text_label.h"

namespace vx11::ui {
namespace {
constexpr int edge = 4;
}

NoteBox::NoteBox(QWidget* parent)
    : QWidget(parent), mark_(new MarkLabel(Mark::Warning)), words_(new TextLabel({}, FontRole::Label)) {
  mark_->setMarkOnly(true);
  words_->setWordWrap(true);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(edge + metrics::space8, metrics::space8, metrics::space8, metrics::space8);
  row->setSpacing(metrics::space8);
  row->addWidget(mark_);
  row->addWidget(words_, 1);
  hide();
}

void NoteBox::setNote(Mark mark, const QString& words) {
  mark_->setMark(mark);
  words_->setText(words);
  setAccessibleName(words);
  setVisible(!words.isEmpty());
  update();
}

QString NoteBox::words() const { return words_->text(); }

void NoteBox::paintEvent(QPaintEvent*) {
  const Theme& theme = themeOf(palette());
  const Token tone = markColor(mark_->mark());
  const Token ground = tone == Token::Crit ? Token::CritBg : tone == Token::Warn ? Token::WarnBg : Token::InfoBg;
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  QPainterPath frame;
  frame.addRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), metrics::controlRadius, metrics::controlRadius);
  painter.fillPath(frame, theme.color(ground));
  painter.save();
  painter.setClipPath(frame);
  painter.fillRect(QRectF(0, 0, edge, height()), theme.color(tone));
  painter.restore();
  painter.setPen(QPen(theme.color(tone), 1));
  painter.drawPath(frame);
}

void NoteBox::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) update();
}

}  // namespace vx11::ui
