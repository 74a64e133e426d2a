// Brings Redis up to date once it answers again: tokens that were issued while it failed, or that it has lost, and
// revocations that the other instances couldn't be told.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "redis/slot.h"
#include "store/redis_tokens.h"
#include "store/shared_store.h"

namespace vx11::store {

/// One an instance, on one loop. Also deletes the keys of revoked tokens that were left behind. What is owed lies in
/// the table and in the list of the untold; nothing is queued here, so that an outage costs no memory but the tokens'
/// own.
class WriteBehind {
 public:
  WriteBehind(SharedStore& shared, RedisTokens& tokens);

  /// About ten times a second. While there is something to write and Redis answers, pages follow each other at once;
  /// of a Redis that answers in part, what failed is tried again more and more slowly, once a second in the end.
  void tick();

 private:
  /// Between an attempt that failed, be it in part, and the next.
  class Pause {
   public:
    [[nodiscard]] bool over(Instant now) const noexcept { return now >= until_; }
    void lengthen(Instant now) noexcept;
    void end() noexcept { *this = Pause(); }

   private:
    Instant until_;
    std::chrono::milliseconds next_{100};
  };

  void begin(Owed owed, const redis::SlotSet& slots);
  void next_page();
  /// Of the table's, what is in the slots that are written, and still has to be.
  void fill_page();
  void end_walk();
  void write_page();
  void page_written(const std::vector<KnownToken>& page, const redis::Answer& answer);
  [[nodiscard]] redis::Slot slot_of(const KnownToken& token) const;
  void tell_others();
  void told(std::vector<Untold> batch, std::size_t in_feed, const redis::Answer& answer);
  void tidy();
  void tidy_page(const std::string& from, const RedisTokens::Page& page);
  void tidied(const std::string& from, const RedisTokens::Page& page, bool whole);
  void tidy_from_the_start();
  void look_again();
  [[nodiscard]] Instant now() const noexcept { return shared_.clock.now(); }

  SharedStore& shared_;
  RedisTokens& tokens_;
  std::size_t cursor_ = 0;
  bool walked_ = false;              ///< all pages of it have been fetched
  std::optional<Owed> walk_;         ///< what is under way,
  redis::SlotSet slots_, failed_;    ///< where, and of these what couldn't be written,
  std::vector<KnownToken> waiting_;  ///< and has still to be written of its page
  std::string tidied_to_;            ///< SCAN's cursor; empty: nothing is to be tidied up
  std::string held_up_at_;           ///< the first place of this walk to be come back to; empty: there is none
  bool tidying_ = false;
  WallTime seen_before_;  ///< the denylist's, as of the last tick
  Instant look_again_ = Instant::max();
  bool telling_ = false;
  Pause writing_pause_, telling_pause_, tidying_pause_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace vx11::store
