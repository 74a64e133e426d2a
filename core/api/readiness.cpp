#include "api/readiness.h"

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "api/redis_json.h"
#include "api/token_json.h"
#include "observe/json_text.h"

namespace vx11::api {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds stale_feed = 3s;
constexpr std::chrono::microseconds clock_tolerance = 1s;

enum class Condition : std::uint8_t { ok, degraded, failed };

[[nodiscard]] std::string_view word_of(Condition condition) noexcept {
  switch (condition) {
    case Condition::ok:
      return "ok";
    case Condition::degraded:
      return "degraded";
    case Condition::failed:
      return "failed";
  }
  return "failed";
}

[[nodiscard]] Condition degraded_if(bool fault) noexcept { return fault ? Condition::degraded : Condition::ok; }

/// The members of "components", and the worst of their conditions.
class Components {
 public:
  /// Details are to be appended to what it returns.
  std::string& begin(std::string_view name, Condition condition) {
    worst_ = std::max(worst_, condition);
    if (text_.size() > 1) text_ += "},";
    text_ += '"';
    text_ += name;
    text_ += "\":{";
    append_member(text_, "state", word_of(condition), true);
    return text_;
  }
  [[nodiscard]] Condition worst() const noexcept { return worst_; }
  /// The whole object; nothing may be added any more.
  [[nodiscard]] std::string_view finish() { return text_ += "}}"; }

 private:
  std::string text_ = "{";
  Condition worst_ = Condition::ok;
};

/// Half open isn't enough: only the connection's own probe goes through then.
[[nodiscard]] bool is_well(const RedisStatus& status) noexcept {
  return status.up && status.breaker == redis::BreakerState::closed;
}

/// Of a cluster that has lost a part, the rest still answers for its own slots.
[[nodiscard]] bool serves(const RedisStatus& status) noexcept { return is_well(status) || status.partly; }

/// `redis`: null when none is configured.
[[nodiscard]] Condition judge_store(const Shared& shared, store::Mode mode, const RedisStatus* redis) noexcept {
  if (redis == nullptr || is_well(*redis)) return Condition::ok;
  if (mode == store::Mode::redis) return serves(*redis) ? Condition::degraded : Condition::failed;
  return degraded_if(mode == store::Mode::hybrid || shared.modes.reads_redis());
}

/// What of the servers isn't as it should be, though Redis may serve; a sentence. Empty: nothing is known to be amiss.
[[nodiscard]] std::string lack_of(const RedisStatus& status) {
  const auto& sentinels = status.sentinels;
  if (!sentinels.empty() && std::none_of(sentinels.begin(), sentinels.end(), [](const auto& one) { return one.up; })) {
    return "no sentinel answers, so a failover would go unnoticed; look at the " + std::to_string(sentinels.size()) +
           " sentinels";
  }
  if (status.partly) return "a part of the cluster is away: " + status.last_error;
  if (status.cluster && status.cluster->state != "ok")
    return "the cluster says that its state is " + status.cluster->state;
  if (status.fewest_replicas && *status.fewest_replicas < std::int64_t{status.wait}) {
    return "a master has " + std::to_string(*status.fewest_replicas) +
           (*status.fewest_replicas == 1 ? " replica, and" : " replicas, and") + " --redis-wait asks for " +
           std::to_string(status.wait);
  }
  return {};
}

void append_redis(Components& components, const RedisStatus& status, Condition redis) {
  std::string& connection = components.begin("redis", redis);
  append_flag(connection, "configured", true);
  append_flag(connection, "up", status.up);
  append_member(connection, "breaker", to_string(status.breaker));
  if (redis != Condition::ok && !status.last_error.empty()) append_member(connection, "last_error", status.last_error);
  if (!status.refused.empty()) append_member(connection, "refused", status.refused);
  if (!status.unavailable.empty()) append_member(connection, "unavailable", status.unavailable);

  const std::string lack = lack_of(status);
  std::string& servers = components.begin("topology", degraded_if(!lack.empty()));
  append_member(servers, "kind", redis::to_string(status.topology));
  if (!lack.empty()) append_member(servers, "reason", lack);

  std::string& feed = components.begin("feed", degraded_if(!status.following || status.feed_age > stale_feed));
  append_flag(feed, "following", status.following);
  append_member(feed, "age_ms", std::int64_t{status.feed_age.count()});

  std::string& eviction = components.begin("eviction", degraded_if(status.health && status.health->may_evict()));
  if (status.health && !status.health->maxmemory_policy.empty()) {
    append_member(eviction, "policy", status.health->maxmemory_policy);
  } else {
    append_null(eviction, "policy");  // not known yet, or an ACL forbids asking
  }

  const auto ahead = status.clock_ahead;
  std::string& clock = components.begin("clock", degraded_if(ahead && std::chrono::abs(*ahead) > clock_tolerance));
  if (ahead) {
    append_member(clock, "redis_ahead_ms", std::chrono::duration<double, std::milli>(*ahead).count());
  } else {
    append_null(clock, "redis_ahead_ms");
  }

  std::string& id = components.begin("instance_id", degraded_if(status.id_taken));
  append_flag(id, "taken", status.id_taken);
}

void append_configuration(Components& components, const std::vector<std::string>& warnings) {
  std::string& out = components.begin("configuration", degraded_if(!warnings.empty()));
  out += R"(,"warnings":[)";
  for (bool first = true; const std::string& warning : warnings) {
    if (!first) out += ',';
    first = false;
    observe::append_json_string(out, warning);
  }
  out += ']';
}

}  // namespace

Readiness judge_readiness(const Shared& shared) {
  const Phase phase = shared.phase.load();
  const store::Mode mode = shared.modes.mode();
  std::optional<RedisStatus> redis;
  if (shared.redis != nullptr) redis = shared.redis->status();
  const Condition store = judge_store(shared, mode, redis ? &*redis : nullptr);

  Components components;
  append_member(components.begin("service", phase == Phase::ready ? Condition::ok : Condition::failed), "phase",
                to_string(phase));
  append_member(components.begin("store", store), "mode", store::to_string(mode));
  if (redis) {
    append_redis(
        components, *redis,
        store == Condition::failed ? Condition::failed : degraded_if(!is_well(*redis) || !redis->refused.empty()));
  } else {
    append_flag(components.begin("redis", Condition::ok), "configured", false);
  }
  append_configuration(components, shared.warnings.all());

  Readiness readiness;
  readiness.ready = phase == Phase::ready && store != Condition::failed;
  std::string_view status = components.worst() == Condition::ok ? "ready" : "degraded";
  if (store == Condition::failed) status = "store_unavailable";
  if (phase != Phase::ready) status = to_string(phase);
  readiness.body += '{';
  append_member(readiness.body, "status", status, true);
  append_member(readiness.body, "instance_id", shared.instance_id);
  append_member(readiness.body, "mode", store::to_string(mode));
  readiness.body += R"(,"components":)";
  readiness.body += components.finish();
  readiness.body += '}';
  return readiness;
}

}  // namespace vx11::api
