#include "store/write_behind.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace vx11::store {

namespace {

constexpr std::size_t told_at_a_time = 500;
constexpr std::size_t written_at_a_time = 1000;
constexpr std::size_t tidied_at_a_time = 500;
constexpr std::size_t many_refused = 100;  // more than one shard's, if all of a page are
// A page is a burst of commands: it gets more time than one command does.
constexpr std::chrono::milliseconds page_deadline{1000};
constexpr std::chrono::milliseconds longest_pause{1000};
// A slot's keys have moved by then, and every map of the slots says so.
constexpr std::chrono::seconds until_moved{15};

/// Was this command of the request executed?
[[nodiscard]] bool done(const redis::Answer& answer, std::size_t command) {
  return command < answer.replies.size() && !answer.replies[command].is_error();
}

}  // namespace

void WriteBehind::Pause::lengthen(Instant now) noexcept {
  until_ = now + next_;
  next_ = std::min(2 * next_, longest_pause);
}

WriteBehind::WriteBehind(SharedStore& shared, RedisTokens& tokens) : shared_(shared), tokens_(tokens) {}

void WriteBehind::tick() {
  const bool replaced = shared_.recovery.take_news();
  // A server that didn't get the last writes has keys again that a revocation deleted.
  if (replaced && shared_.denylist.size() > 0) shared_.keys_left_behind.store(true);
  if (replaced || !tokens_.client().usable()) {  // then at once, when it can be
    writing_pause_.end();
    telling_pause_.end();
    tidying_pause_.end();
    if (!tidied_to_.empty()) tidy_from_the_start();  // another server's cursor
  }
  if (!tokens_.client().usable()) {
    if (shared_.untold.size() > 0) shared_.untold.prune(shared_.common.at(now()));
    return;
  }
  look_again();
  // Also while it waits for one server, so that the others are rid of what came later.
  const bool rests = tidied_to_ == held_up_at_;
  if (rests && !tidying_ && shared_.keys_left_behind.exchange(false)) tidy_from_the_start();
  if (!tidied_to_.empty() && !tidying_ && tidying_pause_.over(now())) tidy();
  if (!telling_ && shared_.untold.size() > 0 && telling_pause_.over(now())) tell_others();
  if (walk_ || !writing_pause_.over(now())) return;
  if (const auto slots = shared_.recovery.take()) {
    begin(Owed::used, *slots);  // before the tokens themselves: a used one must not be found without its mark
  } else if (shared_.table.unwritten() > 0) {
    begin(Owed::unwritten, redis::SlotSet().set());
  }
}

void WriteBehind::begin(Owed owed, const redis::SlotSet& slots) {
  walk_ = owed;
  slots_ = slots;
  failed_.reset();
  cursor_ = 0;
  walked_ = false;
  next_page();
}

void WriteBehind::next_page() {
  while (waiting_.empty() && walk_) {
    if (!std::exchange(walked_, false)) {
      fill_page();
      walked_ = cursor_ == 0;
    } else if (*walk_ == Owed::used) {
      walk_ = Owed::live;
    } else {
      end_walk();
    }
  }
  if (walk_) write_page();
}

void WriteBehind::fill_page() {
  waiting_ = shared_.table.owed_to_redis(cursor_, *walk_);
  std::erase_if(waiting_, [this](const KnownToken& token) {
    if (!slots_.all() && !slots_[slot_of(token)]) return true;
    if (!shared_.denylist.denies(token.id, token.created_at)) return false;
    shared_.table.written(token.id);  // there is nothing to write any more
    shared_.keys_left_behind.store(true);
    return true;
  });
}

void WriteBehind::end_walk() {
  if (*walk_ != Owed::unwritten) shared_.recovery.written_back(failed_);
  walk_.reset();
  waiting_.clear();
  failed_.any() ? writing_pause_.lengthen(now()) : writing_pause_.end();
}

void WriteBehind::write_page() {
  // What isn't there is still to come, for everybody.
  shared_.recovery.begin(now());
  const std::size_t count = std::min(waiting_.size(), written_at_a_time);
  std::vector<KnownToken> page(waiting_.end() - static_cast<std::ptrdiff_t>(count), waiting_.end());
  waiting_.resize(waiting_.size() - count, KnownToken{});
  redis::Request request;
  for (const KnownToken& token : page) {
    *walk_ == Owed::used ? tokens_.append_mark(request, token) : tokens_.append_write(request, token);
  }
  tokens_.client().ask(std::move(request), page_deadline,
                       [this, alive = std::weak_ptr(alive_), page = std::move(page)](const redis::Answer& answer) {
                         if (!alive.expired()) page_written(page, answer);
                       });
}

void WriteBehind::page_written(const std::vector<KnownToken>& page, const redis::Answer& answer) {
  if (answer.replies.empty()) {  // later, from the start: SET NX does no harm twice
    failed_ = slots_;
    return end_walk();
  }
  std::size_t count = 0;
  for (std::size_t i = 0; i < page.size(); ++i) {
    if (!done(answer, i)) {
      failed_.set(slot_of(page[i]));
      continue;
    }
    ++count;
    if (*walk_ == Owed::used) continue;
    shared_.table.written(page[i].id);
    // Revoked between the look at the denylist and the command: the key must not outlive that.
    if (shared_.denylist.denies(page[i].id, page[i].created_at)) shared_.keys_left_behind.store(true);
  }
  if (count == 0 && page.size() >= many_refused) {  // a full server refuses the rest as well
    failed_ = slots_;
    return end_walk();
  }
  next_page();
}

redis::Slot WriteBehind::slot_of(const KnownToken& token) const {
  return redis::slot_of(*walk_ == Owed::used ? tokens_.mark_key(token.id) : tokens_.key_of(token.key));
}

void WriteBehind::tell_others() {
  std::vector<Untold> batch = shared_.untold.take(told_at_a_time);
  const WallTime time = shared_.common.at(now());
  std::erase_if(batch, [time](const Untold& one) { return one.revocation.expires <= time; });
  if (batch.empty()) return;
  std::vector<Revocation> revocations;
  redis::Request request;
  for (const Untold& one : batch) revocations.push_back(one.revocation);
  shared_.log->append(request, revocations, time);
  const std::size_t in_feed = request.commands();
  for (const Untold& one : batch) {
    if (one.key) request.add({"DEL", tokens_.key_of(*one.key)});
  }
  telling_ = true;
  tokens_.client().ask(
      std::move(request), page_deadline,
      [this, alive = std::weak_ptr(alive_), in_feed, batch = std::move(batch)](const redis::Answer& answer) mutable {
        if (!alive.expired()) told(std::move(batch), in_feed, answer);
      });
}

void WriteBehind::told(std::vector<Untold> batch, std::size_t in_feed, const redis::Answer& answer) {
  telling_ = false;
  bool all_told = true;
  for (std::size_t i = 0; i < in_feed; ++i) all_told = all_told && done(answer, i);
  if (!all_told) {  // twice in the feed is as good as once
    telling_pause_.lengthen(now());
    for (Untold& one : batch) shared_.untold.add(std::move(one));
    return;
  }
  telling_pause_.end();
  std::size_t command = in_feed;
  for (const Untold& one : batch) {
    // Of some the key isn't known, and `before` has many.
    if (!one.key || !done(answer, command++)) shared_.keys_left_behind.store(true);
  }
}

/// Keys on their way from one server to another may have slipped past whoever deleted all tokens.
void WriteBehind::look_again() {
  if (!shared_.sharded) return;
  if (const WallTime before = shared_.denylist.before(); before != seen_before_) {
    seen_before_ = before;
    if (before != WallTime{}) look_again_ = now() + until_moved;
  }
  if (now() < look_again_) return;
  look_again_ = Instant::max();
  shared_.keys_left_behind.store(true);
}

void WriteBehind::tidy_from_the_start() {
  tidied_to_ = "0";
  held_up_at_.clear();
}

void WriteBehind::tidy() {
  tidying_ = true;
  tokens_.scan(tidied_to_, tidied_at_a_time, RedisTokens::Detail::tokens, page_deadline,
               [this, alive = std::weak_ptr(alive_), from = tidied_to_](const RedisTokens::Page& page) {
                 if (!alive.expired()) tidy_page(from, page);
               });
}

void WriteBehind::tidy_page(const std::string& from, const RedisTokens::Page& page) {
  redis::Request request;
  for (const Found& found : page.found) {
    const KnownToken& token = found.token;
    if (shared_.denylist.denies(token.id, token.created_at)) request.add({"DEL", tokens_.key_of(token.key)});
  }
  const std::size_t count = request.commands();
  if (count == 0) return tidied(from, page, !page.failing);
  tokens_.client().ask(
      std::move(request), page_deadline,
      [this, alive = std::weak_ptr(alive_), from, count,
       rest = RedisTokens::Page{page.failing, page.last, page.cursor, {}}](const redis::Answer& answer) {
        if (alive.expired()) return;
        bool whole = !rest.failing;
        for (std::size_t i = 0; i < count; ++i) whole = whole && done(answer, i);
        tidied(from, rest, whole);
      });
}

/// A server that is away holds up nobody else: it is come back to when the others are tidy.
void WriteBehind::tidied(const std::string& from, const RedisTokens::Page& page, bool whole) {
  tidying_ = false;
  if (from != tidied_to_) return;  // the walk has begun anew meanwhile
  const bool came_back = from == held_up_at_;
  if (whole && came_back) held_up_at_.clear();
  if (!whole && held_up_at_.empty()) held_up_at_ = from;
  const bool stays = !whole && (came_back || page.cursor.empty());
  tidied_to_ = stays || page.last ? held_up_at_ : page.cursor;
  if (whole) tidying_pause_.end();
  if (tidied_to_ == held_up_at_) {
    if (!held_up_at_.empty()) tidying_pause_.lengthen(now());
  } else {
    tidy();
  }
}

}  // namespace vx11::store
