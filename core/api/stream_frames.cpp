#include "api/stream_frames.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>

#include "api/token_json.h"
#include "http/sse.h"

namespace vx11::api {

namespace {

constexpr std::chrono::milliseconds usual_retry{10'000};

[[nodiscard]] std::chrono::milliseconds jittered(Random& random, std::int64_t least, std::int64_t spread) {
  std::array<std::byte, 4> bytes{};
  random.fill(bytes);
  std::uint32_t number = 0;
  std::memcpy(&number, bytes.data(), sizeof number);
  return std::chrono::milliseconds(least + static_cast<std::int64_t>(number) * spread / 0xFFFFFFFFLL);
}

}  // namespace

http::Notice opening_notice(const Shared& shared, std::string_view correlation_id) {
  std::string data = "{";
  append_member(data, "instance_id", shared.instance_id, true);
  append_member(data, "mode", store::to_string(shared.modes.mode()));
  append_member(data, "server_time", unix_seconds(shared.clock.wall()));
  append_member(data, "correlation_id", correlation_id);
  data += '}';
  return {http::sse_retry(usual_retry), http::sse_event("snapshot", {}, data)};
}

std::string heartbeat_event(const Shared& shared) {
  std::string data = "{";
  append_member(data, "time", unix_seconds(shared.clock.wall()), true);
  data += '}';
  return http::sse_event("heartbeat", {}, data);
}

http::Notice revoked_notice() { return {{}, http::sse_event("revoked", {}, "{}")}; }

http::Notice drain_notice(Shared& shared, http::DrainPace::Wait wait) {
  std::string data = "{";
  append_member(data, "instance_id", shared.instance_id, true);
  data += '}';
  return {http::sse_retry(jittered(shared.random, wait.least.count(), (wait.most - wait.least).count())), http::sse_event("drain", {}, data)};
}

std::string later_frame(Shared& shared) { return http::sse_retry(jittered(shared.random, 1000, 4000)); }

bool is_reserved_event(std::string_view name) noexcept {
  constexpr std::array<std::string_view, 5> reserved{"snapshot", "heartbeat", "reset", "revoked", "drain"};
  return std::find(reserved.begin(), reserved.end(), name) != reserved.end();
}

}  // namespace vx11::api
