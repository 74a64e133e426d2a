#include "store/write_behind.h"

#include <utility>
#include <vector>

namespace vx11::store {

namespace {

constexpr std::size_t told_at_a_time = 500;
// A page is a burst of commands: it gets more time than one command does.
constexpr std::chrono::milliseconds page_deadline{1000};

}  // namespace

WriteBehind::WriteBehind(SharedStore& shared, RedisTokens& tokens) : shared_(shared), tokens_(tokens) {}

void WriteBehind::tick() {
  if (!tokens_.client().usable()) return;
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
  std::vector<KnownToken> page;
  do {
    page = shared_.table.owed_to_redis(cursor_, *walk_);
    std::erase_if(page, [this](const KnownToken& token) {
      if (!shared_.denylist.denies(token.id, token.created_at)) return false;
      shared_.table.written(token.id);  // there is nothing to write any more
      return true;
    });
  } while (page.empty() && cursor_ != 0);
  if (page.empty()) return page_written(page, {});
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
  if (cursor_ != 0) return next_page();
  if (*walk_ == Owed::used) return begin(Owed::live);
  walk_.reset();
}

void WriteBehind::tell_others() {
  std::vector<Untold> batch = shared_.untold.take(told_at_a_time);
  const WallTime now = tokens_.time(shared_.clock.now());
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
                         if (answer.fault == redis::Fault::none) return;
                         // Twice in the feed is as good as once.
                         for (const Untold& one : batch) shared_.untold.add(one);
                       });
}

}  // namespace vx11::store
