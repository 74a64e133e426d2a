// Every setting of one instance as one value, after flags, variables and file have been merged and checked.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "token/secret.h"

namespace vx11::config {

struct Endpoint {
  std::string host = "127.0.0.1";  ///< a numeric address, or a name that is resolved at start
  std::uint16_t port = 8011;       ///< 0: the system picks one
};

/// Units are in the types; defaults are the contract's. `config::load` is the only producer outside tests.
struct Settings {
  // Where it listens
  Endpoint listen;
  std::optional<Endpoint> metrics_listen;  ///< moves /metrics there
  std::string advertise_url;               ///< empty: http://<host>:<port> of the address it got
  std::vector<std::string> allowed_hosts;  ///< empty: Host isn't checked
  std::vector<std::string> cors_origins;
  std::vector<std::string> trusted_proxies;  ///< CIDR networks
  std::string port_file;                     ///< the port in decimal is written here once listening

  // Who may call
  std::vector<Secret> principals;
  std::string principal_file;                 ///< one a line, or comma-separated
  std::string principal_out;   ///< where a one-run principal is written, mode 0600
  bool allow_principal_query = false;

  // Tokens
  std::string mode;  ///< "memory", "redis", "hybrid" or "signed"; resolved, never empty
  std::chrono::seconds ttl{60};
  std::chrono::seconds max_ttl{300};
  std::chrono::seconds local_fresh{5};
  std::uint64_t max_tokens = 1'000'000;
  std::string signing_keys_file;

  // Streams
  std::chrono::seconds heartbeat{15};
  std::optional<std::chrono::seconds> stream_max_age;

  // Limits
  std::uint32_t rate_limit = 0;  ///< issue and publish per window, principal and address; 0: off
  std::chrono::seconds rate_window{60};

  // Redis (used from the Redis store on; parsed, checked and shown from the first day)
  std::string redis_url;  ///< without credentials; empty: none configured
  Secret redis_password;
  std::string redis_username;
  std::uint32_t redis_db = 0;  ///< the one to use, whatever the URL says
  std::string redis_prefix = "vx11:";
  std::string redis_ca_file, redis_cert_file, redis_key_file, redis_server_name;
  std::string sentinel_username;
  Secret sentinel_password;
  std::chrono::milliseconds redis_timeout{150};
  std::uint32_t redis_wait = 0;  ///< replicas that must have an issued token, waited for a bounded time; 0: none

  // The process
  std::string instance_id;  ///< empty: host name and port
  unsigned threads = 0;     ///< 0: one per core
  std::string audit_log;
  bool access_log = false;
  std::chrono::seconds stop_timeout{10};

  /// Things that are allowed but unwise, in the order found; logged at start and shown by /readyz.
  std::vector<std::string> warnings;
};

}  // namespace vx11::config
