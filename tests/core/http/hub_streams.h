// A server whose GET /stream/<n> opens a stream tagged n, and clients of it.
#pragma once

#include <QTest>
#include <string>

#include "http_server.h"
#include "support/raw_client.h"

namespace vx11::test {

using namespace http;
using namespace std::chrono_literals;

inline Opening opening(std::uint8_t n = 0) {
  Opening made;
  made.first.before = "retry: 5\n\n";
  made.tag[0] = n;
  return made;
}
/// GET /stream/<n> opens a stream tagged n.
inline void start(HttpServer& server, std::chrono::milliseconds heartbeat = 60s) {
  EventHub::Options options;
  options.heartbeat = heartbeat;
  options.heartbeat_event = [] { return std::string("event: heartbeat\ndata: x\n\n"); };
  server.hub_options = options;
  for (std::uint8_t n = 0; n < 10; ++n) {
    server.router.get("/stream/" + std::to_string(n), [&server, n](const Request&, Responder responder) {
      responder.open_stream(*server.hub, "Cache-Control: no-store\r\n", opening(n));
    });
  }
  server.start();
}
inline void publish(HttpServer& server, std::string text) {
  server.loop->post([&server, event = plain_event(std::move(text))] { server.hub->publish(event); });
}
inline void waitForStreams(HttpServer& server, std::size_t n) { QTRY_COMPARE(server.hub->size(), n); }
inline std::string opened_at(RawClient& client, const std::string& path) {
  client.send(request_text("GET", path));
  client.read_until("retry: 5\n\n");
  return client.received();
}
inline std::string opened(RawClient& client, int n) { return opened_at(client, "/stream/" + std::to_string(n)); }

}  // namespace vx11::test
