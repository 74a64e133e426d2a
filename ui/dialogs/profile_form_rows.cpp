// The sections of the profile form, from its name down to the rollback's commands.
#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPlainTextEdit>

#include "dialogs/file_field.h"
#include "dialogs/profile_chip.h"
#include "dialogs/profile_form.h"
#include "dialogs/secret_field.h"
#include "widgets/divider.h"
#include "widgets/metrics.h"
#include "widgets/note_box.h"
#include "widgets/text_label.h"

namespace vx11::ui {
namespace {

using cluster::Environment;

QHBoxLayout* bareRow(QWidget* owner) {
  auto* row = new QHBoxLayout(owner);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(metrics::space8);
  return row;
}

TextLabel* labelOf(const QString& words, QWidget* buddy) {
  auto* label = new TextLabel(words, FontRole::Body, Token::Text2);
  label->setBuddy(buddy);
  return label;
}

}  // namespace

void ProfileForm::addIdentity() {
  addRow(tr("&Name"), makeNameRow(), name_);
  addProblem(ProfileField::Name, name_);
  addRow(tr("Gro&up"), makeGroupRow(), group_);
  addBelow(readOnly_);
}

void ProfileForm::addInstances() {
  addSection(tr("Addresses"));
  addRow(tr("&Instances"), instances_, instances_);
  grid_->setRowStretch(grid_->rowCount() - 1, 2);
  addProblem(ProfileField::Instances, instances_);
  addBelow(discover_);
  addRow(tr("Address &map"), addressMap_, addressMap_);
  grid_->setRowStretch(grid_->rowCount() - 1, 1);
  addressMap_->setToolTip(
      tr("An address as the instances announce it = the one that reaches it from here, as through a "
         "tunnel."));
  addProblem(ProfileField::AddressMap, addressMap_);
  addRow(tr("&Balancer"), balancer_, balancer_);
  addProblem(ProfileField::Balancer, balancer_);
}

void ProfileForm::addAccess() {
  addSection(tr("Secrets"));
  addRow(tr("&Principal"), principal_, principal_);
  addProblem(ProfileField::Principal, principal_);
  addBelow(clear_);
  addRow(tr("&Redis"), makeRedisRow(), redis_);
  addProblem(ProfileField::Redis, redis_);
  QWidget* fields = makeSentinelRow();
  sentinelRow_ = {addRow(tr("Sentinels"), fields, sentinelUser_), fields};
  addProblem(ProfileField::Sentinels, sentinelUser_);
  refreshSentinels();
  addBelow(kept_);
  whereKept_->setWordWrap(true);
  addBelow(whereKept_);
}

void ProfileForm::addTrust() {
  addSection(tr("Certificates"));
  caFile_->line().setPlaceholderText(tr("the system's authorities"));
  addRow(tr("&CA file"), caFile_, &caFile_->line());
  addProblem(ProfileField::CaFile, &caFile_->line());
  addRow(tr("Server nam&e"), serverName_, serverName_);
}

QWidget* ProfileForm::makeGroupRow() {
  group_->setEditable(true);
  group_->setInsertPolicy(QComboBox::NoInsert);
  group_->setAccessibleName(tr("Group"));
  group_->lineEdit()->setPlaceholderText(tr("none"));
  colour_->setAccessibleName(tr("Colour"));
  colour_->addItem(profileIcon({}, Environment::Local), tr("By environment"), QString());
  for (int slot = 1; slot <= seriesCount; ++slot)
    colour_->addItem(profileIcon(colourName(slot), Environment::Local), colourWord(slot), colourName(slot));
  for (QComboBox* box : {group_, colour_}) box->setFixedHeight(metrics::control);
  auto* fields = new QWidget;
  auto* row = bareRow(fields);
  row->addWidget(group_, 1);
  row->addWidget(labelOf(tr("Co&lour"), colour_));
  row->addWidget(colour_);
  return fields;
}

void ProfileForm::addSection(const QString& title) {
  const int row = grid_->rowCount();
  auto* words = new TextLabel(title, FontRole::CardTitle);
  auto* line = new QWidget;
  auto* both = bareRow(line);
  both->setContentsMargins(0, metrics::space8, 0, 0);
  both->addWidget(words);
  both->addWidget(new Divider, 1);
  grid_->addWidget(line, row, 0, 1, 2);
}

QWidget* ProfileForm::makeNameRow() {
  environment_->setAccessibleName(tr("Environment"));
  environment_->setFixedHeight(metrics::control);
  for (const auto& [environment, word] : {std::pair{Environment::Local, tr("Local")},
                                          {Environment::Test, tr("Test")},
                                          {Environment::Staging, tr("Staging")},
                                          {Environment::Production, tr("Production")}})
    environment_->addItem(word, static_cast<int>(environment));
  auto* fields = new QWidget;
  auto* row = bareRow(fields);
  row->addWidget(name_, 1);
  row->addWidget(environment_);
  return fields;
}

QWidget* ProfileForm::makeRedisRow() {
  auto* fields = new QWidget;
  auto* row = bareRow(fields);
  row->addWidget(redis_, 3);
  row->addWidget(labelOf(tr("Pass&word"), redisPassword_));
  row->addWidget(redisPassword_, 2);
  return fields;
}

QWidget* ProfileForm::makeSentinelRow() {
  const QString tip =
      tr("Of sentinels that want credentials of their own. Empty: what VX11_OPERATOR_SENTINEL_USERNAME and "
         "VX11_OPERATOR_SENTINEL_PASSWORD_FILE say here.");
  sentinelUser_->setToolTip(tip);
  sentinelPassword_->setToolTip(tip);
  auto* fields = new QWidget;
  auto* row = bareRow(fields);
  row->addWidget(sentinelUser_, 3);
  row->addWidget(labelOf(tr("Password"), sentinelPassword_));
  row->addWidget(sentinelPassword_, 2);
  return fields;
}

void ProfileForm::addRollback() {
  addSection(tr("Rollback, on this machine"));
  nginxFile_->line().setPlaceholderText(tr("none: routing stays as it is"));
  nginxFile_->setToolTip(tr("The file with the upstream between the marks # vx11 begin and # vx11 end."));
  reload_->setToolTip(tr("Run after the file was written: nginx -s reload"));
  restart_->setToolTip(tr("Run for each instance. {id}, {url}, {host} and {port} stand for the instance’s."));
  addRow(tr("n&ginx file"), nginxFile_, &nginxFile_->line());
  addProblem(ProfileField::NginxFile, &nginxFile_->line());
  addWarning(ProfileField::NginxFile);
  addRow(tr("Reloa&d"), reload_, reload_);
  addProblem(ProfileField::Reload, reload_);
  addWarning(ProfileField::Reload);
  addRow(tr("Rest&art"), restart_, restart_);
  addProblem(ProfileField::Restart, restart_);
  addWarning(ProfileField::Restart);
  auto* help =
      new TextLabel(tr("Run without a shell, and confirmed at their first use here. In Restart, {id} and {url} "
                       "stand for the instance’s, as in: systemctl restart vx11-tokend@{id}. Empty: you do it "
                       "by hand."),
                    FontRole::Label, Token::Text3);
  help->setWordWrap(true);
  addBelow(help);
}

QWidget* ProfileForm::addRow(const QString& label, QWidget* fields, QWidget* buddy) {
  const int row = grid_->rowCount();
  auto* words = labelOf(label, buddy);
  words->setMinimumHeight(metrics::control);
  grid_->addWidget(words, row, 0, Qt::AlignTop);
  grid_->addWidget(fields, row, 1);
  return words;
}

void ProfileForm::addBelow(QWidget* widget) { grid_->addWidget(widget, grid_->rowCount(), 1); }

void ProfileForm::addProblem(ProfileField field, QWidget* owner) {
  auto* label = new TextLabel({}, FontRole::Label, Token::Crit);
  label->setWordWrap(true);
  label->setVisible(false);
  problems_.insert(field, label);
  owners_.insert(field, owner);
  addBelow(label);
}

void ProfileForm::addWarning(ProfileField field) {
  auto* box = new NoteBox;
  warnings_.insert(field, box);
  addBelow(box);
}

}  // namespace vx11::ui
