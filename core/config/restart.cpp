#include "config/restart.h"

#include <array>

#include "config/values.h"

namespace vx11::config {
namespace {

struct Comparison {
  std::string_view flag;
  bool (*differs)(const Settings& a, const Settings& b);
};

template <auto member>
bool differs(const Settings& a, const Settings& b) {
  return a.*member != b.*member;
}

template <Secret Settings::*member>
bool secret_differs(const Settings& a, const Settings& b) {
  return !(a.*member).equals((b.*member).reveal());
}

bool listen_differs(const Settings& a, const Settings& b) { return to_text(a.listen) != to_text(b.listen); }

bool metrics_listen_differs(const Settings& a, const Settings& b) {
  const auto text = [](const Settings& s) { return s.metrics_listen ? to_text(*s.metrics_listen) : std::string(); };
  return text(a) != text(b);
}

constexpr std::array comparisons{
    Comparison{"listen", listen_differs},
    Comparison{"advertise-url", differs<&Settings::advertise_url>},
    Comparison{"metrics-listen", metrics_listen_differs},
    Comparison{"allowed-host", differs<&Settings::allowed_hosts>},
    Comparison{"cors-origin", differs<&Settings::cors_origins>},
    Comparison{"trusted-proxy", differs<&Settings::trusted_proxies>},
    Comparison{"port-file", differs<&Settings::port_file>},
    Comparison{"principal-out", differs<&Settings::principal_out>},
    Comparison{"allow-principal-query", differs<&Settings::allow_principal_query>},
    Comparison{"mode", differs<&Settings::mode>},
    Comparison{"ttl", differs<&Settings::ttl>},
    Comparison{"max-ttl", differs<&Settings::max_ttl>},
    Comparison{"local-fresh", differs<&Settings::local_fresh>},
    Comparison{"max-tokens", differs<&Settings::max_tokens>},
    Comparison{"signing-keys-file", differs<&Settings::signing_keys_file>},
    Comparison{"heartbeat", differs<&Settings::heartbeat>},
    Comparison{"stream-max-age", differs<&Settings::stream_max_age>},
    Comparison{"redis-url", differs<&Settings::redis_url>},
    Comparison{"redis-db", differs<&Settings::redis_db>},
    Comparison{"redis-prefix", differs<&Settings::redis_prefix>},
    Comparison{"redis-username", differs<&Settings::redis_username>},
    Comparison{"redis-password-file", secret_differs<&Settings::redis_password>},
    Comparison{"redis-ca-file", differs<&Settings::redis_ca_file>},
    Comparison{"redis-cert-file", differs<&Settings::redis_cert_file>},
    Comparison{"redis-key-file", differs<&Settings::redis_key_file>},
    Comparison{"redis-server-name", differs<&Settings::redis_server_name>},
    Comparison{"sentinel-username", differs<&Settings::sentinel_username>},
    Comparison{"sentinel-password-file", secret_differs<&Settings::sentinel_password>},
    Comparison{"redis-timeout-ms", differs<&Settings::redis_timeout>},
    Comparison{"redis-wait", differs<&Settings::redis_wait>},
    Comparison{"instance-id", differs<&Settings::instance_id>},
    Comparison{"threads", differs<&Settings::threads>},
    Comparison{"audit-log", differs<&Settings::audit_log>},
    Comparison{"access-log", differs<&Settings::access_log>},
    Comparison{"stop-timeout", differs<&Settings::stop_timeout>},
};

}  // namespace

std::vector<std::string_view> need_restart(const Settings& running, const Settings& read) {
  std::vector<std::string_view> flags;
  for (const Comparison& comparison : comparisons) {
    if (comparison.differs(running, read)) flags.push_back(comparison.flag);
  }
  return flags;
}

}  // namespace vx11::config
