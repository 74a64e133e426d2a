#include "feed/follower_fsm.h"

#include <algorithm>
#include <utility>

#include "feed/revocation_entry.h"

namespace vx11::feed {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t most_entries = 1000;
constexpr std::size_t fewest_entries = 16;
constexpr std::size_t writes_at_once = 500;
constexpr milliseconds check_interval{1000};
constexpr milliseconds answer_time{150};  // of a blocking read, after its BLOCK

}  // namespace

FollowerFsm::FollowerFsm(Keys keys, Random& random, milliseconds block, std::string instance_id)
    : keys_(std::move(keys)),
      block_(block),
      instance_id_(std::move(instance_id)),
      events_(random),
      count_(most_entries) {}

FollowerFsm::Step FollowerFsm::connected(Instant now) {
  up_ = true;
  for (Retry* retry : {&link_, &joining_, &window_, &writing_}) retry->succeeded();
  start_over();
  Step step;
  next(now, step);
  return step;
}

void FollowerFsm::disconnected() {
  up_ = false;
  start_over();
}

FollowerFsm::Step FollowerFsm::tick(Instant now) {
  Step step;
  next(now, step);
  return step;
}

FollowerFsm::Step FollowerFsm::read_again(Instant now) {
  reread_ = window_read_;  // what is being read now is compared in any case
  return tick(now);
}

FollowerFsm::Step FollowerFsm::held(std::vector<Revocation> revocations, Instant now,
                                    std::optional<WallTime> redis_now) {
  unwritten_ = revocations_.missing(std::move(revocations), redis_now);
  compare_due_ = false;
  if (unwritten_.empty()) writing_.succeeded();
  Step step;
  next(now, step);
  return step;
}

FollowerFsm::Step FollowerFsm::answered(const redis::Answer& answer, Instant now) {
  Step step;
  const Asked asked = std::exchange(asked_, Asked::nothing);
  if (asked == Asked::nothing) return step;
  if (answer.replies.empty()) {
    no_answer(answer, asked, now);
    return step;
  }
  link_.succeeded();
  switch (asked) {
    case Asked::nothing:
      break;
    case Asked::join:
      on_join(answer.replies[0], now, step);
      break;
    case Asked::page:
      on_page(answer.replies[0], now, step);
      break;
    case Asked::writing:
      on_written(answer.replies, now);
      break;
    case Asked::loop:
      on_loop(answer.replies, now, step);
      break;
  }
  next(now, step);
  return step;
}

std::string FollowerFsm::problem() const {
  std::string text = up_ ? link_.problem() : "not connected to Redis";
  for (const Retry* retry : {&window_, &joining_, &writing_}) {
    if (retry->problem().empty()) continue;
    if (!text.empty()) text += "; ";
    text += retry->problem();
  }
  return text;
}

void FollowerFsm::start_over() {
  asked_ = Asked::nothing;
  joined_ = false;
  read_window_again();
}

void FollowerFsm::read_window_again() {
  window_read_ = false;
  compare_due_ = false;
  unwritten_.clear();
  revocations_.restart();
}

void FollowerFsm::next(Instant now, Step& step) {
  if (!up_ || asked_ != Asked::nothing || !link_.is_due(now)) return;
  if (std::exchange(reread_, false)) read_window_again();
  if (window_read_ && !writing_.problem().empty() && writing_.is_due(now) && unwritten_.empty() && !compare_due_) {
    read_window_again();  // somebody else may have written in the meantime
  }
  if (!joined_ && joining_.is_due(now)) return ask(step, Asked::join, events_.join_request(keys_));
  if (!window_read_ && window_.is_due(now)) {
    return ask(step, Asked::page,
               {"XREAD", "COUNT", std::to_string(count_), "STREAMS", keys_.revocations, revocations_.cursor().text()});
  }
  if (compare_due_) {
    step.next = Next::ask_held;
    return;
  }
  if (!unwritten_.empty()) {
    redis::Request request;
    for (std::size_t i = 0; i < std::min(unwritten_.size(), writes_at_once); ++i) {
      add_again(request, keys_, unwritten_[unwritten_.size() - 1 - i], instance_id_);
    }
    return ask(step, Asked::writing, std::move(request));
  }
  if (!joined_ && !window_read_) return;
  ask(step, Asked::loop, loop_request(now));
  step.deadline = block_ + answer_time;
}

void FollowerFsm::ask(Step& step, Asked what, redis::Request request) {
  asked_ = what;
  step.next = Next::ask;
  step.request = std::move(request);
}

redis::Request FollowerFsm::loop_request(Instant now) {
  redis::Request request;
  checking_ = now - checked_at_ >= check_interval;
  if (checking_) {
    checked_at_ = now;
    if (window_read_) request.add({"XREVRANGE", keys_.revocations, "+", "-", "COUNT", "1"});
    if (joined_) {
      request.add({"XREVRANGE", keys_.events, "+", "-", "COUNT", "1"});
      request.add({"HGET", keys_.key, "epoch"});
    }
  }
  const std::string count = std::to_string(count_);
  const std::string block = std::to_string(block_.count());
  const std::string revocations_cursor = revocations_.cursor().text();
  const std::string events_cursor = events_.cursor().text();
  std::vector<std::string_view> words{"XREAD", "COUNT", count, "BLOCK", block, "STREAMS"};
  if (window_read_) words.emplace_back(keys_.revocations);
  if (joined_) words.emplace_back(keys_.events);
  if (window_read_) words.emplace_back(revocations_cursor);
  if (joined_) words.emplace_back(events_cursor);
  request.add(words);
  return request;
}

void FollowerFsm::no_answer(const redis::Answer& answer, Asked asked, Instant now) {
  if (answer.fault == redis::Fault::timed_out && (asked == Asked::page || asked == Asked::loop)) {
    count_ = std::max(count_ / 4, fewest_entries);
  }
  link_.failed(now, answer.error.empty() ? redis::to_string(answer.fault) : answer.error);
  start_over();
}

void FollowerFsm::on_join(const redis::Reply& reply, Instant now, Step& step) {
  const auto read = read_join(reply);
  if (!read)
    return events_failed(now, reply.is_error() ? reply.text : "joining the events wasn't answered as expected");
  joining_.succeeded();
  joined_ = true;
  checked_at_ = now;
  if (auto joined = events_.join(*read)) step.told.emplace_back(*std::move(joined));
}

void FollowerFsm::on_page(const redis::Reply& reply, Instant now, Step& step) {
  if (reply.is_error()) return revocations_failed(now, reply.text);
  window_.succeeded();
  last_heard_ = now;
  const auto streams = reply.elements();
  const auto entries =
      streams.empty() || streams[0].count != 2 ? std::span<const redis::Reply>() : streams[0].first[1].elements();
  take_revocations(entries, true, step);
  if (entries.size() < count_) {
    window_read_ = true;
    compare_due_ = true;
  }
  count_ = std::min(count_ * 2, most_entries);
}

void FollowerFsm::on_written(std::span<const redis::Reply> replies, Instant now) {
  const auto refused = std::find_if(replies.begin(), replies.end(), [](const auto& reply) { return reply.is_error(); });
  if (refused != replies.end()) {
    writing_.failed(now, "writing back what Redis has lost: " + std::string(refused->text));
    unwritten_.clear();
    return;
  }
  unwritten_.resize(unwritten_.size() - std::min(unwritten_.size(), replies.size()));
  if (unwritten_.empty()) writing_.succeeded();
}

void FollowerFsm::on_loop(std::span<const redis::Reply> replies, Instant now, Step& step) {
  const redis::Reply& read = replies.back();
  const bool all_well = !checking_ || on_check(replies.first(replies.size() - 1), now);
  if (read.is_error()) {
    if (!checking_) {
      checked_at_ = {};  // which stream is to blame, a check will tell
    } else if (all_well) {
      revocations_failed(now, read.text);
      events_failed(now, read.text);
    }
    return;
  }
  last_heard_ = now;
  count_ = std::min(count_ * 2, most_entries);
  for (const redis::Reply& stream : read.elements()) {
    if (stream.count != 2) continue;
    const auto entries = stream.first[1].elements();
    if (stream.first[0].text == keys_.revocations && window_read_) take_revocations(entries, false, step);
    if (stream.first[0].text == keys_.events && joined_) take_events(entries, step);
  }
}

bool FollowerFsm::on_check(std::span<const redis::Reply> replies, Instant now) {
  bool all_well = true;
  const bool with_revocations = window_read_;
  if (with_revocations) {
    const auto last = last_entry(replies[0]);
    if (replies[0].is_error()) {
      revocations_failed(now, replies[0].text);
      all_well = false;
    } else if (last.value_or(EntryId{}) < revocations_.cursor()) {
      read_window_again();
      all_well = false;
    } else if (!last) {
      compare_due_ = true;  // there never was anything; but do we know of something?
    }
  }
  const auto rest = replies.subspan(with_revocations ? 1 : 0);
  if (rest.size() == 2) {
    const auto refused = std::find_if(rest.begin(), rest.end(), [](const auto& reply) { return reply.is_error(); });
    if (refused != rest.end()) {
      events_failed(now, refused->text);
      all_well = false;
    } else if (!events_.is_here(rest[0], rest[1])) {
      joined_ = false;
    }
  }
  return all_well;
}

void FollowerFsm::take_revocations(std::span<const redis::Reply> entries, bool in_window, Step& step) {
  if (!in_window && !entries.empty()) compare_due_ = false;  // it isn't empty any more
  auto taken = revocations_.take(entries, in_window);
  broken_ += taken.broken;
  for (Heard& heard : taken.heard) step.told.emplace_back(std::move(heard));
}

void FollowerFsm::take_events(std::span<const redis::Reply> entries, Step& step) {
  auto taken = events_.take(entries);
  broken_ += taken.broken;
  if (!taken.events.empty()) step.told.emplace_back(std::move(taken.events));
  if (taken.met_marker) joined_ = false;
}

void FollowerFsm::revocations_failed(Instant now, std::string_view problem) {
  if (window_read_) read_window_again();
  revocations_.restart();
  window_.failed(now, "revocations (" + keys_.revocations + "): " + std::string(problem));
}

void FollowerFsm::events_failed(Instant now, std::string_view problem) {
  joined_ = false;
  joining_.failed(now, "events (" + keys_.events + "): " + std::string(problem));
}

}  // namespace vx11::feed
