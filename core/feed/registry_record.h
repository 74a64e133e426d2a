// What an instance tells of itself to the others, and the text that is written under its key.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vx11::feed {

struct InstanceRecord {
  std::string id;
  std::string boot;  ///< random, of this start of the process: two that have one id differ in it
  std::string url, mode, version;
  double started_at = 0;  ///< unix seconds
  std::int64_t max_ttl_sec = 0;
  std::int64_t redis_db = 0;
};

[[nodiscard]] std::string write_record(const InstanceRecord& record);
/// What it lacks, or what is of another type, stays at its default. Nothing when it isn't a JSON object.
[[nodiscard]] std::optional<InstanceRecord> read_record(std::string_view text);

}  // namespace vx11::feed
