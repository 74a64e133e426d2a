// The JSON that instances answer with, read into plain values. Strict: a field of the wrong type or range is unknown,
// and an answer whose shape is wrong is none at all. No I/O.
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QString>
#include <optional>
#include <variant>
#include <vector>

#include "cluster/types.h"
#include "cluster/wire_redis.h"
#include "token/secret.h"

namespace vx11::cluster::wire {

/// GET cache-stats; totals are since the instance's start.
struct Stats {
  QString instanceId, version, mode, state;
  std::optional<double> startedAt, uptimeSec, startupMs;
  std::optional<int> ttlSec, maxTtlSec;
  std::optional<qint64> issued, active, expired, revoked, maxTokens;
  std::optional<qint64> cacheBytes, localHits, localMisses;
  std::optional<qint64> accepted, refused, cannotTell;
  std::optional<qint64> streamsOpen, tokenStreams, principalStreams;  ///< the latter two: ever opened
  std::optional<Quantiles> issueLatency, localCheckLatency, redisCheckLatency, streamLatency;
  std::optional<bool> redisConfigured;
  std::optional<RedisSummary> redis;  ///< where one is configured
  bool modeDraining = false;          ///< a mode before is still read
};

struct Health {
  QString instanceId, version, mode;
  std::optional<qint64> liveTokens;
};

struct ListedToken {
  TokenId id;
  std::array<char, 20> maskedUtf8{};
  qint64 createdAtMs = 0;  ///< wall time of the instance
  std::int32_t ttlMs = 0;
  qint64 expiresInMs = 0;
  QString issuedBy;  ///< empty: foreign
  std::optional<bool> cachedHere;
  bool singleUse = false;
};
struct ListPage {
  std::vector<ListedToken> tokens;
  QString cursor;  ///< empty: this was the last page
};

struct Issued {
  TokenText token;
  std::optional<int> ttlSec, expiresInSec;
  QString correlationId;
  QString answeredBy;  ///< X-VX11-Instance; empty: not told
};
struct Validity {
  bool valid = false;
  qint64 expiresInMs = 0;
  QString source;
};
struct Revoked {
  qint64 count = 0;
};

/// GET and POST mode, with who holds it. Empty `drainingFrom`: nothing of a mode before is still read.
struct ModeState : ModeHolder {
  QString mode, configured;
  QString drainingFrom;
  qint64 drainingMs = 0;
};
/// It stops gracefully: it ends once nobody waits for it any more.
struct DrainBegun {};
/// A published event's id; empty where the instance has none.
struct Published {
  QString id;
};

struct WatchOpened {
  QString instanceId, mode;
};
struct WatchIssued {
  std::vector<ListedToken> tokens;
  qint64 more = 0;
};
struct WatchUsed {
  std::vector<TokenId> accepted, usedUp;
};  ///< of `validated`; the used up are among the accepted
struct WatchRefused {
  qint64 count = 0;
};
struct WatchRevoked {
  std::vector<TokenId> ids;
  bool all = false;
  qint64 more = 0;
};
struct WatchExpired {
  std::vector<TokenId> ids;
  qint64 more = 0;
};
struct WatchMode {
  QString mode, state;
};
/// Another Redis server took over; who it is stands in GET redis.
struct WatchFailover {};
struct WatchOther {};  ///< heartbeat, and whatever comes to be
using WatchEvent =
    std::variant<WatchOther, WatchOpened, WatchIssued, WatchUsed, WatchRefused, WatchRevoked, WatchExpired, WatchMode,
                 WatchFailover>;

[[nodiscard]] std::optional<Stats> parseStats(const QByteArray& body);
[[nodiscard]] std::optional<Health> parseHealth(const QByteArray& body);
[[nodiscard]] std::optional<ListPage> parseListPage(const QByteArray& body);
[[nodiscard]] std::optional<Issued> parseIssued(const QByteArray& body);
[[nodiscard]] std::optional<Validity> parseValidity(const QByteArray& body);
[[nodiscard]] std::optional<Revoked> parseRevoked(const QByteArray& body);
[[nodiscard]] std::optional<ModeState> parseMode(const QByteArray& body);
[[nodiscard]] std::optional<DrainBegun> parseDrainBegun(const QByteArray& body);
[[nodiscard]] std::optional<Published> parsePublished(const QByteArray& body);
[[nodiscard]] std::optional<WatchEvent> parseWatchEvent(QByteArrayView type, const QByteArray& data);
/// `detail` of an error's body; empty when there is none.
[[nodiscard]] QString parseDetail(const QByteArray& body);
/// Of the body of a 409 `mode_held`; nobody when it is another's.
[[nodiscard]] ModeHolder parseHolder(const QByteArray& body);
/// `reason` of an error's body, or whose operation holds what was asked for; empty when it says neither.
[[nodiscard]] QString parseReason(const QByteArray& body);

}  // namespace vx11::cluster::wire
