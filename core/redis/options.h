// How Redis is found, and how a connection to it is made. Units are in the types; defaults are the contract's.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "redis/address.h"
#include "redis/slot.h"
#include "redis/topology.h"
#include "token/secret.h"

namespace vx11::redis {

struct TlsOptions {
  bool enabled = false;
  std::string ca_file;    ///< PEM; empty: the system's
  std::string cert_file;  ///< PEM, with key_file; empty: no client certificate
  std::string key_file;
  std::string server_name;  ///< empty: the host's name; checked against the certificate, and sent as SNI
};

struct Options {
  Topology topology = Topology::single;
  std::string host = "127.0.0.1";  ///< `single`: an address, or a name that is resolved anew for every attempt
  std::uint16_t port = 6379;
  /// Sentinels, or nodes of the cluster: where to ask for the servers, in this order at first.
  std::vector<Address> seeds;
  std::chrono::milliseconds seed_timeout{300};  ///< for each: connection, greeting and answer together
  std::string master_name;                      ///< Sentinel's
  std::string sentinel_username;                ///< the sentinels' own; TLS is as for the servers
  Secret sentinel_password;
  /// `cluster`: connects to the master of this slot and to no other (a blocking reader).
  std::optional<Slot> slot;
  /// `cluster`: whose master's clock is everybody's.
  Slot clock_slot = 0;
  TlsOptions tls;
  std::string username;  ///< empty: AUTH with the password alone
  Secret password;       ///< empty: no AUTH
  std::uint32_t database = 0;
  std::string client_name;                          ///< CLIENT SETNAME
  std::chrono::milliseconds timeout{150};           ///< a command's usual deadline
  std::chrono::milliseconds connect_timeout{1000};  ///< name, connection, TLS and greeting together
  std::chrono::milliseconds backoff_base{20};       ///< full jitter: uniform from 0 to base * 2^n
  std::chrono::milliseconds backoff_cap{900};       ///< a node that comes back is used within 1 s, greeting included
  std::chrono::milliseconds silence_limit{1000};    ///< without any byte while something waits: reconnect
  std::chrono::milliseconds clock_period{10'000};   ///< how often Redis' clock is looked at
  std::size_t max_waiting = 20'000;                 ///< requests sent and unanswered, timed out ones included
  std::size_t max_unsent = 8U * 1024U * 1024U;      ///< bytes
  bool is_sentinel = false;      ///< `single`: speaks to a sentinel, which knows neither SELECT nor TIME
  bool drop_on_timeout = false;  ///< a blocking reader: a deadline missed means the connection is dead
};

}  // namespace vx11::redis
