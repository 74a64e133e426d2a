#include <algorithm>

#include "config/loader.h"
#include "config/options.h"

namespace vx11::config {
namespace {

constexpr std::size_t width = 100;
constexpr std::size_t indent = 36;

/// `left` at the margin and `right` wrapped beside it, or below where the left side is too long.
void append_row(std::string& out, const std::string& left, std::string_view right) {
  std::string line = "  " + left;
  if (line.size() + 2 > indent) {
    out += line + '\n';
    line.clear();
  }
  line.resize(indent, ' ');
  bool first = true;
  while (!right.empty()) {
    const auto word = right.substr(0, right.find(' '));
    right.remove_prefix(std::min(word.size() + 1, right.size()));
    if (!first && line.size() + 1 + word.size() > width) {
      out += line + '\n';
      line.assign(indent, ' ');
      first = true;
    }
    if (!first) line += ' ';
    line += word;
    first = false;
  }
  out += line + '\n';
}

std::string usual_variable(std::string_view flag) {
  std::string name = "VX11_OPERATOR_";
  for (const char c : flag) name += c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return name;
}

std::string placeholder(const Option& option) {
  if (const auto* text = std::get_if<Text>(&option.rule)) return ' ' + std::string(text->placeholder);
  if (const auto* list = std::get_if<List>(&option.rule)) return ' ' + std::string(list->placeholder);
  return std::holds_alternative<Number>(option.rule) ? " N" : "";
}

std::string description(const Option& option) {
  std::string text(option.help);
  if (const auto* number = std::get_if<Number>(&option.rule)) {
    text += ' ' + std::to_string(number->least) + " to " + std::to_string(number->most);
    if (!number->unit.empty()) text += ' ' + std::string(number->unit);
    text += '.';
  }
  std::string variables;
  if (option.variable != usual_variable(option.flag)) variables = option.variable;
  if (!option.inherited.empty()) variables += (variables.empty() ? "" : ", ") + std::string(option.inherited);
  if (!variables.empty()) text += " [" + variables + ']';
  if (!option.fallback.empty() && !std::holds_alternative<Switch>(option.rule))
    text += " (default: " + std::string(option.fallback) + ')';
  return text;
}

}  // namespace

std::string help_text() {
  std::string out =
      "Usage: vx11-tokend [serve] [--flag value | --flag=value]…\n"
      "\n"
      "Issues short-lived tokens for event streams, checks them, and serves the streams.\n"
      "\n"
      "Each flag has a variable, VX11_OPERATOR_ and its name in capitals with _ for - (--max-ttl:\n"
      "VX11_OPERATOR_MAX_TTL; others are given in brackets), and a key in the file of --config: the name\n"
      "without dashes. Flags count over variables, variables over the file, the file over defaults.\n";
  std::string_view group;
  for (const auto& option : options()) {
    if (option.group != group) {
      group = option.group;
      out += '\n' + std::string(group) + ":\n";
    }
    append_row(out, "--" + std::string(option.flag) + placeholder(option), description(option));
  }
  out += "\nInstead of serving:\n";
  for (const auto& action : action_flags()) append_row(out, "--" + std::string(action.flag), action.help);
  out += "\nVariables without a flag:\n";
  for (const auto& variable : plain_variables()) append_row(out, std::string(variable.name), variable.help);
  out +=
      "\n"
      "SIGTERM and Ctrl+C stop it gracefully, a second one ends it at once. SIGHUP reads principals and\n"
      "rate limits again.\n"
      "Exit code 0: it stopped as asked; 1: it couldn't start (a port in use); 2: a setting is wrong.\n";
  return out;
}

}  // namespace vx11::config
