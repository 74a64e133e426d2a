#include <algorithm>

#include "config/near_name.h"
#include "config/sources.h"
#include "config/values.h"

namespace vx11::config {
namespace {

/// A comment begins at # at the start of the line or after a blank; elsewhere # belongs to the value.
std::string_view without_comment(std::string_view line) noexcept {
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '#' && (i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t')) return line.substr(0, i);
  }
  return line;
}

bool is_quoted(std::string_view value) noexcept {
  return value.size() > 1 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front();
}

std::string unknown_key(std::string_view key) {
  std::vector<std::string_view> keys;
  for (const auto& option : options()) {
    if (option.in_file) keys.push_back(option.flag);
  }
  std::string error = "key \"" + std::string(key) + "\" isn't known";
  if (const auto near = nearest(key, keys); !near.empty()) error += "; did you mean " + std::string(near) + '?';
  return error;
}

}  // namespace

boost::system::result<GivenByOption, std::string> parse_file(const std::string& path, std::string_view text) {
  GivenByOption result;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = trimmed(without_comment(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty()) continue;

    const std::string place = path + ':' + std::to_string(number);
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) return place + ": a line is key = value, or a comment after #";
    std::string key(trimmed(line.substr(0, equals)));
    std::replace(key.begin(), key.end(), '_', '-');
    const Option* const option = find_option(key);
    if (option == nullptr || !option->in_file) return place + ": " + unknown_key(key);
    auto& given = result[option];
    if (!given.empty() && !std::holds_alternative<List>(option->rule))
      return place + ": key \"" + key + "\" was given before, in " + given.front().origin;
    const auto value = trimmed(line.substr(equals + 1));
    // They would become part of the value: of a path, a file of another name.
    if (is_quoted(value)) return place + ": key \"" + key + "\": a value stands without quotes";
    given.push_back({std::string(value), "file " + place});
  }
  return result;
}

}  // namespace vx11::config
