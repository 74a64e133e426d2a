#include "dialogs/file_field.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>

#include "widgets/metrics.h"

namespace vx11::ui {

FileField::FileField(const QString& accessibleName, const QString& choosing, QWidget* parent)
    : QWidget(parent), choosing_(choosing), line_(new QLineEdit) {
  line_->setAccessibleName(accessibleName);
  auto* button = new QPushButton(tr("Choose…"));
  button->setAccessibleName(choosing);
  button->setAutoDefault(false);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(metrics::space8);
  row->addWidget(line_, 1);
  row->addWidget(button);
  connect(button, &QPushButton::clicked, this, &FileField::choose);
}

// Not modal by a loop of its own: the window goes on meanwhile.
void FileField::choose() {
  auto* dialog = new QFileDialog(this, choosing_, line_->text());
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::ExistingFile);
  connect(dialog, &QFileDialog::fileSelected, line_, &QLineEdit::setText);
  dialog->open();
}

}  // namespace vx11::ui
