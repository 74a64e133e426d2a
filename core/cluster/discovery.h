// What an advertised address means from here: where it is reached, and whether the principal may go there. No I/O.
#pragma once

#include <QUrl>

#include "cluster/profile.h"

namespace vx11::cluster {

/// One spelling for an origin's many: explicit port, no trailing slash, no credentials, query or fragment.
[[nodiscard]] QUrl originOf(const QUrl& url);

struct Reach {
  QUrl url;
  /// The operator named it (given, accepted or mapped), or it is the host of a given URL, or loopback as a given one
  /// is; and its scheme is no weaker than theirs. Only then the principal goes there.
  bool trusted = false;
};
/// Of a URL that the registry told.
[[nodiscard]] Reach reachOf(const Profile& profile, const QUrl& advertised);

}  // namespace vx11::cluster
