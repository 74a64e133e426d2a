#include "config/loader.h"

#include <utility>

#include "config/draft.h"

namespace vx11::config {
namespace {

boost::system::result<GivenByOption, std::string> read_config_file(const Inputs& inputs, const Sources& sources) {
  const auto given = sources.chosen("config");
  if (given.empty()) return GivenByOption{};
  const auto& path = given.front().value;
  if (path.empty()) return refusal(*find_option("config"), given.front());
  const auto text = inputs.read_file(path);
  if (!text) return given.front().origin + ": can't read " + path + ": " + text.error();
  return parse_file(path, *text);
}

Problem apply_all(Draft& draft) {
  for (const auto& option : options()) {
    for (const auto& given : draft.sources.chosen(option)) {
      if (!apply(option, given.value, draft.settings)) return refusal(option, given);
    }
  }
  return std::nullopt;
}

}  // namespace

boost::system::result<Loaded, std::string> load(const Inputs& inputs) {
  auto arguments = parse_arguments(inputs.arguments);
  if (!arguments) return arguments.error();
  Loaded loaded;
  loaded.action = arguments->action;
  if (loaded.action == Action::help || loaded.action == Action::version) return loaded;

  Draft draft{inputs, {std::move(arguments->given), Environment(inputs.environment), {}}, {}, {}, {}};
  auto file = read_config_file(inputs, draft.sources);
  if (!file) return file.error();
  draft.sources.file = std::move(*file);
  draft.settings.warnings = draft.sources.environment.unknown_variables();

  for (const auto step : {apply_all, gather_principals, resolve_redis, resolve_and_check}) {
    if (auto problem = step(draft)) return std::move(*problem);
  }
  loaded.report = report_of(draft);
  loaded.settings = std::move(draft.settings);
  return loaded;
}

}  // namespace vx11::config
