// The frames of an event stream that are the service's own: snapshot, heartbeat, drain, revoked.
#pragma once

#include <string>
#include <string_view>

#include "api/shared.h"

namespace vx11::api {

/// `retry: 10000` and the snapshot event.
[[nodiscard]] std::string opening_frames(const Shared& shared, std::string_view correlation_id);
[[nodiscard]] std::string heartbeat_frame(const Shared& shared);
[[nodiscard]] std::string revoked_frame(const Shared& shared);
/// A `drain` event and a short, jittered retry.
[[nodiscard]] std::string drain_frame(Shared& shared);
/// Only a jittered retry: for a stream that can't be opened now.
[[nodiscard]] std::string later_frame(Shared& shared);
/// An event name that clients may not publish.
[[nodiscard]] bool is_reserved_event(std::string_view name) noexcept;

}  // namespace vx11::api
