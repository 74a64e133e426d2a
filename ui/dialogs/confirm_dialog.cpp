#include "dialogs/confirm_dialog.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include "dialogs/framed_box.h"
#include "platform/icons.h"
#include "widgets/divider.h"
#include "widgets/metrics.h"
#include "widgets/text_label.h"

namespace vx11::ui {

ConfirmDialog::ConfirmDialog(const Confirmation& confirmation, QWidget* parent)
    : QDialog(parent), cancel_(new QPushButton(tr("Cancel"))), verb_(new QPushButton(confirmation.verb)) {
  setWindowTitle(confirmation.title);
  setAccessibleDescription(confirmation.question);
  setMinimumWidth(480);

  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(metrics::space16, metrics::space16, metrics::space16, metrics::space12);
  column->setSpacing(metrics::space12);
  auto* question = new TextLabel(confirmation.question, FontRole::PageTitle);
  question->setWordWrap(true);
  column->addWidget(question);
  if (!confirmation.facts.isEmpty()) column->addWidget(makeFacts(confirmation.facts));
  column->addSpacing(metrics::space4);
  column->addWidget(new Divider);

  verb_->setProperty("destructive", true);
  if (!confirmation.icon.isEmpty()) verb_->setIcon(themedIcon(confirmation.icon, Token::Crit));
  verb_->setAutoDefault(false);
  cancel_->setDefault(true);
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(metrics::space16);
  buttons->addStretch();
  buttons->addWidget(cancel_);
  buttons->addWidget(verb_);
  column->addLayout(buttons);
  connect(cancel_, &QPushButton::clicked, this, &QDialog::reject);
  connect(verb_, &QPushButton::clicked, this, &QDialog::accept);
  cancel_->setFocus();
}

ConfirmDialog* ConfirmDialog::ask(QWidget* parent, const Confirmation& confirmation, std::function<void()> confirmed) {
  auto* dialog = new ConfirmDialog(confirmation, parent);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &QDialog::accepted, parent, std::move(confirmed));
  dialog->open();
  return dialog;
}

QWidget* ConfirmDialog::makeFacts(const QList<std::pair<QString, QString>>& facts) {
  auto* box = new FramedBox;
  auto* grid = new QGridLayout(box);
  grid->setContentsMargins(metrics::space12, metrics::space8, metrics::space12, metrics::space8);
  grid->setHorizontalSpacing(metrics::space24);
  grid->setVerticalSpacing(metrics::space8);
  grid->setColumnStretch(1, 1);
  int row = 0;
  for (const auto& [label, value] : facts) {
    auto* words = new TextLabel(value);
    words->setWordWrap(true);
    grid->addWidget(new TextLabel(label, FontRole::Body, Token::Text3), row, 0, Qt::AlignTop);
    grid->addWidget(words, row++, 1);
  }
  return box;
}

}  // namespace vx11::ui
