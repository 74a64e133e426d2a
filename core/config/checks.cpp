#include <algorithm>

#include "config/draft.h"
#include "config/values.h"

namespace vx11::config {
namespace {

/// A setting's source for a message, "default" when nobody set it.
std::string source_of(const Draft& draft, std::string_view flag) {
  const auto given = draft.sources.chosen(flag);
  return given.empty() ? "default" : given.front().origin;
}

/// Which of two variables that differ counts, and what that means for those who share the second.
std::string consequence(const Draft& draft, const Option& option) {
  const bool by_flag = draft.sources.flags.count(&option) > 0;
  std::string text = by_flag ? "flag --" + std::string(option.flag) + " counts here" : "the first counts here";
  if (option.flag == "redis-db") text += ", Python backends read the URL only";
  if (option.flag == "redis-url") text += ", Python backends read the second";
  return text;
}

Problem check_shared_variables(Draft& draft) {
  for (const auto& option : options()) {
    if (option.inherited.empty()) continue;
    const auto own = draft.sources.environment.find(option.variable);
    const auto shared = draft.sources.environment.find(option.inherited);
    if (!own || !shared || own->value == shared->value) continue;
    const std::string both = "variables " + std::string(option.variable) + " and " + std::string(option.inherited);
    if (option.flag == "ttl")
      return both + " differ (\"" + own->value + "\" and \"" + shared->value + "\"); set one, or both to the same";
    draft.warn(both + " differ; " + consequence(draft, option));
  }
  return std::nullopt;
}

Problem settle_lives(Draft& draft) {
  auto& settings = draft.settings;
  if (settings.ttl <= settings.max_ttl) return std::nullopt;
  const auto ttl = std::to_string(settings.ttl.count());
  if (draft.sources.chosen("max-ttl").empty()) {
    settings.max_ttl = settings.ttl;
    draft.shown["max-ttl"] = {ttl, "follows ttl, " + source_of(draft, "ttl")};
    return std::nullopt;
  }
  return "--ttl " + ttl + " (" + source_of(draft, "ttl") + ") must not be over --max-ttl " +
         std::to_string(settings.max_ttl.count()) + " (" + source_of(draft, "max-ttl") + ')';
}

Problem settle_mode(Draft& draft) {
  auto& settings = draft.settings;
  if (settings.mode.empty()) {
    settings.mode = settings.redis_url.empty() ? "memory" : "hybrid";
    draft.shown["mode"] = {settings.mode, settings.redis_url.empty() ? "default" : "default with a Redis"};
  }
  if (settings.mode == "signed" && settings.signing_keys_file.empty())
    return source_of(draft, "mode") + ": mode signed needs --signing-keys-file (VX11_OPERATOR_SIGNING_KEYS_FILE)";
  return std::nullopt;
}

/// Files that are opened later, by others: better to know now.
Problem check_files(Draft& draft) {
  for (const std::string_view flag : {"signing-keys-file", "redis-key-file"}) {
    auto text = read_secret_file(draft, flag);
    if (!text) return text.error();
    wipe(text->data(), text->size());
  }
  for (const std::string_view flag : {"redis-ca-file", "redis-cert-file"}) {
    const auto given = draft.sources.chosen(flag);
    if (given.empty()) continue;
    const auto text = draft.inputs.read_file(given.front().value);
    if (!text) return given.front().origin + ": can't read " + given.front().value + ": " + text.error();
  }
  if (draft.settings.audit_log.empty() || !draft.inputs.why_not_writable) return std::nullopt;
  if (const auto why = draft.inputs.why_not_writable(draft.settings.audit_log))
    return source_of(draft, "audit-log") + ": can't write " + draft.settings.audit_log + ": " + *why;
  return std::nullopt;
}

Problem check_addresses(Draft& draft) {
  auto& settings = draft.settings;
  const auto address = "--listen " + to_text(settings.listen) + " (" + source_of(draft, "listen") + ')';
  if (settings.metrics_listen && settings.metrics_listen->port != 0 &&
      to_text(*settings.metrics_listen) == to_text(settings.listen))
    return source_of(draft, "metrics-listen") + ": \"" + to_text(settings.listen) +
           "\" isn't allowed; it is the service's own address, where /metrics is without it";
  if (settings.allow_principal_query)
    draft.warn("--allow-principal-query is on: principals in URLs end up in histories and logs");
  if (is_loopback(settings.listen.host)) return std::nullopt;

  if (settings.principals.empty())
    return "no principal is configured, and " + address +
           " isn't loopback: set VX11_OPERATOR_TOKEN or --principal-file";
  const auto& origins = settings.cors_origins;
  if (std::find(origins.begin(), origins.end(), "*") != origins.end())
    return source_of(draft, "cors-origin") + ": \"*\" isn't allowed, since " + address +
           " isn't loopback; name the origins";
  constexpr std::size_t enough = 16;
  const auto& all = settings.principals;
  if (std::any_of(all.begin(), all.end(), [](const Secret& s) { return s.size() < enough; }))
    draft.warn("a principal has fewer than 16 characters, and " + address + " isn't loopback");
  if (std::any_of(all.begin(), all.end(), [](const Secret& s) { return s.equals("vx11-test-token"); }))
    draft.warn("the test principal is in use, and " + address + " isn't loopback");
  return std::nullopt;
}

}  // namespace

Problem resolve_and_check(Draft& draft) {
  for (const auto step : {check_shared_variables, settle_lives, settle_mode, check_files, check_addresses}) {
    if (auto problem = step(draft)) return problem;
  }
  return std::nullopt;
}

}  // namespace vx11::config
