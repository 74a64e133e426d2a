// The store as one event loop has it, in every mode: the mode says what is issued and where; what can be checked is
// checked, whatever the mode: one's own table first, then Redis.
#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include "store/redis_tokens.h"
#include "store/replica_writer.h"
#include "store/shared_store.h"
#include "store/token_store.h"
#include "store/write_behind.h"

namespace vx11::store {

/// One loop's ways to Redis.
struct StoreConnections {
  redis::Client* commands = nullptr;  ///< null: no Redis is configured
  /// Of its own, as waiting for replicas holds up all that comes after it; null: nobody waits for them.
  redis::Client* confirming = nullptr;
};

/// A token is never accepted after its expiry, nor when the denylist has it, which is asked after every other answer.
class LoopStore final : public TokenStore {
 public:
  /// `observer` may be null. All outlive the store.
  LoopStore(SharedStore& shared, StoreConnections connections, StoreObserver* observer);
  ~LoopStore() override;

  [[nodiscard]] Mode mode() const noexcept override { return shared_.modes.mode(); }
  void issue(const IssueRequest& request, IssueHandler handler) override;
  void check(std::string_view token, Purpose purpose, CheckHandler handler) override;
  void revoke(const RevokeTarget& target, RevokeHandler handler) override;
  void list(const ListRequest& request, ListHandler handler) override;
  [[nodiscard]] StoreStats stats() const override { return shared_.table.stats(); }
  void tick() override;

  /// Another instance has revoked (or this one, before a restart). By one loop of the instance.
  void hear(std::span<const Revocation> revocations);
  /// Writes to Redis what it is owed, from `tick` on. By one loop of the instance.
  void keep_redis_up_to_date();

 private:
  struct Walk;
  struct Search;
  struct Sweep;

  [[nodiscard]] Instant now() const noexcept { return shared_.clock.now(); }
  /// On the clock of all instances.
  [[nodiscard]] WallTime redis_time(Instant at) const noexcept { return shared_.common.at(at); }
  /// What is left of the time that a call may take in all, for one question to Redis.
  [[nodiscard]] std::chrono::milliseconds left_since(Instant begun, int questions = 1) const noexcept;
  /// Is it no proof that this key is missing in Redis?
  [[nodiscard]] bool may_be_on_its_way(const Uuid& key) const;
  [[nodiscard]] bool usable() const noexcept { return redis_ && redis_->client().usable(); }

  void issue_here(const IssueRequest& request, Home home, IssueHandler& handler);
  struct Attempt;
  void issue_in_redis(Attempt attempt, IssueHandler handler);
  /// Its fault when it wasn't written, and whether as many replicas have it as they should.
  using PutHandler = Callback<void(redis::Fault, bool confirmed)>;
  void put(const KnownToken& token, const Attempt& attempt, PutHandler handler);
  /// DEL; what fails is left behind to be tidied up.
  void remove_key(const Uuid& key);

  void ask_redis(const Uuid& key, const PublicId& id, const Sight& sight, Purpose purpose, Instant begun,
                 CheckHandler handler);
  void found_alive(const Found& found, Instant begun, Purpose purpose, CheckHandler handler);
  void found_late(const PublicId& id, const Found& found);
  void learn(const Found& found);
  void found_absent(const Uuid& key, const PublicId& id, Instant begun, CheckHandler handler);
  /// `proved`: it isn't on its way there, nor at another master.
  void settle_absent(const PublicId& id, bool proved, CheckHandler handler);
  void found_nobody(const PublicId& id, bool has_copy, CheckHandler handler);
  /// Single-use tokens whose home is Redis: the mark there decides.
  void settle_use(const KnownToken& token, Source source, Purpose purpose, Instant begun, CheckHandler handler);
  [[nodiscard]] CheckResult accept(const KnownToken& token, Source source, bool asked) const;

  struct Applied {
    bool news = false;
    std::uint64_t ended = 0;  ///< live tokens
  };
  /// Remembers it, and ends here what it ends. Doesn't tell the observer.
  Applied apply(const Revocation& revocation);
  std::uint64_t apply_and_tell(const Revocation& revocation);
  [[nodiscard]] Revocation revocation_of(const PublicId& id, const Sight& sight) const;
  void revoke_one(const PublicId& id, std::optional<Uuid> key, RevokeHandler handler);
  struct Telling {
    Revocation revocation;
    std::optional<Uuid> key;
    Mode mode = Mode::memory;
    std::uint64_t ended = 0;
    Instant begun;
  };
  void tell_of(const Telling& telling, RevokeHandler handler);
  void told(Telling telling, const redis::Answer& answer, RevokeHandler& handler);
  void revoke_all(RevokeHandler handler);

  void list_here(const ListRequest& request, TokenTable::Listed listed, ListHandler handler);

  SharedStore& shared_;
  StoreObserver* observer_;
  std::unique_ptr<RedisTokens> redis_;
  std::unique_ptr<ReplicaWriter> replicas_;  ///< null: nobody waits for replicas
  std::unique_ptr<WriteBehind> write_behind_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace vx11::store
