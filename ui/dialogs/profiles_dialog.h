// All saved profiles in one place: found by a word, and what can be done with one or several of them. It changes
// nothing itself: it asks, and is told what is saved then. Opened with open() or show(), it never blocks.
#pragma once

#include <QDialog>

#include "dialogs/profile_list.h"
#include "widgets/state_mark.h"

class QLineEdit;
class QListView;
class QPushButton;

namespace vx11::ui {

class NoteBox;
class TextLabel;

class ProfilesDialog : public QDialog {
  Q_OBJECT
 public:
  explicit ProfilesDialog(QWidget* parent = nullptr);

  /// Keeps what is sought and chosen.
  void display(const QList<ListedProfile>& profiles);
  /// What came of it, above the list.
  void say(Mark mark, const QString& words);
  void choose(const QStringList& ids);
  [[nodiscard]] QList<cluster::Profile> chosen() const;
  [[nodiscard]] QLineEdit& search() { return *search_; }
  [[nodiscard]] ProfileListModel& model() { return model_; }
  [[nodiscard]] QString note() const;

 Q_SIGNALS:
  void openAsked(const vx11::cluster::Profile& profile);
  void editAsked(const vx11::cluster::Profile& profile);
  void cloneAsked(const vx11::cluster::Profile& profile);
  void newAsked();
  void exportAsked(const QList<vx11::cluster::Profile>& profiles);
  void importAsked();
  void removeAsked(const QList<vx11::cluster::Profile>& profiles);

 protected:
  void keyPressEvent(QKeyEvent* event) override;

 private:
  using OfOne = void (ProfilesDialog::*)(const cluster::Profile&);
  using OfSeveral = void (ProfilesDialog::*)(const QList<cluster::Profile>&);
  QPushButton* addButton(const QString& text, OfOne asked);
  QPushButton* addButton(const QString& text, OfSeveral asked);
  QPushButton* addButton(const QString& text);
  void buildLayout();
  void refresh();

  ProfileListModel model_;
  QLineEdit* search_;
  TextLabel* count_;
  NoteBox* note_;
  QListView* list_;
  QWidget* buttons_;
  QList<QPushButton*> ofOne_, ofSeveral_;
};

}  // namespace vx11::ui
