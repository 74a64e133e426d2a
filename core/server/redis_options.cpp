#include "server/redis_options.h"

#include "config/redis_url.h"
#include "feed/keys.h"

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

std::string seed_addresses(const config::Settings& settings) {
  std::string text;
  for (const config::Endpoint& host : url_of_redis(settings).hosts) {
    if (!text.empty()) text += ',';
    text += redis::Address{host.host, host.port}.to_text();
  }
  return text;
}

redis::Topology redis_topology(const config::Settings& settings) {
  switch (url_of_redis(settings).topology) {
    case config::RedisUrl::Topology::single:
      return redis::Topology::single;
    case config::RedisUrl::Topology::sentinel:
      return redis::Topology::sentinel;
    case config::RedisUrl::Topology::cluster:
      return redis::Topology::cluster;
  }
  return redis::Topology::single;
}

std::string master_name(const config::Settings& settings) { return url_of_redis(settings).master; }

redis::Options redis_options(const config::Settings& settings, const std::string& instance_id,
                             const std::string& purpose) {
  const config::RedisUrl url = url_of_redis(settings);
  redis::Options options;
  options.topology = redis_topology(settings);
  if (options.topology == redis::Topology::single) {
    options.host = url.hosts.front().host;
    options.port = url.hosts.front().port;
  } else {
    for (const config::Endpoint& host : url.hosts) options.seeds.push_back({host.host, host.port});
  }
  options.master_name = url.master;
  options.sentinel_username = settings.sentinel_username;
  options.sentinel_password = settings.sentinel_password;
  options.clock_slot = redis::slot_of(feed::Keys(settings.redis_prefix).revocations);
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
