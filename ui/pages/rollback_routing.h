// What an operation may use of this machine: the nginx file, the command that reloads it, and the one that starts an
// instance again. Begins with the profile's; what is typed here holds for this run.
#pragma once

#include <QWidget>

#include "cluster/profile.h"
#include "cluster/rollback.h"

class QGridLayout;
class QLineEdit;

namespace vx11::ui {

class FileField;

class RollbackRouting : public QWidget {
  Q_OBJECT
 public:
  explicit RollbackRouting(const cluster::Profile& profile, QWidget* parent = nullptr);
  void writeTo(cluster::RollbackSpec& spec) const;
  void read(const cluster::RollbackSpec& spec);
  /// Why what is typed can't be run; empty: it can.
  [[nodiscard]] QString problem() const;
  /// The command is of no use where nothing is started.
  void showRestart(bool on);

 Q_SIGNALS:
  void edited();

 private:
  QWidget* addRow(QGridLayout* grid, const QString& label, QWidget* field, QWidget* buddy);

  FileField* file_;
  QLineEdit* reload_;
  QLineEdit* restart_;
  QWidget* restartLabel_ = nullptr;
};

}  // namespace vx11::ui
