// Handlers of every kind: at once, later, never, with a fault, and with much to say.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>

#include "http_server.h"

namespace vx11::test {

inline void addRoutes(HttpServer& server) {
  server.router.get("/hello", [](const http::Request& request, http::Responder responder) {
    std::string storage;
    const std::string body = "hello " + std::string(request.parameter("n", storage).value.value_or("-"));
    http::Response response;
    response.body = body;
    responder.send(response);
  });
  server.router.post("/echo", [](const http::Request& request, http::Responder responder) {
    http::Response response;
    response.body = request.body;
    responder.send(response);
  });
  server.router.get("/later", [&server](const http::Request&, http::Responder responder) {
    auto kept = std::make_shared<http::Responder>(std::move(responder));
    server.workers.emplace_back([&server, kept] {
      server.loop->post([kept] {
        http::Response response;
        response.body = "late";
        kept->send(response);
      });
    });
  });
  server.router.get("/forgets", [](const http::Request&, http::Responder) {});
  server.router.get("/throws", [](const http::Request&, http::Responder) { throw std::runtime_error("a bug"); });
  server.router.get("/big", [](const http::Request&, http::Responder responder) {
    const std::string body(4 * 1024 * 1024, 'x');
    http::Response response;
    response.body = body;
    responder.send(response);
  });
}

}  // namespace vx11::test
