#include "dialogs/profile_form.h"

#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <algorithm>

#include "cluster/redis_address.h"
#include "dialogs/file_field.h"
#include "dialogs/secret_field.h"
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

}  // namespace

ProfileForm::ProfileForm(QWidget* parent)
    : QWidget(parent),
      name_(makeLine(tr("Name"), QStringLiteral("eu-staging"))),
      environment_(new QComboBox),
      group_(new QComboBox),
      colour_(new QComboBox),
      readOnly_(new QCheckBox),
      instances_(
          makeLines(tr("Instances, an address a line"), QStringLiteral("http://fra-1:8011\nhttp://fra-2:8011"), 3)),
      discover_(new QCheckBox(tr("Find the others through their registry"))),
      addressMap_(makeLines(tr("Address map, a pair a line"),
                            QStringLiteral("http://backend2:8011 = http://127.0.0.1:18012"), 2)),
      principal_(new SecretField(tr("Principal"))),
      clear_(new NoteBox),
      kept_(new QCheckBox(tr("&Keep these secrets in the system’s keychain"))),
      whereKept_(new TextLabel({}, FontRole::Label, Token::Text3)),
      redis_(makeLine(tr("Redis URL"), QStringLiteral("redis://10.4.0.21:6379/0"))),
      redisPassword_(new SecretField(tr("Redis password"))),
      sentinelUser_(makeLine(tr("Sentinels’ user"), tr("user, if they have any"))),
      sentinelPassword_(new SecretField(tr("Sentinels’ password"))),
      balancer_(makeLine(tr("Balancer"), QStringLiteral("http://balancer:8080"))),
      caFile_(new FileField(tr("CA file"), tr("Choose the CA file"))),
      serverName_(makeLine(tr("Server name"), tr("the host's"))),
      nginxFile_(new FileField(tr("nginx file"), tr("Choose the nginx file"))),
      reload_(makeLine(tr("Reload command"), tr("by hand"))),
      restart_(makeLine(tr("Restart command"), tr("by hand"))),
      grid_(new QGridLayout(this)) {
  grid_->setContentsMargins(0, 0, 0, 0);
  grid_->setHorizontalSpacing(metrics::space12);
  grid_->setVerticalSpacing(metrics::space8);
  grid_->setColumnStretch(1, 1);

  addIdentity();
  addInstances();
  addAccess();
  addTrust();
  addRollback();
  connectFields();
}

void ProfileForm::connectFields() {
  connect(redis_, &QLineEdit::textChanged, this, &ProfileForm::refreshSentinels);  // before anybody asks for its size
  for (QLineEdit* line : {name_, redis_, balancer_, &caFile_->line(), serverName_, &nginxFile_->line(), reload_,
                          restart_, sentinelUser_, static_cast<QLineEdit*>(principal_),
                          static_cast<QLineEdit*>(redisPassword_), static_cast<QLineEdit*>(sentinelPassword_)})
    connect(line, &QLineEdit::textChanged, this, &ProfileForm::edited);
  for (QPlainTextEdit* lines : {instances_, addressMap_})
    connect(lines, &QPlainTextEdit::textChanged, this, &ProfileForm::edited);
  connect(discover_, &QCheckBox::toggled, this, &ProfileForm::edited);
  connect(kept_, &QCheckBox::toggled, this, &ProfileForm::refreshKept);
  connect(readOnly_, &QCheckBox::clicked, this, [this](bool wanted) { wantsReadOnly_ = wanted; });
  connect(environment_, &QComboBox::currentIndexChanged, this, [this] {
    refreshReadOnly();
    Q_EMIT edited();
  });
}

void ProfileForm::setInput(const ProfileInput& input) {
  name_->setText(input.name);
  environment_->setCurrentIndex(environment_->findData(static_cast<int>(input.environment)));
  instances_->setPlainText(input.instances);
  discover_->setChecked(input.discover);
  addressMap_->setPlainText(input.addressMap);
  redis_->setText(input.redis);
  balancer_->setText(input.balancer);
  caFile_->line().setText(input.caFile);
  serverName_->setText(input.serverName);
  nginxFile_->line().setText(input.nginxFile);
  reload_->setText(input.reload);
  restart_->setText(input.restart);
  group_->setEditText(input.group);
  colour_->setCurrentIndex(std::max(0, colour_->findData(input.colour)));
  wantsReadOnly_ = input.readOnly;
  kept_->setChecked(input.keepsSecrets);
  sentinelUser_->setText(input.sentinelUser);
  refreshReadOnly();
  refreshKept();
}

ProfileInput ProfileForm::input() const {
  return {name_->text(),
          static_cast<Environment>(environment_->currentData().toInt()),
          instances_->toPlainText(),
          discover_->isChecked(),
          addressMap_->toPlainText(),
          redis_->text(),
          balancer_->text(),
          caFile_->line().text(),
          serverName_->text(),
          nginxFile_->line().text(),
          reload_->text(),
          restart_->text(),
          group_->currentText(),
          colour_->currentData().toString(),
          wantsReadOnly_,
          kept_->isChecked(),
          sentinelUser_->text()};
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

void ProfileForm::setGroups(const QStringList& groups) {
  const QString typed = group_->currentText();
  group_->clear();
  group_->addItems(groups);
  group_->setEditText(typed);
}

void ProfileForm::setWhyNothingIsKept(const QString& reason) {
  whyNothingIsKept_ = reason;
  kept_->setEnabled(reason.isEmpty());
  kept_->setToolTip(reason);
  refreshKept();
}

QString ProfileForm::whereSecretsAre() const { return whereKept_->text(); }

void ProfileForm::refreshReadOnly() {
  const bool production = environment_->currentData().toInt() == static_cast<int>(Environment::Production);
  readOnly_->setEnabled(!production);
  readOnly_->setChecked(production || wantsReadOnly_);
  readOnly_->setText(production ? tr("Opens read-only: a production profile always does")
                                : tr("Opens read-onl&y: nothing is changed until changes are allowed"));
}

bool ProfileForm::asksForSentinels() const { return cluster::redis_address::namesSentinels(redis_->text().trimmed()); }

void ProfileForm::refreshSentinels() {
  for (QWidget* part : sentinelRow_) part->setVisible(asksForSentinels());
}

void ProfileForm::refreshKept() {
  if (!whyNothingIsKept_.isEmpty())
    return whereKept_->setText(tr("%1 These secrets last for this run only.").arg(whyNothingIsKept_));
  whereKept_->setText(kept_->isChecked()
                          ? tr("Asked for when this profile is opened, never at start. No file holds them.")
                          : tr("They last for this run only. No file holds them."));
}

void ProfileForm::focusField(ProfileField field) { owners_.value(field)->setFocus(Qt::OtherFocusReason); }

void ProfileForm::showSentInClear(const QString& hosts) {
  clear_->setNote(Mark::Warning,
                  hosts.isEmpty() ? QString() : tr("Sent in clear to %1: http:// beyond this machine.").arg(hosts));
}

QString ProfileForm::sentInClear() const { return clear_->words(); }

}  // namespace vx11::ui
