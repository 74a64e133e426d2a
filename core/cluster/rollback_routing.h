// Which server of the balancer's upstream is which instance. Pure functions; an address that names none is nobody's.
#pragma once

#include <QMap>
#include <QStringList>
#include <QUrl>

#include "cluster/nginx_file.h"
#include "cluster/types.h"

namespace vx11::cluster::rollback {

/// Do both mean the same host and port? Localhost has three names; a server without a port has 80.
[[nodiscard]] bool isServerOf(const QString& server, const QUrl& url);
/// Those of `servers` that are this instance's, by its URL here or by one that it advertises (`addressMap`: advertised
/// to here), as they are spelled there.
[[nodiscard]] QStringList serversOf(const InstanceInfo& instance, const QStringList& servers,
                                    const QMap<QString, QUrl>& addressMap);
/// "host:port" as the balancer would reach it: what it advertises, where that is known to be another than our way.
[[nodiscard]] QString addressOf(const InstanceInfo& instance, const QMap<QString, QUrl>& addressMap);

/// The file for these servers; its own bytes where that is what it has.
[[nodiscard]] QByteArray textFor(const NginxFile& file, const QByteArray& bytes, const QStringList& servers,
                                 bool sticky);

}  // namespace vx11::cluster::rollback
