// The calls of one instance, each with a typed answer: what the console, and nothing else, knows of HTTP.
#pragma once

#include <QJsonValue>
#include <boost/system/result.hpp>
#include <chrono>
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
  static constexpr std::chrono::milliseconds actionDeadline{5000};

  InstanceClient(Networks networks, const QUrl& origin, const Secret& principal, const QString& correlationPrefix);

  HttpCall stats(Handler<wire::Stats> handler);
  HttpCall health(Handler<wire::Health> handler);
  /// A page of at most 1000; an empty cursor is the start.
  HttpCall listPage(const QString& cursor, Handler<wire::ListPage> handler);
  HttpCall issue(std::optional<int> ttlSec, bool singleUse, Handler<wire::Issued> handler,
                 std::chrono::milliseconds deadline = actionDeadline);
  /// Always an answer: what failed is in it, and the correlation id in any case. `slot` is left to the caller.
  using CheckHandler = std::function<void(const CheckAnswer&)>;
  HttpCall check(const TokenText& token, CheckHandler handler, std::chrono::milliseconds deadline = actionDeadline);
  /// For a backend whose `validate` is 404 or 405: opens the stream and closes it once it said enough. A stream that
  /// ends without an event is no refusal (`retry:` and a close): can't tell.
  HttpCall checkByStream(const TokenText& token, CheckHandler handler,
                         std::chrono::milliseconds deadline = actionDeadline);
  struct RevokeAnswer {
    qint64 revoked = 0;
    bool othersPending = false;  ///< 202
    QString correlationId;
  };
  HttpCall revoke(const RevokeTarget& target, Handler<RevokeAnswer> handler);
  HttpCall mode(Handler<wire::ModeState> handler);
  /// Both parts of `operation` or neither. A 409 is a failure with the code `mode_held` (its text: whose operation;
  /// its holder: since when, and its last sign) or `mode_unavailable` (its text: why).
  struct Operation {
    QString id, owner;
    bool ends =
        false;  ///< its hold on the mode ends with this call; an instance that knows no such end keeps it a minute
  };
  HttpCall setMode(const QString& mode, const Operation& operation, Handler<wire::ModeState> handler);
  /// A sign of life of the operation, which begins its hold where there is none or one has lapsed; with `ends` its end.
  /// `step` goes into the instance's audit log, cut to what it takes; empty: none. Fails as `setMode` does; an instance
  /// that knows no signs answers 400.
  HttpCall sign(const Operation& operation, const QString& step, std::chrono::milliseconds deadline,
                Handler<wire::ModeState> handler);
  /// A graceful stop: it is answered before it begins.
  HttpCall drain(Handler<wire::DrainBegun> handler);
  HttpCall publish(const QString& event, const QJsonValue& data, Handler<wire::Published> handler);
  /// How Redis is, as this instance was told by it.
  HttpCall redis(Handler<wire::RedisReport> handler);
  /// Who else is there, by the registry; this one included.
  HttpCall neighbours(Handler<wire::Neighbours> handler);
  /// The open watch; the caller owns it.
  [[nodiscard]] QNetworkReply* openWatch();

  [[nodiscard]] const QUrl& origin() const { return control_.origin(); }
  /// Without one there is nothing to ask but the public calls.
  [[nodiscard]] bool hasPrincipal() const { return control_.hasPrincipal(); }

 private:
  HttpCaller control_, work_;
};

}  // namespace vx11::cluster
