// From the command line, the environment and a file to Settings, or to one clear error.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/system/result.hpp>

#include "config/settings.h"

namespace vx11::config {

/// Where the texts come from; tests pass their own.
struct Inputs {
  std::vector<std::string> arguments;  ///< without the program's name
  std::vector<std::pair<std::string, std::string>> environment;
  std::function<boost::system::result<std::string, std::string>(const std::string& path)> read_file;
  /// Permission bits, to warn of secrets that every user can read; nothing when unknown. May be left empty.
  std::function<std::optional<unsigned>(const std::string& path)> file_mode;
  /// Why nothing can be appended to this file, which need not exist yet; nothing when it can. May be left empty.
  std::function<std::optional<std::string>(const std::string& path)> why_not_writable;
  [[nodiscard]] static Inputs of_process(int argc, char** argv);
};

enum class Action { serve, check_config, print_config, help, version };

/// What came of it. `report` is the text of --print-config: each setting, its value (secrets masked) and its source.
struct Loaded {
  Action action = Action::serve;
  Settings settings;
  std::string report;
};

/// Flags over variables over file over defaults. The error names the flag, variable or key (with file and line), the
/// value (never a secret's) and what is allowed.
/// A pure function of its inputs: With Action::help and ::version nothing else is looked at.
[[nodiscard]] boost::system::result<Loaded, std::string> load(const Inputs& inputs);

/// The text of --help (100 columns), made from the same table.
[[nodiscard]] std::string help_text();

}  // namespace vx11::config
