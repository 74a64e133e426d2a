#include "feed/registry.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <string_view>
#include <utility>

#include "feed/registry_record.h"

namespace vx11::feed {

namespace {

using namespace std::chrono_literals;

constexpr auto write_interval = 3s;
constexpr auto read_interval = 2s;
constexpr auto after_failure = 500ms;
constexpr std::string_view record_life_s = "10";
constexpr auto other_seen_for = 10s;  // another process' record lives as long
constexpr auto member_life = 60s;

std::int64_t ms_of(WallTime time) {
  return std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count();
}

}  // namespace

struct Registry::Impl : std::enable_shared_from_this<Impl> {
  Impl(redis::Client& its_client, const Clock& its_clock, Keys its_keys, std::function<InstanceRecord()> its_record)
      : client(its_client),
        clock(its_clock),
        keys(std::move(its_keys)),
        mine(std::move(its_record)),
        own_ttl(mine().max_ttl_sec),
        longest_ttl(own_ttl) {}

  /// The record that is replaced is read first: it shows who wrote last.
  void write(Instant now) {
    const auto redis_now = client.time(now);
    if (!redis_now) return;
    writing = true;
    write_at = now + write_interval;
    const InstanceRecord record = mine();
    own_ttl = record.max_ttl_sec;
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
    reading = true;
    read_at = now + read_interval;
    client.ask({"ZRANGE", keys.instances, "0", "-1"}, [weak = weak_from_this()](const redis::Answer& answer) {
      if (const auto self = weak.lock()) self->read_members(answer);
    });
  }

  void read_members(const redis::Answer& answer) {
    if (answer.replies.empty() || !answer.replies[0].is_array()) return read_failed();
    std::vector<std::string> ids;
    for (const redis::Reply& member : answer.replies[0].elements()) ids.emplace_back(member.text);
    if (ids.empty()) return read_whole({});
    std::vector<std::string> names;
    for (const std::string& id : ids) names.push_back(keys.instance + id);
    std::vector<std::string_view> words{"MGET"};
    words.insert(words.end(), names.begin(), names.end());
    client.ask(redis::Request().add(words),
               [weak = weak_from_this(), ids = std::move(ids)](const redis::Answer& records) {
                 if (const auto self = weak.lock()) self->read_records(ids, records);
               });
  }

  void read_records(const std::vector<std::string>& ids, const redis::Answer& answer) {
    if (answer.replies.empty() || answer.replies[0].count != ids.size()) return read_failed();
    std::vector<InstanceRecord> found;
    for (std::size_t i = 0; i < ids.size(); ++i) {
      auto record = read_record(answer.replies[0].elements()[i].text);
      if (!record) continue;  // gone, or not to be read
      record->id = ids[i];
      found.push_back(*std::move(record));
    }
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
    read_whole(std::move(found));
  }

  void read_whole(std::vector<InstanceRecord> found) {
    reading = false;
    std::int64_t longest = own_ttl;
    for (const InstanceRecord& record : found) longest = std::max(longest, record.max_ttl_sec);
    // An instance that has left may have issued just before: its tokens count until the last of them is over.
    const Instant now = clock.now();
    if (longest >= longest_ttl.load(std::memory_order_relaxed) || now >= longest_until) {
      longest_ttl.store(longest, std::memory_order_relaxed);
      longest_until = now + std::chrono::seconds(std::clamp<std::int64_t>(longest, 0, 86'400));
    }
    const std::lock_guard lock(mutex);
    instances = std::move(found);
  }

  void read_failed() {
    reading = false;
    read_at = std::min(read_at, clock.now() + after_failure);
  }

  [[nodiscard]] bool id_taken() const noexcept {
    const auto seen = other_seen.load(std::memory_order_relaxed);
    return seen != 0 && clock.now() - Instant{Instant::duration{seen}} < other_seen_for;
  }

  redis::Client& client;
  const Clock& clock;
  const Keys keys;
  const std::function<InstanceRecord()> mine;

  Instant write_at, read_at;
  bool writing = false, reading = false;
  bool wrote_once = false;  ///< before that, a record with another boot is what a crash left behind
  bool left = false;
  std::int64_t own_ttl;
  Instant longest_until;

  std::atomic<Instant::rep> other_seen{0};
  std::atomic<std::int64_t> longest_ttl;
  mutable std::mutex mutex;
  std::optional<std::vector<InstanceRecord>> instances;  ///< under the mutex
};

Registry::Registry(redis::Client& client, const Clock& clock, Keys keys, std::function<InstanceRecord()> mine)
    : impl_(std::make_shared<Impl>(client, clock, std::move(keys), std::move(mine))) {}

Registry::~Registry() = default;

void Registry::tick() {
  const Instant now = impl_->clock.now();
  if (impl_->left || !impl_->client.usable()) return;
  if (!impl_->writing && now >= impl_->write_at) impl_->write(now);
  if (!impl_->reading && now >= impl_->read_at) impl_->read(now);
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

std::optional<std::vector<InstanceRecord>> Registry::instances() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->instances;
}

bool Registry::id_taken() const noexcept { return impl_->id_taken(); }

std::int64_t Registry::longest_ttl_sec() const noexcept { return impl_->longest_ttl.load(std::memory_order_relaxed); }

}  // namespace vx11::feed
