// Which profile is open: its colour, name and environment word. Opens the menu of what concerns the profile.
#pragma once

#include <QAbstractButton>

#include "cluster/cluster.h"
#include "dialogs/profile_chip.h"

namespace vx11::ui {

class ProfileBox : public QAbstractButton {
  Q_OBJECT
 public:
  explicit ProfileBox(const cluster::Profile& profile, QWidget* parent = nullptr);
  [[nodiscard]] QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  cluster::Environment environment_;
  QString colour_;
};

}  // namespace vx11::ui
