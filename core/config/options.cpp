#include "config/options.h"

#include <algorithm>
#include <array>

#include "config/values.h"

namespace vx11::config {
namespace {

constexpr std::string_view listening = "Where it listens";
constexpr std::string_view callers = "Who may call";
constexpr std::string_view tokens = "Tokens";
constexpr std::string_view streams = "Streams";
constexpr std::string_view limits = "Limits";
constexpr std::string_view redis = "Redis";
constexpr std::string_view process = "The process";

constexpr std::string_view address_allowed = "an address and a port, such as 127.0.0.1:8011, [::1]:8011 or :8011";
constexpr std::string_view path_allowed = "the path of a file";
constexpr std::string_view name_allowed = "a name without blanks";

/// Keeps any text that isn't empty in the member; empty ones are refused before.
template <std::string Settings::*member>
bool keep(Settings& settings, std::string_view value) {
  settings.*member = value;
  return true;
}

/// The same for texts that the check agrees to.
template <std::string Settings::*member, bool (*check)(std::string_view)>
bool keep_if(Settings& settings, std::string_view value) {
  if (!check(value)) return false;
  settings.*member = value;
  return true;
}

template <std::vector<std::string> Settings::*member, bool (*check)(std::string_view)>
bool collect_if(Settings& settings, std::string_view value) {
  if (!check(value)) return false;
  auto& list = settings.*member;
  if (std::find(list.begin(), list.end(), value) == list.end()) list.emplace_back(value);
  return true;
}

template <auto member>
void duration(Settings& settings, std::uint64_t value) {
  auto& kept = settings.*member;
  kept = std::decay_t<decltype(kept)>{static_cast<std::int64_t>(value)};
}

template <auto member>
void count(Settings& settings, std::uint64_t value) {
  auto& kept = settings.*member;
  kept = static_cast<std::decay_t<decltype(kept)>>(value);
}

template <bool Settings::*member>
void turn(Settings& settings, bool value) {
  settings.*member = value;
}

bool set_listen(Settings& settings, std::string_view value) {
  const auto endpoint = parse_endpoint(value);
  if (endpoint) settings.listen = *endpoint;
  return endpoint.has_value();
}

bool set_metrics_listen(Settings& settings, std::string_view value) {
  settings.metrics_listen = parse_endpoint(value);
  return settings.metrics_listen.has_value();
}

bool is_mode(std::string_view value) {
  return value == "memory" || value == "redis" || value == "hybrid" || value == "signed";
}

bool is_name(std::string_view value) {
  return std::all_of(value.begin(), value.end(), [](char c) { return c > ' ' && c < 0x7F; });
}

void set_stream_max_age(Settings& settings, std::uint64_t value) {
  settings.stream_max_age.reset();
  if (value > 0) settings.stream_max_age = std::chrono::seconds{static_cast<std::int64_t>(value)};
}

/// Files whose content or whose very use needs more than their path are read by the loader.
bool left_to_loader(Settings&, std::string_view) { return true; }

const std::array all_options{
    Option{listening, "listen", "VX11_OPERATOR_LISTEN", "", "127.0.0.1:8011",
           "Address and port of the service. Port 0 takes a free one.", Text{"HOST:PORT", address_allowed, set_listen}},
    Option{listening, "advertise-url", "VX11_OPERATOR_ADVERTISE_URL", "", "http://<host>:<port>",
           "Where others reach this instance.",
           Text{"URL", "an http:// or https:// URL without credentials, query and fragment",
                keep_if<&Settings::advertise_url, is_base_url>}},
    Option{listening, "metrics-listen", "VX11_OPERATOR_METRICS_LISTEN", "", "", "Serve /metrics here instead.",
           Text{"HOST:PORT", address_allowed, set_metrics_listen}},
    Option{listening, "allowed-host", "VX11_OPERATOR_ALLOWED_HOST", "", "",
           "Answer only requests whose Host is this. Can be repeated.",
           List{"NAME", "a host name or address, with or without a port",
                collect_if<&Settings::allowed_hosts, is_host_header>}},
    Option{listening, "cors-origin", "VX11_OPERATOR_CORS_ORIGIN", "", "",
           "Let pages of this origin issue tokens and open streams. Can be repeated. * is for loopback only.",
           List{"ORIGIN", "an origin in lower case, such as https://app.example.org, or *",
                collect_if<&Settings::cors_origins, is_origin>}},
    Option{listening, "trusted-proxy", "VX11_OPERATOR_TRUSTED_PROXY", "", "",
           "Believe X-Forwarded-For from this network. Can be repeated.",
           List{"NETWORK", "an address or network, such as 10.0.0.0/8 or fd00::/8",
                collect_if<&Settings::trusted_proxies, is_network>}},
    Option{listening, "port-file", "VX11_OPERATOR_PORT_FILE", "", "", "Write the port here once it listens.",
           Text{"FILE", path_allowed, keep<&Settings::port_file>}},

    Option{callers, "principal-file", "VX11_OPERATOR_PRINCIPAL_FILE", "", "",
           "Principals, one a line or separated by commas; # begins a comment.",
           Text{"FILE", path_allowed, keep<&Settings::principal_file>}},
    Option{callers, "principal-out", "VX11_OPERATOR_PRINCIPAL_OUT", "", "",
           "Where the principal made for one run is written when none is configured and stderr is no terminal.",
           Text{"FILE", path_allowed, keep<&Settings::principal_out>}},
    Option{callers, "allow-principal-query", "VX11_OPERATOR_ALLOW_PRINCIPAL_QUERY", "", "false",
           "Accept a principal in a stream's URL. For a migration only: URLs end up in logs.",
           Switch{turn<&Settings::allow_principal_query>}},

    Option{tokens, "mode", "VX11_OPERATOR_MODE", "", "hybrid with a Redis, else memory",
           "What is issued and where it lives. signed needs --signing-keys-file.",
           Text{"MODE", "memory, redis, hybrid or signed", keep_if<&Settings::mode, is_mode>}},
    Option{tokens, "ttl", "VX11_OPERATOR_TTL", "EPHEMERAL_TOKEN_TTL_SEC", "60", "Life of a token.",
           Number{1, 86'400, "seconds", duration<&Settings::ttl>}},
    Option{tokens, "max-ttl", "VX11_OPERATOR_MAX_TTL", "", "300", "Longest life that a client may ask for.",
           Number{1, 86'400, "seconds", duration<&Settings::max_ttl>}},
    Option{tokens, "local-fresh", "VX11_OPERATOR_LOCAL_FRESH", "", "5",
           "How long hybrid mode answers from its cache before it asks Redis again.",
           Number{0, 5, "seconds", duration<&Settings::local_fresh>}},
    Option{tokens, "max-tokens", "VX11_OPERATOR_MAX_TOKENS", "", "1000000",
           "Most tokens held at once; more are refused. A bound, not a reservation.",
           Number{1, 100'000'000, "", count<&Settings::max_tokens>}},
    Option{tokens, "signing-keys-file", "VX11_OPERATOR_SIGNING_KEYS_FILE", "", "",
           "Keys of signed tokens, kid:base64 a line. The first signs, all verify.",
           Text{"FILE", path_allowed, keep<&Settings::signing_keys_file>}},

    Option{streams, "heartbeat", "VX11_OPERATOR_SSE_HEARTBEAT", "", "15", "Time between two heartbeats of a stream.",
           Number{1, 3'600, "seconds", duration<&Settings::heartbeat>}},
    Option{streams, "stream-max-age", "VX11_OPERATOR_STREAM_MAX_AGE", "", "0",
           "Close a stream when it is this old; 0: never.", Number{0, 31'536'000, "seconds", set_stream_max_age}},

    Option{limits, "rate-limit", "VX11_OPERATOR_RATE_LIMIT", "", "0",
           "Issues and publishes per window, principal and client address; 0: no limit.",
           Number{0, 1'000'000'000, "", count<&Settings::rate_limit>}},
    Option{limits, "rate-window", "VX11_OPERATOR_RATE_WINDOW_SEC", "", "60", "Window of --rate-limit.",
           Number{1, 86'400, "seconds", duration<&Settings::rate_window>}},

    Option{redis, "redis-url", "VX11_OPERATOR_REDIS_URL", "REDIS_URL", "",
           "redis:// or rediss:// and a host, redis+sentinel:// with hosts and master, redis+cluster:// with hosts.",
           Text{"URL", "a Redis URL, such as redis://localhost:6379/0", left_to_loader}, true},
    Option{redis, "redis-db", "VX11_OPERATOR_REDIS_DB", "REDIS_DB", "the URL's, else 0",
           "Number of the database. Python backends read the URL's only.",
           Number{0, 65'535, "", count<&Settings::redis_db>}},
    Option{redis, "redis-prefix", "VX11_OPERATOR_REDIS_PREFIX", "", "vx11:", "How every key begins.",
           Text{"TEXT", "1 to 64 of A-Z a-z 0-9 . _ : / -", keep_if<&Settings::redis_prefix, is_redis_prefix>}},
    Option{redis, "redis-username", "VX11_OPERATOR_REDIS_USERNAME", "", "the URL's", "ACL user.",
           Text{"NAME", name_allowed, keep_if<&Settings::redis_username, is_name>}},
    Option{redis, "redis-password-file", "VX11_OPERATOR_REDIS_PASSWORD_FILE", "", "",
           "File whose first line is the password. It counts over the URL's.",
           Text{"FILE", path_allowed, left_to_loader}},
    Option{redis, "redis-ca-file", "VX11_OPERATOR_REDIS_CA_FILE", "", "the system's",
           "Certificates that Redis' own is checked against.",
           Text{"FILE", path_allowed, keep<&Settings::redis_ca_file>}},
    Option{redis, "redis-cert-file", "VX11_OPERATOR_REDIS_CERT_FILE", "", "", "Certificate to show to Redis.",
           Text{"FILE", path_allowed, keep<&Settings::redis_cert_file>}},
    Option{redis, "redis-key-file", "VX11_OPERATOR_REDIS_KEY_FILE", "", "", "Key of --redis-cert-file.",
           Text{"FILE", path_allowed, keep<&Settings::redis_key_file>}},
    Option{redis, "redis-server-name", "VX11_OPERATOR_REDIS_SERVER_NAME", "", "each server's own host",
           "Name that the certificate of every Redis and every sentinel must carry.",
           Text{"NAME", "a host name or address", keep_if<&Settings::redis_server_name, is_host>}},
    Option{redis, "sentinel-username", "VX11_OPERATOR_SENTINEL_USERNAME", "", "",
           "ACL user of the sentinels; the URL's is the data nodes'.",
           Text{"NAME", name_allowed, keep_if<&Settings::sentinel_username, is_name>}},
    Option{redis, "sentinel-password-file", "VX11_OPERATOR_SENTINEL_PASSWORD_FILE", "", "",
           "File whose first line is the sentinels' password.", Text{"FILE", path_allowed, left_to_loader}},
    Option{redis, "redis-timeout-ms", "VX11_OPERATOR_REDIS_TIMEOUT_MS", "", "150", "Deadline of a command.",
           Number{1, 60'000, "milliseconds", duration<&Settings::redis_timeout>}},
    Option{redis, "redis-wait", "VX11_OPERATOR_REDIS_WAIT", "", "0",
           "Replicas that shall have a token before it is given out, waited for 50 ms at most; 0: none.",
           Number{0, 16, "replicas", count<&Settings::redis_wait>}},

    Option{process, "instance-id", "VX11_OPERATOR_INSTANCE_ID", "INSTANCE_ID", "host name and port",
           "Name of this instance, its own among all.",
           Text{"NAME", "1 to 64 of A-Z a-z 0-9 . _ -", keep_if<&Settings::instance_id, is_instance_id>}},
    Option{process, "threads", "VX11_OPERATOR_THREADS", "", "0", "Event loops; 0: one per core.",
           Number{0, 256, "", count<&Settings::threads>}},
    Option{process, "audit-log", "VX11_OPERATOR_AUDIT_LOG", "", "",
           "Write who did what to this file, one JSON object a line, rotated by size.",
           Text{"FILE", path_allowed, keep<&Settings::audit_log>}},
    Option{process, "access-log", "VX11_OPERATOR_ACCESS_LOG", "", "false", "Log every request.",
           Switch{turn<&Settings::access_log>}},
    Option{process, "stop-timeout", "VX11_OPERATOR_STOP_TIMEOUT", "", "10", "Longest that a graceful stop may take.",
           Number{0, 3'600, "seconds", duration<&Settings::stop_timeout>}},
    Option{process, "config", "VX11_OPERATOR_CONFIG", "", "",
           "Read settings from this file: key = value a line, keys as the flags without dashes; # begins a comment.",
           Text{"FILE", path_allowed, left_to_loader}, false, false},
};

constexpr std::array all_actions{
    ActionFlag{"check-config", "Check all settings and end: 0 when an instance could start with them."},
    ActionFlag{"print-config", "Show each setting, its value with secrets masked, and where it comes from."},
    ActionFlag{"help", "Show this text."},
    ActionFlag{"version", "Show the version."},
};

constexpr std::array all_plain_variables{
    PlainVariable{"VX11_OPERATOR_TOKEN", "Principals, separated by commas."},
    PlainVariable{"VX11_GATEWAY_TOKEN", "More principals."},
    PlainVariable{"VX11_TENTACULO_LINK_TOKEN", "More principals."},
    PlainVariable{"REDIS_HOST", "Host of Redis where no URL is given."},
    PlainVariable{"REDIS_PORT", "Port to REDIS_HOST (6379)."},
    PlainVariable{"REDIS_PASSWORD", "Password where no URL is given."},
};

constexpr std::array<std::string_view, 3> all_foreign_variables{"VX11_OPERATOR_SSE_POLL", "VX11_OPERATOR_PROXY_ENABLED",
                                                                "VX11_OPERATOR_CONTROL_ENABLED"};

/// How one value of each kind is checked and applied.
struct Apply {
  Settings& settings;
  std::string_view value;

  bool operator()(const Number& rule) const {
    const auto number = parse_number(value);
    if (!number || *number < rule.least || *number > rule.most) return false;
    rule.set(settings, *number);
    return true;
  }
  bool operator()(const Text& rule) const { return rule.set(settings, value); }
  bool operator()(const List& rule) const {
    const auto parts = split_list(value);
    return !parts.empty() &&
           std::all_of(parts.begin(), parts.end(), [&](std::string_view part) { return rule.add(settings, part); });
  }
  bool operator()(const Switch& rule) const {
    const auto on = parse_switch(value);
    if (on) rule.set(settings, *on);
    return on.has_value();
  }
};

}  // namespace

std::span<const Option> options() { return all_options; }
std::span<const ActionFlag> action_flags() { return all_actions; }
std::span<const PlainVariable> plain_variables() { return all_plain_variables; }
std::span<const std::string_view> foreign_variables() { return all_foreign_variables; }

const Option* find_option(std::string_view flag) noexcept {
  const auto found =
      std::find_if(all_options.begin(), all_options.end(), [flag](const Option& o) { return o.flag == flag; });
  return found == all_options.end() ? nullptr : &*found;
}

bool apply(const Option& option, std::string_view value, Settings& settings) {
  // An empty text is a slip, such as a variable that a script didn't set, for every kind of value.
  return !value.empty() && std::visit(Apply{settings, value}, option.rule);
}

std::string allowed_values(const Option& option) {
  if (const auto* number = std::get_if<Number>(&option.rule)) {
    std::string text = "a whole number from " + std::to_string(number->least) + " to " + std::to_string(number->most);
    if (!number->unit.empty()) text += " (" + std::string(number->unit) + ')';
    return text;
  }
  if (const auto* text = std::get_if<Text>(&option.rule)) return std::string(text->allowed);
  if (const auto* list = std::get_if<List>(&option.rule)) return std::string(list->allowed);
  return "true or false";
}

std::vector<OptionNames> describe_options() {
  std::vector<OptionNames> all;
  for (const auto& option : all_options) {
    OptionNames names{"--" + std::string(option.flag), {std::string(option.variable)}, {}};
    if (!option.inherited.empty()) names.variables.emplace_back(option.inherited);
    if (option.in_file) names.key = option.flag;
    all.push_back(std::move(names));
  }
  for (const auto& action : all_actions) all.push_back({"--" + std::string(action.flag), {}, {}});
  return all;
}

}  // namespace vx11::config
