#include "platform/system_scheme.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <utility>

#include "platform/session_bus.h"

namespace vx11::ui {
namespace {

constexpr auto service = "org.freedesktop.portal.Desktop";
constexpr auto path = "/org/freedesktop/portal/desktop";
constexpr auto interface = "org.freedesktop.portal.Settings";
constexpr auto appearance = "org.freedesktop.appearance";
constexpr auto colorScheme = "color-scheme";

}  // namespace

SystemScheme::SystemScheme(QObject* parent) : QObject(parent) {
  if (sessionBusIsThere()) ask();
}

void SystemScheme::ask() {
  auto bus = QDBusConnection::sessionBus();
  if (!bus.isConnected()) return;
  bus.connect(QLatin1String(service), QLatin1String(path), QLatin1String(interface), QStringLiteral("SettingChanged"),
              this, SLOT(settingChanged(QString, QString, QDBusVariant)));
  auto call = QDBusMessage::createMethodCall(QLatin1String(service), QLatin1String(path), QLatin1String(interface),
                                             QStringLiteral("Read"));
  call << QString(QLatin1String(appearance)) << QString(QLatin1String(colorScheme));
  auto* watcher = new QDBusPendingCallWatcher(bus.asyncCall(call, 2'000), this);
  connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
    watcher->deleteLater();
    const QDBusMessage answer = watcher->reply();
    if (answer.type() == QDBusMessage::ReplyMessage && !answer.arguments().isEmpty()) take(answer.arguments().first());
  });
}

void SystemScheme::settingChanged(const QString& group, const QString& key, const QDBusVariant& value) {
  if (group == QLatin1String(appearance) && key == QLatin1String(colorScheme)) take(QVariant::fromValue(value));
}

void SystemScheme::take(const QVariant& value) {
  // Read answers a variant in a variant; the signal carries one.
  QVariant inner = value;
  while (inner.canConvert<QDBusVariant>()) inner = inner.value<QDBusVariant>().variant();
  const bool dark = inner.toUInt() == 1;
  if (std::exchange(dark_, dark) != dark) Q_EMIT changed();
}

}  // namespace vx11::ui
