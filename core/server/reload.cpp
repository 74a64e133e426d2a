#include "server/reload.h"

#include <utility>

#include "config/restart.h"

namespace vx11::server {

namespace {

[[nodiscard]] std::string summary(const api::Principals::Change& principals, const config::Settings& read) {
  std::string text = std::to_string(principals.all) + (principals.all == 1 ? " principal" : " principals");
  text +=
      " (" + std::to_string(principals.added) + " new, " + std::to_string(principals.removed.size()) + " removed), ";
  if (read.rate_limit == 0) return text + "no rate limit";
  return text + "rate limit " + std::to_string(read.rate_limit) + " in " + std::to_string(read.rate_window.count()) +
         " s";
}

}  // namespace

Reload::Reload(config::Settings as_read, Secret made, api::Shared& shared, Fleet& fleet)
    : running_(std::move(as_read)), made_(std::move(made)), shared_(shared), fleet_(fleet) {}

bool Reload::take(const boost::system::result<config::Settings, std::string>& read) {
  if (!read) {
    refuse(read.error());
    return false;
  }
  std::vector<Secret> principals = read->principals;
  if (principals.empty() && !made_.empty()) principals.push_back(made_);
  if (principals.empty()) {
    refuse("no principal is configured any more; set VX11_OPERATOR_TOKEN or --principal-file");
    return false;
  }
  const auto change = shared_.principals.replace(principals);
  if (!change.removed.empty()) fleet_.close_principal_streams(change.removed);
  shared_.callers.change(read->rate_limit, read->rate_window);
  shared_.warnings.replace(read->warnings);
  tell(change, *read);
  return true;
}

void Reload::refuse(std::string_view reason) {
  shared_.log.write(observe::Level::error, "reload_refused", "the configuration was not taken over, nothing changes",
                    {{"reason", reason}});
  const std::string detail = "refused: " + std::string(reason);
  observe::AuditEntry entry;
  entry.action = observe::AuditAction::reload;
  entry.detail = detail;
  shared_.audit.record(entry);
}

void Reload::tell(const api::Principals::Change& principals, const config::Settings& read) {
  const std::string what = summary(principals, read);
  shared_.log.write(observe::Level::info, "reloaded", "the configuration was read again: " + what);
  for (const std::string& warning : read.warnings) {
    shared_.log.write(observe::Level::warning, "configuration", warning);
  }
  std::string flags;
  for (const std::string_view flag : config::need_restart(running_, read)) {
    flags += (flags.empty() ? "--" : ", --") + std::string(flag);
  }
  if (!flags.empty()) {
    shared_.log.write(observe::Level::warning, "restart_needed",
                      "these settings differ from what the instance runs with and need a restart: " + flags,
                      {{"settings", std::string_view(flags)}});
  }
  const std::string detail = flags.empty() ? what : what + "; not before a restart: " + flags;
  observe::AuditEntry entry;
  entry.action = observe::AuditAction::reload;
  entry.detail = detail;
  shared_.audit.record(entry);
}

}  // namespace vx11::server
