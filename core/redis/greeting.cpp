#include "redis/greeting.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "redis/info_text.h"
#include "redis/server_clock.h"

namespace vx11::redis {

namespace {

/// The first two numbers of "7.0.15".
std::pair<int, int> version_of(std::string_view text) {
  std::pair<int, int> version{0, 0};
  const char* end = text.data() + text.size();
  const auto major = std::from_chars(text.data(), end, version.first);
  if (major.ec == std::errc() && major.ptr != end) std::from_chars(major.ptr + 1, end, version.second);
  return version;
}

constexpr std::pair oldest{6, 2};  // SET … PXAT

}  // namespace

std::string address_of(const Options& options) { return Address{options.host, options.port}.to_text(); }

bool says_master(const Reply& role) noexcept {
  return role.is_array() && role.count > 0 && role.first[0].text == "master";
}

std::vector<std::string> replicas_of(const Reply& role) {
  std::vector<std::string> addresses;
  if (!says_master(role) || role.count < 3) return addresses;
  for (const Reply& each : role.first[2].elements()) {
    if (!each.is_array() || each.count < 2) continue;
    addresses.push_back(std::string(each.first[0].text) + ' ' + std::string(each.first[1].text));
  }
  std::sort(addresses.begin(), addresses.end());
  return addresses;
}

Greeting::Greeting(const Options& options) : options_(options) {
  if (!options.password.empty()) {
    if (options.username.empty()) {
      say(Command::auth, {"AUTH", options.password.reveal()});
    } else {
      say(Command::auth, {"AUTH", options.username, options.password.reveal()});
    }
  }
  if (options.database != 0 && !options.is_sentinel) say(Command::select, {"SELECT", std::to_string(options.database)});
  if (!options.client_name.empty()) say(Command::name, {"CLIENT", "SETNAME", options.client_name});
  facts_.address = address_of(options);
  if (options.is_sentinel) {
    say(Command::info, {"INFO", "server"});
    return;
  }
  if (options.topology != Topology::single) say(Command::role, {"ROLE"});
  say(Command::time, {"TIME"});
  for (const std::string_view section : {"server", "replication", "persistence"}) say(Command::info, {"INFO", section});
}

void Greeting::say(Command command, std::initializer_list<std::string_view> words) {
  request_.add(words);
  commands_.push_back(command);
}

std::optional<Trouble> Greeting::take(const Reply& reply) {
  const Command command = commands_[taken_++];
  if (reply.is_error()) return refused(command, reply.text);
  if (command == Command::info) return read_info(reply.text);
  if (command == Command::role) return read_role(reply);
  if (command == Command::time) {
    const auto shown = ServerClock::shown_by(reply);
    if (!shown) return trouble(Fault::protocol, "answers TIME with something else; is it a Redis?");
    time_ = *shown;
  }
  return std::nullopt;
}

std::optional<Trouble> Greeting::read_role(const Reply& reply) {
  replicas_ = replicas_of(reply);
  if (says_master(reply)) return std::nullopt;
  const bool is_replica = reply.is_array() && reply.count > 0 && reply.first[0].text == "slave";
  const std::string who = options_.topology == Topology::sentinel ? "the sentinels are" : "the cluster is";
  return trouble(Fault::read_only,
                 (is_replica ? "is a replica and not the master; " : "isn't the master; ") + who + " asked again");
}

std::optional<Trouble> Greeting::refused(Command command, std::string_view error) {
  const Fault fault = fault_of(error);
  // What a server says of itself before it hears anything comes in the place of the first answer.
  if (error.starts_with("DENIED")) {
    return trouble(Fault::no_permission, "runs in protected mode: it takes connections from its own machine only");
  }
  if (error.find("max number of clients") != std::string_view::npos) {
    return trouble(Fault::busy, "has reached its largest number of clients");
  }
  if (fault == Fault::loading) return trouble(fault, "is loading its data");
  if (fault == Fault::no_auth && command != Command::auth) {
    return trouble(fault, options_.is_sentinel ? "wants a password, and none is configured for the sentinels"
                                               : "wants a password, and none is configured");
  }
  switch (command) {
    case Command::auth:  // never with the server's own words: they may repeat what it was sent
      if (error.starts_with("WRONGPASS")) return trouble(Fault::no_auth, "refuses the password" + user());
      if (error.find("without any password") != std::string_view::npos) {
        return trouble(Fault::no_auth, "has no password, but one is configured");
      }
      return trouble(fault == Fault::other ? Fault::no_auth : fault, "refuses AUTH" + user());
    case Command::select:
      if (fault == Fault::no_permission) return trouble(fault, "forbids SELECT" + user());
      return trouble(Fault::other, "has no database " + std::to_string(options_.database));
    case Command::time:
      if (fault == Fault::no_permission) return trouble(fault, "forbids TIME" + user() + ", which tokens' lives need");
      return trouble(fault, "refuses TIME: " + std::string(error));
    case Command::role: {
      const std::string what = options_.topology == Topology::sentinel ? "Sentinel" : "a cluster";
      if (fault == Fault::no_permission) return trouble(fault, "forbids ROLE" + user() + ", which " + what + " needs");
      return trouble(fault, "refuses ROLE: " + std::string(error));
    }
    case Command::name:
    case Command::info:  // nice to have
      if (fault == Fault::no_permission && refusal_.empty()) refusal_ = error;
      break;
  }
  return std::nullopt;
}

std::optional<Trouble> Greeting::read_info(std::string_view text) {
  bool loading = false, sentinel = options_.is_sentinel;
  for_each_field(text, [&](std::string_view name, std::string_view value) {
    if (name == "redis_version") facts_.version = value;
    if (name == "run_id") facts_.run_id = value;
    if (name == "master_replid") facts_.replication_id = value;
    if (name == "role") facts_.role = value;
    if (name == "redis_mode") sentinel = value == "sentinel";
    if (name == "loading") loading = value == "1";
  });
  if (options_.is_sentinel && !sentinel) return trouble(Fault::other, "is a Redis server and no sentinel");
  if (loading) return trouble(Fault::loading, "is loading its data");
  if (const auto version = version_of(facts_.version); version.first > 0 && version < oldest) {
    return trouble(Fault::other, "is Redis " + facts_.version + "; 6.2 is the oldest that will do");
  }
  return std::nullopt;
}

std::string Greeting::user() const {
  return options_.username.empty() ? std::string() : " of user " + options_.username;
}

Trouble Greeting::trouble(Fault fault, std::string_view what) const {
  return {fault, address_of(options_) + " " + std::string(what)};
}

}  // namespace vx11::redis
