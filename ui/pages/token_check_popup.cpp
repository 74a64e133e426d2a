#include "pages/token_check_popup.h"

#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QScreen>
#include <QVBoxLayout>

#include "pages/token_sentences.h"
#include "widgets/metrics.h"
#include "widgets/state_mark.h"
#include "widgets/text_label.h"

namespace vx11::ui {
namespace {

constexpr int popupWidth = 400;

}  // namespace

TokenCheckPopup::TokenCheckPopup(cluster::Cluster& cluster, QWidget* parent)
    : QFrame(parent, Qt::Popup),
      cluster_(cluster),
      field_(new QLineEdit),
      check_(new QPushButton(tr("Check"))),
      note_(new TextLabel({}, FontRole::Label, Token::Text2)),
      answers_(new QVBoxLayout) {
  setAccessibleName(tr("Check a token"));
  auto* rows = new QVBoxLayout(this);
  rows->setContentsMargins(metrics::space12, metrics::space12, metrics::space12, metrics::space12);
  rows->setSpacing(metrics::space8);
  rows->addWidget(new TextLabel(tr("Check a token"), FontRole::CardTitle));
  field_->setEchoMode(QLineEdit::Password);
  field_->setPlaceholderText(tr("Paste a token"));
  field_->setAccessibleName(tr("Token to check"));
  field_->setMaxLength(static_cast<int>(TokenText::capacity));
  auto* line = new QHBoxLayout;
  line->setSpacing(metrics::space8);
  line->addWidget(field_, 1);
  line->addWidget(check_);
  rows->addLayout(line);
  note_->setWordWrap(true);
  rows->addWidget(note_);
  answers_->setSpacing(metrics::space4);
  rows->addLayout(answers_);
  setFixedWidth(popupWidth);

  connect(field_, &QLineEdit::textChanged, this, &TokenCheckPopup::refresh);
  connect(field_, &QLineEdit::returnPressed, this, &TokenCheckPopup::check);
  connect(check_, &QPushButton::clicked, this, &TokenCheckPopup::check);
}

void TokenCheckPopup::openUnder(const QWidget* anchor) {
  clearAnswers();
  refresh();
  adjustSize();
  QPoint at = anchor->mapToGlobal(QPoint(anchor->width() - popupWidth, anchor->height() + metrics::space4));
  if (const QScreen* screen = anchor->screen()) {
    const QRect room = screen->availableGeometry();
    at.setX(std::clamp(at.x(), room.left(), std::max(room.left(), room.right() - popupWidth)));
  }
  move(at);
  show();
  field_->setFocus(Qt::PopupFocusReason);
}

void TokenCheckPopup::hideEvent(QHideEvent* event) {
  if (job_) job_->cancel();
  field_->clear();
  clearAnswers();
  QFrame::hideEvent(event);
}

void TokenCheckPopup::refresh() {
  const QString why = tokens::whyNoAnswer(cluster_);
  check_->setEnabled(why.isEmpty() && !job_ && !field_->text().trimmed().isEmpty());
  check_->setToolTip(why);
  note_->setText(why.isEmpty() ? tr("Every instance is asked. Checking consumes nothing, and the token is not kept.")
                               : why);
}

void TokenCheckPopup::check() {
  const QByteArray text = field_->text().trimmed().toUtf8();
  if (text.isEmpty() || job_ || !tokens::whyNoAnswer(cluster_).isEmpty()) return;
  clearAnswers();
  job_ = cluster_.check(TokenText(std::string_view(text.constData(), static_cast<std::size_t>(text.size()))), -1);
  connect(job_, &cluster::CheckJob::answered, this, &TokenCheckPopup::add);
  connect(job_, &cluster::CheckJob::finished, this, [this](const QList<cluster::CheckAnswer>& all) {
    job_.clear();
    if (answers_->isEmpty()) {
      for (const auto& answer : all) add(answer);
    }
    refresh();
  });
  refresh();
}

void TokenCheckPopup::add(const cluster::CheckAnswer& answer) {
  if (!isVisible()) return;
  auto* row = new QWidget;
  auto* line = new QHBoxLayout(row);
  line->setContentsMargins(0, 0, 0, 0);
  line->setSpacing(metrics::space8);
  auto* mark = new MarkLabel;
  mark->setMark(tokens::mark(answer),
                tr("%1: %2").arg(tokens::instanceName(cluster_, answer.slot), tokens::verdict(answer)));
  auto* details = new TextLabel(tokens::details(answer), FontRole::Body, Token::Text2);
  details->setWordWrap(true);
  details->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  line->addWidget(mark);
  line->addWidget(details, 1);
  answers_->addWidget(row);
  row->show();  // else only the next turn of the event loop shows it, and the size is too small
  adjustSize();
}

void TokenCheckPopup::clearAnswers() {
  while (QLayoutItem* item = answers_->takeAt(0)) {
    delete item->widget();
    delete item;
  }
}

void TokenCheckPopup::paintEvent(QPaintEvent*) {
  const Theme& theme = themeOf(palette());
  QPainter painter(this);
  painter.fillRect(rect(), theme.color(Token::Base));
  painter.setPen(theme.color(Token::BorderStrong));
  painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

}  // namespace vx11::ui
