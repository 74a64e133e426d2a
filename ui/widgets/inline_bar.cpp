#include "widgets/inline_bar.h"

#include <QAccessible>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPainterPath>
#include <QVBoxLayout>
#include <algorithm>

#include "widgets/cap_button.h"
#include "widgets/link_button.h"
#include "widgets/metrics.h"
#include "widgets/text_label.h"

namespace vx11::ui {
namespace {

constexpr qsizetype mostButtons = 3;
constexpr int edge = 4;

}  // namespace

InlineBar::InlineBar(QWidget* parent)
    : QWidget(parent),
      mark_(new MarkLabel(Mark::Unreachable)),
      words_(new QLabel),
      next_(new TextLabel({}, FontRole::Label, Token::Text2)),
      more_(new LinkButton),
      buttons_(new QHBoxLayout) {
  mark_->setMarkOnly(true);
  words_->setWordWrap(true);
  words_->setTextFormat(Qt::RichText);  // for the bold phrase; everything in it is escaped
  words_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  buttons_->setSpacing(metrics::space8);

  auto* lastLine = new QHBoxLayout;
  lastLine->setSpacing(metrics::space8);
  lastLine->addWidget(next_);
  lastLine->addWidget(more_);
  lastLine->addStretch(1);
  auto* text = new QVBoxLayout;
  text->setSpacing(2);
  text->addWidget(words_);
  text->addLayout(lastLine);

  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(edge + metrics::space12, metrics::space8, metrics::space12, metrics::space8);
  row->setSpacing(metrics::space12);
  row->addWidget(mark_);
  row->addLayout(text, 1);
  row->addLayout(buttons_);
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Minimum);

  // The next cause comes to the front; the bar walks through them in turn.
  connect(more_, &LinkButton::clicked, this, [this] {
    if (causes_.size() > 1) causes_.move(0, causes_.size() - 1);
    refresh();
  });
  refresh();
}

void InlineBar::setCause(const BarCause& cause) {
  const auto same = std::find_if(causes_.begin(), causes_.end(), [&](const BarCause& c) { return c.key == cause.key; });
  if (same != causes_.end()) *same = cause;
  else causes_.append(cause);
  refresh();
}

void InlineBar::setNext(const QString& key, const QString& next) {
  for (BarCause& cause : causes_) {
    if (cause.key == key) cause.next = next;
  }
  if (!causes_.isEmpty() && causes_.first().key == key && next_->text() != next) {
    next_->setText(next);
    next_->setVisible(!next.isEmpty());
  }
}

void InlineBar::clearCause(const QString& key) {
  if (causes_.removeIf([&](const BarCause& cause) { return cause.key == key; }) > 0) refresh();
}

QString InlineBar::text() const {
  if (causes_.isEmpty()) return {};
  const BarCause& cause = causes_.first();
  QStringList parts{cause.what, cause.meaning, cause.next};
  parts.removeAll(QString());
  return parts.join(u' ');
}

QSize InlineBar::minimumSizeHint() const { return {200, QWidget::minimumSizeHint().height()}; }

void InlineBar::refresh() {
  setVisible(!causes_.isEmpty());
  if (causes_.isEmpty()) return;
  const BarCause& cause = causes_.first();
  mark_->setMark(cause.mark);
  words_->setText(QStringLiteral("<b>%1</b> %2").arg(cause.what.toHtmlEscaped(), cause.meaning.toHtmlEscaped()));
  words_->setAccessibleName(cause.what + u' ' + cause.meaning);
  next_->setText(cause.next);
  next_->setVisible(!cause.next.isEmpty());
  more_->setText(tr("and %n more", nullptr, static_cast<int>(causes_.size()) - 1));
  more_->setVisible(causes_.size() > 1);
  showButtons(cause);
  refreshColors();
  setAccessibleDescription(cause.next);
  if (const QString said = cause.what + u' ' + cause.meaning; accessibleName() != said) {  // not at each second
    setAccessibleName(said);
    QAccessibleEvent alert(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
  }
  updateGeometry();
  update();
}

void InlineBar::showButtons(const BarCause& cause) {
  QList<QString> wanted{cause.key};
  for (const BarAction& action : cause.actions.first(std::min(mostButtons, cause.actions.size())))
    wanted << action.text << action.disabledReason;
  if (wanted == shownButtons_) return;  // a button in use must not vanish under the pointer
  shownButtons_ = wanted;
  while (QLayoutItem* item = buttons_->takeAt(0)) {
    if (item->widget() != nullptr) item->widget()->deleteLater();
    delete item;
  }
  for (qsizetype i = 0; i < std::min(mostButtons, cause.actions.size()); ++i) {
    const BarAction& action = cause.actions.at(i);
    auto* button = new CapButton(action.text, action.icon, {});
    button->setProperty("small", true);
    button->setFixedHeight(metrics::smallControl);
    button->setEnabled(action.disabledReason.isEmpty());
    button->setToolTip(action.disabledReason);
    connect(button, &QPushButton::clicked, this, [run = action.run] {
      if (run) run();
    });
    buttons_->addWidget(button, 0, Qt::AlignVCenter);
  }
}

void InlineBar::refreshColors() {
  const Theme& theme = themeOf(palette());
  if (words_->palette().color(QPalette::WindowText) == theme.color(Token::Text)) return;
  QPalette own;
  own.setColor(QPalette::WindowText, theme.color(Token::Text));
  words_->setPalette(own);
}

void InlineBar::paintEvent(QPaintEvent*) {
  if (causes_.isEmpty()) return;
  const Theme& theme = themeOf(palette());
  const bool critical = markColor(causes_.first().mark) == Token::Crit;
  const QColor line = theme.color(critical ? Token::Crit : Token::Warn);
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  QPainterPath frame;
  frame.addRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), metrics::cardRadius, metrics::cardRadius);
  painter.fillPath(frame, theme.color(critical ? Token::CritBg : Token::WarnBg));
  painter.save();
  painter.setClipPath(frame);
  painter.fillRect(QRectF(0, 0, edge, height()), line);
  painter.restore();
  painter.setPen(QPen(line, 1));
  painter.drawPath(frame);
}

void InlineBar::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) {
    refreshColors();
    update();
  }
}

}  // namespace vx11::ui
