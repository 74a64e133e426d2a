#include "dialogs/profile_form.h"

#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPlainTextEdit>

#include "dialogs/file_field.h"
#include "dialogs/secret_field.h"
#include "widgets/divider.h"
#include "widgets/metrics.h"
#include "widgets/note_box.h"
#include "widgets/text_label.h"

namespace vx11::ui {
namespace {

using cluster::Environment;

constexpr int textInset = 7;  // as in a line

/// Takes what room is left, but asks for its least.
class Lines : public QPlainTextEdit {
 public:
  [[nodiscard]] QSize sizeHint() const override { return {QPlainTextEdit::sizeHint().width(), minimumHeight()}; }
};

QPlainTextEdit* makeLines(const QString& accessibleName, const QString& example, int lines) {
  auto* edit = new Lines;
  edit->setAccessibleName(accessibleName);
  edit->setPlaceholderText(example);
  edit->setTabChangesFocus(true);
  edit->setLineWrapMode(QPlainTextEdit::NoWrap);
  edit->setFont(themeOf(edit->palette()).font(FontRole::Fixed));
  edit->document()->setDocumentMargin(textInset);
  edit->setMinimumHeight(lines * QFontMetrics(edit->font()).lineSpacing() + 2 * textInset + 4);
  return edit;
}

QLineEdit* makeLine(const QString& accessibleName, const QString& example) {
  auto* edit = new QLineEdit;
  edit->setAccessibleName(accessibleName);
  edit->setPlaceholderText(example);
  return edit;
}

QHBoxLayout* bareRow(QWidget* owner) {
  auto* row = new QHBoxLayout(owner);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(metrics::space8);
  return row;
}

}  // namespace

ProfileForm::ProfileForm(QWidget* parent)
    : QWidget(parent),
      name_(makeLine(tr("Name"), QStringLiteral("eu-staging"))),
      environment_(new QComboBox),
      instances_(
          makeLines(tr("Instances, an address a line"), QStringLiteral("http://fra-1:8011\nhttp://fra-2:8011"), 3)),
      discover_(new QCheckBox(tr("Find the others through their registry"))),
      addressMap_(makeLines(tr("Address map, a pair a line"),
                            QStringLiteral("http://backend2:8011 = http://127.0.0.1:18012"), 2)),
      principal_(new SecretField(tr("Principal"))),
      clear_(new NoteBox),
      redis_(makeLine(tr("Redis URL"), QStringLiteral("redis://10.4.0.21:6379/0"))),
      redisPassword_(new SecretField(tr("Redis password"))),
      balancer_(makeLine(tr("Balancer"), QStringLiteral("http://balancer:8080"))),
      caFile_(makeLine(tr("CA file"), tr("the system's authorities"))),
      serverName_(makeLine(tr("Server name"), tr("the host's"))),
      nginxFile_(new FileField(tr("nginx file"), tr("Choose the nginx file"))),
      reload_(makeLine(tr("Reload command"), tr("by hand"))),
      restart_(makeLine(tr("Restart command"), tr("by hand"))),
      grid_(new QGridLayout(this)) {
  grid_->setContentsMargins(0, 0, 0, 0);
  grid_->setHorizontalSpacing(metrics::space12);
  grid_->setVerticalSpacing(metrics::space8);
  grid_->setColumnStretch(1, 1);

  addRow(tr("&Name"), makeNameRow(), name_);
  addProblem(ProfileField::Name, name_);
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
  addRow(tr("&Principal"), principal_, principal_);
  addProblem(ProfileField::Principal, principal_);
  addBelow(new TextLabel(tr("Lasts for this run only, as the Redis password does: neither is saved."), FontRole::Label,
                         Token::Text3));
  addBelow(clear_);
  addRow(tr("&Redis"), makeRedisRow(), redis_);
  addProblem(ProfileField::Redis, redis_);
  addRow(tr("&Balancer"), balancer_, balancer_);
  addProblem(ProfileField::Balancer, balancer_);
  addRow(tr("&CA file"), makeTrustRow(), caFile_);
  addProblem(ProfileField::CaFile, caFile_);
  addRollback();

  for (QLineEdit* line : {name_, redis_, balancer_, caFile_, serverName_, &nginxFile_->line(), reload_, restart_,
                          static_cast<QLineEdit*>(principal_), static_cast<QLineEdit*>(redisPassword_)})
    connect(line, &QLineEdit::textChanged, this, &ProfileForm::edited);
  for (QPlainTextEdit* lines : {instances_, addressMap_})
    connect(lines, &QPlainTextEdit::textChanged, this, &ProfileForm::edited);
  connect(discover_, &QCheckBox::toggled, this, &ProfileForm::edited);
  connect(environment_, &QComboBox::currentIndexChanged, this, &ProfileForm::edited);
}

void ProfileForm::setInput(const ProfileInput& input) {
  name_->setText(input.name);
  environment_->setCurrentIndex(environment_->findData(static_cast<int>(input.environment)));
  instances_->setPlainText(input.instances);
  discover_->setChecked(input.discover);
  addressMap_->setPlainText(input.addressMap);
  redis_->setText(input.redis);
  balancer_->setText(input.balancer);
  caFile_->setText(input.caFile);
  serverName_->setText(input.serverName);
  nginxFile_->line().setText(input.nginxFile);
  reload_->setText(input.reload);
  restart_->setText(input.restart);
}

ProfileInput ProfileForm::input() const {
  return {name_->text(),
          static_cast<Environment>(environment_->currentData().toInt()),
          instances_->toPlainText(),
          discover_->isChecked(),
          addressMap_->toPlainText(),
          redis_->text(),
          balancer_->text(),
          caFile_->text(),
          serverName_->text(),
          nginxFile_->line().text(),
          reload_->text(),
          restart_->text()};
}

void ProfileForm::showProblems(const ProfileProblems& problems) {
  for (auto label = problems_.begin(); label != problems_.end(); ++label) {
    const QString sentence = problems.value(label.key());
    label.value()->setText(sentence);
    label.value()->setVisible(!sentence.isEmpty());
    owners_.value(label.key())->setAccessibleDescription(sentence);
  }
}

QString ProfileForm::problem(ProfileField field) const { return problems_.value(field)->text(); }

void ProfileForm::showWarnings(const ProfileProblems& warnings) {
  for (auto box = warnings_.begin(); box != warnings_.end(); ++box)
    box.value()->setNote(Mark::Warning, warnings.value(box.key()));
}

QString ProfileForm::warning(ProfileField field) const { return warnings_.value(field)->words(); }

void ProfileForm::focusField(ProfileField field) { owners_.value(field)->setFocus(Qt::OtherFocusReason); }

void ProfileForm::showSentInClear(const QString& hosts) {
  clear_->setNote(Mark::Warning,
                  hosts.isEmpty() ? QString() : tr("Sent in clear to %1: http:// beyond this machine.").arg(hosts));
}

QString ProfileForm::sentInClear() const { return clear_->words(); }

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
  auto* label = new TextLabel(tr("Pass&word"), FontRole::Body, Token::Text2);
  label->setBuddy(redisPassword_);
  row->addWidget(label);
  row->addWidget(redisPassword_, 2);
  return fields;
}

QWidget* ProfileForm::makeTrustRow() {
  auto* fields = new QWidget;
  auto* row = bareRow(fields);
  row->addWidget(caFile_, 3);
  auto* label = new TextLabel(tr("Server nam&e"), FontRole::Body, Token::Text2);
  label->setBuddy(serverName_);
  row->addWidget(label);
  row->addWidget(serverName_, 2);
  return fields;
}

void ProfileForm::addRollback() {
  const int row = grid_->rowCount();
  grid_->addWidget(new Divider, row, 0, 1, 2);
  grid_->addWidget(new TextLabel(tr("Rollback"), FontRole::CardTitle), row + 1, 0, Qt::AlignTop);
  auto* help = new TextLabel(tr("Run without a shell; in Restart, {id} and {url} stand for the instance’s, as in: "
                                "systemctl restart vx11-tokend@{id}. Empty: you do it by hand."),
                             FontRole::Label,
                             Token::Text3);
  help->setWordWrap(true);
  grid_->addWidget(help, row + 1, 1);

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
}

void ProfileForm::addRow(const QString& label, QWidget* fields, QWidget* buddy) {
  const int row = grid_->rowCount();
  auto* words = new TextLabel(label, FontRole::Body, Token::Text2);
  words->setBuddy(buddy);
  words->setMinimumHeight(metrics::control);
  grid_->addWidget(words, row, 0, Qt::AlignTop);
  grid_->addWidget(fields, row, 1);
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
