// What the console knows of instances and tokens, as plain values. A field that an instance didn't report is empty:
// unknown is never zero.
#pragma once

#include <QDateTime>
#include <QList>
#include <QMetaType>
#include <QString>
#include <QUrl>
#include <array>
#include <compare>
#include <cstdint>
#include <optional>

namespace vx11::cluster {

enum class InstanceState { Unknown, Starting, Live, Degraded, Draining, Paused, Stopped, Unreachable };

/// Latencies of about the last minute as the instance measured them, in milliseconds. Never averaged over instances.
struct Quantiles {
  qint64 count = 0;
  double p50 = 0, p95 = 0, p99 = 0;
};

/// One instance as of its last answer. Rates are per second over the last poll interval.
struct InstanceInfo {
  int slot = 0;  ///< place in the profile; decides its chart colour and never changes
  QString id;    ///< the URL's host and port until it told its id
  QUrl url;
  QString mode;     ///< empty: unknown
  QString version;  ///< empty: unknown
  InstanceState state = InstanceState::Unknown;
  QString reason;  ///< machine word for a state that is not Live: "connection_refused", "http_403", "draining" …
  qint64 answeredAt = -1;        ///< console clock (ms) of the last answer; -1: never
  QDateTime answeredWhen;        ///< the same as a wall time
  qint64 unreachableSince = -1;  ///< console clock (ms); -1: reachable
  qint64 nextAttemptAt = -1;     ///< console clock (ms) while unreachable
  int attempts = 0;              ///< failed attempts since the last answer
  bool internalCalls = true;     ///< false: a backend with the public calls only

  std::optional<qint64> liveTokens, streams;
  std::optional<qint64> issuedTotal, checkedTotal, acceptedTotal, refusedTotal, expiredTotal, revokedTotal;
  std::optional<qint64> localHitsTotal, localMissesTotal;
  std::optional<qint64> cacheBytes, maxTokens;
  std::optional<double> issueRate, checkRate, refusedRate, localHitRate, localMissRate, redisHitRate;
  std::optional<double> hitRatio;  ///< 0 to 1, of the checks of the last interval; empty without checks
  std::optional<Quantiles> issueLatency, checkLatency, streamLatency;
  std::optional<Quantiles> localCheckLatency, redisCheckLatency;     ///< checkLatency is one of them
  std::optional<qint64> tokenStreamsTotal, principalStreamsTotal;    ///< streams opened, by what opened them
  std::optional<double> uptimeSec, startupMs;
  std::optional<int> ttlSec, maxTtlSec;
  std::optional<bool> redisConfigured;
};

/// The public id of a token: first 16 bytes of SHA-256 of its text.
struct TokenId {
  std::array<std::uint8_t, 16> bytes{};
  friend bool operator==(const TokenId&, const TokenId&) = default;
  friend auto operator<=>(const TokenId&, const TokenId&) = default;
  [[nodiscard]] QString text() const;
  [[nodiscard]] static std::optional<TokenId> parse(QStringView hex);
};
size_t qHash(const TokenId& id, size_t seed = 0) noexcept;

enum class TokenState : std::uint8_t { Live, Revoked, Used, Expired };

/// One token as the console shows it. Compact: 100,000 of them are held at once.
struct TokenRow {
  TokenId id;
  qint64 createdAt = 0;  ///< wall time, ms since the epoch
  qint64 expiresAt = 0;  ///< console clock, ms
  std::int32_t ttlMs = 0;
  std::uint32_t cachedOn = 0;  ///< bit n: known to hold on the instance of slot n
  std::int16_t issuer = -1;    ///< index for Tokens::issuerName; -1: foreign or unknown
  TokenState state = TokenState::Live;
  bool singleUse = false;
  bool own = false;         ///< issued from this console: its value can be revealed
  bool cachedKnown = true;  ///< false: which instances cache it can't be told
  std::array<char, 20> maskedUtf8{};
  [[nodiscard]] QString masked() const;
};

/// Changes of the token list since the last batch. `reset` comes first: everything known before is gone.
struct TokenBatch {
  bool reset = false;
  QList<TokenRow> added;
  QList<TokenRow> changed;  ///< whole rows
  QList<TokenId> gone;      ///< expired, or dead for over 5 s
};

/// What a line of the log is about; ui/ makes the sentence.
enum class Severity : std::uint8_t { Debug, Info, Warning, Error };
struct LogEntry {
  QDateTime time;
  Severity severity = Severity::Info;
  QString source;  ///< instance id, "console", …
  QString
      event;  ///< stable word: "issued", "issue_failed", "checked", "revoked", "connected", "lost", "server_started" …
  QVariantMap fields;  ///< never a secret
  QString correlationId;
};

/// An operation that holds an instance's mode, as the instance tells it; its clock may differ from ours.
struct ModeHolder {
  QString operationId, owner;  ///< empty: nobody
  qint64 since = 0;            ///< seconds since the epoch
  qint64 lastSign = 0;         ///< likewise
  qint64 silentMs = 0;         ///< since its last sign, by the instance's own measure
  bool lapsed = false;         ///< it no longer keeps anybody out, but wasn't released either
};

/// Why something failed, for ui/ to put into words.
struct Failure {
  enum class Kind { None, Network, Timeout, Http, BadAnswer, ReadOnly, Cancelled, NoInstance };
  Kind kind = Kind::None;
  int httpStatus = 0;
  QString code;  ///< `detail` of the answer, or the network error's name
  QString text;  ///< the system's words, when there are any
  QString correlationId;
  QString instance;
  ModeHolder holder = {};  ///< of the code `mode_held`
  explicit operator bool() const noexcept { return kind != Kind::None; }
};

}  // namespace vx11::cluster

Q_DECLARE_METATYPE(vx11::cluster::InstanceInfo)
Q_DECLARE_METATYPE(vx11::cluster::TokenBatch)
Q_DECLARE_METATYPE(vx11::cluster::Failure)
