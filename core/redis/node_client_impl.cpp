#include "redis/node_client_impl.h"

#include <algorithm>
#include <utility>

namespace vx11::redis {

namespace {
constexpr std::chrono::hours no_deadline{1};  // a probe's: the breaker has its own
}  // namespace

NodeClient::Impl::Impl(asio::io_context& io, Options options, const Clock& clock, Random& random,
                       LinkObserver* observer)
    : io_(io),
      options_(std::move(options)),
      server_(options_),
      address_(options_.topology == Topology::single ? address_of(options_) : ""),
      silent_(words(address_ + " doesn't answer")),
      clock_(clock),
      observer_(observer),
      link_(options_, random),
      breaker_(options_.silence_limit),
      waiting_(options_.max_waiting),
      trouble_(words(address_.empty() ? "no master has been found yet" : "not connected to " + address_)),
      timer_(io) {
  if (options_.topology != Topology::single) locator_.emplace(io, options_, clock, random);
}

// ---- The connection

void NodeClient::Impl::start() {
  now_ = clock_.now();
  attempt(link_.start(now_));
  if (!abandoned_) arm();
}

void NodeClient::Impl::stop() {
  const auto self = shared_from_this();
  const bool was_ready = is_ready();
  link_.stop();
  disconnect();
  timer_.cancel();
  armed_for_.reset();
  const Words why = trouble_ = words("the connection to " + (address_.empty() ? "Redis" : address_) + " was ended");
  if (was_ready && observer_ != nullptr && !abandoned_) observer_->on_down(Fault::not_connected, *why);
  tell_breaker([this] { breaker_.on_down(); });
  fail_all(Fault::connection_lost);
}

void NodeClient::Impl::abandon() noexcept {
  abandoned_ = true;
  link_.stop();
  disconnect();
  timer_.cancel();
  const auto dropped = waiting_.take_all();
}

void NodeClient::Impl::attempt(Link::Next next) {
  if (next == Link::Next::connect) connect();
  if (next == Link::Next::locate) locator_->find([this](const Locator::Found& found) { located(found); });
}

void NodeClient::Impl::connect() {
  reader_ = std::make_shared<ReplyReader>();
  connection_ = std::make_shared<Connection>(io_, server_, *this);
  connection_->open(attempts_++);
}

void NodeClient::Impl::disconnect() noexcept {
  if (locator_) locator_->cancel();
  if (connection_) connection_->close();
  connection_.reset();
  greeting_.reset();
  replies_.clear();
  unsent_.clear();
  another_.clear();
  doubted_ = time_overdue_ = false;
}

void NodeClient::Impl::lost(Fault fault, std::string why, bool elsewhere) {
  const auto self = shared_from_this();
  if (locator_ && is_greeting() && !elsewhere) locator_->doubt();
  disconnect();
  now_ = clock_.now();
  link_.on_lost(now_);
  const Words kept = trouble_ = words(std::move(why));
  if (observer_ != nullptr && !abandoned_) observer_->on_down(fault, *kept);
  tell_breaker([this] { breaker_.on_down(); });
  fail_all(fault == Fault::protocol ? fault : Fault::connection_lost);
  if (!abandoned_) arm();
}

std::string NodeClient::Impl::why_so_long() const {
  if (link_.state() == Link::State::locating || (greeting_ && greeting_->done()))
    return "nobody says in time where the master is";
  if (link_.state() == Link::State::greeting) return *silent_;
  if (connection_->encrypts()) return "no TLS with " + address_ + " in time; does it speak TLS on that port?";
  return "no connection to " + address_ + " in time";
}

// ---- Replies

void NodeClient::Impl::on_open() {
  now_ = greeted_at_ = clock_.now();
  link_.on_connected();
  greeting_.emplace(server_);
  std::string bytes = greeting_->request().bytes();
  connection_->send(bytes);
}

void NodeClient::Impl::on_bytes(std::string_view bytes) {
  const auto self = shared_from_this();
  const auto reader = reader_;
  const Connection* const mine = connection_.get();
  now_ = clock_.now();
  const bool was_silent = is_ready() && !breaker_.lets_through();
  alive_due_ = now_ + alive_period;
  if (was_silent && watches_master()) {
    if (!std::exchange(doubted_, true)) locator_->cancel();  // what was asked while it slept may be out of date
    confirm();
  } else {
    tell_breaker([this] { breaker_.on_bytes(now_); });
  }
  if (connection_.get() != mine) return;
  reader->feed(bytes);
  Reply reply;
  ReplyReader::Found found = reader->next(reply);
  for (; found == ReplyReader::Found::reply; found = reader->next(reply)) {
    greeting_ ? greet(reply) : answer(reply);
    if (connection_.get() != mine) return;
  }
  if (found == ReplyReader::Found::rubbish) {
    return lost(Fault::protocol, address_ + " doesn't speak Redis' protocol: " + std::string(reader->error()));
  }
  if (!another_.empty()) return lost(Fault::read_only, std::move(another_));
  arm();
}

void NodeClient::Impl::greet(const Reply& reply) {
  if (greeting_->done()) return lost(Fault::protocol, address_ + " answered what nobody asked");
  auto trouble = greeting_->take(reply);
  reader_->release();
  if (trouble) return lost(trouble->fault, std::move(trouble->why));
  if (!greeting_->done()) return;
  answered_ = now_;
  if (!locator_ || now_ - located_ <= slow_greeting) return greeted();
  link_.on_doubted(now_);
  locator_->cancel();
  confirm();
}

void NodeClient::Impl::greeted() {
  const Greeting greeting = std::move(*greeting_);
  greeting_.reset();
  link_.on_greeted(now_);
  time_due_ = now_ + options_.clock_period;
  server_clock_.on_connect();
  replicas_ = greeting.replicas();
  const Connection* const mine = connection_.get();
  if (const auto shown = greeting.time()) measured(greeted_at_, answered_, *shown);
  if (connection_.get() == mine) tell_breaker([this] { breaker_.on_up(now_); });
  if (connection_.get() == mine && observer_ != nullptr) observer_->on_up(greeting.facts());
  if (connection_.get() == mine && observer_ != nullptr && !greeting.refusal().empty()) {
    observer_->on_refused(Fault::no_permission, greeting.refusal());
  }
}

void NodeClient::Impl::answer(const Reply& reply) {
  if (waiting_.empty() || !waiting_.front().sent) {
    return lost(Fault::protocol, address_ + " answered what nobody asked");
  }
  replies_.push_back(reply);
  if (replies_.size() < waiting_.front().commands) return;
  Waiting::Entry entry = waiting_.pop();
  if (locator_) look_for_another_master(answer_of(replies_));
  if (entry.whom != Waiting::For::user) tell_refusal(answer_of(replies_));
  if (replies_.empty()) return;  // whoever was told has ended the connection
  if (entry.whom == Waiting::For::time) {
    if (replies_.size() > 1 && replies_[1].is_array() && !says_master(replies_[1])) {
      another_ = address_ + " is the master no more; another one is looked for";
    }
    if (const auto shown = ServerClock::shown_by(replies_.front())) measured(entry.asked, now_, *shown);
  } else if (entry.handler) {
    finish(entry.handler, answer_of(replies_), now_ - entry.asked);
  } else if (entry.late) {
    finish(entry.late, answer_of(replies_), now_ - entry.asked);
  }
  replies_.clear();
  reader_->release();
}

void NodeClient::Impl::measured(Instant sent, Instant received, WallTime shown) {
  server_clock_.add(sent, received, shown);
  if (observer_ == nullptr) return;
  observer_->on_clock(std::chrono::duration_cast<std::chrono::microseconds>(*server_clock_.at(now_) - clock_.wall()));
}

// ---- Time

void NodeClient::Impl::arm() {
  std::optional<Instant> first = link_.due();
  const auto consider = [&first](std::optional<Instant> other) {
    if (other && (!first || *other < *first)) first = other;
  };
  if (is_ready()) {
    consider(waiting_.due());
    consider(breaker_.due());
    consider(time_due_);
    if (watches_master()) consider(alive_due_);
  }
  if (by_sentinels() && (is_ready() || is_greeting())) consider(confirm_due());
  if (!first || (armed_for_ && *armed_for_ <= *first)) return;
  armed_for_ = first;
  timer_.expires_after(std::max(std::chrono::nanoseconds(0), *first - now_));
  timer_.async_wait([self = shared_from_this()](const ErrorCode& error) {
    if (!error && !self->abandoned_) self->on_timer();
  });
}

void NodeClient::Impl::on_timer() {
  now_ = clock_.now();
  armed_for_.reset();
  const Link::Next next = link_.on_time(now_);
  if (next == Link::Next::give_up) return lost(Fault::timed_out, why_so_long());
  attempt(next);
  if (is_ready()) keep_deadlines();
  if (is_ready()) keep_breaker();
  if (is_ready()) keep_clock();
  if (is_ready()) keep_alive();
  keep_master();
  if (!abandoned_) arm();
}

void NodeClient::Impl::keep_deadlines() {
  const Connection* const mine = connection_.get();
  std::vector<Waiting::Entry> expired = waiting_.expire(now_);
  if (expired.empty()) return;
  tell_breaker([&] {
    for (const Waiting::Entry& entry : expired) {
      if (entry.sent && entry.expired) breaker_.on_timeout(entry.asked, now_);
    }
  });
  for (Waiting::Entry& entry : expired) {
    if (abandoned_) return;
    if (!entry.handler) continue;
    const Answer none{Fault::timed_out, *silent_, {}};
    // Whose patience alone is over isn't a failure of Redis'.
    entry.expired ? finish(entry.handler, none, now_ - entry.asked) : entry.handler(none);
  }
  if (options_.drop_on_timeout && connection_.get() == mine) lost(Fault::timed_out, *silent_);
}

void NodeClient::Impl::keep_breaker() {
  Breaker::Next next = Breaker::Next::none;
  const Connection* const mine = connection_.get();
  tell_breaker([&] { next = breaker_.on_time(now_); });
  if (connection_.get() != mine) return;
  if (next == Breaker::Next::probe) enqueue({"PING"}, no_deadline, {}, Waiting::For::probe);
  if (next == Breaker::Next::drop) lost(Fault::timed_out, *silent_);
}

void NodeClient::Impl::keep_clock() {
  if (now_ < time_due_) return;
  time_due_ = now_ + options_.clock_period;
  if (options_.is_sentinel) return;
  if (!breaker_.lets_through()) return;
  if (locator_ && !by_sentinels()) confirm();
  if (options_.drop_on_timeout && !waiting_.empty()) {
    time_overdue_ = true;  // it would be answered only when the blocking command is
  } else {
    enqueue(clock_question(), options_.timeout, {}, Waiting::For::time);
  }
}

}  // namespace vx11::redis
