// Parts of a JSON text as they were written, for what must go on as it came: a number keeps its digits.
#pragma once

#include <string_view>

namespace vx11::api {

/// The text of a member's value; `object` is the valid text of a JSON object, and the last member of that name counts.
/// Empty when none is spelled exactly so.
[[nodiscard]] std::string_view member_text(std::string_view object, std::string_view name) noexcept;

}  // namespace vx11::api
