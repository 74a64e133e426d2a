// What all loops of one server share: limits, the lines on every answer, and where its ids and access records go.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "http/limits.h"
#include "http/networks.h"

namespace vx11::http {

/// One answered request. Views are valid during the call only.
struct AccessRecord {
  std::string_view method, path, query, client, correlation_id;  ///< the query as sent: it may hold secrets
  int status = 0;
  std::size_t body_bytes = 0;
  std::chrono::nanoseconds duration{0};
};

/// Read-only once the loops run; every function in it is thread-safe.
struct ServerOptions {
  Limits limits;
  std::string fixed_lines;                            ///< whole header lines, on every answer
  std::function<void(char* out36)> make_correlation_id;
  std::function<void(const AccessRecord&)> access;    ///< empty: not recorded
  std::function<void(std::string_view event, std::string_view message)> report;  ///< trouble worth a log line
  Networks trusted_proxies;
  std::vector<std::string> allowed_hosts;             ///< lower case, without port; empty: any
};

}  // namespace vx11::http
