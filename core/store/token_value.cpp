#include "store/token_value.h"

#include <array>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <cmath>

namespace vx11::store {

namespace {

namespace json = boost::json;

/// Unix seconds; nothing where no clock could have said it.
[[nodiscard]] std::optional<WallTime> moment(const json::value& value) {
  boost::system::error_code error;
  const double seconds = value.is_number() ? value.to_number<double>(error) : -1;
  if (error || !std::isfinite(seconds) || seconds < 0 || seconds > 1e10) return std::nullopt;
  return WallTime(std::chrono::duration_cast<WallTime::duration>(std::chrono::duration<double>(seconds)));
}

}  // namespace

TokenValueWriter::TokenValueWriter(std::string_view instance_id)
    : issuer_(json::serialize(json::string(instance_id))) {}

std::string TokenValueWriter::write(WallTime created_at, std::chrono::seconds ttl, bool single_use) const {
  const auto since = std::chrono::duration_cast<std::chrono::microseconds>(created_at.time_since_epoch()).count();
  std::string fraction = std::to_string(1'000'000 + since % 1'000'000);
  fraction.front() = '.';
  std::string text = R"({"created_at":)";
  text += std::to_string(since / 1'000'000);
  text += fraction;
  text += R"(,"ttl_sec":)";
  text += std::to_string(ttl.count());
  text += R"(,"issued_by":)";
  text += issuer_;
  text += single_use ? R"(,"single_use":true})" : "}";
  return text;
}

TokenValue read_token_value(std::string_view text) {
  TokenValue value;
  std::array<unsigned char, 1024> room;
  json::monotonic_resource memory(room.data(), room.size());
  boost::system::error_code error;
  const json::value parsed = json::parse(text, error, &memory);
  const json::object* object = error ? nullptr : parsed.if_object();
  if (object == nullptr) return value;
  if (const auto* created = object->if_contains("created_at")) value.created_at = moment(*created);
  if (const auto* ttl = object->if_contains("ttl_sec"); ttl != nullptr && ttl->is_number()) {
    boost::system::error_code not_whole;
    const auto seconds = ttl->to_number<std::int64_t>(not_whole);
    if (!not_whole && seconds > 0 && seconds <= 86'400'000) value.ttl = std::chrono::seconds(seconds);
  }
  if (const auto* issuer = object->if_contains("issued_by"); issuer != nullptr && issuer->is_string()) {
    value.issued_by = std::string(issuer->get_string());
  }
  if (const auto* single = object->if_contains("single_use"); single != nullptr && single->is_bool()) {
    value.single_use = single->get_bool();
  }
  return value;
}

}  // namespace vx11::store
