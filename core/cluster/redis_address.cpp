#include "cluster/redis_address.h"

#include <QRegularExpression>
#include <QUrlQuery>

#include "config/redis_url.h"

namespace vx11::cluster::redis_address {
namespace {

struct Parts {
  QString scheme, user, rest;  ///< with "://"; what stands before the @; hosts, path and query
};

Parts partsOf(const QString& url) {
  const qsizetype begin = url.indexOf(QStringLiteral("://")) + 3;
  if (begin < 3) return {};
  // A password that isn't encoded may hold anything: only the last @ ends it for sure.
  const qsizetype at = url.lastIndexOf(u'@');
  if (at < begin) return {url.left(begin), {}, url.mid(begin)};
  return {url.left(begin), url.mid(begin, at - begin), url.mid(at + 1)};
}

}  // namespace

QString withoutSecrets(const QString& url) {
  static const QRegularExpression afterPath(QStringLiteral("[?#]"));
  const Parts parts = partsOf(url);
  if (parts.scheme.isEmpty()) return {};
  QString left = parts.scheme;
  if (const QString name = parts.user.section(u':', 0, 0); !name.isEmpty()) left += name + u'@';
  const qsizetype end = parts.rest.indexOf(afterPath);
  left += parts.rest.left(end);
  const QString database =
      end < 0 ? QString() : QUrlQuery(parts.rest.mid(end + 1)).queryItemValue(QStringLiteral("db"));
  return database.isEmpty() ? left : QStringLiteral("%1?db=%2").arg(left).arg(database.toUInt());
}

bool holdsPassword(const QString& url) {
  const QString user = partsOf(url).user;
  return user.contains(u'@') || !user.section(u':', 1).isEmpty();
}

bool namesSentinels(const QString& url) {
  return url.startsWith(QStringLiteral("redis+sentinel://")) || url.startsWith(QStringLiteral("rediss+sentinel://"));
}

QString problemOf(const QString& url) {
  const auto parsed = config::parse_redis_url(url.toStdString());
  return parsed.has_error() ? QString::fromStdString(parsed.error()) : QString();
}

}  // namespace vx11::cluster::redis_address
