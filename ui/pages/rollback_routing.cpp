#include "pages/rollback_routing.h"

#include <QGridLayout>
#include <QLineEdit>

#include "cluster/typed_command.h"
#include "dialogs/file_field.h"
#include "pages/rollback_setup.h"
#include "widgets/metrics.h"
#include "widgets/text_label.h"

namespace vx11::ui {
namespace {

QLineEdit* makeLine(const QString& name, const QString& whenEmpty, const QString& help) {
  auto* line = new QLineEdit;
  line->setAccessibleName(name);
  line->setPlaceholderText(whenEmpty);
  line->setToolTip(help);
  return line;
}

}  // namespace

RollbackRouting::RollbackRouting(const cluster::Profile& profile, QWidget* parent)
    : QWidget(parent),
      file_(new FileField(tr("nginx file"), tr("Choose the nginx file"))),
      reload_(makeLine(tr("Reload command"), tr("by hand"),
                       tr("Run after the file was written, without a shell: nginx -s reload"))),
      restart_(makeLine(tr("Restart command"), tr("by hand"),
                        tr("Run for each instance, without a shell. {id}, {url}, {host} and {port} stand for the "
                           "instance’s."))) {
  auto* grid = new QGridLayout(this);
  grid->setContentsMargins(0, 0, 0, 0);
  grid->setHorizontalSpacing(metrics::space12);
  grid->setVerticalSpacing(metrics::space8);
  grid->setColumnMinimumWidth(0, RollbackSetup::labelWidth);
  grid->setColumnStretch(1, 1);
  file_->line().setPlaceholderText(tr("none: routing stays as it is"));
  file_->line().setToolTip(
      tr("The file with the upstream between the marks # vx11 begin and # vx11 end. A copy of it is kept beside it."));
  addRow(grid, tr("&nginx file"), file_, &file_->line());
  addRow(grid, tr("Re&load"), reload_, reload_);
  restartLabel_ = addRow(grid, tr("R&estart"), restart_, restart_);
  cluster::RollbackSpec spec;
  spec.nginxFile = profile.nginxFile;
  spec.reloadCommand = profile.reloadCommand;
  spec.restartCommand = profile.restartCommand;
  read(spec);
  reload_->setEnabled(!file_->line().text().isEmpty());
  connect(&file_->line(), &QLineEdit::textChanged, this,
          [this](const QString& text) { reload_->setEnabled(!text.trimmed().isEmpty()); });
  for (QLineEdit* line : {&file_->line(), reload_, restart_})
    connect(line, &QLineEdit::textChanged, this, &RollbackRouting::edited);
}

QWidget* RollbackRouting::addRow(QGridLayout* grid, const QString& label, QWidget* field, QWidget* buddy) {
  auto* words = new TextLabel(label, FontRole::Body, Token::Text2);
  words->setBuddy(buddy);
  const int row = grid->rowCount();
  grid->addWidget(words, row, 0);
  grid->addWidget(field, row, 1);
  return words;
}

void RollbackRouting::read(const cluster::RollbackSpec& spec) {
  file_->line().setText(spec.nginxFile);
  reload_->setText(cluster::typed::lineOf(spec.reloadCommand));
  restart_->setText(cluster::typed::lineOf(spec.restartCommand));
}

void RollbackRouting::writeTo(cluster::RollbackSpec& spec) const {
  spec.nginxFile = file_->line().text().trimmed();
  if (!spec.nginxFile.isEmpty()) spec.reloadCommand = cluster::typed::argumentsOf(reload_->text());
  if (!restart_->isHidden()) spec.restartCommand = cluster::typed::argumentsOf(restart_->text());
}

QString RollbackRouting::problem() const {
  const bool reloads = !file_->line().text().trimmed().isEmpty();
  const QString why = reloads ? cluster::typed::problemOf(reload_->text()) : QString();
  return why.isEmpty() && !restart_->isHidden() ? cluster::typed::problemOf(restart_->text()) : why;
}

void RollbackRouting::showRestart(bool on) {
  restart_->setVisible(on);
  restartLabel_->setVisible(on);
}

}  // namespace vx11::ui
