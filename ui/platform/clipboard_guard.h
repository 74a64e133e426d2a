// Copies secrets so that they don't stay: a token leaves the clipboard when it ends, a principal after 30 s, and only
// if what lies there is still ours.
#pragma once

#include <QByteArray>
#include <QDeadlineTimer>
#include <QObject>
#include <QString>
#include <QTimer>

namespace vx11::ui {

class ClipboardGuard : public QObject {
  Q_OBJECT
 public:
  enum class Kind { Token, Principal };
  explicit ClipboardGuard(QObject* parent = nullptr);
  ~ClipboardGuard() override;  ///< clears what is still ours

  /// Puts `value` on the clipboard, marked for clipboard managers as secret, for `lifeMs` (a principal: 30,000).
  void copySecret(const QString& value, Kind kind, qint64 lifeMs);
  /// Ordinary text: nothing is remembered.
  void copyPlain(const QString& text);
  [[nodiscard]] bool holdsSecret() const;
  [[nodiscard]] Kind kind() const { return kind_; }
  /// Rounded up: 1 until the last moment, 0 without a secret.
  [[nodiscard]] int secondsLeft() const;
  /// Clears at once if it is still ours; also when the token was revoked.
  void clearNow();

 Q_SIGNALS:
  void changed();  ///< copied, one second less, cleared

 private:
  [[nodiscard]] bool stillOurs() const;
  void forget();
  void tick();

  Kind kind_ = Kind::Token;
  QByteArray fingerprint_;  // SHA-256 of what was copied; empty: nothing is ours
  QDeadlineTimer deadline_;
  QTimer ticker_;
};

}  // namespace vx11::ui
