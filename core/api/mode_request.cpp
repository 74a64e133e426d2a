#include "api/mode_request.h"

#include <algorithm>
#include <cstddef>

#include <boost/json/value.hpp>

namespace vx11::api {

namespace {

using Members = boost::json::object;
constexpr std::size_t longest_name = 128, longest_step = 300;

constexpr BadModeRequest no_mode{"invalid_mode", "mode is a text; without it operation_id and owner are needed"};
constexpr BadModeRequest unknown_mode{"unknown_mode", "mode is one of memory, redis, hybrid, signed"};
constexpr BadModeRequest bad_operation{
    "invalid_operation", "operation_id and owner go together: texts of 1 to 128 bytes without control characters"};
constexpr BadModeRequest bad_release{"invalid_release", "release is true or false, and needs operation_id and owner"};
constexpr BadModeRequest bad_step{
    "invalid_step", "step is a text of 1 to 300 bytes without control characters, and needs operation_id and owner"};

[[nodiscard]] bool is_control(char c) noexcept { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

[[nodiscard]] std::optional<std::string> read_text(const boost::json::value* value, std::size_t longest) {
  if (value == nullptr || !value->is_string()) return std::nullopt;
  const auto& text = value->get_string();
  if (text.empty() || text.size() > longest || std::any_of(text.begin(), text.end(), is_control)) return std::nullopt;
  return std::string(text.begin(), text.end());
}

}  // namespace

boost::system::result<ModeRequest, BadModeRequest> read_mode_request(const Members& body) {
  ModeRequest request;
  const auto* id = body.if_contains("operation_id");
  const auto* owner = body.if_contains("owner");
  const bool of_operation = id != nullptr || owner != nullptr;

  if (const auto* mode = body.if_contains("mode")) {
    if (!mode->is_string()) return no_mode;
    request.mode = store::parse_mode({mode->get_string().data(), mode->get_string().size()});
    if (!request.mode) return unknown_mode;
  } else if (!of_operation) {
    return no_mode;
  }
  if (of_operation) {
    auto id_text = read_text(id, longest_name);
    auto owner_text = read_text(owner, longest_name);
    if (!id_text || !owner_text) return bad_operation;
    request.operation = {*std::move(id_text), *std::move(owner_text)};
  }
  if (const auto* release = body.if_contains("release")) {
    if (!release->is_bool() || (release->get_bool() && !of_operation)) return bad_release;
    request.release = release->get_bool();
  }
  if (const auto* step = body.if_contains("step")) {
    auto text = read_text(step, longest_step);
    if (!text || !of_operation) return bad_step;
    request.step = *std::move(text);
  }
  return request;
}

}  // namespace vx11::api
