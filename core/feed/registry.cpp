#include "feed/registry.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "feed/roster_reader.h"

namespace vx11::feed {

namespace {

using namespace std::chrono_literals;

constexpr auto write_interval = 3s;
constexpr auto read_interval = 2s;
constexpr auto after_failure = 500ms;
constexpr std::string_view record_life_s = "10";
constexpr auto other_seen_for = 10s;  // another process' record lives as long
constexpr auto member_life = 10min;  // of one that fell silent: it is missed for so long

std::int64_t ms_of(WallTime time) {
  return std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count();
}

}  // namespace

struct Registry::Impl : std::enable_shared_from_this<Impl> {
  Impl(redis::Client& its_client, const Clock& its_clock, const Keys& its_keys, Roster& roster,
       std::function<InstanceRecord()> its_record)
      : client(its_client),
        clock(its_clock),
        keys(its_keys),
        mine(std::move(its_record)),
        reader(client, clock, keys, roster) {}

  /// The record that is replaced is read first: it shows who wrote last.
  void write(Instant now) {
    const auto redis_now = client.time(now);
    if (!redis_now) return;
    writing = true;
    write_at = now + write_interval;
    const InstanceRecord record = mine();
    const std::string key = keys.instance + record.id;
    redis::Request request{"GET", key};
    request.add({"SET", key, write_record(record), "EX", record_life_s});
    request.add({"ZADD", keys.instances, std::to_string(ms_of(*redis_now)), record.id});
    request.add({"ZREMRANGEBYSCORE", keys.instances, "-inf", "(" + std::to_string(ms_of(*redis_now - member_life))});
    client.ask(std::move(request), [weak = weak_from_this(), boot = record.boot](const redis::Answer& answer) {
      if (const auto self = weak.lock()) self->written(answer, boot);
    });
  }

  void written(const redis::Answer& answer, const std::string& boot) {
    writing = false;
    tried = true;
    const Instant now = clock.now();
    const bool failed = answer.replies.size() != 4 ||
                        std::any_of(answer.replies.begin(), answer.replies.end(), [](auto& r) { return r.is_error(); });
    if (answer.replies.size() == 4 && answer.replies[0].is_text() && wrote_once) {
      const auto before = read_record(answer.replies[0].text);
      if (before && before->boot != boot) other_seen.store(now.time_since_epoch().count(), std::memory_order_relaxed);
    }
    if (failed) {
      write_at = std::min(write_at, now + after_failure);
    } else {
      wrote_once = true;
    }
  }

  void read(Instant now) {
    read_at = now + read_interval;
    reader.ask([weak = weak_from_this()](const std::optional<Listing>& listing) {
      const auto self = weak.lock();
      const bool failed = !listing || !listing->fresh;
      if (self && failed) self->read_at = std::min(self->read_at, self->clock.now() + after_failure);
    });
  }

  [[nodiscard]] bool id_taken() const noexcept {
    const auto seen = other_seen.load(std::memory_order_relaxed);
    return seen != 0 && clock.now() - Instant{Instant::duration{seen}} < other_seen_for;
  }

  redis::Client& client;
  const Clock& clock;
  const Keys keys;
  const std::function<InstanceRecord()> mine;
  RosterReader reader;

  Instant write_at, read_at;
  bool writing = false, tried = false;
  bool wrote_once = false;  ///< before that, a record with another boot is what a crash left behind
  bool left = false;
  std::atomic<Instant::rep> other_seen{0};
};

Registry::Registry(redis::Client& client, const Clock& clock, Keys keys, Roster& roster,
                   std::function<InstanceRecord()> mine)
    : impl_(std::make_shared<Impl>(client, clock, keys, roster, std::move(mine))) {}

Registry::~Registry() = default;

void Registry::tick() {
  const Instant now = impl_->clock.now();
  if (impl_->left || !impl_->client.usable()) return;
  if (!impl_->writing && now >= impl_->write_at) impl_->write(now);
  if (!impl_->reader.under_way() && now >= impl_->read_at) impl_->read(now);
}

void Registry::hurry() { impl_->write_at = impl_->read_at = {}; }

void Registry::leave() {
  if (std::exchange(impl_->left, true)) return;
  if (impl_->id_taken()) return;  // it is the other's record as well
  const InstanceRecord record = impl_->mine();
  redis::Request request{"DEL", impl_->keys.instance + record.id};
  request.add({"ZREM", impl_->keys.instances, record.id});
  impl_->client.ask(std::move(request), [](const redis::Answer&) {});
}

bool Registry::has_tried() const noexcept { return impl_->tried; }

bool Registry::id_taken() const noexcept { return impl_->id_taken(); }

}  // namespace vx11::feed
