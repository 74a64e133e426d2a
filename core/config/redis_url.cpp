#include "config/redis_url.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "config/values.h"

namespace vx11::config {
namespace {

using Topology = RedisUrl::Topology;
constexpr std::uint64_t largest_database = 65'535;

struct Scheme {
  std::string_view name;
  Topology topology;
  bool tls;
};
constexpr std::array schemes{
    Scheme{"redis", Topology::single, false},
    Scheme{"rediss", Topology::single, true},
    Scheme{"redis+sentinel", Topology::sentinel, false},
    Scheme{"rediss+sentinel", Topology::sentinel, true},
    Scheme{"redis+cluster", Topology::cluster, false},
    Scheme{"rediss+cluster", Topology::cluster, true},
};

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    unsigned value = 0;
    if (i + 2 >= text.size()) return std::nullopt;
    const char* const last = text.data() + i + 3;
    if (std::from_chars(text.data() + i + 1, last, value, 16).ptr != last) return std::nullopt;
    out += static_cast<char>(value);
    i += 2;
  }
  return out;
}

std::uint16_t default_port(Topology topology) noexcept { return topology == Topology::sentinel ? 26379 : 6379; }

/// Each part takes what is its own out of the URL; a text that comes back is what is wrong.
std::string read_credentials(std::string_view text, RedisUrl& url) {
  const auto colon = text.find(':');
  const auto username = percent_decoded(text.substr(0, colon));
  auto password = colon == std::string_view::npos ? std::string{} : percent_decoded(text.substr(colon + 1));
  if (!username || !password) return "user or password has a % that isn't followed by two hex digits";
  url.username = *username;
  url.password = Secret(*password);
  wipe(password->data(), password->size());
  return {};
}

std::string read_hosts(std::string_view text, RedisUrl& url) {
  while (true) {
    const auto comma = text.find(',');
    const auto one = text.substr(0, comma);
    const bool has_port = !one.empty() && one.back() != ']' && one.rfind(':') != std::string_view::npos;
    auto endpoint = parse_endpoint(has_port ? std::string(one)
                                            : std::string(one) + ':' + std::to_string(default_port(url.topology)));
    // ":6379" is an address to listen on, not one to call.
    if (one.empty() || one.front() == ':' || one.front() == '*' || !endpoint || endpoint->port == 0)
      return "host or port is missing or not well formed (IPv6 needs brackets)";
    url.hosts.push_back(std::move(*endpoint));
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
  }
  if (url.topology == Topology::single && url.hosts.size() > 1)
    return "one host only; several need +sentinel or +cluster";
  return {};
}

std::string read_database(std::string_view text, RedisUrl& url) {
  const auto number = parse_number(text);
  if (!number || *number > largest_database) return "the database must be a number from 0 to 65535";
  url.database = static_cast<std::uint32_t>(*number);
  return {};
}

std::string read_path(std::string_view path, RedisUrl& url) {
  if (url.topology == Topology::sentinel) {
    const auto slash = path.find('/');
    const auto master = path.substr(0, slash);
    if (!is_instance_id(master)) return "the name of Sentinel's master is missing: …/mymaster or …/mymaster/0";
    url.master = std::string(master);
    path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
  }
  return path.empty() ? std::string{} : read_database(path, url);
}

std::string read_query(std::string_view query, RedisUrl& url) {
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const auto one = query.substr(0, end);
    const auto equals = std::min(one.find('='), one.size());
    const auto name = one.substr(0, equals);
    if (name == "db") {
      if (auto wrong = read_database(one.substr(std::min(equals + 1, one.size())), url); !wrong.empty()) return wrong;
    } else if (is_instance_id(name)) {
      url.ignored.emplace_back(name);
    } else {
      return "what follows '?' isn't well formed";
    }
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return {};
}

}  // namespace

std::string RedisUrl::to_text() const {
  std::string text;
  for (const auto& scheme : schemes) {
    if (scheme.topology == topology && scheme.tls == tls) text = std::string(scheme.name) + "://";
  }
  for (const auto& host : hosts) {
    if (&host != &hosts.front()) text += ',';
    text += config::to_text(host);
  }
  if (!master.empty()) text += '/' + master;
  if (database) text += '/' + std::to_string(*database);
  return text;
}

boost::system::result<RedisUrl, std::string> parse_redis_url(std::string_view text) {
  const auto separator = text.find("://");
  const auto scheme = std::find_if(schemes.begin(), schemes.end(),
                                   [&](const Scheme& s) { return s.name == text.substr(0, separator); });
  if (separator == std::string_view::npos || scheme == schemes.end()) {
    return std::string(
        "it must begin with redis://, rediss://, redis+sentinel://, rediss+sentinel://, "
        "redis+cluster:// or rediss+cluster://");
  }
  RedisUrl url;
  url.topology = scheme->topology;
  url.tls = scheme->tls;
  auto rest = text.substr(separator + 3);
  if (std::any_of(rest.begin(), rest.end(), [](char c) { return c <= ' ' || c == 0x7F; }))
    return std::string("it has a blank, a control character or one outside ASCII");

  // Credentials end at the last @ of the authority, so that one in the password does no harm.
  const auto authority = rest.substr(0, rest.find_first_of("/?#"));
  rest.remove_prefix(authority.size());
  const auto at = authority.rfind('@');
  if (rest.find('@') != std::string_view::npos || rest.find('#') != std::string_view::npos)
    return std::string("a / ? # or @ in user or password must be percent-encoded (%2F %3F %23 %40)");
  const auto question = std::min(rest.find('?'), rest.size());
  const auto path = rest.substr(0, question);

  std::string wrong;
  if (at != std::string_view::npos) wrong = read_credentials(authority.substr(0, at), url);
  if (wrong.empty()) wrong = read_hosts(authority.substr(at == std::string_view::npos ? 0 : at + 1), url);
  if (wrong.empty()) wrong = read_path(path.substr(std::min<std::size_t>(1, path.size())), url);
  if (wrong.empty()) wrong = read_query(rest.substr(std::min(question + 1, rest.size())), url);
  if (wrong.empty() && url.topology == Topology::cluster && url.database.value_or(0) != 0)
    wrong = "Redis Cluster has database 0 only";
  if (!wrong.empty()) return wrong;
  return url;
}

}  // namespace vx11::config
