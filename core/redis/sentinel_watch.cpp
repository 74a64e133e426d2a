#include "redis/sentinel_watch.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cstdint>
#include <string>
#include <utility>

#include "redis/link_observer.h"
#include "redis/locator.h"
#include "redis/node_client.h"
#include "redis/sentinel_view.h"

namespace vx11::redis {

namespace {

constexpr std::size_t most_sentinels = 32;

}  // namespace

struct SentinelWatch::Impl : std::enable_shared_from_this<SentinelWatch::Impl> {
  /// One sentinel and the connection to it.
  struct Sentinel final : LinkObserver {
    Sentinel(Impl& watch, Address where, bool named) : all(watch), address(std::move(where)), is_seed(named) {
      Options options = all.how;
      options.host = address.host;
      options.port = address.port;
      LinkObserver& self = *this;
      client = std::make_unique<NodeClient>(all.io, std::move(options), all.clock, all.random, &self);
    }
    void on_up(const ServerFacts&) override {
      refusal.clear();
      first_attempt_over();
    }
    void on_down(Fault, std::string_view) override { first_attempt_over(); }
    void on_breaker(BreakerState) override {}
    void on_request(Fault, std::chrono::nanoseconds) override {}
    void on_clock(std::chrono::microseconds) override {}
    void on_refused(Fault, std::string_view why) override { refusal = why; }
    void first_attempt_over() {
      if (!std::exchange(tried, true)) all.ask(*this);
    }

    Impl& all;
    const Address address;
    const bool is_seed;
    std::unique_ptr<NodeClient> client;
    bool tried = false;
    bool asked = false;     // in this round
    bool answered = false;  // in this round
    bool known = false;     // to somebody, in this round
    std::string id;
    std::string refusal;  // of the greeting, in the sentinel's words
    SentinelView view;
  };

  Impl(asio::io_context& loop, const Options& options, const Clock& time, Random& source)
      : io(loop),
        clock(time),
        random(source),
        how(options_for_seeds(options)),
        master_name(options.master_name),
        timer(loop) {
    how.connect_timeout = options.connect_timeout;
    for (const Address& seed : options.seeds) add(seed, true);
  }

  void begin(std::chrono::milliseconds deadline, Handler handler);
  void ask(Sentinel& sentinel);
  void take(Sentinel& sentinel, const Answer& answer);
  void learn(const std::vector<OtherSentinel>& others);
  Sentinel* add(const Address& address, bool is_seed);
  void forget();
  void finish_if_all_answered();
  void finish();

  asio::io_context& io;
  const Clock& clock;
  Random& random;
  Options how;
  const std::string master_name;
  Timer timer;
  std::vector<std::unique_ptr<Sentinel>> sentinels;
  Handler done;
  std::uint64_t round = 0;
  Instant latest;  // of this round
};

void SentinelWatch::Impl::begin(std::chrono::milliseconds deadline, Handler handler) {
  done = std::move(handler);
  ++round;
  latest = clock.now() + deadline;
  for (const auto& sentinel : sentinels) sentinel->asked = sentinel->answered = sentinel->known = false;
  timer.expires_after(deadline);
  timer.async_wait([weak = weak_from_this(), mine = round](const ErrorCode& error) {
    const auto self = weak.lock();
    if (!error && self && self->done && self->round == mine) self->finish();
  });
  // By number: an answer within the call may add some, which are asked when they are connected.
  for (std::size_t i = 0; i < sentinels.size(); ++i) {
    Sentinel& sentinel = *sentinels[i];
    sentinel.tried ? ask(sentinel) : sentinel.client->start();
  }
}

void SentinelWatch::Impl::ask(Sentinel& sentinel) {
  if (!done || std::exchange(sentinel.asked, true)) return;
  using std::chrono::milliseconds;
  const auto left = std::max(milliseconds(1), std::chrono::floor<milliseconds>(latest - clock.now()));
  sentinel.client->ask(sentinel_question(master_name), left, [this, &sentinel, mine = round](const Answer& answer) {
    if (done && round == mine) take(sentinel, answer);
  });
}

void SentinelWatch::Impl::take(Sentinel& sentinel, const Answer& answer) {
  SentinelAnswer read = read_sentinel(answer, sentinel.address, master_name);
  sentinel.answered = true;
  if (!read.id.empty()) sentinel.id = read.id;
  sentinel.view = std::move(read.view);
  if (sentinel.refusal == answer.error) sentinel.refusal.clear();  // the view has it while it is true
  if (sentinel.view.up && sentinel.view.error.empty()) sentinel.view.error = sentinel.refusal;
  if (sentinel.view.up) learn(read.others);
  finish_if_all_answered();
}

void SentinelWatch::Impl::learn(const std::vector<OtherSentinel>& others) {
  for (const OtherSentinel& other : others) {
    const auto same = std::find_if(sentinels.begin(), sentinels.end(), [&other](const auto& known) {
      return known->address == other.address || (!other.id.empty() && known->id == other.id);
    });
    if (same != sentinels.end()) {
      (*same)->known = true;
    } else if (Sentinel* added = add(other.address, false)) {
      added->known = true;
      added->id = other.id;
      added->client->start();
    }
  }
}

SentinelWatch::Impl::Sentinel* SentinelWatch::Impl::add(const Address& address, bool is_seed) {
  if (sentinels.size() >= most_sentinels) return nullptr;
  return sentinels.emplace_back(std::make_unique<Sentinel>(*this, address, is_seed)).get();
}

/// Those that nobody named, and that nobody knows any more; and the second name of one that is known by its first.
void SentinelWatch::Impl::forget() {
  const bool somebody_knows = std::any_of(sentinels.begin(), sentinels.end(),
                                          [](const auto& sentinel) { return !sentinel->view.master.empty(); });
  std::vector<std::string> ids;
  for (const auto& sentinel : sentinels) {
    if (sentinel->is_seed && !sentinel->id.empty()) ids.push_back(sentinel->id);
  }
  std::erase_if(sentinels, [&](const auto& one) {
    const bool is_second_name = std::find(ids.begin(), ids.end(), one->id) != ids.end();
    return !one->is_seed && (is_second_name || (somebody_knows && !one->known));
  });
}

void SentinelWatch::Impl::finish_if_all_answered() {
  if (std::all_of(sentinels.begin(), sentinels.end(), [](const auto& sentinel) { return sentinel->answered; }))
    finish();
}

void SentinelWatch::Impl::finish() {
  timer.cancel();
  for (const auto& sentinel : sentinels) {
    if (sentinel->answered) continue;
    const std::string address = sentinel->address.to_text();
    sentinel->view = SentinelView();
    sentinel->view.address = address;
    sentinel->view.error = address + " doesn't answer in time";
  }
  // Not here: it may be one of them that calls.
  asio::post(io, [weak = weak_from_this(), mine = round] {
    const auto self = weak.lock();
    if (!self || !self->done || self->round != mine) return;
    self->forget();
    std::vector<SentinelView> views;
    for (const auto& sentinel : self->sentinels) views.push_back(sentinel->view);
    std::exchange(self->done, {})(std::move(views));
  });
}

SentinelWatch::SentinelWatch(asio::io_context& io, const Options& options, const Clock& clock, Random& random)
    : impl_(std::make_shared<Impl>(io, options, clock, random)) {}

SentinelWatch::~SentinelWatch() {
  impl_->timer.cancel();
  impl_->done = {};
  impl_->sentinels.clear();
}

void SentinelWatch::refresh(std::chrono::milliseconds deadline, Handler handler) {
  impl_->begin(deadline, std::move(handler));
}

bool SentinelWatch::refreshing() const noexcept { return static_cast<bool>(impl_->done); }

}  // namespace vx11::redis
