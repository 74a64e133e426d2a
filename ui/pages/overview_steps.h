// Four first steps for somebody who has just started the console. One button is primary; a step that can't be taken
// yet says why.
#pragma once

#include "widgets/card.h"

class QAbstractButton;

namespace vx11::ui {

class TextLabel;

class FirstSteps : public Card {
  Q_OBJECT
 public:
  explicit FirstSteps(QWidget* parent = nullptr);
  /// Empty: issuing works.
  void setIssueDisabledBecause(const QString& reason);
  /// Empty: a local cluster can run here.
  void setClusterDisabledBecause(const QString& reason);

 Q_SIGNALS:
  void issueRequested();
  void streamCommandRequested();
  void clusterRequested();
  void connectionRequested();
  void hideRequested();

 private:
  TextLabel* addStep(const QString& icon, const QString& title, const QString& sentence, QAbstractButton* button);
  QAbstractButton* issue_;
  QAbstractButton* cluster_;
  TextLabel* clusterWhy_;
  bool first_ = true;
};

}  // namespace vx11::ui
