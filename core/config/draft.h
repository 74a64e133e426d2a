// Settings in the making: what the parts of the loader hand to each other.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "config/loader.h"
#include "config/sources.h"

namespace vx11::config {

/// What --print-config shows of an option in place of the text given for it.
struct Shown {
  std::string value;
  std::string source;
};

struct Draft {
  const Inputs& inputs;
  Sources sources;
  Settings settings;
  std::map<std::string_view, Shown> shown;  ///< by flag
  std::vector<Shown> notes;                 ///< what has no flag of its own: principals, the password

  void warn(std::string text) { settings.warnings.push_back(std::move(text)); }
};

/// Each step returns what is wrong; nothing when all is well.
using Problem = std::optional<std::string>;

/// Reads the file that an option names, warning when every user of the machine can. Empty when the option isn't given.
[[nodiscard]] boost::system::result<std::string, std::string> read_secret_file(Draft& draft, std::string_view flag);

/// The union of the principals in variables and file.
[[nodiscard]] Problem gather_principals(Draft& draft);
/// Redis' address, credentials and database, from URL, variables and files. Needs `mode` as asked for.
[[nodiscard]] Problem resolve_redis(Draft& draft);
/// The mode, if none was asked for, and all that depends on several settings.
[[nodiscard]] Problem resolve_and_check(Draft& draft);

/// The text of --print-config.
[[nodiscard]] std::string report_of(const Draft& draft);

}  // namespace vx11::config
