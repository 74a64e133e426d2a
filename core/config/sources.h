// What was given where: on the command line, in the environment, in the file. Texts only; what they mean comes later.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/system/result.hpp>

#include "config/loader.h"
#include "config/options.h"

namespace vx11::config {

/// One text and where it stands: "flag --ttl", "variable VX11_OPERATOR_TTL" or "file vx11.conf:12".
struct Given {
  std::string value;
  std::string origin;
};

using GivenByOption = std::map<const Option*, std::vector<Given>>;

struct Arguments {
  Action action = Action::serve;
  GivenByOption given;
};
/// --help and --version win over everything, mistakes included: who asks for help has made one.
[[nodiscard]] boost::system::result<Arguments, std::string> parse_arguments(const std::vector<std::string>& arguments);

/// `key = value` lines; `path` is for messages.
[[nodiscard]] boost::system::result<GivenByOption, std::string> parse_file(const std::string& path,
                                                                           std::string_view text);

/// The variables that aren't empty, trimmed.
class Environment {
 public:
  explicit Environment(const std::vector<std::pair<std::string, std::string>>& variables);
  [[nodiscard]] std::optional<Given> find(std::string_view name) const;
  /// An option's own variable, else the one that it shares with other programs.
  [[nodiscard]] std::optional<Given> find(const Option& option) const;
  /// One warning for each variable under our prefix that nobody knows.
  [[nodiscard]] std::vector<std::string> unknown_variables() const;

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

/// Flags over variables over file.
struct Sources {
  GivenByOption flags;
  Environment environment;
  GivenByOption file;

  /// The texts that count: one, or several for a list; empty when the default does.
  [[nodiscard]] std::vector<Given> chosen(const Option& option) const;
  [[nodiscard]] std::vector<Given> chosen(std::string_view flag) const;
};

/// `<origin>: "<value>" isn't allowed; it takes <what is allowed>`, without the value of a secret.
[[nodiscard]] std::string refusal(const Option& option, const Given& given);

}  // namespace vx11::config
