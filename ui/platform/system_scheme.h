// Whether the desktop wants dark windows, as the settings portal tells it (org.freedesktop.appearance color-scheme),
// and every change of it. Never waits: until an answer comes, and without a portal, the answer is light.
#pragma once

#include <QDBusVariant>
#include <QObject>

namespace vx11::ui {

class SystemScheme : public QObject {
  Q_OBJECT
 public:
  explicit SystemScheme(QObject* parent = nullptr);
  [[nodiscard]] bool dark() const { return dark_; }

 Q_SIGNALS:
  void changed();

 private Q_SLOTS:
  void settingChanged(const QString& group, const QString& key, const QDBusVariant& value);

 private:
  void ask();
  void take(const QVariant& value);
  bool dark_ = false;
};

}  // namespace vx11::ui
