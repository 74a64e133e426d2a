// Brings Redis up to date once it answers again: tokens that were issued while it failed, or that it has lost, and
// revocations that the other instances couldn't be told.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "store/redis_tokens.h"
#include "store/shared_store.h"

namespace vx11::store {

/// One an instance, on one loop. Also deletes the keys of revoked tokens that were left behind. What is owed lies in
/// the table and in the list of the untold; nothing is queued here, so that an outage costs no memory but the tokens'
/// own.
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
  void tidy(std::string_view cursor);

  SharedStore& shared_;
  RedisTokens& tokens_;
  std::size_t cursor_ = 0;
  std::optional<Owed> walk_;         ///< what is under way,
  std::vector<KnownToken> waiting_;  ///< and has still to be written of its page
  bool tidying_ = false;
  bool telling_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace vx11::store
