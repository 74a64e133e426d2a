// What happened to tokens on one loop since the last flush, for those who follow tokens/watch.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <boost/unordered/unordered_flat_map.hpp>

#include "store/token_store.h"
#include "token/token_id.h"

namespace vx11::api {

struct Shared;

/// Belongs to one loop. Nothing is collected while nobody watches; under load events are merged and, past a bound,
/// only counted ("more"), so that watching never costs the service its latency.
class WatchFeed {
 public:
  explicit WatchFeed(Shared& shared) : shared_(shared) {}

  void issued(const store::IssueResult& result, const store::IssueRequest& request);
  void accepted(const PublicId& id, bool used_up);
  void refused(store::Reason reason);
  void revoked(std::span<const PublicId> ids);
  void revoked_all();
  void expired(std::span<const PublicId> ids);
  void mode_changed();
  /// Whether Redis is up, or what its breaker lets through, is another than before.
  void redis_changed();
  /// Another server took over, or several did.
  void failed_over();
  /// Tells all watchers; about five times a second.
  void flush();

 private:
  static constexpr std::size_t most = 2000;  ///< tokens named a flush and kind
  static constexpr std::size_t reasons = 7;

  struct Accepted {
    std::uint32_t count = 0;
    bool used_up = false;
  };
  struct IdList {
    std::string text;  ///< JSON strings, comma-separated
    std::size_t count = 0;
    std::uint64_t more = 0;
    void add(std::span<const PublicId> ids);
  };

  /// What presupposes that a token is known. It is told one flush later than it happened, because the loop that issued
  /// the token may flush after this one.
  struct Followers {
    boost::unordered_flat_map<PublicId, Accepted, PublicIdHash> accepted;
    std::uint64_t accepted_more = 0;
    IdList revoked, expired;
    bool revoked_all = false;
  };

  /// Whether news is to be kept for the next flush. What is left from before a pause without watchers is forgotten:
  /// what became of it in the pause was not kept, and the next watcher lists for himself.
  [[nodiscard]] bool watched();
  void tell(std::string_view event, std::string_view data);
  void flush_issued();
  void flush_followers();
  void flush_refused();
  void flush_mode();
  void flush_redis();
  void flush_failover();

  Shared& shared_;
  std::uint32_t pauses_ = 0;
  std::string issued_;
  std::size_t issued_count_ = 0;
  std::uint64_t issued_more_ = 0;
  Followers now_, due_;
  std::uint64_t refused_by_reason_[reasons]{};
  std::uint64_t refused_ = 0;
  bool mode_changed_ = false;
  bool draining_told_ = false;  ///< watchers are owed word of the drain window's end
  bool redis_changed_ = false;
  bool failed_over_ = false;
};

}  // namespace vx11::api
