#include "redis/health.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "redis/address.h"
#include "redis/fault.h"
#include "redis/info_text.h"

namespace vx11::redis {

namespace {

constexpr std::size_t info_reply = 0;
constexpr std::size_t slow_log_length_reply = 1;
constexpr std::size_t slow_log_reply = 2;

template <class Number>
Number number_of(std::string_view text) noexcept {
  Number value{};
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// The value of "name=" in "ip=10.0.0.1,port=6379,offset=14".
std::string_view part(std::string_view list, std::string_view name) noexcept {
  while (!list.empty()) {
    const std::size_t end = list.find(',');
    std::string_view item = list.substr(0, end);
    list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
    if (item.starts_with(name)) return item.substr(name.size());
  }
  return {};
}

/// What INFO says about replication, gathered before it means anything.
struct Replication {
  std::int64_t master_offset = 0;
  std::int64_t received = -1, applied = -1;  // a replica's
  std::int64_t slowest = -1;                 // of a master's replicas
  Address master;                            // a replica's
};

/// "slave0:ip=10.0.0.2,port=6379,state=online,offset=80,lag=0"; nothing when there is no address in it. Until the
/// master's own offset is known, `lag_bytes` is what the replica has reached.
std::optional<DataNode> replica_of(std::string_view value) {
  Address address{std::string(part(value, "ip=")), number_of<std::uint16_t>(part(value, "port="))};
  if (address.host.empty() || address.port == 0) return std::nullopt;
  const std::string_view state = part(value, "state=");
  DataNode replica;
  replica.address = address.to_text();
  replica.role = "replica";
  replica.link_up = state == "online";
  // While it is sent the whole data, it is where it began: how far behind isn't known.
  replica.state = replica.link_up ? "online" : "sync";
  if (!replica.link_up) return replica;
  replica.lag_bytes = number_of<std::int64_t>(part(value, "offset="));
  replica.lag_s = number_of<std::int64_t>(part(value, "lag="));
  return replica;
}

struct TextField {
  std::string_view name;
  std::string Health::*place;
};
struct NumberField {
  std::string_view name;
  std::int64_t Health::*place;
};

constexpr std::array text_fields{TextField{"redis_version", &Health::version},
                                 TextField{"run_id", &Health::run_id},
                                 TextField{"master_replid", &Health::replication_id},
                                 TextField{"redis_mode", &Health::mode},
                                 TextField{"role", &Health::role},
                                 TextField{"maxmemory_policy", &Health::maxmemory_policy}};
constexpr std::array number_fields{NumberField{"uptime_in_seconds", &Health::uptime_s},
                                   NumberField{"used_memory", &Health::used_memory},
                                   NumberField{"maxmemory", &Health::maxmemory},
                                   NumberField{"connected_clients", &Health::connected_clients},
                                   NumberField{"blocked_clients", &Health::blocked_clients},
                                   NumberField{"maxclients", &Health::max_clients},
                                   NumberField{"instantaneous_ops_per_sec", &Health::ops_per_sec},
                                   NumberField{"evicted_keys", &Health::evicted_keys},
                                   NumberField{"expired_keys", &Health::expired_keys},
                                   NumberField{"rejected_connections", &Health::rejected_connections},
                                   NumberField{"keyspace_hits", &Health::keyspace_hits},
                                   NumberField{"keyspace_misses", &Health::keyspace_misses},
                                   NumberField{"connected_slaves", &Health::connected_replicas},
                                   NumberField{"rdb_changes_since_last_save", &Health::rdb_changes_since_save},
                                   NumberField{"rdb_last_save_time", &Health::rdb_last_save_at}};

void read_field(Health& health, Replication& replication, std::string_view database, std::string_view name,
                std::string_view value) {
  for (const auto& [known, place] : text_fields) {
    if (name == known) health.*place = value;
  }
  for (const auto& [known, place] : number_fields) {
    if (name == known) health.*place = number_of<std::int64_t>(value);
  }
  if (name == "used_cpu_user" || name == "used_cpu_sys") health.used_cpu_s += number_of<double>(value);
  if (name == "loading") health.loading = value == "1";
  if (name == "master_link_status") health.master_link_up = value == "up";
  if (name == "rdb_last_bgsave_status") health.rdb_last_save_ok = value == "ok";
  if (name == "aof_enabled") health.aof_enabled = value == "1";
  if (name == "aof_last_write_status") health.aof_last_write_ok = value == "ok";
  if (name == "master_repl_offset") replication.master_offset = number_of<std::int64_t>(value);
  if (name == "slave_read_repl_offset") replication.received = number_of<std::int64_t>(value);
  if (name == "slave_repl_offset") replication.applied = number_of<std::int64_t>(value);
  if (name == "master_host") replication.master.host = value;
  if (name == "master_port") replication.master.port = number_of<std::uint16_t>(value);
  const bool is_replica = name.size() > 5 && name.starts_with("slave") && name[5] >= '0' && name[5] <= '9';
  if (const std::string_view offset = part(value, "offset="); is_replica && !offset.empty()) {
    const auto reached = number_of<std::int64_t>(offset);
    replication.slowest = replication.slowest < 0 ? reached : std::min(replication.slowest, reached);
    if (auto replica = replica_of(value)) health.replicas.push_back(std::move(*replica));
  }
  if (name == database) {
    health.keys = number_of<std::int64_t>(part(value, "keys="));
    health.expiring_keys = number_of<std::int64_t>(part(value, "expires="));
  }
}

constexpr bool is_hex(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// 8-4-4-4-12 hex digits.
bool is_uuid(std::string_view text) noexcept {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !is_hex(text[i])) return false;
  }
  return text.size() == 36;
}

/// Every token keeps its first and its last four characters.
void mask_tokens(std::string& text) {
  constexpr std::size_t size = 36, shown = 4;
  for (std::size_t at = 0; at + size <= text.size(); ++at) {
    if (!is_uuid(std::string_view(text).substr(at, size))) continue;
    text.replace(at + shown, size - 2 * shown, "…");
  }
}

/// A command's name and first argument, which is its key or keys' pattern: values are nobody's business.
std::string command_of(const Reply& arguments) {
  constexpr std::size_t longest = 128;
  std::string command;
  for (const Reply& argument : arguments.elements().first(std::min<std::size_t>(arguments.count, 2))) {
    if (!command.empty()) command += ' ';
    command += argument.text.substr(0, longest);
  }
  std::replace_if(
      command.begin(), command.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; }, '?');
  mask_tokens(command);
  return command;
}

/// There are Redis services that don't have the command, and users who may not ask.
bool is_refused(const Reply& reply) noexcept {
  if (!reply.is_error()) return false;
  const Fault fault = fault_of(reply.text);
  return fault == Fault::no_permission || fault == Fault::other;
}

std::vector<SlowCommand> slow_log_of(const Reply& reply) {
  std::vector<SlowCommand> commands;
  for (const Reply& entry : reply.elements()) {
    if (!entry.is_array() || entry.count < 4 || !entry.elements()[3].is_array()) continue;
    const auto fields = entry.elements();
    commands.push_back({fields[0].integer, fields[1].integer, fields[2].integer, command_of(fields[3])});
  }
  return commands;
}

}  // namespace

Request health_request() {
  Request request{"INFO"};
  return std::move(request.add({"SLOWLOG", "LEN"}).add({"SLOWLOG", "GET", "10"}));
}

std::optional<Health> read_health(std::span<const Reply> replies, std::uint32_t database) {
  if (replies.empty() || !replies[info_reply].is_text()) return std::nullopt;
  Health health;
  Replication replication;
  const std::string database_name = "db" + std::to_string(database);
  for_each_field(replies[info_reply].text, [&](std::string_view name, std::string_view value) {
    read_field(health, replication, database_name, name, value);
  });
  if (replication.slowest >= 0) {
    health.replication_lag_bytes = std::max<std::int64_t>(0, replication.master_offset - replication.slowest);
  }
  for (DataNode& replica : health.replicas) {
    if (replica.lag_bytes)
      *replica.lag_bytes = std::max<std::int64_t>(0, replication.master_offset - *replica.lag_bytes);
  }
  if (health.role == "slave") health.master = replication.master.to_text();
  if (health.role == "slave" && replication.applied >= 0 && replication.received >= 0) {
    health.replication_lag_bytes = std::max<std::int64_t>(0, replication.received - replication.applied);
  }
  if (replies.size() > slow_log_length_reply && replies[slow_log_length_reply].type == Reply::Type::integer) {
    health.slow_log_length = replies[slow_log_length_reply].integer;
  }
  if (replies.size() > slow_log_reply) health.slow_log = slow_log_of(replies[slow_log_reply]);
  for (const std::size_t asked : {slow_log_length_reply, slow_log_reply}) {
    if (asked < replies.size() && is_refused(replies[asked])) health.slow_log_refused = replies[asked].text;
  }
  return health;
}

bool refuses_what_is_shown(std::string_view words) noexcept {
  constexpr std::array<std::string_view, 4> shown{"slowlog", "client", "cluster|nodes", "cluster|info"};
  const std::size_t begin = words.find('\'') + 1;
  if (!words.starts_with("NOPERM") || begin == 0) return false;
  const std::string_view command = words.substr(begin, words.find('\'', begin) - begin);
  return std::any_of(shown.begin(), shown.end(), [command](std::string_view name) {
    return command.starts_with(name) && (command.size() == name.size() || command[name.size()] == '|');
  });
}

std::vector<DataNode> nodes_of(const Health& health, std::string_view address) {
  DataNode self;
  self.address = address;
  self.role = health.role == "slave" ? "replica" : "master";
  self.master = health.master;
  self.state = health.loading ? "sync" : "online";
  self.link_up = health.master_link_up;
  if (self.role == "replica") self.lag_bytes = health.replication_lag_bytes;
  self.used_memory = health.used_memory;
  self.ops_per_sec = health.ops_per_sec;
  self.keys = health.keys;
  std::vector<DataNode> nodes{std::move(self)};
  for (const DataNode& replica : health.replicas) nodes.emplace_back(replica).master = address;
  return nodes;
}

}  // namespace vx11::redis
