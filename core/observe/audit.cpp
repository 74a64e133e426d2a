#include "observe/audit.h"

#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "observe/audit_file.h"
#include "observe/failed_principals.h"
#include "observe/json_text.h"

namespace vx11::observe {
namespace {

void append_text(std::string& line, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  line += ",\"";
  line += name;
  line += "\":";
  append_json_string(line, value);
}

class FileAudit final : public Audit {
 public:
  FileAudit(AuditFile file, const Clock& clock, std::string instance_id, const Log& log)
      : file_(std::move(file)),
        clock_(clock),
        instance_id_(std::move(instance_id)),
        log_(log),
        failed_([this](const AuditEntry& entry, WallTime first) { append(entry, first); }) {}

  ~FileAudit() override {
    const std::lock_guard lock(mutex_);
    failed_.write_all();
  }

  void record(const AuditEntry& entry) override {
    const std::lock_guard lock(mutex_);
    if (entry.action == AuditAction::failed_principal) {
      failed_.add(entry, clock_.now(), clock_.wall());
    } else {
      append(entry, clock_.wall());
    }
  }

  void flush() override {
    const std::lock_guard lock(mutex_);
    if (const auto problem = file_.follow_path(); !problem.empty()) report(problem);
    failed_.write_due(clock_.now());
  }

 private:
  void append(const AuditEntry& entry, WallTime time) {
    std::string line;
    line.reserve(256);
    line += R"({"time":")";
    append_rfc3339(line, time);
    line += R"(","instance":)";
    append_json_string(line, instance_id_);
    append_text(line, "action", to_string(entry.action));
    append_text(line, "correlation_id", entry.correlation_id);
    append_text(line, "principal", entry.principal);
    append_text(line, "client", entry.client);
    append_text(line, "token_id", entry.token_id);
    append_text(line, "detail", without_tokens(entry.detail));
    if (entry.count > 0) {
      line += ",\"count\":";
      append_json_number(line, entry.count);
    }
    line += "}\n";
    settle(file_.append(line));
  }

  void settle(const AuditFile::Outcome& outcome) {
    if (!outcome.written) ++lost_;
    if (!outcome.problem.empty()) return report(outcome.problem);
    if (!failing_) return;
    failing_ = false;
    log_.write(Level::info, "audit_recovered", "the audit log can be written again",
               {{"lost_lines", static_cast<std::int64_t>(std::exchange(lost_, 0))}});
  }

  void report(const std::string& problem) {
    if (std::exchange(failing_, true)) return;
    log_.write(Level::error, "audit_failed", "the audit log can't be written", {{"reason", problem}});
  }

  std::mutex mutex_;
  AuditFile file_;
  const Clock& clock_;
  std::string instance_id_;
  const Log& log_;
  FailedPrincipals failed_;
  bool failing_ = false;
  std::uint64_t lost_ = 0;
};

/// Without a file: what changes the service for others is still said, in the log.
class LogAudit final : public Audit {
 public:
  explicit LogAudit(const Log& log) : log_(log) {}

  void record(const AuditEntry& entry) override {
    const auto action = entry.action;
    if (action == AuditAction::issue || action == AuditAction::reload || action == AuditAction::failed_principal) return;
    std::vector<Field> fields{{"action", to_string(entry.action)}};
    const auto add = [&fields](std::string_view name, std::string_view value) {
      if (!value.empty()) fields.push_back({name, value});
    };
    add("correlation_id", entry.correlation_id);
    add("principal", entry.principal);
    add("client", entry.client);
    add("token_id", entry.token_id);
    add("detail", entry.detail);
    if (entry.count > 0) fields.push_back({"count", static_cast<std::int64_t>(entry.count)});
    log_.write_fields(Level::info, "audit", sentence(entry.action), fields);
  }

  void flush() override {}

 private:
  static std::string_view sentence(AuditAction action) noexcept {
    switch (action) {
      case AuditAction::revoke: return "tokens were revoked";
      case AuditAction::mode_change: return "the mode was changed";
      case AuditAction::operation_step: return "an operation on the cluster tells of a step";
      default: return "a graceful stop was asked for";
    }
  }

  const Log& log_;
};

}  // namespace

std::string_view to_string(AuditAction action) noexcept {
  switch (action) {
    case AuditAction::issue: return "issue";
    case AuditAction::revoke: return "revoke";
    case AuditAction::mode_change: return "mode_change";
    case AuditAction::operation_step: return "operation_step";
    case AuditAction::drain: return "drain";
    case AuditAction::reload: return "reload";
    case AuditAction::failed_principal: break;
  }
  return "failed_principal";
}

boost::system::result<std::unique_ptr<Audit>, std::string> Audit::open(Options options, const Clock& clock,
                                                                       std::string instance_id, const Log& log) {
  if (options.path.empty()) return std::unique_ptr<Audit>(std::make_unique<LogAudit>(log));
  auto file = AuditFile::open(std::move(options.path), options.max_bytes);
  if (!file) return file.error();
  return std::unique_ptr<Audit>(std::make_unique<FileAudit>(std::move(*file), clock, std::move(instance_id), log));
}

}  // namespace vx11::observe
