// The inside of a NodeClient: carries out what its state machines say, none of which knows a socket.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "redis/breaker.h"
#include "redis/connection.h"
#include "redis/greeting.h"
#include "redis/link.h"
#include "redis/locator.h"
#include "redis/node_client.h"
#include "redis/reply_reader.h"
#include "redis/server_clock.h"
#include "redis/waiting.h"

namespace vx11::redis {

/// A handler or an observer may do anything with the client, its destruction included: after every call out, whoever
/// called looks whether there still is the connection that he was working for.
struct NodeClient::Impl final : Connection::Listener, std::enable_shared_from_this<NodeClient::Impl> {
  Impl(asio::io_context& io, Options options, const Clock& clock, Random& random, LinkObserver* observer);

  void start();
  void stop();
  void look_again();
  /// Nobody is called from now on.
  void abandon() noexcept;

  void ask(Request request, std::chrono::milliseconds deadline, Handler handler, Handler late);
  void confirm_absence(std::chrono::milliseconds deadline, Callback<void(bool)> handler);
  /// Of the server that it is connected to, or last was; empty until one is found.
  [[nodiscard]] const std::string& address() const noexcept { return address_; }
  [[nodiscard]] bool usable() const noexcept { return is_ready() && breaker_.lets_through(); }
  [[nodiscard]] std::optional<WallTime> time(Instant at) const noexcept { return server_clock_.at(at); }

 private:
  using Words = std::shared_ptr<const std::string>;  // stay while a handler looks at them
  [[nodiscard]] static Words words(std::string text) { return std::make_shared<const std::string>(std::move(text)); }
  // A failover takes longer: whoever is asked this often can't sleep through one unnoticed.
  static constexpr std::chrono::milliseconds alive_period{500};
  // Of a failover by order the old master knows nothing for ten seconds: what it is told until then is lost.
  static constexpr std::chrono::milliseconds confirm_period{1000};
  // When a replica has left it, as the one does that is made master by order: until the sentinels have told of that,
  // which takes them a second, no key is missing for certain.
  static constexpr std::chrono::seconds disbelief{3};
  // One that is silent is replaced any moment; connecting to it, or waiting for its word, may take long.
  static constexpr std::chrono::milliseconds hasty_period{300};
  // Whoever was asked this long ago may have been replaced meanwhile.
  static constexpr std::chrono::milliseconds slow_greeting{300};

  // The connection
  void on_open() override;
  void on_bytes(std::string_view bytes) override;
  void on_sent() override { flush(); }
  void on_broken(Trouble trouble) override { lost(trouble.fault, std::move(trouble.why)); }
  /// By sentinels, and for commands: one that waits for long in silence leaves a silent master anyway.
  [[nodiscard]] bool watches_master() const noexcept { return by_sentinels() && !options_.drop_on_timeout; }
  [[nodiscard]] bool by_sentinels() const noexcept { return options_.topology == Topology::sentinel; }
  [[nodiscard]] bool is_ready() const noexcept { return link_.state() == Link::State::ready; }
  [[nodiscard]] bool is_greeting() const noexcept {
    return link_.state() == Link::State::connecting || link_.state() == Link::State::greeting;
  }
  void attempt(Link::Next next);
  void located(const Locator::Found& found);
  void confirm();
  void connect();
  void disconnect() noexcept;
  /// `elsewhere`: where the server is instead is known.
  void lost(Fault fault, std::string why, bool elsewhere = false);
  [[nodiscard]] std::string why_so_long() const;

  // Replies
  void greet(const Reply& reply);
  void greeted();
  void answer(const Reply& reply);
  void measured(Instant sent, Instant received, WallTime shown);
  void look_for_another_master(const Answer& answer);
  [[nodiscard]] Request clock_question() const;
  [[nodiscard]] bool is_believed(const Reply& role);

  // Requests
  void enqueue(const Request& request, std::chrono::nanoseconds deadline, Handler handler, Waiting::For whom,
               Handler late = {});
  void flush();
  void post_flush();
  void tell_refusal(const Answer& answer);
  void finish(Handler& handler, const Answer& answer, std::chrono::nanoseconds took);
  void fail_all(Fault fault);

  // Time
  void arm();
  void on_timer();
  void keep_deadlines();
  void keep_breaker();
  void keep_clock();
  void keep_alive();
  void keep_master();
  [[nodiscard]] Instant confirm_due() const noexcept;
  template <class Event>
  void tell_breaker(Event&& event);

  asio::io_context& io_;
  const Options options_;
  Options server_;       // with the host and port that were found
  std::string address_;  // the server's
  Words silent_;         // why nothing is sent while the breaker is open
  const Clock& clock_;
  LinkObserver* observer_;

  std::optional<Locator> locator_;  // none: the server is named
  Link link_;
  Breaker breaker_;
  Waiting waiting_;
  ServerClock server_clock_;

  std::shared_ptr<Connection> connection_;
  std::shared_ptr<ReplyReader> reader_;  // the connection's
  std::optional<Greeting> greeting_;     // while it goes on
  std::vector<Reply> replies_;           // so far, to the request at the front
  std::string unsent_;
  bool flush_posted_ = false;
  Words trouble_;  // why there is no connection
  /// A master that was silent, and speaks again, may have been replaced meanwhile and not know it: the breaker stays
  /// open until the sentinels have confirmed it.
  bool doubted_ = false;
  std::vector<std::string> replicas_;  // as last told
  Instant disbelieved_until_;
  std::string another_;  // why the server isn't the right one any more
  std::size_t attempts_ = 0;

  Timer timer_;
  std::optional<Instant> armed_for_;
  Instant now_;  // as of the last event
  Instant located_, greeted_at_, answered_, time_due_, alive_due_, confirmed_;
  bool time_overdue_ = false;  // a blocking reader's TIME goes before its next request
  bool abandoned_ = false;
};

template <class Event>
void NodeClient::Impl::tell_breaker(Event&& event) {
  const BreakerState before = breaker_.state();
  event();
  if (breaker_.state() != before && observer_ != nullptr && !abandoned_) observer_->on_breaker(breaker_.state());
}

}  // namespace vx11::redis
