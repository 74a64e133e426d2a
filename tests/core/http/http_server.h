// One event loop with a router of the test's own, running on a thread.
#pragma once

#include <algorithm>
#include <thread>
#include <vector>

#include "http/event_hub.h"
#include "http/event_loop.h"
#include "http/listener.h"
#include "http/router.h"

namespace vx11::test {

/// Configure `options` and `router` first, then `start`. Stops and joins when it goes.
class HttpServer {
 public:
  HttpServer() {
    options.make_correlation_id = [](char* out) {
      constexpr std::string_view id = "00000000-0000-4000-8000-000000000000";
      std::copy(id.begin(), id.end(), out);
    };
    options.fixed_lines = "X-Fixed: yes\r\n";
  }
  ~HttpServer() { stop(); }

  void start() {
    auto bound = http::bind_port("127.0.0.1", 0, 1);
    port = bound->port;
    loop = std::make_unique<http::EventLoop>(options);
    if (hub_options) hub = std::make_unique<http::EventHub>(*loop, *hub_options);
    loop->listen(bound->descriptors.front(), router);
    thread_ = std::thread([this] { loop->run(); });
  }
  void join() {
    if (thread_.joinable()) thread_.join();
    for (std::thread& worker : workers) worker.join();
    workers.clear();
  }
  void stop() {
    if (loop) loop->stop();
    join();
    hub.reset();
    loop.reset();
  }

  http::ServerOptions options;
  http::Router router;
  std::optional<http::EventHub::Options> hub_options;
  std::unique_ptr<http::EventLoop> loop;
  std::unique_ptr<http::EventHub> hub;
  std::uint16_t port = 0;
  std::vector<std::thread> workers;  ///< added on the loop's thread; joined before the loop goes

 private:
  std::thread thread_;
};

}  // namespace vx11::test
