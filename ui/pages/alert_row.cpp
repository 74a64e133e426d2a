#include "pages/alert_row.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

#include "cluster/cluster.h"
#include "pages/alert_words.h"
#include "widgets/elided_label.h"
#include "widgets/focus_ring.h"
#include "widgets/metrics.h"
#include "widgets/text_label.h"

namespace vx11::ui {
namespace {

constexpr qint64 minuteMs = 60'000;

QString sinceWords(const cluster::Alert& alert, const cluster::Cluster& cluster) {
  const QDateTime wall = QDateTime::currentDateTime();
  if (alert.clearedAt.isValid()) {
    return AlertRow::tr("%1, lasted %2")
        .arg(format::moment(alert.firedAt, wall.date()), format::duration(alert.firedAt.secsTo(alert.clearedAt)));
  }
  return AlertRow::tr("since %1").arg(format::moment(wall.addMSecs(alert.since - cluster.now()), wall.date()));
}

}  // namespace

AlertRow::AlertRow(Form form, QWidget* parent)
    : QWidget(parent),
      form_(form),
      mark_(new MarkLabel),
      title_(new ElidedLabel({}, FontRole::BodyStrong)),
      sentence_(new TextLabel({}, FontRole::Body, Token::Text2)),
      note_(new TextLabel({}, FontRole::Label, Token::Text2)),
      since_(new TextLabel({}, FontRole::Label, Token::Text2)) {
  mark_->setMarkOnly(true);
  sentence_->setWordWrap(true);
  sentence_->setAlignment(Qt::AlignLeft | Qt::AlignTop);
  form == Form::Brief ? buildBrief() : buildLines();
}

void AlertRow::buildLines() {
  setFocusPolicy(Qt::StrongFocus);
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  // The tool tip has what two lines don't hold.
  sentence_->setFixedHeight(2 * sentence_->fontMetrics().lineSpacing());
  auto* first = new QHBoxLayout;
  first->setSpacing(metrics::space8);
  first->addWidget(mark_);
  first->addWidget(title_, 1);
  first->addWidget(note_);
  first->addWidget(since_);
  auto* second = new QHBoxLayout;
  second->setContentsMargins(markSize + metrics::space8, 0, 0, 0);
  second->setSpacing(metrics::space8);
  second->addWidget(sentence_, 1, Qt::AlignTop);
  runbook_ = addButton(second, tr("Runbook"));
  if (form_ == Form::Full) {
    acknowledge_ = addButton(second, tr("Acknowledge"));
    silence_ = addButton(second, tr("Silence for…"));
    connect(silence_, &QPushButton::clicked, this, &AlertRow::openSilences);
  }
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(metrics::space12, metrics::space4, metrics::space12, metrics::space4);
  column->setSpacing(2);
  column->addLayout(first);
  column->addLayout(second);
  connect(runbook_, &QPushButton::clicked, this, &AlertRow::runbookRequested);
  if (acknowledge_ != nullptr) connect(acknowledge_, &QPushButton::clicked, this, &AlertRow::acknowledgeRequested);
}

void AlertRow::buildBrief() {
  since_->hide();
  since_->setParent(this);
  auto* first = new QHBoxLayout;
  first->setSpacing(metrics::space8);
  first->addWidget(mark_);
  first->addWidget(title_, 1);
  first->addWidget(note_);
  auto* rest = new QVBoxLayout;
  rest->setContentsMargins(markSize + metrics::space8, 0, 0, 0);
  rest->setSpacing(metrics::space4);
  rest->addWidget(sentence_);
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(metrics::space8);
  runbook_ = addButton(buttons, tr("Runbook"));
  acknowledge_ = addButton(buttons, tr("Acknowledge"));
  buttons->addStretch(1);
  rest->addLayout(buttons);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(metrics::cardPaddingX, metrics::space8, metrics::cardPaddingX, metrics::space8);
  column->setSpacing(metrics::space4);
  column->addLayout(first);
  column->addLayout(rest);
  connect(runbook_, &QPushButton::clicked, this, &AlertRow::runbookRequested);
  connect(acknowledge_, &QPushButton::clicked, this, &AlertRow::acknowledgeRequested);
}

QPushButton* AlertRow::addButton(QHBoxLayout* row, const QString& text) {
  auto* button = new QPushButton(text);
  button->setProperty("small", true);
  row->addWidget(button);
  return button;
}

void AlertRow::display(const cluster::Alert& alert, const cluster::Cluster& cluster,
                       const cluster::AlertThresholds& thresholds) {
  key_ = alert.key;
  const bool past = alert.clearedAt.isValid();
  const bool quiet = alert.acknowledged || alert.silenced || past;
  silenced_ = alert.silenced;
  const QString title = alerts::title(alert, cluster);
  const QString sentence =
      past ? alerts::ruleSentence(alert.key.kind)
           : alerts::sentence(alert, cluster, thresholds.of(alert.key.kind).forSec);
  const QString note = past ? tr("cleared") : alert.firing ? alerts::note(alert, cluster.now()) : tr("pending");
  const QString since = sinceWords(alert, cluster);
  const QString state = past                                                        ? tr("Cleared")
                        : !alert.firing                                             ? tr("Pending")
                        : alert.severity() == cluster::AlertSeverity::Critical ? tr("Critical")
                                                                                    : tr("Warning");
  mark_->setMark(past ? Mark::Pass : quiet ? Mark::Skipped : alerts::mark(alert), state);
  title_->setText(title);
  title_->setColor(quiet || !alert.firing ? Token::Text2 : Token::Text);
  sentence_->setText(sentence);
  sentence_->setToolTip(form_ == Form::Brief ? QString() : sentence);
  note_->setText(note);
  note_->setVisible(!note.isEmpty());
  since_->setText(since);
  const QStringList parts{state, title, sentence, note, since};
  setAccessibleName(parts.join(QStringLiteral(", ")));
  runbook_->setAccessibleName(tr("Runbook of %1").arg(title));
  if (acknowledge_ != nullptr) {
    acknowledge_->setAccessibleName(tr("Acknowledge %1").arg(title));
    acknowledge_->setEnabled(alert.firing && !alert.acknowledged);
    acknowledge_->setToolTip(!alert.firing       ? tr("It doesn't fire yet")
                             : alert.acknowledged ? tr("Acknowledged until it clears")
                                                  : tr("Somebody has seen it: it keeps its place, without its colour"));
  }
  if (silence_ != nullptr) {
    silence_->setText(silenced_ ? tr("End silence") : tr("Silence for…"));
    silence_->setAccessibleName(tr("%1, %2").arg(silence_->text(), title));
  }
}

void AlertRow::openSilences() {
  if (silenced_) return Q_EMIT endSilenceRequested();
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  const auto add = [&](const QString& text, std::optional<qint64> forMs) {
    connect(menu->addAction(text), &QAction::triggered, this, [this, forMs] { Q_EMIT silenceRequested(forMs); });
  };
  add(tr("15 min"), 15 * minuteMs);
  add(tr("1 h"), 60 * minuteMs);
  add(tr("Until resolved"), std::nullopt);
  menu->popup(silence_->mapToGlobal(QPoint(0, silence_->height())));
}

void AlertRow::setChosen(bool chosen) {
  if (std::exchange(chosen_, chosen) != chosen) update();
}

void AlertRow::paintEvent(QPaintEvent*) {
  const Theme& theme = themeOf(palette());
  QPainter painter(this);
  if (chosen_) painter.fillRect(rect(), theme.color(Token::Selection));
  painter.fillRect(1, height() - 1, width() - 2, 1, theme.color(Token::Border));
  if (hasFocus()) paintFocusRing(&painter, rect(), metrics::controlRadius, theme);
}

void AlertRow::keyPressEvent(QKeyEvent* event) {
  switch (event->key()) {
    case Qt::Key_Up: return Q_EMIT leftBy(-1);
    case Qt::Key_Down: return Q_EMIT leftBy(1);
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
      if (form_ != Form::Brief) return Q_EMIT runbookRequested();
      break;
    default: break;
  }
  QWidget::keyPressEvent(event);
}

void AlertRow::mousePressEvent(QMouseEvent*) { Q_EMIT chosen(); }

void AlertRow::focusInEvent(QFocusEvent* event) {
  QWidget::focusInEvent(event);
  Q_EMIT chosen();
}

}  // namespace vx11::ui
