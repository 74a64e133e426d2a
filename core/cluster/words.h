// Pieces of the sentences that core/cluster makes itself, because the window and the command line share them.
#pragma once

#include <QCoreApplication>
#include <QStringList>

#include "cluster/types.h"

namespace vx11::cluster::words {

/// "a, b and c"
[[nodiscard]] inline QString joined(const QStringList& names) {
  if (names.size() < 2) return names.join(QString());
  return QCoreApplication::translate("words", "%1 and %2")
      .arg(names.mid(0, names.size() - 1).join(QStringLiteral(", ")), names.last());
}

/// Why a call failed, to stand in brackets: "connection refused", "403 invalid_token".
[[nodiscard]] inline QString reason(const Failure& failure) {
  if (failure.kind == Failure::Kind::Http) {
    return failure.code.startsWith(QStringLiteral("http_")) || failure.code.isEmpty()
               ? QString::number(failure.httpStatus)
               : QStringLiteral("%1 %2").arg(failure.httpStatus).arg(failure.code);
  }
  QString said = failure.code;
  return said.replace(u'_', u' ');
}

}  // namespace vx11::cluster::words
