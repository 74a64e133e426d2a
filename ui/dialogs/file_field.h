// The path of a file, typed or chosen. What is typed needn't exist.
#pragma once

#include <QWidget>

class QLineEdit;

namespace vx11::ui {

class FileField : public QWidget {
  Q_OBJECT
 public:
  /// `choosing` is what the chooser's button and window are called.
  FileField(const QString& accessibleName, const QString& choosing, QWidget* parent = nullptr);
  [[nodiscard]] QLineEdit& line() { return *line_; }
  [[nodiscard]] const QLineEdit& line() const { return *line_; }

 private:
  void choose();

  QString choosing_;
  QLineEdit* line_;
};

}  // namespace vx11::ui
