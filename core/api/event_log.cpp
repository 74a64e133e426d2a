#include "api/event_log.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "http/sse.h"
#include "token/hex.h"

namespace vx11::api {

namespace {

/// How far our notion of Redis' clock may be off; what is told twice around a reset does no harm.
constexpr std::chrono::seconds uncertainty{1};

[[nodiscard]] std::string random_epoch(Random& random) {
  std::array<std::byte, 4> bytes{};
  random.fill(bytes);
  return hex_text(bytes);
}

[[nodiscard]] std::size_t size_of(const http::Event& event) noexcept { return event.id.size() + event.text.size(); }

}  // namespace

std::string reset_event() { return http::sse_event("reset", {}, "{}"); }

EventLog::EventLog(Random& random, std::function<void()> wake, Limits limits)
    : wake_(std::move(wake)), limits_(limits) {
  here_.name = random_epoch(random);
  http::Event none;
  none.id = "id: " + here_.name + ".0";
  ring_.push_back(std::make_shared<const http::Event>(std::move(none)));
  here_.places.push_back({Entry{}, 0});
}

std::string EventLog::publish_here(std::string_view name, std::string_view data) {
  std::string text = http::sse_event(name, {}, data);
  std::string position;
  {
    const std::lock_guard lock(mutex_);
    const Entry entry{here_.last.major + 1, 0};
    here_.last = entry;
    position = append(here_, entry, std::to_string(entry.major), std::move(text), false);
  }
  wake_();
  return position;
}

void EventLog::joined(std::string_view epoch, std::string_view base_entry, std::optional<WallTime> redis_now) {
  const auto base = Entry::parse(base_entry);
  {
    const std::lock_guard lock(mutex_);
    const bool same = epoch == shared_.name;
    if (same && base) return;
    here_.places.clear();
    shared_.places.clear();
    if (!same) {
      shared_.name = epoch;
      shared_.last = base.value_or(Entry{});
      const auto now = redis_now.value_or(WallTime()) - uncertainty;
      const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
      history_until_ms_ = static_cast<std::uint64_t>(std::max<std::int64_t>(0, ms));
    }
    const std::string at = std::to_string(shared_.last.major) + '-' + std::to_string(shared_.last.minor);
    append(shared_, shared_.last, at, reset_event(), false);
    if (!base) shared_.places.pop_back();  // what lies before the first entry to come is not known
  }
  wake_();
}

void EventLog::follow(std::string_view entry, std::string_view name, std::string_view data) {
  const auto number = Entry::parse(entry);
  if (!number) return;
  {
    const std::lock_guard lock(mutex_);
    if (*number <= shared_.last) return;
    shared_.last = *number;
    append(shared_, *number, entry, http::sse_event(name, {}, data), number->major < history_until_ms_);
  }
  wake_();
}

std::string EventLog::append(Epoch& epoch, Entry entry, std::string_view entry_text, std::string text, bool quiet) {
  std::string position = epoch.name + '.';
  position += entry_text;
  auto event = std::make_shared<http::Event>();
  event->number = ring_.back()->number + 1;
  event->id = "id: " + position;
  event->text = std::move(text);
  event->quiet = quiet;
  bytes_ += size_of(*event);
  epoch.places.push_back({entry, event->number});
  last_number_.store(event->number, std::memory_order_release);
  ring_.push_back(std::move(event));
  trim();
  return position;
}

void EventLog::trim() {
  while (ring_.size() > limits_.events + 1 || bytes_ > limits_.bytes) {
    ring_.pop_front();
    bytes_ -= size_of(*ring_.front());
  }
  const std::uint64_t first = ring_.front()->number;
  for (Epoch* epoch : {&here_, &shared_}) {
    while (!epoch->places.empty() && epoch->places.front().number < first) epoch->places.pop_front();
  }
}

http::EventPointer EventLog::before_first() const {
  const std::lock_guard lock(mutex_);
  return ring_.front();
}

void EventLog::bring_up_to_date(http::EventHub& hub) const {
  const std::uint64_t last = hub.last().number;
  if (last == last_number_.load(std::memory_order_acquire)) return;
  std::vector<http::EventPointer> news;
  {
    const std::lock_guard lock(mutex_);
    const std::uint64_t first = ring_.front()->number;
    std::uint64_t next = last + 1;
    if (next < first) {
      // The loop stood still for longer than the log reaches back.
      auto reset = std::make_shared<http::Event>(*ring_.front());
      reset->text = reset_event();
      reset->quiet = false;
      news.push_back(std::move(reset));
      next = first + 1;
    }
    news.insert(news.end(), ring_.begin() + static_cast<std::ptrdiff_t>(next - first), ring_.end());
  }
  for (http::EventPointer& event : news) hub.publish(std::move(event));
}

std::optional<std::uint64_t> EventLog::find(const LastEventId& id) const {
  const auto entry = Entry::parse(id.entry);
  if (!entry) return std::nullopt;
  const std::lock_guard lock(mutex_);
  for (const Epoch* epoch : {&here_, &shared_}) {
    if (epoch->name != id.epoch) continue;
    const auto place = std::lower_bound(epoch->places.begin(), epoch->places.end(), *entry,
                                        [](const Place& one, const Entry& wanted) { return one.entry < wanted; });
    if (place == epoch->places.end() || place->entry != *entry) return std::nullopt;
    // Only the spelling that was given out counts.
    if (ring_[place->number - ring_.front()->number]->id.substr(4) != id.position) return std::nullopt;
    return place->number;
  }
  return std::nullopt;
}

}  // namespace vx11::api
