// The tokens in Redis, as one event loop reads and writes them. Knows keys and values, no mode and no cache.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "redis/client.h"
#include "store/token_table.h"
#include "store/token_value.h"
#include "token/clock.h"
#include "token/random.h"

namespace vx11::store {

/// What Redis says of one token. `broken`: something is under the key that can't be a token (another type, no expiry).
struct Found {
  enum class Kind : std::uint8_t { alive, absent, broken, failing };

  Kind kind = Kind::failing;
  Instant sent_at;                       ///< when the question was sent
  KnownToken token;                      ///< when alive; its life counts from `sent_at`
  std::optional<std::string> issued_by;  ///< none: a foreign backend
};

/// All calls and handlers on the client's loop. Outlives no handler: what is under way when it goes is dropped.
class RedisTokens {
 public:
  struct Options {
    std::string instance_id;
    std::string prefix = "vx11:";
    std::chrono::seconds usual_ttl{60};  ///< of a foreign token whose value doesn't say it
  };
  using LookHandler = Callback<void(const Found&)>;
  using RemoveHandler = Callback<void(redis::Fault, std::uint64_t removed)>;

  /// Whether a single-use token has been accepted already.
  enum class Mark : std::uint8_t { free, taken, failing };
  using MarkHandler = Callback<void(Mark)>;

  struct Page {
    bool failing = false;  ///< what should be on it wasn't read
    bool last = false;
    std::string cursor = "0";  ///< for the next call, unless this is the last one; empty: nothing else answers either
    std::vector<Found> found;
  };
  /// How much of each token a walk reads: its name alone, or its value and life as well.
  enum class Detail : std::uint8_t { names, tokens };
  using PageHandler = Callback<void(Page)>;

  RedisTokens(redis::Client& client, const Clock& clock, Random& random, Options options);

  [[nodiscard]] redis::Client& client() noexcept { return client_; }
  [[nodiscard]] std::string key_of(const Uuid& key) const;
  /// Of what says that a single-use token is used up.
  [[nodiscard]] std::string mark_key(const PublicId& id) const;
  /// On Redis' clock where that is known, else on ours.
  [[nodiscard]] WallTime time(Instant at) const noexcept;

  /// One `SET … PXAT … NX`: a paused Redis that executes it late lengthens no life. Redis' answer that the key is there
  /// already is a success: it is our own token's.
  void append_write(redis::Request& request, const KnownToken& token) const;
  /// Why the command of `append_write` that this is the answer to has not written anything.
  [[nodiscard]] static redis::Fault fault_of_write(const redis::Answer& answer) noexcept;
  /// GET and PTTL in one round trip. Questions for a token that is being asked for already wait for that answer. With a
  /// patience that is over before Redis answers they are told `failing`; `on_late` is told what it says after that.
  void look_up(const Uuid& key, const PublicId& id, std::optional<std::chrono::milliseconds> patience,
               LookHandler handler);
  void on_late(std::function<void(const PublicId& id, const Found&)> handler) { late_ = std::move(handler); }
  /// DEL.
  void remove(const Uuid& key, RemoveHandler handler);

  /// Is the single-use token marked as used?
  void look_at_mark(const PublicId& id, std::chrono::milliseconds deadline, MarkHandler handler);
  /// Marks it; `free` to exactly one caller over all instances. A mark whose answer doesn't come in time is taken back
  /// as soon as Redis answers again.
  void mark(const PublicId& id, Instant expires_at, std::chrono::milliseconds deadline, MarkHandler handler);
  /// The mark of a token that was accepted here, written once more.
  void append_mark(redis::Request& request, const KnownToken& token) const;
  /// About ten times a second: takes back what couldn't be taken back yet.
  void tick();

  /// A step of a walk over all tokens in Redis (SCAN, never KEYS); `cursor` "0" begins it. What lives during the whole
  /// walk is found at least once.
  void scan(std::string_view cursor, std::size_t count, Detail detail, std::chrono::milliseconds deadline,
            PageHandler handler);

 private:
  /// A question that is under way, and who waits for its answer: mostly one.
  struct Flight {
    Uuid key;
    Instant sent_at;
    LookHandler first;
    std::vector<LookHandler> others;
  };
  struct MarkToTake {
    std::string key, value;
  };

  /// From GET's and PTTL's replies.
  [[nodiscard]] Found read(const redis::Reply& value, const redis::Reply& life, const Uuid& key, const PublicId& id,
                           Instant sent_at) const;
  [[nodiscard]] Found read(const redis::Answer& answer, const Uuid& key, const PublicId& id, Instant sent_at) const;
  void landed(const PublicId& id, const redis::Answer& answer);
  void read_page(std::vector<Uuid> keys, Page page, std::chrono::milliseconds deadline, PageHandler handler);
  void take_back(MarkToTake mark);

  redis::Client& client_;
  const Clock& clock_;
  Random& random_;
  const Options options_;
  const std::string key_prefix_;
  const TokenValueWriter values_;
  // What nearly every request is made of.
  const redis::CommandTemplate get_;
  const redis::CommandTemplate life_;
  std::string name_;  ///< the key that was looked up last
  mutable redis::CommandTemplate set_;  ///< for values as long as the last one
  boost::unordered_flat_map<PublicId, Flight, PublicIdHash> in_flight_;
  std::function<void(const PublicId&, const Found&)> late_;
  std::vector<MarkToTake> to_take_back_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace vx11::store
