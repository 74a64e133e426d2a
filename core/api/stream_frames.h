// What an event stream says of the service's own: snapshot, heartbeat, drain, revoked. Streams add their id lines.
#pragma once

#include <string>
#include <string_view>

#include "api/shared.h"
#include "http/event.h"

namespace vx11::api {

/// `retry: 10000` and the snapshot event.
[[nodiscard]] http::Notice opening_notice(const Shared& shared, std::string_view correlation_id);
[[nodiscard]] std::string heartbeat_event(const Shared& shared);
[[nodiscard]] http::Notice revoked_notice();
/// A `drain` event, and a retry somewhere between the two.
[[nodiscard]] http::Notice drain_notice(Shared& shared, http::DrainPace::Wait wait);
/// Only a jittered retry: for a stream that can't be opened now.
[[nodiscard]] std::string later_frame(Shared& shared);
/// An event name that clients may not publish.
[[nodiscard]] bool is_reserved_event(std::string_view name) noexcept;

}  // namespace vx11::api
