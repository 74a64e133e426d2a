// Where Redis is, as a URL says it: one server, a Sentinel group or a cluster, with or without TLS.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/system/result.hpp>

#include "config/settings.h"
#include "token/secret.h"

namespace vx11::config {

struct RedisUrl {
  enum class Topology : std::uint8_t { single, sentinel, cluster };

  Topology topology = Topology::single;
  bool tls = false;
  std::string username;  ///< percent-decoded, as the password is; both are the data nodes'
  Secret password;
  std::vector<Endpoint> hosts;  ///< never empty; one for `single`
  std::string master;           ///< Sentinel's name for the group
  std::optional<std::uint32_t> database;
  std::vector<std::string> ignored;  ///< names of query parameters that aren't known; other clients' options

  /// In one canonical spelling, without credentials: safe to show, and `parse_redis_url` reads it back.
  [[nodiscard]] std::string to_text() const;
};

/// `redis://[user[:password]@]host[:port][/db]`, `rediss://…`, `redis+sentinel://h1[:port],h2/master[/db]`,
/// `redis+cluster://h1[:port],h2`, and the two with `rediss+`. `?db=N` counts over the path, as in redis-py.
/// The error says what is wrong, and never repeats a part of the URL: it may be part of a password.
[[nodiscard]] boost::system::result<RedisUrl, std::string> parse_redis_url(std::string_view text);

}  // namespace vx11::config
