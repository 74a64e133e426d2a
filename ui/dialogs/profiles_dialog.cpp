#include "dialogs/profiles_dialog.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

#include "platform/icons.h"
#include "widgets/divider.h"
#include "widgets/metrics.h"
#include "widgets/note_box.h"
#include "widgets/text_label.h"

namespace vx11::ui {
namespace {

constexpr QSize firstSize(720, 480);

}  // namespace

ProfilesDialog::ProfilesDialog(QWidget* parent)
    : QDialog(parent),
      search_(new QLineEdit),
      count_(new TextLabel({}, FontRole::Label, Token::Text3)),
      note_(new NoteBox),
      list_(new QListView),
      buttons_(new QWidget) {
  setWindowTitle(tr("Profiles"));
  search_->setPlaceholderText(tr("Search name, group, environment, address"));
  search_->setAccessibleName(tr("Search profiles"));
  search_->setClearButtonEnabled(true);
  search_->addAction(themedIcon(QStringLiteral("search"), Token::Text3), QLineEdit::LeadingPosition)
      ->setText(tr("Search"));
  list_->setModel(&model_);
  list_->setItemDelegate(new ProfileListDelegate(list_));
  list_->setAccessibleName(tr("Profiles"));
  list_->setSelectionMode(QAbstractItemView::ExtendedSelection);
  list_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  list_->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  buildLayout();
  connect(search_, &QLineEdit::textChanged, this, [this](const QString& words) {
    QStringList ids;
    for (const cluster::Profile& profile : chosen()) ids << profile.id;
    model_.setSearch(words);
    choose(ids);
  });
  connect(list_->selectionModel(), &QItemSelectionModel::selectionChanged, this, &ProfilesDialog::refresh);
  connect(list_, &QListView::doubleClicked, this, [this](const QModelIndex& index) {
    if (const ListedProfile* listed = model_.at(index.row())) Q_EMIT openAsked(cluster::Profile(listed->profile));
  });
  resize(firstSize);
  refresh();
  search_->setFocus();
}

void ProfilesDialog::buildLayout() {
  auto* verbs = new QVBoxLayout(buttons_);
  verbs->setContentsMargins(0, 0, 0, 0);
  verbs->setSpacing(metrics::space8);
  auto* open = addButton(tr("&Open"), &ProfilesDialog::openAsked);
  open->setProperty("primary", true);
  addButton(tr("&Edit…"), &ProfilesDialog::editAsked);
  addButton(tr("C&lone…"), &ProfilesDialog::cloneAsked);
  connect(addButton(tr("&New…")), &QPushButton::clicked, this, &ProfilesDialog::newAsked);
  verbs->addSpacing(metrics::space8);
  addButton(tr("E&xport…"), &ProfilesDialog::exportAsked)
      ->setToolTip(tr("Without secrets and commands, which stay on this machine"));
  connect(addButton(tr("&Import…")), &QPushButton::clicked, this, &ProfilesDialog::importAsked);
  verbs->addStretch(1);
  addButton(tr("&Remove…"), &ProfilesDialog::removeAsked)->setProperty("destructive", true);

  auto* close = new QPushButton(tr("Close"));
  close->setAutoDefault(false);
  connect(close, &QPushButton::clicked, this, &QDialog::reject);
  auto* foot = new QHBoxLayout;
  foot->addWidget(count_);
  foot->addStretch(1);
  foot->addWidget(close);
  auto* middle = new QHBoxLayout;
  middle->setSpacing(metrics::space12);
  middle->addWidget(list_, 1);
  middle->addWidget(buttons_);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(metrics::space16, metrics::space16, metrics::space16, metrics::space12);
  column->setSpacing(metrics::space12);
  column->addWidget(search_);
  column->addWidget(note_);
  column->addLayout(middle, 1);
  column->addWidget(new Divider);
  column->addLayout(foot);
}

QPushButton* ProfilesDialog::addButton(const QString& text) {
  auto* button = new QPushButton(text);
  button->setAutoDefault(false);
  buttons_->layout()->addWidget(button);
  return button;
}

QPushButton* ProfilesDialog::addButton(const QString& text, OfOne asked) {
  auto* button = addButton(text);
  ofOne_ << button;
  connect(button, &QPushButton::clicked, this, [this, asked] {
    if (const auto profiles = chosen(); profiles.size() == 1) (this->*asked)(profiles.first());
  });
  return button;
}

QPushButton* ProfilesDialog::addButton(const QString& text, OfSeveral asked) {
  auto* button = addButton(text);
  ofSeveral_ << button;
  connect(button, &QPushButton::clicked, this, [this, asked] {
    if (const auto profiles = chosen(); !profiles.isEmpty()) (this->*asked)(profiles);
  });
  return button;
}

void ProfilesDialog::display(const QList<ListedProfile>& profiles) {
  QStringList ids;
  for (const cluster::Profile& profile : chosen()) ids << profile.id;
  model_.display(profiles);
  choose(ids);
  refresh();
}

void ProfilesDialog::choose(const QStringList& ids) {
  QItemSelection selection;
  int first = -1;
  for (const QString& id : ids) {
    const int row = model_.rowOf(id);
    if (row < 0) continue;
    if (first < 0) first = row;
    selection.select(model_.index(row), model_.index(row));
  }
  // With nothing chosen the first one is: Enter opens what was sought.
  for (int row = 0; first < 0 && row < model_.rowCount(); ++row) {
    if (model_.at(row) != nullptr) first = row;
  }
  if (first < 0) return refresh();
  if (selection.isEmpty()) selection.select(model_.index(first), model_.index(first));
  list_->selectionModel()->setCurrentIndex(model_.index(first), QItemSelectionModel::NoUpdate);
  list_->selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
  refresh();
}

QList<cluster::Profile> ProfilesDialog::chosen() const {
  QList<int> rows;
  const QModelIndexList indexes = list_->selectionModel()->selectedIndexes();
  for (const QModelIndex& index : indexes) rows << index.row();
  std::sort(rows.begin(), rows.end());
  QList<cluster::Profile> profiles;
  for (const int row : rows) {
    if (const ListedProfile* listed = model_.at(row)) profiles << listed->profile;
  }
  return profiles;
}

void ProfilesDialog::say(Mark mark, const QString& words) { note_->setNote(mark, words); }

QString ProfilesDialog::note() const { return note_->words(); }

void ProfilesDialog::refresh() {
  const auto count = chosen().size();
  for (QPushButton* button : ofOne_) {
    button->setEnabled(count == 1);
    if (count != 1) button->setToolTip(count == 0 ? tr("Choose a profile first") : tr("Choose one profile"));
    else button->setToolTip({});
  }
  for (QPushButton* button : ofSeveral_) button->setEnabled(count > 0);
  if (model_.all() == 0)
    count_->setText(tr("No cluster is saved yet: New… or Import…"));
  else if (model_.shown() < model_.all())
    count_->setText(tr("Showing %1 of %2").arg(model_.shown()).arg(model_.all()));
  else
    count_->setText(model_.all() == 1 ? tr("1 profile") : tr("%1 profiles").arg(model_.all()));
}

void ProfilesDialog::keyPressEvent(QKeyEvent* event) {
  const auto profiles = chosen();
  const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
  if (enter && (search_->hasFocus() || list_->hasFocus())) {
    if (profiles.size() == 1) Q_EMIT openAsked(profiles.first());
    return;
  }
  if (event->key() == Qt::Key_Down && search_->hasFocus()) return list_->setFocus(Qt::OtherFocusReason);
  if (event->key() == Qt::Key_Delete && list_->hasFocus() && !profiles.isEmpty()) return Q_EMIT removeAsked(profiles);
  if (event->matches(QKeySequence::Find)) return search_->setFocus(Qt::ShortcutFocusReason);
  QDialog::keyPressEvent(event);
}

}  // namespace vx11::ui
