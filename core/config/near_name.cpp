#include "config/near_name.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace vx11::config {

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::swap(before_last, last);
    std::swap(last, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row[b.size()];
}

std::string_view nearest(std::string_view name, std::span<const std::string_view> candidates) {
  std::string_view best;
  // A third of the name's letters may be wrong; beyond that a hint misleads.
  const std::size_t letters = name.size() - std::min(name.find_first_not_of('-'), name.size());
  std::size_t allowed = std::max<std::size_t>(letters / 3, 1) + 1;
  for (const auto candidate : candidates) {
    if (const auto steps = distance(name, candidate); steps < allowed) {
      best = candidate;
      allowed = steps;
    }
  }
  return best;
}

}  // namespace vx11::config
