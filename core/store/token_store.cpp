#include "store/token_store.h"

#include <array>

namespace vx11::store {

namespace {

// In the order of the enumerators.
constexpr std::array<std::string_view, 4> kModes{"memory", "redis", "hybrid", "signed"};
constexpr std::array<std::string_view, 4> kSources{"local", "redis", "memory", "signed"};

}  // namespace

std::string_view to_string(Mode mode) noexcept { return kModes[static_cast<std::size_t>(mode)]; }

std::optional<Mode> parse_mode(std::string_view word) noexcept {
  for (std::size_t i = 0; i < kModes.size(); ++i) {
    if (kModes[i] == word) return static_cast<Mode>(i);
  }
  return std::nullopt;
}

std::string_view to_string(Source source) noexcept { return kSources[static_cast<std::size_t>(source)]; }

}  // namespace vx11::store
