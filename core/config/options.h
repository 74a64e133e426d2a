// The one table of options. Parsing, --help, --print-config, hints and the checks of each value are made from it, so
// that a setting is added in one place.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/settings.h"

namespace vx11::config {

/// A whole number in the unit named.
struct Number {
  std::uint64_t least, most;
  std::string_view unit;  ///< "seconds"; empty for a plain count
  void (*set)(Settings& settings, std::uint64_t value);
};

/// A text; `set` refuses what isn't allowed.
struct Text {
  std::string_view placeholder;
  std::string_view allowed;
  bool (*set)(Settings& settings, std::string_view value);
};

/// Texts that add up: the flag can be repeated, and each value may be a comma-separated list.
struct List {
  std::string_view placeholder;
  std::string_view allowed;
  bool (*add)(Settings& settings, std::string_view value);
};

struct Switch {
  void (*set)(Settings& settings, bool value);
};

struct Option {
  std::string_view group;  ///< heading in --help
  std::string_view flag;   ///< without dashes; also the key in the file
  std::string_view variable;
  std::string_view inherited;  ///< a second variable, shared with other programs; the first counts over it
  std::string_view fallback;   ///< the default as shown; empty: none
  std::string_view help;
  std::variant<Number, Text, List, Switch> rule;
  bool secret = false;  ///< a value that isn't valid is not repeated in the error
  bool in_file = true;
};

/// In the order of --help.
[[nodiscard]] std::span<const Option> options();
/// By flag; null when there is none.
[[nodiscard]] const Option* find_option(std::string_view flag) noexcept;

/// What is allowed, for an error: "a whole number from 1 to 86400 (seconds)".
[[nodiscard]] std::string allowed_values(const Option& option);
/// Checks and applies one value; for a list, each of its parts. False when it isn't allowed: settings may then hold a
/// part of a list.
[[nodiscard]] bool apply(const Option& option, std::string_view value, Settings& settings);

/// What an instance does instead of serving.
struct ActionFlag {
  std::string_view flag;
  std::string_view help;
};
[[nodiscard]] std::span<const ActionFlag> action_flags();

/// Variables that have no flag.
struct PlainVariable {
  std::string_view name;
  std::string_view help;
};
[[nodiscard]] std::span<const PlainVariable> plain_variables();
/// Variables of the Python backend under our prefix: neither used nor warned about.
[[nodiscard]] std::span<const std::string_view> foreign_variables();

/// One option's names, for comparing the program with its documents.
struct OptionNames {
  std::string flag;                    ///< with dashes
  std::vector<std::string> variables;  ///< the first counts over the second
  std::string key;                     ///< empty: not in the file
};
[[nodiscard]] std::vector<OptionNames> describe_options();

}  // namespace vx11::config
