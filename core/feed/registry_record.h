// An instance's record as the text that is written under its key.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "feed/registry.h"

namespace vx11::feed {

[[nodiscard]] std::string write_record(const InstanceRecord& record);
/// What it lacks, or what is of another type, stays at its default. Nothing when it isn't a JSON object.
[[nodiscard]] std::optional<InstanceRecord> read_record(std::string_view text);

}  // namespace vx11::feed
