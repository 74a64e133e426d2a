// A cross-instance test as a piece of shell. No I/O, and no secret: the principal is $VX11_OPERATOR_TOKEN.
#pragma once

#include <QList>
#include <QString>
#include <QUrl>

namespace vx11::cluster {

/// Name and origin of each member, the balancer last where there is one. Names and URLs are quoted, whatever is in
/// them.
[[nodiscard]] QString matrixAsShell(const QList<std::pair<QString, QUrl>>& members, int ttlSec);

}  // namespace vx11::cluster
