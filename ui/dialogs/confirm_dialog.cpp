#include "dialogs/confirm_dialog.h"

#include <QClipboard>
#include <QGridLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include "dialogs/framed_box.h"
#include "dialogs/production_band.h"
#include "dialogs/typed_name.h"
#include "platform/icons.h"
#include "widgets/divider.h"
#include "widgets/icon_label.h"
#include "widgets/link_button.h"
#include "widgets/metrics.h"
#include "widgets/text_label.h"

namespace vx11::ui {

ConfirmDialog::ConfirmDialog(const Confirmation& confirmation, QWidget* parent)
    : QDialog(parent), cancel_(new QPushButton(tr("Cancel"))), verb_(new QPushButton(confirmation.verb)) {
  setWindowTitle(confirmation.title);
  setAccessibleDescription(confirmation.question);
  setMinimumWidth(480);

  auto* whole = new QVBoxLayout(this);
  whole->setContentsMargins(0, 0, 0, 0);
  whole->setSpacing(0);
  if (!confirmation.typed.isEmpty()) whole->addWidget(new ProductionBand(confirmation.typed));
  auto* column = new QVBoxLayout;
  whole->addLayout(column);
  column->setContentsMargins(metrics::space16, metrics::space16, metrics::space16, metrics::space12);
  column->setSpacing(metrics::space12);
  auto* question = new TextLabel(confirmation.question, FontRole::PageTitle);
  question->setWordWrap(true);
  column->addWidget(question);
  if (!confirmation.facts.isEmpty()) column->addWidget(makeFacts(confirmation.facts));
  if (!confirmation.typed.isEmpty()) addTypedName(column, confirmation.typed);
  if (!confirmation.note.isEmpty()) addNote(column, confirmation.note);
  column->addSpacing(metrics::space4);
  column->addWidget(new Divider);

  verb_->setProperty("destructive", true);
  if (!confirmation.icon.isEmpty())
    verb_->setIcon(themedIcon(confirmation.icon, confirmation.typed.isEmpty() ? Token::Crit : Token::OnProd));
  verb_->setAutoDefault(false);
  cancel_->setDefault(true);
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(metrics::space16);
  if (!confirmation.command.isEmpty()) buttons->addWidget(makeCopy(confirmation.command));
  buttons->addStretch();
  buttons->addWidget(cancel_);
  buttons->addWidget(verb_);
  column->addLayout(buttons);
  connect(cancel_, &QPushButton::clicked, this, &QDialog::reject);
  connect(verb_, &QPushButton::clicked, this, &QDialog::accept);
  name_ != nullptr ? name_->setFocus() : cancel_->setFocus();
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
  grid->setVerticalSpacing(metrics::space4);
  grid->setColumnStretch(1, 1);
  int row = 0;
  for (const auto& [label, value] : facts) {
    auto* words = new TextLabel(value);
    words->setWordWrap(true);
    if (row > 0) grid->addWidget(new Divider, row++, 0, 1, 2);
    grid->addWidget(new TextLabel(label, FontRole::Body, Token::Text3), row, 0, Qt::AlignTop);
    grid->addWidget(words, row++, 1);
  }
  return box;
}

void ConfirmDialog::addTypedName(QVBoxLayout* column, const QString& name) {
  name_ = new TypedName(name);
  auto* ask = new QHBoxLayout;
  ask->setSpacing(metrics::space4);
  const QStringList around = tr("Type %1 to go on").split(QStringLiteral("%1"));
  auto* chip = new TextLabel(name, FontRole::Fixed);
  chip->setAutoFillBackground(true);
  chip->setBackgroundRole(QPalette::Button);
  chip->setMargin(metrics::space4);
  chip->setTextInteractionFlags(Qt::NoTextInteraction);  // to be typed, not copied
  ask->addWidget(new TextLabel(around.value(0).trimmed()));
  ask->addWidget(chip);
  ask->addWidget(new TextLabel(around.value(1).trimmed()));
  ask->addStretch();
  auto* field = new QVBoxLayout;
  field->setSpacing(metrics::space4);
  field->addLayout(ask);
  field->addWidget(name_);
  column->addLayout(field);
  verb_->setProperty("production", true);
  verb_->setEnabled(false);
  connect(name_, &QLineEdit::textChanged, this, [this] { verb_->setEnabled(name_->right()); });
}

void ConfirmDialog::addNote(QVBoxLayout* column, const QString& note) {
  auto* row = new QHBoxLayout;
  row->setSpacing(metrics::space8);
  row->addWidget(new IconLabel(QStringLiteral("journal-text"), 12, Token::Text3));
  row->addWidget(new TextLabel(note, FontRole::Label, Token::Text3), 1);
  column->addLayout(row);
}

QWidget* ConfirmDialog::makeCopy(const QString& command) {
  auto* copy = new LinkButton(tr("Copy as vx11ctl command"));
  copy->setToolTip(command);
  connect(copy, &QAbstractButton::clicked, this, [command] { QGuiApplication::clipboard()->setText(command); });
  return copy;
}

}  // namespace vx11::ui
