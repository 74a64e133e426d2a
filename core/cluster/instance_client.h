// The calls of one instance, each with a typed answer: what the console, and nothing else, knows of HTTP.
#pragma once

#include <boost/system/result.hpp>
#include <functional>
#include <memory>

#include "cluster/http_caller.h"
#include "cluster/jobs.h"
#include "cluster/wire.h"

namespace vx11::cluster {

template <typename T>
using Answer = boost::system::result<T, Failure>;
template <typename T>
using Handler = std::function<void(const Answer<T>&)>;

/// What a revocation names: one of the three.
struct RevokeTarget {
  bool all = false;
  std::optional<TokenId> id;
  TokenText token;
};

/// Polls and the watch go by `control`, work by `work`: a manager has six connections a host, and a thousand tokens
/// being issued must not delay the sign of life. Handlers are called once, from the event loop, unless cancelled.
class InstanceClient {
 public:
  struct Networks {
    QNetworkAccessManager& control;
    QNetworkAccessManager& work;
  };
  InstanceClient(Networks networks, const QUrl& origin, const Secret& principal, const QString& correlationPrefix);

  HttpCall stats(Handler<wire::Stats> handler);
  HttpCall health(Handler<wire::Health> handler);
  /// A page of at most 1000; an empty cursor is the start.
  HttpCall listPage(const QString& cursor, Handler<wire::ListPage> handler);
  HttpCall issue(std::optional<int> ttlSec, bool singleUse, Handler<wire::Issued> handler);
  /// Always an answer: what failed is in it, and the correlation id in any case. `slot` is left to the caller.
  using CheckHandler = std::function<void(const CheckAnswer&)>;
  HttpCall check(const TokenText& token, CheckHandler handler);
  /// For a backend whose `validate` is 404 or 405: opens the stream and closes it after the headers.
  HttpCall checkByStream(const TokenText& token, CheckHandler handler);
  struct RevokeAnswer {
    qint64 revoked = 0;
    bool othersPending = false;   ///< 202
    QString correlationId;
  };
  HttpCall revoke(const RevokeTarget& target, Handler<RevokeAnswer> handler);
  /// The open watch; the caller owns it.
  [[nodiscard]] QNetworkReply* openWatch();

  [[nodiscard]] const QUrl& origin() const { return control_.origin(); }

 private:
  HttpCaller control_, work_;
};

}  // namespace vx11::cluster
