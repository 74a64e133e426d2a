// The form that issues tokens: one or many, where, for how long. It says what went wrong in itself.
#pragma once

#include <QPointer>

#include "cluster/cluster.h"
#include "widgets/card.h"

class QCheckBox;
class QComboBox;
class QGridLayout;
class QProgressBar;
class QPushButton;
class QSpinBox;

namespace vx11::ui {

class NoteBox;
class TextLabel;

class TokenIssueForm : public Card {
  Q_OBJECT
 public:
  explicit TokenIssueForm(cluster::Cluster& cluster, QWidget* parent = nullptr);
  /// Issues with what the form says, in read-only production after a question; nothing while an issue is under way or
  /// when it can't be.
  void issue();
  /// Looks at the cluster again: instances, their limits, whether anything can be changed.
  void refresh();
  [[nodiscard]] cluster::IssueSpec spec() const;
  /// With what it begins, until a field is changed by hand; no TTL: the instance's own.
  void setDefaults(int count, std::optional<int> ttlSec);
  void setWide(bool wide);  ///< fields side by side

 Q_SIGNALS:
  void message(const QString& text);
  void issued(const vx11::cluster::IssueOutcome& outcome);

 private:
  void buildRows();
  void placeFields(bool wide);
  void refreshInstances();
  void refreshTtl();
  void refreshHint();
  void refreshButton();
  void issueNow(const cluster::IssueSpec& wanted);
  void finish(const cluster::IssueOutcome& outcome, const cluster::IssueSpec& wanted);
  [[nodiscard]] int chosenSlot() const;

  cluster::Cluster& cluster_;
  QGridLayout* fields_;
  QList<TextLabel*> labels_;
  QSpinBox* count_;
  QSpinBox* ttl_;
  QComboBox* instance_;
  QCheckBox* singleUse_;
  NoteBox* hint_;
  TextLabel* error_;
  QProgressBar* progress_;
  QPushButton* cancel_;
  QPushButton* issue_;
  bool ttlTouched_ = false;
  std::optional<int> ttlDefault_;
  QPointer<cluster::IssueJob> job_;
};

}  // namespace vx11::ui
