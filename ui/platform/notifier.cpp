#include "platform/notifier.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <utility>

#include "platform/session_bus.h"

namespace vx11::ui {
namespace {

constexpr auto service = "org.freedesktop.Notifications";
constexpr auto path = "/org/freedesktop/Notifications";
constexpr auto interface = "org.freedesktop.Notifications";
constexpr int callLimitMs = 2'000, byItself = -1;
constexpr uchar normal = 1, urgent = 2;

}  // namespace

DesktopNotifier::DesktopNotifier(QObject* parent) : Notifier(parent) {}

QString DesktopNotifier::whyNot() const {
  return sessionBusIsThere() ? QString() : tr("There is no session bus here that could carry a notification.");
}

void DesktopNotifier::listen() {
  if (std::exchange(listens_, true)) return;
  QDBusConnection::sessionBus().connect(QLatin1String(service), QLatin1String(path), QLatin1String(interface),
                                        QStringLiteral("ActionInvoked"), this, SLOT(actionInvoked(uint, QString)));
}

void DesktopNotifier::show(const Notice& notice) {
  if (!sessionBusIsThere() || !QDBusConnection::sessionBus().isConnected()) return;
  listen();
  auto call = QDBusMessage::createMethodCall(QLatin1String(service), QLatin1String(path), QLatin1String(interface),
                                             QStringLiteral("Notify"));
  const QVariantMap hints{{QStringLiteral("urgency"), QVariant::fromValue(notice.critical ? urgent : normal)},
                          {QStringLiteral("desktop-entry"), QStringLiteral("vx11-console")}};
  // The body may be read as markup; an instance's name must not become any.
  call << QStringLiteral("VX11 console") << last_ << QString() << notice.title << notice.text.toHtmlEscaped()
       << QStringList{QStringLiteral("default"), tr("Open")} << hints << byItself;
  auto* watcher = new QDBusPendingCallWatcher(QDBusConnection::sessionBus().asyncCall(call, callLimitMs), this);
  connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
    watcher->deleteLater();
    const QDBusPendingReply<uint> reply = *watcher;
    if (reply.isValid()) last_ = reply.value();
  });
}

void DesktopNotifier::actionInvoked(uint id, const QString& action) {
  if (id == last_ && action == QStringLiteral("default")) Q_EMIT opened();
}

}  // namespace vx11::ui
