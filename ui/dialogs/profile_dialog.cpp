#include "dialogs/profile_dialog.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QScreen>
#include <QVBoxLayout>
#include <algorithm>

#include "dialogs/connection_panel.h"
#include "dialogs/form_scroll.h"
#include "dialogs/profile_form.h"
#include "dialogs/secret_field.h"
#include "widgets/divider.h"
#include "widgets/note_box.h"

namespace vx11::ui {
namespace {

constexpr int formWidth = 520, testWidth = 340, firstHeight = 560;
constexpr int windowFrame = 40;  // what a title bar takes of the screen

QStringList namesOfOthers(const QList<cluster::Profile>& profiles, const QString& id) {
  QStringList names;
  for (const cluster::Profile& profile : profiles) {
    if (profile.id != id) names.append(profile.name);
  }
  return names;
}

QStringList groupsOf(const QList<cluster::Profile>& profiles) {
  QStringList groups;
  for (const cluster::Profile& profile : profiles) {
    if (!profile.group.isEmpty()) groups.append(profile.group);
  }
  groups.removeDuplicates();
  groups.sort(Qt::CaseInsensitive);
  return groups;
}

}  // namespace

ProfileDialog::ProfileDialog(const cluster::ProfileStore& store, const Given& given, QWidget* parent)
    : QDialog(parent),
      store_(store),
      base_(given.profile),
      form_(new ProfileForm),
      scroll_(new FormScroll(form_, formWidth)),
      test_(new ConnectionPanel),
      note_(new NoteBox),
      save_(new QPushButton(tr("&Save"))),
      open_(new QPushButton(tr("Save and &open"))) {
  setWindowTitle(base_.id.isEmpty() ? tr("Connect to a cluster") : tr("Edit %1").arg(base_.name));
  const auto loaded = store.load();
  const QList<cluster::Profile> profiles = loaded.has_value() ? *loaded : QList<cluster::Profile>();
  otherNames_ = namesOfOthers(profiles, base_.id);
  form_->setGroups(groupsOf(profiles));
  form_->setInput(inputOf(base_));
  form_->principal().setKept(given.kept.principal, given.keptOrigin);
  form_->redisPassword().setKept(given.kept.redisPassword, {});
  form_->sentinelPassword().setKept(given.kept.sentinelPassword, {});
  buildLayout();
  connect(form_, &ProfileForm::edited, this, &ProfileDialog::onEdited);
  connect(test_, &ConnectionPanel::runRequested, this, &ProfileDialog::runTest);
  connect(save_, &QPushButton::clicked, this, [this] { save(false); });
  connect(open_, &QPushButton::clicked, this, [this] { save(true); });
  onEdited();
  goTo(ProfileField::Name);
}

void ProfileDialog::askForPrincipal(const QString& why) {
  setWindowTitle(tr("Open %1").arg(base_.name));
  say(tr("%1 Without a principal only public calls are possible.")
          .arg(why.isEmpty() ? tr("Its principal isn't known in this run.") : why));
  goTo(ProfileField::Principal);
}

void ProfileDialog::setWhyNothingIsKept(const QString& reason) {
  form_->setWhyNothingIsKept(reason);
  makeRoom();
}

void ProfileDialog::say(const QString& words) { note_->setNote(Mark::Unknown, words); }

QString ProfileDialog::note() const { return note_->words(); }

void ProfileDialog::buildLayout() {
  test_->setFixedWidth(testWidth);
  save_->setAutoDefault(false);
  open_->setProperty("primary", true);
  open_->setDefault(true);
  auto* cancel = new QPushButton(tr("Cancel"));
  cancel->setAutoDefault(false);
  connect(cancel, &QPushButton::clicked, this, &QDialog::reject);

  auto* middle = new QHBoxLayout;
  middle->setSpacing(0);  // the form has its margin
  middle->addWidget(scroll_, 1);
  middle->addWidget(test_);
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(metrics::space8);
  buttons->addStretch(1);
  buttons->addWidget(cancel);
  buttons->addSpacing(metrics::space8);
  buttons->addWidget(save_);
  buttons->addWidget(open_);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(metrics::space16, metrics::space16, metrics::space16, metrics::space12);
  column->setSpacing(metrics::space12);
  column->addWidget(note_);
  column->addLayout(middle, 1);
  column->addWidget(new Divider);
  column->addLayout(buttons);
  resize(sizeHint().width(), firstHeight);
}

/// For the whole form where the screen has it; what is beyond scrolls.
void ProfileDialog::makeRoom() {
  layout()->activate();
  const int most = screen()->availableGeometry().height() - windowFrame;
  const int needed = height() - scroll_->height() + scroll_->neededHeight();
  if (const int wanted = std::min(needed, most); height() < wanted) resize(width(), wanted);
}

void ProfileDialog::goTo(ProfileField field) {
  form_->focusField(field);
  scroll_->reveal(*form_->focusWidget());
}

ReadProfile ProfileDialog::read() const {
  ReadProfile read = readInput(form_->input(), base_, otherNames_);
  const Secret principal = form_->principal().secret();
  if (const QString problem = principalProblem(principal.reveal()); !problem.isEmpty())
    read.problems.insert(ProfileField::Principal, problem);
  const ProfileProblems told = secretsInCommands(read.profile, secrets());
  for (auto problem = told.begin(); problem != told.end(); ++problem) read.problems.insert(problem.key(), *problem);
  return read;
}

ProfileSecrets ProfileDialog::secrets() const {
  return {form_->principal().secret(), form_->redisPassword().secret(),
          form_->asksForSentinels() ? form_->sentinelPassword().secret() : Secret()};
}

void ProfileDialog::onEdited() {
  const ReadProfile now = read();
  form_->showSentInClear(form_->principal().secret().empty() ? QString() : sentInClearTo(now.profile));
  if (judges_) form_->showProblems(now.problems);
  form_->showWarnings(now.warnings);
  test_->outdate();
  makeRoom();
}

bool ProfileDialog::showProblems(const ReadProfile& now) {
  judges_ = true;
  form_->showProblems(now.problems);
  makeRoom();
  if (now.problems.isEmpty()) return false;
  goTo(now.problems.firstKey());
  return true;
}

void ProfileDialog::runTest() {
  ReadProfile now = read();
  now.problems.remove(ProfileField::Name);  // it reaches nobody
  if (!showProblems(now)) test_->run(now.profile, secrets());
}

void ProfileDialog::save(bool opens) {
  const ReadProfile now = read();
  if (showProblems(now)) return;
  const auto done = store_.save(now.profile);
  if (done.has_error()) return note_->setNote(Mark::Fail, done.error());
  Q_EMIT saved(*done, secrets(), opens);
  accept();
}

}  // namespace vx11::ui
