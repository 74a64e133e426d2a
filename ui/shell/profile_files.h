// Profiles to a file and from one, without secrets and commands. What was left out is said.
#pragma once

#include <QObject>

#include "cluster/profile.h"
#include "widgets/state_mark.h"

namespace vx11::ui {

class Profiles;

class ProfileFiles : public QObject {
  Q_OBJECT
 public:
  /// Outlives it.
  explicit ProfileFiles(Profiles& profiles, QObject* parent = nullptr);

  /// Both ask for the file over `above`.
  void exportTo(QWidget* above, const QList<cluster::Profile>& profiles);
  void importFrom(QWidget* above);
  /// At once; also the way of importFrom.
  void import(const QString& path);

 Q_SIGNALS:
  void said(vx11::ui::Mark mark, const QString& words);
  void imported(const QStringList& ids);

 private:
  Profiles& profiles_;
};

}  // namespace vx11::ui
