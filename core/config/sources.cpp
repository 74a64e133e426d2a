#include "config/sources.h"

#include <algorithm>

#include "config/near_name.h"
#include "config/values.h"

namespace vx11::config {
namespace {

constexpr std::string_view own_prefix = "VX11_OPERATOR_";

std::vector<std::string_view> own_variables() {
  std::vector<std::string_view> names;
  for (const auto& option : options()) names.push_back(option.variable);
  for (const auto& variable : plain_variables()) {
    if (variable.name.substr(0, own_prefix.size()) == own_prefix) names.push_back(variable.name);
  }
  return names;
}

std::vector<Given> last_of(std::vector<Given> given, const Option& option) {
  // A wrapper script's flags can so be overridden by appending to them; lists add up.
  if (given.size() > 1 && !std::holds_alternative<List>(option.rule)) return {std::move(given.back())};
  return given;
}

}  // namespace

Environment::Environment(const std::vector<std::pair<std::string, std::string>>& variables) {
  for (const auto& [name, value] : variables) {
    if (const auto text = trimmed(value); !text.empty()) values_.insert_or_assign(name, std::string(text));
  }
}

std::optional<Given> Environment::find(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) return std::nullopt;
  return Given{found->second, "variable " + found->first};
}

std::optional<Given> Environment::find(const Option& option) const {
  auto own = find(option.variable);
  return own || option.inherited.empty() ? own : find(option.inherited);
}

std::vector<std::string> Environment::unknown_variables() const {
  std::vector<std::string> warnings;
  const auto known = own_variables();
  const auto foreign = foreign_variables();
  for (auto at = values_.lower_bound(own_prefix); at != values_.end(); ++at) {
    const std::string_view name = at->first;
    if (name.substr(0, own_prefix.size()) != own_prefix) break;
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    if (std::find(foreign.begin(), foreign.end(), name) != foreign.end()) continue;
    std::string warning = "variable " + at->first + " is not known and has no effect";
    // The prefix is right, so it doesn't make up for what is wrong behind it.
    const auto near = nearest(name, known);
    const std::size_t bearable = (std::max(name.size(), near.size()) - own_prefix.size()) * 2 / 5;
    if (!near.empty() && distance(name, near) <= bearable) warning += "; did you mean " + std::string(near) + '?';
    warnings.push_back(std::move(warning));
  }
  return warnings;
}

std::vector<Given> Sources::chosen(const Option& option) const {
  if (const auto found = flags.find(&option); found != flags.end()) return last_of(found->second, option);
  if (auto variable = environment.find(option)) return {std::move(*variable)};
  if (const auto found = file.find(&option); found != file.end()) return found->second;
  return {};
}

std::vector<Given> Sources::chosen(std::string_view flag) const {
  const Option* const option = find_option(flag);
  return option == nullptr ? std::vector<Given>{} : chosen(*option);
}

std::string refusal(const Option& option, const Given& given) {
  const std::string shown = given.value.empty() ? "an empty value"
                            : option.secret     ? "the value"
                                                : '"' + given.value + '"';
  // A flag and a variable name themselves; a line of a file doesn't.
  const std::string key = given.origin.starts_with("file ") ? "key \"" + std::string(option.flag) + "\": " : "";
  return given.origin + ": " + key + shown + " isn't allowed; it takes " + allowed_values(option);
}

}  // namespace vx11::config
