// The list of tokens: of this process, or of everybody who shares the Redis.
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

#include "redis/scan_cursor.h"
#include "store/loop_store.h"

namespace vx11::store {

namespace {

// The cursor of a walk through Redis begins with this; any other is the table's.
constexpr char in_redis = 'r';
constexpr std::size_t least_per_step = 100;
constexpr std::size_t most_per_step = 1000;
// Other keys in the same database make pages empty: a call ends after so many steps whatever it has found.
constexpr int steps_per_call = 10;
constexpr std::chrono::milliseconds time_for_steps{100};

/// One server's cursors are numbers.
[[nodiscard]] bool is_in_redis(std::string_view text, bool sharded) noexcept {
  if (!text.starts_with(in_redis)) return false;
  text.remove_prefix(1);
  if (sharded) return redis::is_scan_cursor(text);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

/// One call's share of the walk through Redis.
struct LoopStore::Walk : std::enable_shared_from_this<Walk> {
  LoopStore& store;
  ListRequest request;
  ListHandler handler;
  ListPage page;
  Instant begun;
  int steps = 0;

  Walk(LoopStore& of, ListRequest asked, ListPage had, ListHandler done)
      : store(of), request(std::move(asked)), handler(std::move(done)), page(std::move(had)), begun(of.now()) {}

  void step(std::string_view cursor) {
    const std::size_t count = std::clamp(request.limit, least_per_step, most_per_step);
    store.redis_->scan(cursor, count, RedisTokens::Detail::tokens, store.left_since(begun, 2),
                       [self = shared_from_this(), alive = std::weak_ptr(store.alive_)](RedisTokens::Page found) {
                         if (!alive.expired()) self->take(std::move(found));
                       });
  }

  void take(RedisTokens::Page found) {
    if (found.failing) {
      page = {};
      page.unavailable = true;
      return handler(std::move(page));
    }
    for (const Found& one : found.found) add(one);
    if (found.last) {
      page.cursor.reset();
      return handler(std::move(page));
    }
    const bool in_time = store.now() - begun < time_for_steps;
    if (page.tokens.size() < request.limit && ++steps < steps_per_call && in_time) return step(found.cursor);
    page.cursor = in_redis + found.cursor;
    handler(std::move(page));
  }

  void add(const Found& found) {
    const KnownToken& token = found.token;
    const std::string id = token.id.text();
    const bool matches = request.match.empty() || id.find(request.match) != std::string::npos ||
                         (found.issued_by && found.issued_by->find(request.match) != std::string::npos);
    if (!matches || store.shared_.denylist.denies(token.id, token.created_at)) return;
    TokenRecord& record = page.tokens.emplace_back();
    record.masked = masked(token.key.text().reveal());
    record.id = token.id;
    record.created_at = token.created_at;
    record.ttl = std::chrono::seconds(token.ttl_s);
    record.expires_in = std::chrono::ceil<std::chrono::milliseconds>(token.expires_at - store.now());
    record.issued_by = found.issued_by;
    const Sight::State here = store.shared_.table.look(token.id).state;
    record.cached_here = here == Sight::State::fresh || here == Sight::State::stale;
    record.single_use = token.single_use;
  }
};

void LoopStore::list(const ListRequest& request, ListHandler handler) {
  const Mode mode = shared_.modes.mode();
  if (mode == Mode::memory || mode == Mode::signed_tokens || !redis_) {
    return list_here(request, TokenTable::Listed::mine, std::move(handler));
  }
  ListPage begun;
  std::string_view cursor = request.cursor;
  if (!is_in_redis(cursor, shared_.sharded)) {
    // First what Redis doesn't have: issued in mode memory before, or while it failed.
    begun = shared_.table.list(request, TokenTable::Listed::mine_not_in_redis);
    if (!begun.cursor_ok || begun.cursor || begun.tokens.size() >= request.limit) {
      if (begun.cursor_ok && !begun.cursor) begun.cursor = std::string(1, in_redis) + "0";
      return handler(std::move(begun));
    }
    cursor = "r0";
  }
  cursor.remove_prefix(1);
  const std::string from(cursor);
  std::make_shared<Walk>(*this, request, std::move(begun), std::move(handler))->step(from);
}

void LoopStore::list_here(const ListRequest& request, TokenTable::Listed listed, ListHandler handler) {
  // A walk that began in Redis, before the mode changed, has nothing to go on from.
  handler(shared_.table.list(request, listed));
}

}  // namespace vx11::store
