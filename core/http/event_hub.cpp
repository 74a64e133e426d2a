#include "http/event_hub.h"

#include <algorithm>

#include "http/event_loop.h"

namespace vx11::http {

namespace {
// A turn of a fan-out: so many streams, and no more begun after so much time (one that is far behind takes long).
constexpr std::size_t slice = 128;
constexpr std::chrono::microseconds slice_time{500};
constexpr std::size_t most_slots = 150;
constexpr std::chrono::seconds age_scan_interval{1};
// With a tick of 100 ms and the way between two loops well under the 250 ms that a revocation may take.
constexpr std::chrono::milliseconds taking_time{80};
}  // namespace

EventHub::EventHub(EventLoop& loop, Options options) : loop_(loop), options_(std::move(options)), tail_(new Frame) {
  tail_->event = options_.before_first ? options_.before_first : std::make_shared<const Event>();
  kept_.push_back(tail_);
  const auto per_slot = std::max<std::chrono::milliseconds>(options_.heartbeat / static_cast<std::int64_t>(most_slots),
                                                            EventLoop::tick_interval);
  slot_length_ = per_slot;
  heartbeat_slots_.resize(static_cast<std::size_t>(std::max<std::int64_t>(1, options_.heartbeat / per_slot)));
  next_slot_at_ = std::chrono::steady_clock::now() + slot_length_;
  loop_.add(*this);
}

EventHub::~EventHub() {
  draining_.reset();
  chosen_.clear();
  for (const Leaving& one : leaving_) one.stream->abandon();
  while (!streams_.empty()) {
    const StreamPointer stream = streams_.back();
    stream->close();
  }
}

std::size_t EventHub::lag_limit() const noexcept { return loop_.options().limits.stream_lag; }

std::size_t EventHub::first_slot() noexcept {
  // Between half a round and a whole one away, stepping by the golden ratio: streams that opened together don't beat
  // together, and none waits longer than the interval.
  const std::size_t slots = heartbeat_slots_.size();
  const std::size_t half = slots / 2;
  spread_ += 0x9E3779B9U;
  const std::size_t offset = half + ((static_cast<std::uint64_t>(spread_) * (slots - half)) >> 32U);
  return (slot_ + offset) % slots;
}

bool EventHub::keeps(std::uint64_t number) const noexcept {
  return number >= kept_.front()->event->number && number <= tail_->event->number;
}

void EventHub::adopt(Socket&& socket, std::string head, const Opening& opening) {
  FramePointer at = tail_;
  if (opening.after && keeps(*opening.after)) at = kept_[*opening.after - kept_.front()->event->number];
  const StreamPointer stream(new EventStream(*this, std::move(socket), std::move(head), opening.tag, std::move(at)));
  stream->index = static_cast<std::uint32_t>(streams_.size());
  streams_.push_back(stream);
  size_.store(streams_.size());
  stream->heartbeat_slot = static_cast<std::uint32_t>(first_slot());
  auto& slot = heartbeat_slots_[stream->heartbeat_slot];
  stream->heartbeat_index = static_cast<std::uint32_t>(slot.size());
  slot.push_back(stream.get());
  stream->start(opening);
}

void EventHub::remove(EventStream& stream) noexcept {
  const StreamPointer keep(&stream);
  auto& slot = heartbeat_slots_[stream.heartbeat_slot];
  slot[stream.heartbeat_index] = slot.back();
  slot[stream.heartbeat_index]->heartbeat_index = stream.heartbeat_index;
  slot.pop_back();

  // During a pass the streams before position_ have been served: the hole is closed within its own half, so that no
  // stream is passed over.
  std::size_t hole = stream.index;
  const auto move_to_hole = [this, &hole](std::size_t from) {
    if (from == hole) return;
    streams_[hole] = std::move(streams_[from]);
    streams_[hole]->index = static_cast<std::uint32_t>(hole);
    hole = from;
  };
  if (passing_ && hole < position_) {
    move_to_hole(position_ - 1);
    --position_;
  }
  move_to_hole(streams_.size() - 1);
  streams_.pop_back();
  size_.store(streams_.size());
}

void EventHub::publish(EventPointer event) {
  if (event->number != last().number + 1) kept_.clear();
  FramePointer made(new Frame);
  published_bytes_ += event->id.size() + event->text.size();
  made->end = published_bytes_;
  made->event = std::move(event);
  tail_->next = made;
  tail_ = made;
  kept_.push_back(std::move(made));
  while (kept_.size() > options_.kept_events + 1 || published_bytes_ - kept_.front()->end > options_.kept_bytes) {
    kept_.pop_front();
  }
  if (passing_) {
    again_ = true;
    return;
  }
  passing_ = true;
  position_ = 0;
  schedule_fan_out();
}

void EventHub::schedule_fan_out() {
  asio::post(loop_.io(), [this] { fan_out(); });
}

void EventHub::fan_out() {
  const auto time_is_over = std::chrono::steady_clock::now() + slice_time;
  for (std::size_t i = 0; i < slice && position_ < streams_.size(); ++i) {
    const StreamPointer stream = streams_[position_++];
    stream->serve();
    if (std::chrono::steady_clock::now() >= time_is_over) break;
  }
  if (position_ < streams_.size()) {
    schedule_fan_out();
    return;
  }
  if (again_) {
    again_ = false;
    position_ = 0;
    schedule_fan_out();
    return;
  }
  passing_ = false;
}

std::size_t EventHub::close_where(const std::function<bool(const StreamTag&)>& chosen, Notice notice, Ending ending) {
  const auto shared_notice = std::make_shared<const Notice>(std::move(notice));
  const bool under_way = !chosen_.empty();
  std::size_t count = 0;
  for (const StreamPointer& stream : streams_) {
    if (!chosen(stream->tag())) continue;
    chosen_.push_back({stream, shared_notice, ending});
    ++count;
  }
  if (!under_way) end_chosen();
  return count;
}

void EventHub::end_chosen() {
  const auto time_is_over = std::chrono::steady_clock::now() + slice_time;
  for (std::size_t i = 0; i < slice && !chosen_.empty() && std::chrono::steady_clock::now() < time_is_over; ++i) {
    const Chosen one = std::move(chosen_.front());
    chosen_.pop_front();
    if (one.stream->finish(*one.notice, one.ending)) {
      leaving_.push_back({one.stream, std::chrono::steady_clock::now() + taking_time});
    }
  }
  if (!chosen_.empty()) asio::post(loop_.io(), [this] { end_chosen(); });
}

void EventHub::drain(std::chrono::milliseconds ending, std::function<Notice(DrainPace::Wait)> notice) {
  const auto now = std::chrono::steady_clock::now();
  draining_.emplace(Draining{streams_, 0, DrainPace(streams_.size(), ending), now, std::move(notice)});
  end_drained(now);
}

void EventHub::end_drained(std::chrono::steady_clock::time_point now) {
  Draining& drain = *draining_;
  const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(now - drain.begun);
  const bool under_way = !chosen_.empty();
  for (const std::size_t due = drain.pace.ended_by(since); drain.ended < due; ++drain.ended) {
    auto notice = std::make_shared<const Notice>(drain.notice(drain.pace.wait(drain.ended, since)));
    chosen_.push_back({std::move(drain.streams[drain.ended]), std::move(notice), Ending::gentle});
  }
  if (drain.ended == drain.streams.size()) draining_.reset();
  if (!under_way) end_chosen();
}

void EventHub::tick(std::chrono::steady_clock::time_point now) {
  if (draining_) end_drained(now);
  abandon_due(now);
  if (options_.max_age.count() > 0 && now >= next_age_scan_) end_old(now);
  // After a long stall one round is caught up at the most: a heartbeat says "now", not "how often".
  const auto behind = slot_length_ * static_cast<std::int64_t>(heartbeat_slots_.size());
  if (now - next_slot_at_ > behind) next_slot_at_ = now - behind;
  while (now >= next_slot_at_) {
    beat();
    next_slot_at_ += slot_length_;
  }
}

void EventHub::abandon_due(std::chrono::steady_clock::time_point now) {
  for (; !leaving_.empty() && now >= leaving_.front().due; leaving_.pop_front()) leaving_.front().stream->abandon();
}

void EventHub::end_old(std::chrono::steady_clock::time_point now) {
  next_age_scan_ = now + age_scan_interval;
  const auto notice = std::make_shared<const Notice>(options_.max_age_notice);
  const bool under_way = !chosen_.empty();
  for (const StreamPointer& stream : streams_) {
    // Streams that were opened together must not come back together.
    const auto early = options_.max_age * static_cast<std::int64_t>(stream->heartbeat_slot) /
                       static_cast<std::int64_t>(10 * heartbeat_slots_.size());
    if (now - stream->opened_at() >= options_.max_age - early) chosen_.push_back({stream, notice, Ending::gentle});
  }
  if (!under_way) end_chosen();
}

void EventHub::beat() {
  slot_ = (slot_ + 1) % heartbeat_slots_.size();
  const auto& members = heartbeat_slots_[slot_];
  if (members.empty()) return;
  Notice beat;
  (options_.heartbeat_event ? beat.event : beat.before) =
      options_.heartbeat_event ? options_.heartbeat_event() : ":\n\n";
  const std::vector<StreamPointer> due(members.begin(), members.end());  // sending may close and so remove
  for (const StreamPointer& stream : due) stream->send(beat);
}

}  // namespace vx11::http
