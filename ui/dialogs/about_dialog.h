// Version and licences.
#pragma once

#include <QDialog>

namespace vx11::ui {

class AboutDialog : public QDialog {
  Q_OBJECT
 public:
  explicit AboutDialog(QWidget* parent = nullptr);
};

}  // namespace vx11::ui
