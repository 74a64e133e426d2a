#include "store/redis_tokens.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "token/hex.h"

namespace vx11::store {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Deletes the mark only if it is still the one that was set: `KEYS[1]`, `ARGV[1]` its value.
constexpr std::string_view compare_and_delete =
    "if redis.call('GET',KEYS[1])==ARGV[1] then return redis.call('DEL',KEYS[1]) end return 0";
// Marks that can't be taken back yet; each is one token that had no luck. They end with their own expiry in any case.
constexpr std::size_t most_to_take_back = 10'000;
constexpr std::size_t taken_back_per_tick = 100;
constexpr std::size_t nonce_size = 8;
// Who saw the token's expiry from further away saw it earlier than it is: the mark must not end before the token does.
constexpr seconds mark_outlives{2};

[[nodiscard]] std::string unix_ms(WallTime time) {
  return std::to_string(std::chrono::duration_cast<milliseconds>(time.time_since_epoch()).count());
}

}  // namespace

RedisTokens::RedisTokens(redis::Client& client, const Clock& clock, Random& random, Options options)
    : client_(client),
      clock_(clock),
      random_(random),
      options_(std::move(options)),
      key_prefix_(options_.prefix + "ephemeral_token:"),
      values_(options_.instance_id),
      get_({"GET", key_of(Uuid{})}, {1}),
      life_({"PTTL", key_of(Uuid{})}, {1}),
      name_(key_of(Uuid{})) {}

std::string RedisTokens::key_of(const Uuid& key) const {
  std::string name;
  name.reserve(key_prefix_.size() + Uuid::text_size);
  name = key_prefix_;
  name.resize(key_prefix_.size() + Uuid::text_size);
  key.write(name.data() + key_prefix_.size());
  return name;
}

std::string RedisTokens::mark_key(const PublicId& id) const { return options_.prefix + "operator:used:" + id.text(); }

WallTime RedisTokens::time(Instant at) const noexcept {
  if (const auto known = client_.time(at)) return *known;
  return clock_.wall() + std::chrono::duration_cast<WallTime::duration>(at - clock_.now());
}

void RedisTokens::append_write(redis::Request& request, const KnownToken& token) const {
  const std::string key = key_of(token.key);
  const std::string value = values_.write(token.created_at, seconds(token.ttl_s), token.single_use);
  const std::string end = unix_ms(time(token.expires_at));
  if (!set_.fits({key, value, end})) set_ = redis::CommandTemplate({"SET", key, value, "PXAT", end, "NX"}, {1, 2, 4});
  request.add(set_, {key, value, end});
}

redis::Fault RedisTokens::fault_of_write(const redis::Answer& answer) noexcept {
  if (answer.fault != redis::Fault::none || !answer.replies.front().is_error()) return answer.fault;
  return redis::fault_of(answer.replies.front().text);
}

Found RedisTokens::read(const redis::Reply& value, const redis::Reply& life, const Uuid& key, const PublicId& id,
                        Instant sent_at) const {
  Found found;
  found.kind = Found::Kind::broken;
  if (value.is_nil()) {
    found.kind = Found::Kind::absent;
    return found;
  }
  if (value.is_error() && redis::fault_of(value.text) != redis::Fault::wrong_type) {
    found.kind = Found::Kind::failing;
    return found;
  }
  if (!value.is_text() || life.type != redis::Reply::Type::integer) return found;
  if (life.integer == -2) {  // it ended between the two commands
    found.kind = Found::Kind::absent;
    return found;
  }
  if (life.integer < 0) return found;  // no expiry: nobody issued that
  TokenValue read = read_token_value(value.text);
  const milliseconds left(life.integer);
  found.kind = Found::Kind::alive;
  found.token.key = key;
  found.token.id = id;
  found.token.home = Home::redis;
  found.token.expires_at = sent_at + left;
  found.token.single_use = read.single_use;
  const seconds ttl = read.ttl.count() > 0 ? read.ttl : std::max(options_.usual_ttl, std::chrono::ceil<seconds>(left));
  found.token.ttl_s = static_cast<std::uint32_t>(ttl.count());
  // Ours say when they were issued on Redis' clock; of others only expiry and life are on it.
  found.token.created_at = read.issued_by && read.created_at
                               ? *read.created_at
                               : time(found.token.expires_at) - std::chrono::duration_cast<WallTime::duration>(ttl);
  found.issued_by = std::move(read.issued_by);
  return found;
}

Found RedisTokens::read(const redis::Answer& answer, const Uuid& key, const PublicId& id, Instant sent_at) const {
  Found found;
  if (answer.replies.size() == 2 && !redis::is_failing(answer.fault)) {
    found = read(answer.replies[0], answer.replies[1], key, id, sent_at);
  }
  found.sent_at = sent_at;
  return found;
}

void RedisTokens::look_up(const Uuid& key, const PublicId& id, std::optional<milliseconds> patience,
                          LookHandler handler) {
  const auto [entry, is_first] = in_flight_.try_emplace(id);
  Flight& flight = entry->second;
  if (!is_first) return flight.others.push_back(std::move(handler));
  flight.key = key;
  flight.sent_at = clock_.now();
  flight.first = std::move(handler);
  key.write(name_.data() + key_prefix_.size());
  redis::Request request;
  request.add(get_, {name_}).add(life_, {name_});
  auto answered = [this, alive = std::weak_ptr(alive_), id](const redis::Answer& answer) {
    if (!alive.expired()) landed(id, answer);
  };
  if (!patience) return client_.ask(std::move(request), std::move(answered));
  client_.ask_patiently(
      std::move(request), *patience, std::move(answered),
      [this, alive = std::weak_ptr(alive_), key, id, sent_at = flight.sent_at](const redis::Answer& answer) {
        if (!alive.expired() && late_) late_(id, read(answer, key, id, sent_at));
      });
}

void RedisTokens::landed(const PublicId& id, const redis::Answer& answer) {
  const auto entry = in_flight_.find(id);
  if (entry == in_flight_.end()) return;
  // A handler may ask for the same token anew.
  Flight flight = std::move(entry->second);
  in_flight_.erase(entry);
  const Found found = read(answer, flight.key, id, flight.sent_at);
  flight.first(found);
  for (LookHandler& handler : flight.others) handler(found);
}

void RedisTokens::remove(const Uuid& key, RemoveHandler handler) {
  client_.ask({"DEL", key_of(key)}, [handler = std::move(handler)](const redis::Answer& answer) mutable {
    const bool counted = answer.fault == redis::Fault::none && answer.replies.front().integer > 0;
    handler(answer.fault, counted ? static_cast<std::uint64_t>(answer.replies.front().integer) : 0);
  });
}

void RedisTokens::look_at_mark(const PublicId& id, milliseconds deadline, MarkHandler handler) {
  client_.ask({"EXISTS", mark_key(id)}, deadline, [handler = std::move(handler)](const redis::Answer& answer) mutable {
    if (answer.fault != redis::Fault::none) return handler(Mark::failing);
    handler(answer.replies.front().integer > 0 ? Mark::taken : Mark::free);
  });
}

void RedisTokens::mark(const PublicId& id, Instant expires_at, milliseconds deadline, MarkHandler handler) {
  std::array<std::byte, nonce_size> nonce{};
  random_.fill(nonce);
  MarkToTake mine{mark_key(id), options_.instance_id + ":" + hex_text(nonce)};
  redis::Request request{"SET", mine.key, mine.value, "PXAT", unix_ms(time(expires_at) + mark_outlives), "NX"};
  client_.ask(std::move(request), deadline,
              [this, alive = std::weak_ptr(alive_), mine = std::move(mine),
               handler = std::move(handler)](const redis::Answer& answer) mutable {
                if (answer.fault == redis::Fault::none) {
                  const redis::Reply& reply = answer.replies.front();
                  if (reply.is_error()) return handler(Mark::failing);
                  return handler(reply.is_nil() ? Mark::taken : Mark::free);
                }
                const bool perhaps_set =
                    answer.fault == redis::Fault::timed_out || answer.fault == redis::Fault::connection_lost;
                if (perhaps_set && !alive.expired()) take_back(std::move(mine));
                handler(Mark::failing);
              });
}

void RedisTokens::append_mark(redis::Request& request, const KnownToken& token) const {
  request.add({"SET", mark_key(token.id), options_.instance_id + ":again", "PXAT",
               unix_ms(time(token.expires_at) + mark_outlives), "NX"});
}

void RedisTokens::take_back(MarkToTake mark) {
  if (to_take_back_.size() < most_to_take_back) to_take_back_.push_back(std::move(mark));
}

void RedisTokens::tick() {
  if (to_take_back_.empty() || !client_.usable()) return;
  const std::size_t count = std::min(to_take_back_.size(), taken_back_per_tick);
  std::vector<MarkToTake> now(std::make_move_iterator(to_take_back_.end() - static_cast<std::ptrdiff_t>(count)),
                              std::make_move_iterator(to_take_back_.end()));
  to_take_back_.resize(to_take_back_.size() - count);
  for (MarkToTake& one : now) {
    redis::Request request{"EVAL", compare_and_delete, "1", one.key, one.value};
    client_.ask(std::move(request), [this, alive = std::weak_ptr(alive_), one](const redis::Answer& answer) {
      if (answer.fault != redis::Fault::none && !alive.expired()) take_back(one);
    });
  }
}

void RedisTokens::scan(std::string_view cursor, std::size_t count, Detail detail, milliseconds deadline,
                       PageHandler handler) {
  redis::Request request{"SCAN", cursor, "MATCH", key_prefix_ + "*", "COUNT", std::to_string(count)};
  client_.ask(std::move(request), deadline,
              [this, alive = std::weak_ptr(alive_), detail, deadline,
               handler = std::move(handler)](const redis::Answer& answer) mutable {
                Page page;
                const bool has_cursor = !answer.replies.empty() && answer.replies.front().count == 2 &&
                                        answer.replies.front().first[0].is_text() &&
                                        answer.replies.front().first[1].is_array();
                page.failing = !has_cursor || answer.fault != redis::Fault::none || alive.expired();
                if (!has_cursor || alive.expired()) {
                  page.cursor.clear();
                  return handler(std::move(page));
                }
                const auto& reply = answer.replies.front();
                page.cursor = reply.first[0].text;
                page.last = page.cursor == "0";
                std::vector<Uuid> keys;
                for (const redis::Reply& name : reply.first[1].elements()) {
                  if (!name.text.starts_with(key_prefix_)) continue;
                  // What isn't a token's name can never be presented as one.
                  if (const auto key = Uuid::parse(name.text.substr(key_prefix_.size()))) keys.push_back(*key);
                }
                if (detail == Detail::names) {
                  for (const Uuid& key : keys) {
                    Found& found = page.found.emplace_back();
                    found.kind = Found::Kind::alive;
                    found.token.key = key;
                    found.token.id = PublicId::of(key.text().reveal());
                  }
                }
                if (keys.empty() || detail == Detail::names) return handler(std::move(page));
                read_page(std::move(keys), std::move(page), deadline, std::move(handler));
              });
}

void RedisTokens::read_page(std::vector<Uuid> keys, Page page, milliseconds deadline, PageHandler handler) {
  redis::Request request;
  for (const Uuid& key : keys) {
    const std::string name = key_of(key);
    request.add(get_, {name}).add(life_, {name});
  }
  client_.ask(std::move(request), deadline,
              [this, alive = std::weak_ptr(alive_), keys = std::move(keys), page = std::move(page),
               handler = std::move(handler), sent_at = clock_.now()](const redis::Answer& answer) mutable {
                if (alive.expired() || redis::is_failing(answer.fault) || answer.replies.size() != 2 * keys.size()) {
                  page.failing = true;
                  return handler(std::move(page));
                }
                for (std::size_t i = 0; i < keys.size(); ++i) {
                  const PublicId id = PublicId::of(keys[i].text().reveal());
                  Found found = read(answer.replies[2 * i], answer.replies[2 * i + 1], keys[i], id, sent_at);
                  if (found.kind == Found::Kind::alive) page.found.push_back(std::move(found));
                }
                handler(std::move(page));
              });
}

}  // namespace vx11::store
