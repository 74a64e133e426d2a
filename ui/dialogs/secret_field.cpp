#include "dialogs/secret_field.h"

#include <QAction>

#include "platform/icons.h"

namespace vx11::ui {

SecretField::SecretField(const QString& accessibleName, QWidget* parent)
    : QLineEdit(parent), drop_(addAction(themedIcon(QStringLiteral("x")), TrailingPosition)) {
  setEchoMode(Password);
  setAccessibleName(accessibleName);
  setInputMethodHints(Qt::ImhHiddenText | Qt::ImhNoPredictiveText | Qt::ImhNoAutoUppercase | Qt::ImhSensitiveData);
  drop_->setToolTip(tr("Use none"));
  drop_->setVisible(false);
  connect(drop_, &QAction::triggered, this, &SecretField::drop);
}

void SecretField::setKept(const Secret& secret, const QString& origin) {
  kept_ = secret;
  drop_->setVisible(!secret.empty());
  setPlaceholderText(secret.empty() ? QString() : QString(12, QChar(u'•')) + QStringLiteral("  ") + origin);
}

Secret SecretField::secret() const {
  if (text().isEmpty()) return kept_;
  QByteArray typed = text().trimmed().toUtf8();
  Secret secret(std::string_view(typed.constData(), static_cast<std::size_t>(typed.size())));
  wipe(typed.data(), static_cast<std::size_t>(typed.size()));
  return secret;
}

void SecretField::drop() {
  setKept({}, {});
  clear();
  Q_EMIT textChanged(text());  // also when it was empty: what counts has changed
}

}  // namespace vx11::ui
