// Brings Redis up to date once it answers again: tokens that were issued while it failed, or that it has lost, and
// revocations that the other instances couldn't be told.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "store/redis_tokens.h"
#include "store/shared_store.h"

namespace vx11::store {

/// One an instance, on one loop. What is owed lies in the table and in the list of the untold; nothing is queued here,
/// so that an outage costs no memory but the tokens' own.
class WriteBehind {
 public:
  WriteBehind(SharedStore& shared, RedisTokens& tokens);

  /// About ten times a second. While there is something to write and Redis answers, pages follow each other at once.
  void tick();

 private:
  void begin(Owed owed);
  void next_page();
  void page_written(const std::vector<KnownToken>& page, const redis::Answer& answer);
  void tell_others();

  SharedStore& shared_;
  RedisTokens& tokens_;
  std::size_t cursor_ = 0;
  std::optional<Owed> walk_;  ///< what is under way
  bool telling_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace vx11::store
