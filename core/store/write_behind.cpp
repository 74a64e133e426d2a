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
// A page is a burst of commands: it gets more time than one command does.
constexpr std::chrono::milliseconds page_deadline{1000};

}  // namespace

WriteBehind::WriteBehind(SharedStore& shared, RedisTokens& tokens) : shared_(shared), tokens_(tokens) {}

void WriteBehind::tick() {
  if (!tokens_.client().usable()) {
    if (shared_.untold.size() > 0) shared_.untold.prune(shared_.common.at(shared_.clock.now()));
    return;
  }
  if (!tidying_ && shared_.keys_left_behind.exchange(false)) tidy("0");
  if (!telling_ && shared_.untold.size() > 0) tell_others();
  if (walk_) return;
  if (shared_.recovery.take_rewrite()) {
    begin(Owed::used);  // before the tokens themselves: a used one must not be found without its mark
  } else if (shared_.table.unwritten() > 0) {
    begin(Owed::unwritten);
  }
}

void WriteBehind::begin(Owed owed) {
  walk_ = owed;
  cursor_ = 0;
  next_page();
}

void WriteBehind::next_page() {
  while (waiting_.empty() && walk_) {
    waiting_ = shared_.table.owed_to_redis(cursor_, *walk_);
    std::erase_if(waiting_, [this](const KnownToken& token) {
      if (!shared_.denylist.denies(token.id, token.created_at)) return false;
      shared_.table.written(token.id);  // there is nothing to write any more
      shared_.keys_left_behind.store(true);
      return true;
    });
    if (!waiting_.empty() || cursor_ != 0) continue;
    if (*walk_ == Owed::used) {
      walk_ = Owed::live;
    } else {
      walk_.reset();
    }
  }
  if (!walk_) return;
  // What isn't there is still to come, for everybody.
  shared_.recovery.begin(shared_.clock.now());
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
  if (answer.fault != redis::Fault::none) {  // later, from the start: SET NX does no harm twice
    if (*walk_ != Owed::unwritten) shared_.recovery.rewrite_all(shared_.clock.now());
    walk_.reset();
    waiting_.clear();
    return;
  }
  for (std::size_t i = 0; i < page.size(); ++i) {
    if (*walk_ == Owed::used || answer.replies[i].is_error()) continue;
    shared_.table.written(page[i].id);
    // Revoked between the look at the denylist and the command: the key must not outlive that.
    if (shared_.denylist.denies(page[i].id, page[i].created_at)) {
      tokens_.remove(page[i].key, [](redis::Fault, std::uint64_t) {});
    }
  }
  if (waiting_.empty() && cursor_ == 0) {
    if (*walk_ == Owed::used) return begin(Owed::live);
    walk_.reset();
    return;
  }
  next_page();
}

void WriteBehind::tell_others() {
  std::vector<Untold> batch = shared_.untold.take(told_at_a_time);
  const WallTime now = shared_.common.at(shared_.clock.now());
  std::erase_if(batch, [now](const Untold& one) { return one.revocation.expires <= now; });
  if (batch.empty()) return;
  std::vector<Revocation> revocations;
  redis::Request request;
  for (const Untold& one : batch) revocations.push_back(one.revocation);
  shared_.log->append(request, revocations, now);
  for (const Untold& one : batch) {
    if (one.key) request.add({"DEL", tokens_.key_of(*one.key)});
  }
  telling_ = true;
  tokens_.client().ask(std::move(request), page_deadline,
                       [this, alive = std::weak_ptr(alive_), batch = std::move(batch)](const redis::Answer& answer) {
                         if (alive.expired()) return;
                         telling_ = false;
                         if (answer.fault == redis::Fault::none) {
                           // Of some the key isn't known, and `before` has many.
                           const bool unknown_keys =
                               std::any_of(batch.begin(), batch.end(), [](const Untold& one) { return !one.key; });
                           if (unknown_keys) shared_.keys_left_behind.store(true);
                           return;
                         }
                         // Twice in the feed is as good as once.
                         for (const Untold& one : batch) shared_.untold.add(one);
                       });
}

void WriteBehind::tidy(std::string_view cursor) {
  tidying_ = true;
  tokens_.scan(cursor, tidied_at_a_time, RedisTokens::Detail::tokens, page_deadline,
               [this, alive = std::weak_ptr(alive_)](RedisTokens::Page page) {
                 if (alive.expired()) return;
                 redis::Request request;
                 for (const Found& found : page.found) {
                   const KnownToken& token = found.token;
                   if (shared_.denylist.denies(token.id, token.created_at))
                     request.add({"DEL", tokens_.key_of(token.key)});
                 }
                 if (request.commands() > 0) tokens_.client().ask(std::move(request), [](const redis::Answer&) {});
                 tidying_ = false;
                 if (page.failing) {
                   shared_.keys_left_behind.store(true);  // from the start, later
                 } else if (!page.last) {
                   tidy(page.cursor);
                 }
               });
}

}  // namespace vx11::store
