#include <optional>

#include "config/near_name.h"
#include "config/sources.h"

namespace vx11::config {
namespace {

std::optional<Action> action_of(std::string_view argument) noexcept {
  if (argument == "--help" || argument == "-h") return Action::help;
  if (argument == "--version") return Action::version;
  if (argument == "--check-config") return Action::check_config;
  if (argument == "--print-config") return Action::print_config;
  return std::nullopt;
}

bool is_flag(std::string_view argument) noexcept { return argument.substr(0, 2) == "--"; }

/// The error for an argument that isn't one of ours; a value after `=` may be a secret and isn't repeated.
std::string unknown(std::string_view argument) {
  if (argument.empty() || argument.front() != '-') {
    // Where there is an @ there may be a password before it.
    const bool shown = argument.find('@') == std::string_view::npos;
    return (shown ? "argument \"" + std::string(argument) + '"' : std::string("an argument that is no flag")) +
           " isn't known: the only word allowed is serve, at the beginning";
  }
  const auto name = argument.substr(0, argument.find('='));
  if (action_of(name)) return "flag " + std::string(name) + " takes no value";
  std::vector<std::string> flags;
  for (const auto& option : options()) flags.push_back("--" + std::string(option.flag));
  for (const auto& action : action_flags()) flags.push_back("--" + std::string(action.flag));
  const std::vector<std::string_view> candidates(flags.begin(), flags.end());
  std::string error = "flag " + std::string(name) + " isn't known";
  if (const auto near = nearest(name, candidates); !near.empty())
    return error + "; did you mean " + std::string(near) + '?';
  return error + "; --help lists them all";
}

}  // namespace

boost::system::result<Arguments, std::string> parse_arguments(const std::vector<std::string>& arguments) {
  Arguments result;
  for (const auto& argument : arguments) {
    const auto action = action_of(argument);
    if (action == Action::help || action == Action::version) return Arguments{*action, {}};
  }
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    if (i == 0 && argument == "serve") continue;
    if (const auto action = action_of(argument)) {
      // To print is to check as well.
      if (result.action != Action::print_config) result.action = *action;
      continue;
    }
    const auto equals = argument.find('=');
    const Option* const option = is_flag(argument) ? find_option(argument.substr(0, equals).substr(2)) : nullptr;
    if (option == nullptr) return unknown(argument);
    const std::string origin = "flag --" + std::string(option->flag);
    auto& given = result.given[option];
    if (equals != std::string_view::npos) {
      given.push_back({std::string(argument.substr(equals + 1)), origin});
    } else if (std::holds_alternative<Switch>(option->rule)) {
      given.push_back({"true", origin});
    } else if (i + 1 == arguments.size() || is_flag(arguments[i + 1])) {
      return origin + " needs a value; it takes " + allowed_values(*option);
    } else {
      given.push_back({arguments[++i], origin});
    }
  }
  return result;
}

}  // namespace vx11::config
