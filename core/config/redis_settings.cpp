#include "config/draft.h"
#include "config/redis_url.h"
#include "config/values.h"

namespace vx11::config {
namespace {

/// Where Redis is, and who said so.
struct Found {
  RedisUrl url;
  std::string origin;
  bool by_url = false;  ///< Python backends know it by the same URL
};

boost::system::result<Found, std::string> from_url(const Given& given) {
  auto url = parse_redis_url(given.value);
  if (!url) return given.origin + ": the value isn't a Redis URL: " + url.error();
  return Found{std::move(*url), given.origin, true};
}

boost::system::result<Found, std::string> from_host(const Environment& environment, const Given& host) {
  Endpoint endpoint{host.value, 6379};
  Found found;
  found.origin = host.origin;
  if (!is_host(host.value))
    return host.origin + ": \"" + host.value + "\" isn't allowed; it takes a host name or address";
  if (const auto port = environment.find("REDIS_PORT")) {
    const auto number = parse_number(port->value);
    if (!number || *number < 1 || *number > 65535)
      return port->origin + ": \"" + port->value + "\" isn't allowed; it takes a whole number from 1 to 65535";
    endpoint.port = static_cast<std::uint16_t>(*number);
    found.origin += ", " + port->origin;
  }
  found.url.hosts.push_back(std::move(endpoint));
  return found;
}

/// Nothing when no Redis is configured. REDIS_HOST is a variable, so it counts over the file.
boost::system::result<std::optional<Found>, std::string> find_redis(const Draft& draft) {
  const auto wrap = [](auto found) -> boost::system::result<std::optional<Found>, std::string> {
    if (!found) return found.error();
    return std::optional<Found>(std::move(*found));
  };
  const auto& sources = draft.sources;
  const Option& option = *find_option("redis-url");
  const auto given = sources.chosen(option);
  const bool from_file = !given.empty() && sources.flags.count(&option) == 0 && !sources.environment.find(option);
  if (!given.empty() && !from_file) return wrap(from_url(given.front()));
  if (const auto host = sources.environment.find("REDIS_HOST")) return wrap(from_host(sources.environment, *host));
  if (from_file) return wrap(from_url(given.front()));
  if (draft.settings.mode == "redis" || draft.settings.mode == "hybrid") {
    auto local = parse_redis_url("redis://localhost:6379/0");
    return std::optional<Found>(Found{std::move(*local), "default of mode " + draft.settings.mode, false});
  }
  return std::optional<Found>{};
}

/// First line of a password file; `password` stays as it is when there is no such option.
Problem read_password(Draft& draft, std::string_view flag, Secret& password) {
  const auto given = draft.sources.chosen(flag);
  if (given.empty()) return std::nullopt;
  auto text = read_secret_file(draft, flag);
  if (!text) return text.error();
  std::string_view line = *text;
  line = line.substr(0, line.find('\n'));
  while (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  password = Secret(line);
  wipe(text->data(), text->size());
  if (password.empty()) return given.front().origin + ": the first line of " + given.front().value + " is empty";
  return std::nullopt;
}

void settle_credentials(Draft& draft, const Found& found) {
  auto& settings = draft.settings;
  if (settings.redis_username.empty() && !found.url.username.empty()) {
    settings.redis_username = found.url.username;
    draft.shown["redis-username"] = {settings.redis_username, found.origin};
  }
  std::string origin = found.origin;
  if (!settings.redis_password.empty()) {
    origin = draft.sources.chosen("redis-password-file").front().origin;
  } else if (!found.url.password.empty()) {
    settings.redis_password = found.url.password;
  } else if (const auto variable = draft.sources.environment.find("REDIS_PASSWORD"); variable && !found.by_url) {
    settings.redis_password = Secret(variable->value);
    origin = variable->origin;
  }
  if (!settings.redis_password.empty()) draft.notes.push_back({"Redis password: ***", origin});
}

Problem settle_database(Draft& draft, const Found& found) {
  auto& settings = draft.settings;
  const auto given = draft.sources.chosen("redis-db");
  const auto of_url = found.url.database.value_or(0);
  if (given.empty()) {
    settings.redis_db = of_url;
    draft.shown["redis-db"] = {std::to_string(of_url), found.url.database ? found.origin : "default"};
    return std::nullopt;
  }
  if (found.url.topology == RedisUrl::Topology::cluster && settings.redis_db != 0)
    return given.front().origin + ": \"" + given.front().value + "\" isn't allowed; Redis Cluster has database 0 only";
  if (found.by_url && settings.redis_db != of_url) {
    draft.warn("Redis database " + std::to_string(settings.redis_db) + " (" + given.front().origin +
               ") is used and not the URL's, " + std::to_string(of_url) + " (" + found.origin +
               "): Python backends read the URL only");
  }
  return std::nullopt;
}

/// Settings that don't go together, though each by itself is well. `found` is null where there is no Redis.
void warn_of_no_effect(Draft& draft, const Found* found) {
  const auto& settings = draft.settings;
  const std::string reason =
      found == nullptr ? "no Redis is configured" : "the URL (" + found->origin + ") isn't redis+sentinel://";
  const bool has_sentinels = found != nullptr && found->url.topology == RedisUrl::Topology::sentinel;
  for (const std::string_view flag : {"sentinel-username", "sentinel-password-file"}) {
    const auto given = draft.sources.chosen(flag);
    if (!given.empty() && !has_sentinels) draft.warn(given.front().origin + " has no effect: " + reason);
  }
  if (found == nullptr) {
    if (settings.redis_wait > 0)
      draft.warn(draft.sources.chosen("redis-wait").front().origin + " has no effect: " + reason);
    return;
  }
  if (has_sentinels && !settings.sentinel_username.empty() && settings.sentinel_password.empty())
    draft.warn(draft.sources.chosen("sentinel-username").front().origin +
               " has no effect without --sentinel-password-file");
  if (!settings.redis_username.empty() && settings.redis_password.empty())
    draft.warn("the user \"" + settings.redis_username + "\" of Redis has no effect without a password");
}

std::string shown_url(const RedisUrl& url) {
  std::string text = url.to_text();
  if (url.username.empty() && url.password.empty()) return text;
  return text.insert(text.find("://") + 3, url.username + (url.password.empty() ? "@" : ":***@"));
}

}  // namespace

Problem resolve_redis(Draft& draft) {
  auto& settings = draft.settings;
  if (auto problem = read_password(draft, "redis-password-file", settings.redis_password)) return problem;
  if (auto problem = read_password(draft, "sentinel-password-file", settings.sentinel_password)) return problem;
  if (settings.redis_cert_file.empty() != settings.redis_key_file.empty())
    return "--redis-cert-file and --redis-key-file go together: only one of them is set";

  auto found = find_redis(draft);
  if (!found) return found.error();
  if (!*found) {
    warn_of_no_effect(draft, nullptr);
    return std::nullopt;
  }
  const Found& redis = **found;
  settings.redis_url = redis.url.to_text();
  draft.shown["redis-url"] = {shown_url(redis.url), redis.origin};
  for (const auto& name : redis.url.ignored)
    draft.warn(redis.origin + ": \"" + name + "\" after '?' is another client's option and has no effect");
  const bool tls_files =
      !(settings.redis_ca_file.empty() && settings.redis_cert_file.empty() && settings.redis_server_name.empty());
  if (tls_files && !redis.url.tls)
    draft.warn("certificates for Redis are configured, but the URL's scheme (" + redis.origin +
               ") has no TLS: rediss would");
  settle_credentials(draft, redis);
  warn_of_no_effect(draft, &redis);
  return settle_database(draft, redis);
}

}  // namespace vx11::config
