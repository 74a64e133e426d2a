// "Did you mean …?": the known name nearest to a mistyped one.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace vx11::config {

/// Edit distance in which swapping two neighbours is one step.
[[nodiscard]] std::size_t distance(std::string_view a, std::string_view b);

/// The candidate with the least distance, the first among equals; empty when none is near enough to be meant.
[[nodiscard]] std::string_view nearest(std::string_view name, std::span<const std::string_view> candidates);

}  // namespace vx11::config
