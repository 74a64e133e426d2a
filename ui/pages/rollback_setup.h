// Before an operation: to which mode, with what, and how long it is watched. What can't be chosen says why.
#pragma once

#include "cluster/cluster.h"
#include "widgets/card.h"

class QCheckBox;
class QComboBox;
class QGridLayout;
class QVBoxLayout;

namespace vx11::ui {

class RollbackRouting;
class Segmented;
class TextLabel;

class RollbackSetup : public Card {
  Q_OBJECT
 public:
  static constexpr int labelWidth = 76;  ///< so that the fields of its parts stand under each other

  explicit RollbackSetup(const cluster::Profile& profile, QWidget* parent = nullptr);
  /// `locked`: why nothing can be chosen now; empty: something can.
  void display(const cluster::Cluster& cluster, const QString& locked);
  [[nodiscard]] QString target() const;
  void choose(const QString& target);
  /// As it stands: an attended run.
  [[nodiscard]] cluster::RollbackSpec spec() const;
  /// Why what is typed can't be run; empty: it can.
  [[nodiscard]] QString problem() const;

 Q_SIGNALS:
  void chosen();  ///< by the user

 private:
  void showTarget();
  void showKeep(const QList<cluster::InstanceInfo>& instances);
  void showSkips(const QList<cluster::InstanceInfo>& instances);
  void tell();

  Segmented* targets_;
  TextLabel* promise_;
  QGridLayout* grid_;
  TextLabel* now_;
  QComboBox* keep_;
  QWidget* keepLabel_ = nullptr;
  QWidget* skips_;
  QWidget* skipsLabel_ = nullptr;
  QVBoxLayout* skipRows_;
  QList<QCheckBox*> boxes_;
  RollbackRouting* routing_;
  Segmented* watch_;
  QWidget* watchRow_;
  bool choosing_ = false;
};

}  // namespace vx11::ui
