// Whom a NodeClient speaks to, where others know it: sentinels, or the nodes of a cluster.
#include <algorithm>
#include <string>
#include <utility>

#include "redis/node_client_impl.h"

namespace vx11::redis {

namespace {

constexpr std::chrono::milliseconds least_gap{500};  // between questions because of what the master answers
constexpr std::chrono::milliseconds alive_deadline{400};

}  // namespace

void NodeClient::Impl::located(const Locator::Found& found) {
  if (!found) return lost(found.error().fault, found.error().why);
  server_.host = found->host;
  server_.port = found->port;
  address_ = found->to_text();
  silent_ = words(address_ + " doesn't answer");
  now_ = located_ = confirmed_ = clock_.now();
  link_.on_located(now_);
  connect();
  arm();
}

/// Asks again whether the server is the master still. It can't know that itself: one that slept says that it is.
void NodeClient::Impl::confirm() {
  confirmed_ = now_;
  if (locator_->finding()) return;
  locator_->find([this](const Locator::Found& found) {
    const auto self = shared_from_this();
    now_ = clock_.now();
    if (found && found->to_text() != address_) {
      const char* const who = options_.topology == Topology::sentinel ? "the sentinels name" : "the cluster names";
      lost(Fault::read_only, std::string(who) + " the master " + found->to_text() + " in place of " + address_, true);
      link_.hurry(now_);
      if (!abandoned_) arm();
      return;
    }
    if (greeting_ && greeting_->done()) greeted();
    if (std::exchange(doubted_, false)) tell_breaker([this] { breaker_.on_bytes(now_); });
    if (!abandoned_) arm();
  });
}

/// A server that took over, or a slot that moved: all that waits at this one would be told the same.
void NodeClient::Impl::look_for_another_master(const Answer& answer) {
  if (answer.error.starts_with("NOREPLICAS") && watches_master() && now_ - confirmed_ >= least_gap) confirm();
  const bool by_slot = options_.topology == Topology::cluster;
  const bool elsewhere =
      answer.error.starts_with("READONLY") || answer.error.starts_with("MASTERDOWN") ||
      answer.error.starts_with("UNBLOCKED") ||
      (by_slot && (answer.fault == Fault::moved || answer.fault == Fault::ask || answer.fault == Fault::cluster_down));
  if (!elsewhere || !another_.empty()) return;
  another_ = address_ + " says " + std::string(answer.error) + "; the master is looked for again";
}

Instant NodeClient::Impl::confirm_due() const noexcept {
  return confirmed_ + (usable() ? confirm_period : hasty_period);
}

void NodeClient::Impl::keep_master() {
  if (!by_sentinels() || (!is_ready() && !is_greeting()) || now_ < confirm_due()) return;
  confirm();
  if (watches_master() && usable()) confirm_absence(options_.timeout, [](bool) {});
}

void NodeClient::Impl::confirm_absence(std::chrono::milliseconds deadline, Callback<void(bool)> handler) {
  if (!by_sentinels()) return handler(true);
  auto hear = [this, handler = std::move(handler)](const Answer& answer) mutable {
    handler(answer.fault == Fault::none && !answer.replies.empty() && is_believed(answer.replies.front()));
  };
  ask({"ROLE"}, deadline, std::move(hear), {});
}

/// One that was replaced by order says for ten more seconds that it is the master; but its successor has left it.
bool NodeClient::Impl::is_believed(const Reply& role) {
  std::vector<std::string> followers = replicas_of(role);
  const bool was_left = !std::includes(followers.begin(), followers.end(), replicas_.begin(), replicas_.end());
  replicas_ = std::move(followers);
  if (!says_master(role) || was_left) {
    disbelieved_until_ = now_ + disbelief;
    confirm();
  }
  return now_ >= disbelieved_until_;
}

void NodeClient::Impl::look_again() {
  if (!by_sentinels()) return;
  now_ = clock_.now();
  if (is_ready() || is_greeting()) confirm();
  link_.hurry(now_);
  arm();
}

Request NodeClient::Impl::clock_question() const {
  Request request{"TIME"};
  if (locator_) request.add({"ROLE"});
  return request;
}

void NodeClient::Impl::keep_alive() {
  if (!watches_master() || now_ < alive_due_) return;
  alive_due_ = now_ + alive_period;
  if (breaker_.lets_through()) enqueue({"PING"}, alive_deadline, {}, Waiting::For::probe);
}

}  // namespace vx11::redis
