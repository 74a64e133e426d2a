// Where a secret is typed: dots, never its text. One that is known already is kept aside and only named, so that it is
// never in the field.
#pragma once

#include <QLineEdit>

#include "token/secret.h"

namespace vx11::ui {

class SecretField : public QLineEdit {
  Q_OBJECT
 public:
  explicit SecretField(const QString& accessibleName, QWidget* parent = nullptr);

  /// Counts while nothing is typed; `origin` says whence: "From VX11_OPERATOR_TOKEN". The button in the field drops it.
  void setKept(const Secret& secret, const QString& origin);
  /// What is typed, else what is kept, else empty.
  [[nodiscard]] Secret secret() const;

 private:
  void drop();

  Secret kept_;
  QAction* drop_;
};

}  // namespace vx11::ui
