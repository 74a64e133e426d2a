#include "pages/rollback_shell_card.h"

#include <QVBoxLayout>

#include "widgets/link_button.h"
#include "widgets/metrics.h"
#include "widgets/text_label.h"

namespace vx11::ui {
namespace {

// Long paths and addresses break behind a slash, options nowhere.
constexpr QChar mayBreak(0x200b), mustNotBreak(0x2060);

}  // namespace

RollbackShell::RollbackShell(ClipboardGuard& clipboard, QWidget* parent)
    : Card(tr("Same from a shell"), parent), words_(new TextLabel({}, FontRole::Fixed)) {
  words_->setWordWrap(true);
  body()->addWidget(words_);
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  connect(setHeaderLink(tr("Copy")), &LinkButton::clicked, this, [this, &clipboard] {
    clipboard.copyPlain(command_);
    Q_EMIT copied(tr("Command copied; it takes the principal from $VX11_OPERATOR_TOKEN"));
  });
}

void RollbackShell::setCommand(const QString& command) {
  if (command == command_) return;
  command_ = command;
  words_->setAccessibleName(command);
  QString shown = command;
  shown.replace(u'/', QString(u'/') + mayBreak).replace(u'-', QString(u'-') + mustNotBreak);
  words_->setText(shown);
  fit();
}

// A page that scrolls gives a wrapped line no more than its one-line height by itself.
void RollbackShell::fit() {
  words_->setMinimumHeight(0);  // it would count as needed
  words_->setMinimumHeight(words_->heightForWidth(width() - 2 * metrics::cardPaddingX));
}

void RollbackShell::resizeEvent(QResizeEvent* event) {
  Card::resizeEvent(event);
  fit();
}

}  // namespace vx11::ui
