#include "cluster/discovery.h"

#include <algorithm>

#include "cluster/http_caller.h"

namespace vx11::cluster {
namespace {

/// Being the same host as one that is trusted counts, unless the principal would lose its cover on the way.
bool vouchesFor(const QUrl& given, const QUrl& url) {
  const bool loopback = isLoopback(given) && isLoopback(url);
  const bool sameHost = given.host().compare(url.host(), Qt::CaseInsensitive) == 0;
  const bool covered = url.scheme() == QStringLiteral("https") || given.scheme() == url.scheme();
  return loopback || (sameHost && covered);
}

}  // namespace

QUrl originOf(const QUrl& url) {
  QUrl origin = url.adjusted(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment |
                             QUrl::NormalizePathSegments | QUrl::StripTrailingSlash);
  if (origin.path() == QStringLiteral("/")) origin.setPath(QString());
  origin.setPort(url.port(url.scheme() == QStringLiteral("https") ? 443 : 80));
  return origin;
}

Reach reachOf(const Profile& profile, const QUrl& advertised) {
  const QUrl origin = originOf(advertised);
  for (auto entry = profile.addressMap.begin(); entry != profile.addressMap.end(); ++entry) {
    if (originOf(QUrl(entry.key())) == origin) return {originOf(entry.value()), true};
  }
  const bool trusted = std::any_of(profile.instances.begin(), profile.instances.end(), [&](const QUrl& given) {
    return originOf(given) == origin || vouchesFor(given, origin);
  });
  return {origin, trusted};
}

}  // namespace vx11::cluster
