// The requests of a NodeClient: taken in, sent, and told how they ended.
#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "redis/node_client_impl.h"

namespace vx11::redis {

namespace {

/// The server answered, and the answer is that it won't do it. Redirections are no refusals.
bool is_refusal(const Answer& answer) {
  switch (answer.fault) {
    case Fault::read_only:
    case Fault::out_of_memory:
    case Fault::no_auth:
    case Fault::no_permission:
    case Fault::master_down:
    case Fault::busy:
    case Fault::loading:
      return !answer.replies.empty();
    default:
      return false;
  }
}

}  // namespace

void NodeClient::Impl::ask(Request request, std::chrono::milliseconds deadline, Handler handler, Handler late) {
  const auto refuse = [&](Fault fault, std::string_view why) { finish(handler, {fault, why, {}}, {}); };
  if (!usable()) {
    const Words why = is_ready() ? silent_ : trouble_;
    return refuse(Fault::not_connected, *why);
  }
  if (waiting_.full()) return refuse(Fault::queue_full, "too many requests wait for an answer of Redis");
  if (unsent_.size() + request.bytes().size() > options_.max_unsent) {
    return refuse(Fault::queue_full, "too much waits to be sent to Redis");
  }
  if (request.commands() == 0) return refuse(Fault::none, {});
  now_ = clock_.now();
  if (time_overdue_ && waiting_.empty()) {
    time_overdue_ = false;
    enqueue(clock_question(), options_.timeout, {}, Waiting::For::time);
  }
  enqueue(request, deadline == usual_deadline ? options_.timeout : deadline, std::move(handler), Waiting::For::user,
          std::move(late));
}

void NodeClient::Impl::enqueue(const Request& request, std::chrono::nanoseconds deadline, Handler handler,
                               Waiting::For whom, Handler late) {
  const Instant latest = now_ + deadline;
  const Instant last = late ? now_ + std::max<std::chrono::nanoseconds>(deadline, options_.timeout) : latest;
  unsent_ += request.bytes();
  waiting_.push({.handler = std::move(handler),
                 .late = std::move(late),
                 .asked = now_,
                 .deadline = latest,
                 .last_deadline = last,
                 .commands = request.commands(),
                 .whom = whom});
  post_flush();
  if (!armed_for_ || latest < *armed_for_) arm();
}

void NodeClient::Impl::post_flush() {
  if (std::exchange(flush_posted_, true)) return;
  asio::post(io_, [self = shared_from_this()] {
    self->flush_posted_ = false;
    self->flush();
  });
}

void NodeClient::Impl::flush() {
  if (!is_ready() || unsent_.empty() || connection_->sending()) return;
  waiting_.mark_sent();
  connection_->send(unsent_);
}

void NodeClient::Impl::tell_refusal(const Answer& answer) {
  if (observer_ != nullptr && !abandoned_ && is_refusal(answer)) observer_->on_refused(answer.fault, answer.error);
}

void NodeClient::Impl::finish(Handler& handler, const Answer& answer, std::chrono::nanoseconds took) {
  if (observer_ != nullptr) observer_->on_request(answer.fault, took);
  tell_refusal(answer);
  if (!abandoned_) handler(answer);
}

void NodeClient::Impl::fail_all(Fault fault) {
  const Words why = trouble_;
  for (Waiting::Entry& entry : waiting_.take_all()) {
    if (abandoned_) return;
    if (!entry.handler) continue;
    finish(entry.handler, {entry.sent ? fault : Fault::not_connected, *why, {}}, now_ - entry.asked);
  }
}

}  // namespace vx11::redis
