// Which cluster a command works on, from the options that all commands share, and how it is opened.
#pragma once

#include <QList>
#include <QUrl>
#include <memory>

#include "cluster/cluster.h"
#include "ctl/arguments.h"
#include "token/secret.h"

namespace vx11::ctl {

struct Connection {
  QList<QUrl> instances;
  Secret principal;
  QString error;         ///< not empty: wrong use, in one sentence
  QStringList warnings;
};

[[nodiscard]] const QList<OptionSpec>& connectionOptions();

/// Reads the principal's file, or else `VX11_OPERATOR_TOKEN`; without `needsPrincipal` there may be none.
[[nodiscard]] Connection readConnection(const Arguments& arguments, bool needsPrincipal);

[[nodiscard]] std::unique_ptr<cluster::Cluster> open(const Connection& connection);

}  // namespace vx11::ctl
