#include "http/event_loop.h"

#include <boost/asio/executor_work_guard.hpp>

#include "http/event_hub.h"
#include "http/listener.h"

namespace vx11::http {

namespace {
constexpr int ticks_per_scan = 5;  // deadlines are whole seconds; half a second of slack is nothing to them
}

EventLoop::EventLoop(const ServerOptions& options)
    : options_(options), work_(io_.get_executor()), timer_(io_), scratch_(std::make_unique<char[]>(scratch_size)) {}

EventLoop::~EventLoop() {
  listeners_.clear();
  // Handlers that still wait hold sessions and streams; closing lets the io_context drop them with their sockets open
  // to nobody.
  while (!sessions_.empty()) {
    Session& session = sessions_.front();
    session.unlink();
    session.close();
  }
}

void EventLoop::listen(int listening_descriptor, const Router& router) {
  listeners_.push_back(std::make_unique<Listener>(*this, listening_descriptor, router));
}

void EventLoop::run() {
  for (const auto& listener : listeners_) listener->start();
  arm_tick();
  io_.run();
  last_tick_ms_.store(0, std::memory_order_relaxed);
}

void EventLoop::stop() { io_.stop(); }

void EventLoop::post(std::function<void()> work) { asio::post(io_, std::move(work)); }

void EventLoop::stop_accepting() {
  for (const auto& listener : listeners_) listener->stop();
}

void EventLoop::wind_down(std::chrono::steady_clock::time_point latest) {
  saying_close_ = true;
  winding_down_ = true;
  latest_end_ = latest;
  stop_accepting();
  for (auto next = sessions_.begin(); next != sessions_.end();) {
    Session& session = *next++;  // winding down may unlink it
    session.wind_down();
  }
  end_if_idle();
}

void EventLoop::end_if_idle() {
  if (!winding_down_ || !sessions_.empty()) return;
  for (const auto& listener : listeners_) {
    if (listener->is_open()) return;
  }
  for (const EventHub* hub : hubs_) {
    if (hub->size() > 0) return;
  }
  io_.stop();
}

void EventLoop::arm_tick() {
  timer_.expires_after(tick_interval);
  timer_.async_wait([this](const ErrorCode& error) {
    if (error) return;
    tick();
    arm_tick();
  });
}

void EventLoop::tick() {
  const auto now = std::chrono::steady_clock::now();
  last_tick_ms_.store(std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count(),
                      std::memory_order_relaxed);
  turns_.fetch_add(1, std::memory_order_relaxed);
  if (++ticks_to_scan_ >= ticks_per_scan || winding_down_) {
    ticks_to_scan_ = 0;
    for (auto next = sessions_.begin(); next != sessions_.end();) {
      Session& session = *next++;
      session.check_deadline(now);
    }
  }
  for (EventHub* hub : hubs_) hub->tick(now);
  if (tick_handler_) tick_handler_();
  end_if_idle();
  if (winding_down_ && now >= latest_end_ && !io_.stopped()) {
    if (options_.report)
      options_.report("drain_cut_short", "connections were still busy when the time to stop was over");
    io_.stop();
  }
}

std::string_view EventLoop::date_line() { return date_.line(std::time(nullptr)); }

void EventLoop::add(Session& session) { sessions_.push_back(session); }

void EventLoop::add(EventHub& hub) { hubs_.push_back(&hub); }

void EventLoop::accepted(Socket&& socket, const Router& router) {
  ErrorCode error;
  const auto peer = socket.remote_endpoint(error);
  if (error) return;  // gone before we looked
  socket.non_blocking(true, error);
  socket.set_option(asio::ip::tcp::no_delay(true), error);
  const boost::intrusive_ptr<Session> session(new Session(*this, std::move(socket), router, peer.address()));
  add(*session);
  session->start();
  if (winding_down_) session->wind_down();
}

}  // namespace vx11::http
