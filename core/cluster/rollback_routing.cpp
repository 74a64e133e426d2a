#include "cluster/rollback_routing.h"

#include "cluster/discovery.h"

namespace vx11::cluster::rollback {
namespace {

constexpr int nginxPort = 80;

int portOf(const QUrl& url) {
  const int byScheme = url.scheme() == QStringLiteral("https") ? 443 : nginxPort;
  return url.port(byScheme);
}

QString hostOf(const QString& host) {
  const QString lower = host.toLower();
  const bool local = lower == QStringLiteral("localhost") || lower == QStringLiteral("::1");
  return local ? QStringLiteral("127.0.0.1") : lower;
}

/// Every URL that means the instance, the advertised ones first.
QList<QUrl> urlsOf(const InstanceInfo& instance, const QMap<QString, QUrl>& addressMap) {
  QList<QUrl> urls;
  for (auto each = addressMap.begin(); each != addressMap.end(); ++each) {
    if (originOf(each.value()) == originOf(instance.url)) urls << QUrl(each.key());
  }
  return urls << instance.url;
}

}  // namespace

bool isServerOf(const QString& server, const QUrl& url) {
  if (url.host().isEmpty() || server.startsWith(QStringLiteral("unix:"))) return false;
  const QUrl its(QStringLiteral("http://") + server);
  return its.isValid() && hostOf(its.host()) == hostOf(url.host()) && its.port(nginxPort) == portOf(url);
}

QStringList serversOf(const InstanceInfo& instance, const QStringList& servers, const QMap<QString, QUrl>& addressMap) {
  const QList<QUrl> urls = urlsOf(instance, addressMap);
  QStringList its;
  for (const QString& server : servers) {
    const bool same = std::any_of(urls.begin(), urls.end(), [&](const QUrl& url) { return isServerOf(server, url); });
    if (same) its << server;
  }
  return its;
}

QString addressOf(const InstanceInfo& instance, const QMap<QString, QUrl>& addressMap) {
  const QUrl url = urlsOf(instance, addressMap).first();
  const QString host = url.host();
  const bool bare = host.contains(u':');
  return (bare ? u'[' + host + u']' : host) + u':' + QString::number(portOf(url));
}

QByteArray textFor(const NginxFile& file, const QByteArray& bytes, const QStringList& servers, bool sticky) {
  const bool same = servers == file.servers() && sticky == file.sticky();
  return same ? bytes : file.with(servers, sticky);
}

}  // namespace vx11::cluster::rollback
