#include "shell/command_palette.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QVBoxLayout>

#include "platform/icons.h"
#include "platform/theme.h"
#include "shell/action_registry.h"
#include "shell/palette_delegate.h"
#include "widgets/metrics.h"

namespace vx11::ui {
namespace {

constexpr int paletteWidth = 560, rowsShown = 10;

}  // namespace

CommandPalette::CommandPalette(const ActionRegistry& actions, QWidget* window)
    : QFrame(window), model_(new PaletteModel(actions, this)), field_(new QLineEdit), list_(new QListView) {
  setAccessibleName(tr("Go to or run"));
  field_->setPlaceholderText(tr("A page, an action, a profile, an instance or a token"));
  field_->setAccessibleName(tr("Letters of what to go to or run"));
  field_->addAction(themedIcon(QStringLiteral("search")), QLineEdit::LeadingPosition)->setText(tr("Search"));
  field_->installEventFilter(this);
  list_->setModel(model_);
  list_->setItemDelegate(new PaletteDelegate(list_));
  list_->setFrameShape(QFrame::NoFrame);
  list_->setUniformItemSizes(true);
  list_->setFocusPolicy(Qt::NoFocus);
  list_->setAccessibleName(tr("What fits the letters"));
  list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(metrics::space8, metrics::space8, metrics::space8, metrics::space8);
  column->setSpacing(metrics::space8);
  column->addWidget(field_);
  column->addWidget(list_);
  connect(field_, &QLineEdit::textChanged, this, &CommandPalette::filter);
  connect(list_, &QListView::clicked, this, &CommandPalette::runCurrent);
  hide();
}

void CommandPalette::setMore(PaletteModel::More more) { model_->setMore(std::move(more)); }

void CommandPalette::popUp(int top) {
  if (isVisible()) return closeUp();
  focusBefore_ = parentWidget()->focusWidget();
  field_->clear();
  filter({});
  setGeometry((parentWidget()->width() - paletteWidth) / 2, top, paletteWidth, sizeHint().height());
  show();
  raise();
  field_->setFocus(Qt::ShortcutFocusReason);
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::FocusOut && isVisible()) {
    hide();
  } else if (event->type() == QEvent::ShortcutOverride && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
    event->accept();  // else the window's own Esc would take the key
    return true;
  } else if (event->type() == QEvent::KeyPress) {
    switch (static_cast<QKeyEvent*>(event)->key()) {
      case Qt::Key_Down:
      case Qt::Key_Tab:
        return step(1), true;
      case Qt::Key_Up:
      case Qt::Key_Backtab:
        return step(-1), true;
      case Qt::Key_Return:
      case Qt::Key_Enter:
        return runCurrent(), true;
      case Qt::Key_Escape:
        return closeUp(), true;
      default:
        break;
    }
  }
  return QFrame::eventFilter(watched, event);
}

void CommandPalette::paintEvent(QPaintEvent*) {
  const Theme& theme = themeOf(palette());
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(theme.color(Token::BorderStrong));
  painter.setBrush(theme.color(Token::Base));
  painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), metrics::cardRadius, metrics::cardRadius);
}

void CommandPalette::filter(const QString& letters) {
  model_->setLetters(letters.trimmed());
  list_->setCurrentIndex(model_->index(0));
  list_->setFixedHeight(qBound(1, model_->rowCount(), rowsShown) * PaletteDelegate::rowHeight);
  resize(paletteWidth, sizeHint().height());
}

void CommandPalette::step(int by) {
  const int count = model_->rowCount();
  if (count == 0) return;
  list_->setCurrentIndex(model_->index((list_->currentIndex().row() + by + count) % count));
}

void CommandPalette::runCurrent() {
  const int row = list_->currentIndex().row();
  if (!model_->canRun(row)) return;
  const auto run = model_->runner(row);
  closeUp();
  run();
}

void CommandPalette::closeUp() {
  hide();
  if (focusBefore_) focusBefore_->setFocus(Qt::PopupFocusReason);
}

}  // namespace vx11::ui
