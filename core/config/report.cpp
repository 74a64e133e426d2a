#include <algorithm>

#include "config/draft.h"

namespace vx11::config {
namespace {

Shown shown(const Draft& draft, const Option& option) {
  if (const auto found = draft.shown.find(option.flag); found != draft.shown.end()) return found->second;
  const auto given = draft.sources.chosen(option);
  if (given.empty()) return {std::string(option.fallback), "default"};
  Shown result;
  for (const auto& one : given) {
    if (!result.value.empty()) result.value += ", ";
    if (result.source.find(one.origin) == std::string::npos) {
      if (!result.source.empty()) result.source += ", ";
      result.source += one.origin;
    }
    result.value += one.value;
  }
  return result;
}

}  // namespace

std::string report_of(const Draft& draft) {
  constexpr std::size_t key_width = 24;
  constexpr std::size_t line_width = 56;
  std::string text;
  const auto append = [&](std::string line, const std::string& source) {
    line.resize(std::max(line.size() + 2, line_width), ' ');
    text += line + "# " + source + '\n';
  };
  std::string_view group;
  for (const auto& option : options()) {
    if (option.group != group) {
      if (!group.empty()) text += '\n';
      group = option.group;
      text += "# " + std::string(group) + '\n';
    }
    auto [value, source] = shown(draft, option);
    // What nobody set is a comment, so that the whole is a file that gives the same settings again.
    const bool set = option.in_file && source.substr(0, 7) != "default";
    std::string line = (set ? "" : "#") + std::string(option.flag);
    line.resize(std::max(line.size(), key_width), ' ');
    append(line + (value.empty() ? "=" : "= " + value), source);
  }
  text += "\n# Secrets\n";
  if (draft.notes.empty()) text += "# none\n";
  for (const auto& note : draft.notes) append("# " + note.value, note.source);
  return text;
}

}  // namespace vx11::config
