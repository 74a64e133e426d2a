// The fields of a remote cluster's profile, each with room below for the sentence on what is wrong with it.
#pragma once

#include <QMap>
#include <QWidget>

#include "dialogs/profile_input.h"

class QCheckBox;
class QComboBox;
class QGridLayout;
class QLineEdit;
class QPlainTextEdit;

namespace vx11::ui {

class FileField;
class NoteBox;
class SecretField;
class TextLabel;

class ProfileForm : public QWidget {
  Q_OBJECT
 public:
  explicit ProfileForm(QWidget* parent = nullptr);

  void setInput(const ProfileInput& input);
  [[nodiscard]] ProfileInput input() const;
  [[nodiscard]] SecretField& principal() { return *principal_; }
  [[nodiscard]] SecretField& redisPassword() { return *redisPassword_; }
  [[nodiscard]] SecretField& sentinelPassword() { return *sentinelPassword_; }
  /// The Redis URL names sentinels: only then their credentials are asked for and count.
  [[nodiscard]] bool asksForSentinels() const;

  void showProblems(const ProfileProblems& problems);
  [[nodiscard]] QString problem(ProfileField field) const;
  void focusField(ProfileField field);
  void showWarnings(const ProfileProblems& warnings);
  [[nodiscard]] QString warning(ProfileField field) const;
  void setGroups(const QStringList& groups);  ///< to choose from; another may be typed
  /// Why the keychain can't have the secrets, in a sentence; empty: it can.
  void setWhyNothingIsKept(const QString& reason);
  [[nodiscard]] QString whereSecretsAre() const;
  /// Empty: nowhere.
  void showSentInClear(const QString& hosts);
  [[nodiscard]] QString sentInClear() const;

 Q_SIGNALS:
  void edited();

 private:
  QWidget* makeNameRow();
  QWidget* makeGroupRow();
  QWidget* makeRedisRow();
  QWidget* makeSentinelRow();
  void addIdentity();
  void addInstances();
  void addAccess();
  void addTrust();
  void addRollback();
  void connectFields();
  void refreshReadOnly();
  void refreshSentinels();
  void refreshKept();
  void addSection(const QString& title);
  /// Its label.
  QWidget* addRow(const QString& label, QWidget* fields, QWidget* buddy);
  void addBelow(QWidget* widget);
  void addProblem(ProfileField field, QWidget* owner);
  void addWarning(ProfileField field);

  QLineEdit* name_;
  QComboBox* environment_;
  QComboBox* group_;
  QComboBox* colour_;
  QCheckBox* readOnly_;
  QPlainTextEdit* instances_;
  QCheckBox* discover_;
  QPlainTextEdit* addressMap_;
  SecretField* principal_;
  NoteBox* clear_;
  QCheckBox* kept_;
  TextLabel* whereKept_;
  QLineEdit* redis_;
  SecretField* redisPassword_;
  QLineEdit* sentinelUser_;
  SecretField* sentinelPassword_;
  QList<QWidget*> sentinelRow_;
  QLineEdit* balancer_;
  FileField* caFile_;
  QLineEdit* serverName_;
  FileField* nginxFile_;
  QLineEdit* reload_;
  QLineEdit* restart_;
  QGridLayout* grid_;
  QMap<ProfileField, TextLabel*> problems_;
  QMap<ProfileField, NoteBox*> warnings_;
  QMap<ProfileField, QWidget*> owners_;
  QString whyNothingIsKept_;
  bool wantsReadOnly_ = false;  ///< what is chosen, also while production decides
};

}  // namespace vx11::ui
