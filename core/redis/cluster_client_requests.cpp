// Requests of a ClusterClient: sent, split, sent on, and put together again.
#include <algorithm>
#include <utility>

#include "redis/cluster_client_impl.h"

namespace vx11::redis {

namespace {

using std::chrono::milliseconds;
constexpr std::size_t most_nodes = 1000;

/// At least a millisecond: none would mean the usual deadline.
milliseconds until(Instant deadline, Instant now) {
  return std::max(milliseconds(1), std::chrono::ceil<milliseconds>(deadline - now));
}

bool is_redirected(Fault fault) {
  return fault == Fault::moved || fault == Fault::ask || fault == Fault::try_again || fault == Fault::cluster_down;
}

}  // namespace

void ClusterClient::Impl::ask(Request request, milliseconds deadline, Handler handler, Handler late) {
  const auto self = shared_from_this();
  const auto refuse = [&](Fault fault, std::string_view why) {
    if (observer_ != nullptr) observer_->on_request(fault, {});
    if (!abandoned_) handler({fault, why, {}});
  };
  if (!running_ || map_.empty()) {
    const auto why = trouble_;
    return refuse(Fault::not_connected, *why);
  }
  if (*pending_ >= options_.max_waiting) {
    return refuse(Fault::queue_full, "too many requests wait for an answer of Redis");
  }
  if (request.commands() == 0) return refuse(Fault::none, {});
  const Instant now = clock_.now();
  if (deadline == usual_deadline) deadline = options_.timeout;
  const Instant last = now + (late ? std::max(deadline, options_.timeout) : deadline);
  const auto operation = std::make_shared<Pending>(pending_, now, std::move(request), now + deadline, last,
                                                   std::move(handler), std::move(late));
  Numbers all(operation->commands().size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint32_t>(i);
  send_all(operation, all);
}

/// Where the command goes by the map as it is; of a SCAN, where it goes on there.
ClusterNode* ClusterClient::Impl::place(ClusterOperation::Command& command) {
  switch (command.route.kind) {
    case Route::Kind::slot:
      return owner_of(command.route.slot);
    case Route::Kind::scan: {
      std::vector<std::string_view> words;
      if (!CommandReader(command.bytes).next(words) || words.size() < 2) return nullptr;
      command.scan = scan_place(map_, words[1]);
      return command.scan && command.scan->owner < serving_.size() ? serving_[command.scan->owner].get() : nullptr;
    }
    case Route::Kind::anywhere:
    case Route::Kind::wait:
      break;
  }
  return owner_of(options_.clock_slot);
}

/// Not without end to ever new names.
bool ClusterClient::Impl::may_follow(const Redirection& said) const {
  return said.kind == Redirection::Kind::again || nodes_.size() < most_nodes || nodes_.contains(said.to.to_text());
}

/// To as many nodes as it takes, each with the WAIT that belongs to all.
void ClusterClient::Impl::send_all(const Operation& operation, const Numbers& numbers) {
  struct Part {
    ClusterNode* node;
    Numbers numbers;
  };
  std::vector<Part> parts;
  Numbers waits, nowhere;
  for (const std::uint32_t number : numbers) {
    ClusterOperation::Command& command = operation->commands()[number];
    if (command.route.kind == Route::Kind::wait) {
      waits.push_back(number);
      continue;
    }
    ClusterNode* const node = place(command);
    if (node == nullptr && command.route.kind == Route::Kind::scan) {
      operation->answer_error(number, "ERR invalid cursor");  // as Redis says
      continue;
    }
    if (node == nullptr) {
      nowhere.push_back(number);
      continue;
    }
    auto part = std::find_if(parts.begin(), parts.end(), [node](const Part& one) { return one.node == node; });
    if (part == parts.end()) part = parts.insert(parts.end(), {node, {}});
    part->numbers.push_back(number);
  }
  if (!nowhere.empty()) {
    refresh_soon();
    nowhere.insert(nowhere.end(), waits.begin(), waits.end());
    again({operation, std::move(nowhere), Fault::cluster_down, "no node of the cluster serves the slot"});
  }
  std::vector<Node> alive;  // a handler may end them all
  for (const Part& part : parts) alive.push_back(part.node->shared_from_this());
  for (Part& part : parts) {
    if (abandoned_) return;
    part.numbers.insert(part.numbers.end(), waits.begin(), waits.end());
    std::sort(part.numbers.begin(), part.numbers.end());
    send(operation, *part.node, std::move(part.numbers), false);
  }
  if (parts.empty()) finish(operation);
}

void ClusterClient::Impl::send(const Operation& operation, ClusterNode& node, Numbers numbers, bool asking) {
  const Instant now = node.last_used = clock_.now();
  for (const std::uint32_t number : numbers) operation->commands()[number].has_reply = false;
  const bool as_it_is = !asking && operation->is_whole(numbers);
  Request request = as_it_is ? operation->request() : operation->part(numbers, asking);
  const auto left = until(operation->deadline(), now);
  if (!operation->has_late() || operation->told()) {
    auto answered = [this, operation, &node, numbers = std::move(numbers), asking](const Answer& answer) {
      take(operation, node, numbers, asking, answer);
    };
    return node.client().ask(std::move(request), left, std::move(answered));
  }
  auto late = [this, operation, &node, numbers, asking](const Answer& answer) {
    take(operation, node, numbers, asking, answer);
  };
  auto answered = [this, operation, &node, numbers = std::move(numbers), asking](const Answer& answer) {
    if (answer.fault != Fault::timed_out) return take(operation, node, numbers, asking, answer);
    if (!abandoned_) operation->patience_is_over(answer.error);
  };
  node.client().ask_patiently(std::move(request), left, std::move(answered), std::move(late));
}

void ClusterClient::Impl::take(const Operation& operation, ClusterNode& node, const Numbers& numbers, bool asking,
                               const Answer& answer) {
  if (abandoned_) return;
  const auto self = shared_from_this();
  const Node alive = node.shared_from_this();
  if (answer.replies.empty()) {
    if (answer.fault == Fault::not_connected && node.is_new() && running_) {
      return again({operation, numbers, answer.fault, std::string(answer.error), alive, asking});
    }
    fail(operation, numbers, answer.fault, answer.error);
  } else if (answer.fault == Fault::none && !asking && operation->is_whole(numbers)) {
    operation->tell(answer);  // all of it, as it is
    return told(*operation, Fault::none);
  } else {
    take_replies(operation, node, numbers, asking, answer.replies);
  }
  finish(operation);
}

void ClusterClient::Impl::take_replies(const Operation& operation, ClusterNode& node, const Numbers& numbers,
                                       bool asking, std::span<const Reply> replies) {
  struct Onward {
    Address to;
    bool asking;
    Numbers numbers;
  };
  std::vector<Onward> onward;
  Numbers later, waits;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const Reply& reply = replies[asking ? 2 * i + 1 : i];
    const std::uint32_t number = numbers[i];
    ClusterOperation::Command& command = operation->commands()[number];
    if (command.route.kind == Route::Kind::wait) {
      operation->wait_reply(numbers, reply);
      waits.push_back(number);
      continue;
    }
    auto said = read_redirection(reply, node.address());
    if (said && !may_follow(*said)) said.reset();
    switch (command.journey.take(said)) {
      case Journey::Next::done:
        if (command.scan && reply.is_error() && is_failing(fault_of(reply.text))) {
          fail(operation, {number}, fault_of(reply.text), reply.text);
        } else if (command.scan && reply.count == 2 && reply.first[0].is_text()) {
          const std::string cursor = scan_cursor(map_, *command.scan, reply.first[0].text);
          Reply both[2] = {reply.first[0], reply.first[1]};
          both[0].text = cursor;
          Reply whole = reply;
          whole.first = both;
          if (cursor == "0" && read_at_ < operation->asked && running_) {
            // Have slots moved? Nothing that a walk asks would tell it. The same page once more, by a map of now.
            operation->keep(number, whole);
            later.push_back(number);
            refresh_due_ = clock_.now();
          } else {
            operation->answer(number, whole);
          }
        } else {
          operation->answer(number, reply);
        }
        break;
      case Journey::Next::wait:
        operation->keep(number, reply);
        later.push_back(number);
        refresh_soon();
        break;
      case Journey::Next::resend:
      case Journey::Next::asking: {
        const bool asks = said->kind == Redirection::Kind::ask;
        if (!asks) move(said->slot, said->to);
        auto same = std::find_if(onward.begin(), onward.end(),
                                 [&](const Onward& one) { return one.to == said->to && one.asking == asks; });
        if (same == onward.end()) same = onward.insert(onward.end(), {said->to, asks, {}});
        same->numbers.push_back(number);
        break;
      }
    }
  }
  if (!later.empty()) {
    later.insert(later.end(), waits.begin(), waits.end());
    std::sort(later.begin(), later.end());
    again({operation, std::move(later)});
  }
  for (Onward& part : onward) {
    if (abandoned_ || !running_) {
      operation->fail(part.numbers, Fault::connection_lost, *trouble_);
      continue;
    }
    part.numbers.insert(part.numbers.end(), waits.begin(), waits.end());
    std::sort(part.numbers.begin(), part.numbers.end());
    const Node to = node_at(part.to);
    send(operation, *to, std::move(part.numbers), part.asking);
  }
}

/// A moment later, while it is worth it.
void ClusterClient::Impl::again(Again waiting) {
  const Operation operation = waiting.operation;
  if (!running_) {
    operation->fail(waiting.numbers, Fault::connection_lost, *trouble_);
    return finish(operation);
  }
  const Instant now = clock_.now();
  const Instant due = std::min(now + pause_before_again(random_), std::max(now, operation->deadline()));
  again_.emplace(due, std::move(waiting));
  arm();
}

void ClusterClient::Impl::send_again(Again waiting) {
  const Operation& operation = waiting.operation;
  const Instant now = clock_.now();
  if (now >= operation->deadline() && operation->has_late() && !operation->told()) {
    operation->patience_is_over(waiting.why.empty() ? "the cluster doesn't answer" : waiting.why);
    if (abandoned_) return;
  }
  if (running_ && now < operation->deadline()) {
    return waiting.to ? send(operation, *waiting.to, std::move(waiting.numbers), waiting.asking)
                      : send_all(operation, waiting.numbers);
  }
  fail(operation, waiting.numbers, waiting.fault == Fault::none ? Fault::timed_out : waiting.fault, waiting.why);
  finish(operation);
}

/// A walk may go on past who doesn't answer.
void ClusterClient::Impl::fail(const Operation& operation, const Numbers& numbers, Fault fault, std::string_view why) {
  for (const std::uint32_t number : numbers) {
    ClusterOperation::Command& command = operation->commands()[number];
    if (command.scan && running_) command.past_it = scan_cursor(map_, *command.scan, "0");
  }
  operation->fail(numbers, fault, why);
}

/// If it is complete, and somebody is left to be told.
void ClusterClient::Impl::finish(const Operation& operation) {
  if (abandoned_) return;
  if (const auto fault = operation->finish(); fault && !abandoned_) told(*operation, *fault);
}

void ClusterClient::Impl::told(const Pending& operation, Fault fault) {
  if (abandoned_ || observer_ == nullptr) return;
  observer_->on_request(fault, clock_.now() - operation.asked);
  if (!abandoned_ && is_redirected(fault)) observer_->on_refused(fault, operation.refusal());
}

}  // namespace vx11::redis
