// Whether there is a session bus to talk to.
#pragma once

#include <QFileInfo>
#include <QString>
#include <QtGlobal>

namespace vx11::ui {

/// Without a running bus QtDBus would try to launch one, which takes seconds.
[[nodiscard]] inline bool sessionBusIsThere() {
  return !qEnvironmentVariableIsEmpty("DBUS_SESSION_BUS_ADDRESS") ||
         QFileInfo::exists(qEnvironmentVariable("XDG_RUNTIME_DIR") + QStringLiteral("/bus"));
}

}  // namespace vx11::ui
