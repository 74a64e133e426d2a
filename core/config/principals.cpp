#include <algorithm>

#include "config/draft.h"
#include "config/values.h"

namespace vx11::config {
namespace {

constexpr std::size_t longest = 1024;

/// Adds those that aren't there yet. The error names the source, never the principal.
Problem add_all(Draft& draft, std::string_view list, const std::string& origin) {
  std::size_t added = 0;
  for (const auto text : split_list(list)) {
    const bool sendable = std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 0x7F; });
    if (!sendable || text.size() > longest) {
      return origin + ": a principal isn't allowed; it takes up to " + std::to_string(longest) +
             " characters that a header can carry (visible ASCII)";
    }
    ++added;
    auto& known = draft.settings.principals;
    if (std::none_of(known.begin(), known.end(), [&](const Secret& s) { return s.equals(text); }))
      known.emplace_back(text);
  }
  if (added > 0) draft.notes.push_back({"principals: " + std::to_string(added), origin});
  return std::nullopt;
}

Problem add_file(Draft& draft) {
  const auto given = draft.sources.chosen("principal-file");
  if (given.empty()) return std::nullopt;
  auto text = read_secret_file(draft, "principal-file");
  if (!text) return text.error();
  const auto before = draft.notes.size();
  const std::string origin = "file " + given.front().value;
  std::string_view rest = *text;
  std::string list;
  while (!rest.empty()) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const auto line = trimmed(rest.substr(0, end));
    if (!line.empty() && line.front() != '#') list.append(line).append(",");
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  auto problem = add_all(draft, list, origin);
  wipe(list.data(), list.size());
  wipe(text->data(), text->size());
  // A file that somebody emptied must not quietly lock everyone out, nor open a loopback service to a new principal.
  if (!problem && draft.notes.size() == before)
    problem = given.front().origin + ": " + given.front().value + " holds no principal";
  return problem;
}

}  // namespace

boost::system::result<std::string, std::string> read_secret_file(Draft& draft, std::string_view flag) {
  using boost::system::in_place_error;
  using boost::system::in_place_value;
  const auto given = draft.sources.chosen(flag);
  if (given.empty()) return {in_place_value, ""};
  const auto& path = given.front().value;
  auto text = draft.inputs.read_file(path);
  if (!text) return {in_place_error, given.front().origin + ": can't read " + path + ": " + text.error()};
  const auto mode = draft.inputs.file_mode ? draft.inputs.file_mode(path) : std::nullopt;
  constexpr unsigned others_read = 04;
  if (mode && (*mode & others_read) != 0)
    draft.warn(path + " (" + given.front().origin + ") can be read by every user of this machine; chmod 600 is enough");
  return text;
}

Problem gather_principals(Draft& draft) {
  for (const std::string_view name : {"VX11_OPERATOR_TOKEN", "VX11_GATEWAY_TOKEN", "VX11_TENTACULO_LINK_TOKEN"}) {
    const auto given = draft.sources.environment.find(name);
    if (!given) continue;
    if (auto problem = add_all(draft, given->value, given->origin)) return problem;
  }
  return add_file(draft);
}

}  // namespace vx11::config
