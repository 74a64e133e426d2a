#include "redis/server_clock.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>

namespace vx11::redis {

namespace {

std::optional<std::int64_t> number_of(const Reply& reply) noexcept {
  if (reply.type == Reply::Type::integer) return reply.integer;
  std::int64_t value = 0;
  const char* end = reply.text.data() + reply.text.size();
  const auto [stop, error] = std::from_chars(reply.text.data(), end, value);
  if (error != std::errc() || stop != end || value < 0) return std::nullopt;
  return value;
}

}  // namespace

void ServerClock::add(Instant sent, Instant received, WallTime shown) noexcept {
  using std::chrono::nanoseconds;
  const nanoseconds round_trip = std::max(nanoseconds(0), received - sent);
  const nanoseconds ahead = nanoseconds(shown.time_since_epoch()) - (sent + round_trip / 2).time_since_epoch();
  // Two honest measurements of one clock differ by half their round trips at most, and by drift: 100 ppm in a minute.
  constexpr nanoseconds longest_useful = std::chrono::milliseconds(20);
  constexpr nanoseconds drift = std::chrono::milliseconds(6);
  // An answer that was long on its way says little: it could lengthen lives by half of that. It counts only as long as
  // there is nothing better.
  if (round_trip > best_.round_trip + longest_useful && count_ > 0 && (!replace_ || round_trip > longest_useful))
    return;
  const nanoseconds differs = ahead > best_.ahead ? ahead - best_.ahead : best_.ahead - ahead;
  if (replace_ || differs > (round_trip + best_.round_trip) / 2 + drift) {  // another server, or its clock was set
    count_ = next_ = 0;
    replace_ = false;
  }
  samples_[next_] = {ahead, round_trip};
  next_ = (next_ + 1) % samples_.size();
  count_ = std::min(count_ + 1, samples_.size());
  const auto begin = samples_.begin();
  best_ = *std::min_element(begin, begin + static_cast<std::ptrdiff_t>(count_),
                            [](const Sample& a, const Sample& b) { return a.round_trip < b.round_trip; });
}

std::optional<WallTime> ServerClock::at(Instant moment) const noexcept {
  if (count_ == 0) return std::nullopt;
  return WallTime(std::chrono::duration_cast<WallTime::duration>(moment.time_since_epoch() + best_.ahead));
}

std::optional<WallTime> ServerClock::shown_by(const Reply& reply) noexcept {
  if (!reply.is_array() || reply.count != 2) return std::nullopt;
  const auto seconds = number_of(reply.elements()[0]);
  const auto micros = number_of(reply.elements()[1]);
  constexpr std::int64_t year_2200 = 7'258'118'400;
  if (!seconds || !micros || *seconds > year_2200 || *micros >= 1'000'000) return std::nullopt;
  return WallTime(std::chrono::seconds(*seconds) + std::chrono::microseconds(*micros));
}

}  // namespace vx11::redis
