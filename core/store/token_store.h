// The port behind which tokens live. One implementation per mode; asynchronous, because all but memory ask Redis.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "token/callback.h"
#include "token/clock.h"
#include "token/secret.h"
#include "token/token_id.h"

namespace vx11::store {

enum class Mode : std::uint8_t { memory, redis, hybrid, signed_tokens };
/// "memory", "redis", "hybrid", "signed": the words of the wire.
[[nodiscard]] std::string_view to_string(Mode mode) noexcept;
[[nodiscard]] std::optional<Mode> parse_mode(std::string_view word) noexcept;

enum class Source : std::uint8_t { local, redis, memory, signed_form };
/// "local", "redis", "memory", "signed".
[[nodiscard]] std::string_view to_string(Source source) noexcept;

enum class Verdict : std::uint8_t { valid, invalid, cannot_tell };

/// Why a token is not valid. `malformed` was refused without a look-up.
enum class Reason : std::uint8_t { none, malformed, unknown, expired, revoked, used, unavailable };

/// `look` consumes nothing; `open` marks a single-use token as used when it is valid.
enum class Purpose : std::uint8_t { look, open };

struct IssueRequest {
  std::chrono::seconds ttl{60};
  bool single_use = false;
};

enum class IssueStatus : std::uint8_t { issued, full, unavailable };

struct IssueResult {
  IssueStatus status = IssueStatus::unavailable;
  TokenText token;     ///< empty unless issued
  PublicId id;
  WallTime created_at;
  Instant expires_at;
  bool degraded = false;  ///< Redis learns of it later, or fewer replicas have it than were asked for
};

struct CheckResult {
  Verdict verdict = Verdict::invalid;
  Reason reason = Reason::unknown;
  bool single_use = false;
  Source source = Source::memory;
  bool asked_redis = false;  ///< the question was sent to Redis, whoever answered it in the end
  PublicId id;            ///< all zero when malformed
  Instant expires_at;     ///< when valid
  std::chrono::milliseconds expires_in{0};
};

struct RevokeAll {};
/// By the token's text, by its public id, or everything.
using RevokeTarget = std::variant<TokenText, PublicId, RevokeAll>;

struct RevokeResult {
  std::uint64_t revoked = 0;  ///< live tokens that this call ended
  bool others_pending = false;  ///< the other instances couldn't be told yet
  bool unavailable = false;     ///< nothing was revoked: the store can't be reached (mode redis)
};

/// What may be told of a token that is not one's own.
struct TokenRecord {
  std::string masked;
  PublicId id;
  WallTime created_at;
  std::chrono::milliseconds ttl{0};
  std::chrono::milliseconds expires_in{0};
  std::optional<std::string> issued_by;  ///< none: a foreign backend
  bool cached_here = false;
  bool single_use = false;
};

struct ListRequest {
  std::string cursor;       ///< empty: from the start; else as the last page gave it
  std::size_t limit = 100;  ///< a hint, 1 to 1000
  std::string match;        ///< substring of public id or issuer; empty: all
};

struct ListPage {
  bool cursor_ok = true;     ///< false: the cursor is not one of ours
  bool unavailable = false;  ///< the store can't be reached
  std::vector<TokenRecord> tokens;
  std::optional<std::string> cursor;  ///< none: the walk is over
};

/// Issued = active + expired + revoked, at any moment no call is under way (promise I14).
struct StoreStats {
  std::uint64_t issued = 0;
  std::uint64_t active = 0;
  std::uint64_t expired = 0;
  std::uint64_t revoked = 0;
  std::uint64_t used = 0;  ///< single-use tokens accepted
  std::uint64_t cache_entries = 0;
  std::uint64_t cache_bytes = 0;
};

/// Told what happened to tokens without anyone asking for it. Called on the loop that runs `tick` or the revocation,
/// never under a lock of the store.
class StoreObserver {
 public:
  virtual ~StoreObserver() = default;
  virtual void on_expired(std::span<const PublicId> ids) = 0;
  virtual void on_revoked(std::span<const PublicId> ids) = 0;
  /// Every token issued up to `at`; they aren't named.
  virtual void on_all_revoked(WallTime at) = 0;
};

/// A store as one event loop sees it. Every call comes from that loop, and every handler is called on it: at once,
/// inside the call, when the answer needs no I/O. What several loops share lies behind it and is thread-safe.
class TokenStore {
 public:
  using IssueHandler = Callback<void(const IssueResult&)>;
  using CheckHandler = Callback<void(const CheckResult&)>;
  using RevokeHandler = Callback<void(const RevokeResult&)>;
  using ListHandler = Callback<void(ListPage)>;

  virtual ~TokenStore() = default;
  [[nodiscard]] virtual Mode mode() const noexcept = 0;
  virtual void issue(const IssueRequest& request, IssueHandler handler) = 0;
  virtual void check(std::string_view token, Purpose purpose, CheckHandler handler) = 0;
  virtual void revoke(const RevokeTarget& target, RevokeHandler handler) = 0;
  virtual void list(const ListRequest& request, ListHandler handler) = 0;
  [[nodiscard]] virtual StoreStats stats() const = 0;
  /// Housekeeping, called about ten times a second by one loop: frees what has expired, in bounded steps.
  virtual void tick() = 0;
};

}  // namespace vx11::store
