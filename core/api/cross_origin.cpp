// CORS (WHATWG Fetch, 3.2): what pages of other origins may do here, and how they are told.
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/loop_context.h"

namespace vx11::api {

namespace {

constexpr std::string_view allowed_headers =
    "Access-Control-Allow-Headers: X-VX11-Token, X-Correlation-Id, Content-Type, Last-Event-ID\r\n";
constexpr std::string_view exposed_headers =
    "Access-Control-Expose-Headers: X-Correlation-Id, X-VX11-Instance, Retry-After\r\n";
/// A page that issues a token a minute asks once: browsers forget after 5 s unless they are told otherwise.
constexpr std::string_view preflight_life = "Access-Control-Max-Age: 600\r\n";

/// As browsers write it: the port only where it isn't the scheme's own.
[[nodiscard]] std::string without_usual_port(std::string_view origin) {
  for (const auto& [scheme, port] : {std::pair("http://", ":80"), std::pair("https://", ":443")}) {
    if (origin.starts_with(scheme) && origin.ends_with(port)) origin.remove_suffix(std::string_view(port).size());
  }
  return std::string(origin);
}

/// No credentials are allowed: the service takes none that a browser would add by itself.
class CrossOrigin {
 public:
  explicit CrossOrigin(const std::vector<std::string>& configured) {
    for (const std::string& origin : configured) origins_.push_back(without_usual_port(origin));
    any_ = std::find(origins_.begin(), origins_.end(), "*") != origins_.end();
  }

  /// A page of another origin is answered like anybody; without a line that names it its browser tells it nothing.
  [[nodiscard]] std::string lines(const http::Request& request) const {
    std::string lines = "Vary: Origin\r\n";
    const http::Single origin = request.header("Origin");
    if (!origin.value || origin.repeated) return lines;
    const bool listed = any_ || std::find(origins_.begin(), origins_.end(), *origin.value) != origins_.end();
    if (!listed) return lines;
    lines += "Access-Control-Allow-Origin: ";
    lines += any_ ? std::string_view("*") : *origin.value;
    lines += "\r\n";
    return lines += exposed_headers;
  }

 private:
  std::vector<std::string> origins_;
  bool any_ = false;
};

void install(http::Router& router, const CrossOrigin& rules, std::string path, std::string_view methods) {
  router.lines(path, [rules](const http::Request& request) { return rules.lines(request); });
  std::string preflight = "Access-Control-Allow-Methods: " + std::string(methods) + "\r\n";
  (preflight += allowed_headers) += preflight_life;
  const std::string allow = "Allow: " + std::string(methods) + ", OPTIONS\r\n";
  router.options(std::move(path), [preflight, allow](const http::Request& request, http::Responder responder) {
    const bool asks = request.header("Origin").value && request.header("Access-Control-Request-Method").value;
    http::Response response;
    response.status = 204;
    response.headers = asks ? preflight : allow;
    responder.send(response);
  });
}

}  // namespace

void install_cross_origin(http::Router& router, LoopContext& context) {
  const std::vector<std::string>& origins = context.shared.settings.cors_origins;
  if (origins.empty()) return;
  const CrossOrigin rules(origins);
  install(router, rules, "/operator/api/events/sse-token", "POST");
  install(router, rules, "/operator/api/events/stream", "GET, HEAD");
  install(router, rules, "/operator/api/events/validate", "GET, HEAD");
}

}  // namespace vx11::api
