#include "server/redis_options.h"

#include "config/redis_url.h"

namespace vx11::server {

namespace {

/// The settings' URL has been read before: it is in its canonical spelling.
[[nodiscard]] config::RedisUrl url_of_redis(const config::Settings& settings) {
  auto url = config::parse_redis_url(settings.redis_url);
  if (url && !url->hosts.empty()) return std::move(*url);
  config::RedisUrl fallback;
  fallback.hosts.push_back({"127.0.0.1", 6379});
  return fallback;
}

}  // namespace

std::string redis_address(const config::Settings& settings) {
  const config::RedisUrl url = url_of_redis(settings);
  const config::Endpoint& host = url.hosts.front();
  const bool bare_v6 = host.host.find(':') != std::string::npos;
  return (bare_v6 ? "[" + host.host + "]" : host.host) + ":" + std::to_string(host.port);
}

redis::Options redis_options(const config::Settings& settings, const std::string& instance_id,
                             const std::string& purpose) {
  const config::RedisUrl url = url_of_redis(settings);
  redis::Options options;
  options.host = url.hosts.front().host;
  options.port = url.hosts.front().port;
  options.tls.enabled = url.tls;
  options.tls.ca_file = settings.redis_ca_file;
  options.tls.cert_file = settings.redis_cert_file;
  options.tls.key_file = settings.redis_key_file;
  options.tls.server_name = settings.redis_server_name;
  options.username = settings.redis_username;
  options.password = settings.redis_password;
  options.database = settings.redis_db;
  options.client_name = "vx11:" + instance_id + ":" + purpose;
  options.timeout = settings.redis_timeout;
  return options;
}

}  // namespace vx11::server
