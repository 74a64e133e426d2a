// Tells the desktop: a notice beside all windows, through org.freedesktop.Notifications. Nothing waits for it, and
// where there is no session bus nothing happens.
#pragma once

#include <QObject>
#include <QString>

namespace vx11::ui {

struct Notice {
  QString title, text;
  bool critical = false;  ///< stays until somebody has seen it, where the desktop does that
};

/// Interface, so that tests hear what would have been said.
class Notifier : public QObject {
  Q_OBJECT
 public:
  using QObject::QObject;
  /// Why nothing can be told, as a sentence; empty: it can.
  [[nodiscard]] virtual QString whyNot() const = 0;
  /// Takes the place of the one before.
  virtual void show(const Notice& notice) = 0;

 Q_SIGNALS:
  void opened();  ///< somebody pressed the notice
};

class DesktopNotifier : public Notifier {
  Q_OBJECT
 public:
  explicit DesktopNotifier(QObject* parent = nullptr);
  [[nodiscard]] QString whyNot() const override;
  void show(const Notice& notice) override;

 private Q_SLOTS:
  void actionInvoked(uint id, const QString& action);

 private:
  void listen();
  uint last_ = 0;  ///< the server's number of the last notice; 0: none yet
  bool listens_ = false;
};

}  // namespace vx11::ui
