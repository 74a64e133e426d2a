// A field that takes a name letter by letter before something dangerous: it says how many characters are missing.
#pragma once

#include <QLineEdit>

namespace vx11::ui {

class TextLabel;

class TypedName : public QLineEdit {
  Q_OBJECT
 public:
  explicit TypedName(const QString& name, QWidget* parent = nullptr);
  /// Exactly the name.
  [[nodiscard]] bool right() const { return text() == name_; }
  [[nodiscard]] QString hint() const;

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void place();
  QString name_;
  TextLabel* hint_;
};

}  // namespace vx11::ui
