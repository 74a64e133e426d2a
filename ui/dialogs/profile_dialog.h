// A remote cluster's profile, new or changed: its fields, a test of the connection, and saving it, without its secrets:
// those it hands over, for this run or for the keychain.
// Opened with open(), it never blocks.
#pragma once

#include <QDialog>

#include "cluster/profile_store.h"
#include "dialogs/profile_input.h"

class QPushButton;

namespace vx11::ui {

class ConnectionPanel;
class FormScroll;
class NoteBox;
class ProfileForm;

class ProfileDialog : public QDialog {
  Q_OBJECT
 public:
  struct Given {
    cluster::Profile profile;  ///< without id: a new one
    ProfileSecrets kept = {};  ///< known already; never shown
    QString keptOrigin = {};   ///< "from VX11_OPERATOR_TOKEN"
  };
  ProfileDialog(const cluster::ProfileStore& store, const Given& given, QWidget* parent = nullptr);

  /// Says that the principal is missing, or `why`, and leads there.
  void askForPrincipal(const QString& why = {});
  /// Why there is no keychain, in a sentence; empty, as at first: there is one.
  void setWhyNothingIsKept(const QString& reason);
  /// Above the form, until something else is said there.
  void say(const QString& words);
  [[nodiscard]] ProfileForm& form() { return *form_; }
  [[nodiscard]] ConnectionPanel& test() { return *test_; }
  [[nodiscard]] QPushButton& saveButton() { return *save_; }
  [[nodiscard]] QPushButton& openButton() { return *open_; }
  [[nodiscard]] QString note() const;

 Q_SIGNALS:
  void saved(const vx11::cluster::Profile& profile, const vx11::ui::ProfileSecrets& secrets, bool opens);

 private:
  void buildLayout();
  void makeRoom();
  void goTo(ProfileField field);
  [[nodiscard]] ReadProfile read() const;
  [[nodiscard]] ProfileSecrets secrets() const;
  void onEdited();
  void runTest();
  void save(bool opens);
  bool showProblems(const ReadProfile& read);

  cluster::ProfileStore store_;
  cluster::Profile base_;
  QStringList otherNames_;
  ProfileForm* form_;
  FormScroll* scroll_;
  ConnectionPanel* test_;
  NoteBox* note_;
  QPushButton* save_;
  QPushButton* open_;
  bool judges_ = false;  ///< problems are shown from the first press on
};

}  // namespace vx11::ui
