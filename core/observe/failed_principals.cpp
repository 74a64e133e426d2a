#include "observe/failed_principals.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

namespace vx11::observe {
namespace {
constexpr std::chrono::seconds window{1};
}

FailedPrincipals::FailedPrincipals(Write write) : write_(std::move(write)) {}

void FailedPrincipals::add(const AuditEntry& entry, Instant now, WallTime wall) {
  write_due(now);
  std::string address(entry.client);
  auto found = pending_.find(address);
  if (found == pending_.end()) {
    if (pending_.size() >= capacity) write_all();
    if (pending_.empty()) earliest_ = now;
    Pending first{
        now, wall, std::string(entry.correlation_id), std::string(entry.principal), address, std::string(entry.detail),
        0};
    found = pending_.emplace(std::move(address), std::move(first)).first;
  }
  found->second.count += std::max<std::uint64_t>(entry.count, 1);
}

void FailedPrincipals::write_due(Instant now) {
  if (pending_.empty() || now < earliest_ + window) return;
  std::vector<Pending> due;
  earliest_ = Instant::max() - window;
  for (auto at = pending_.begin(); at != pending_.end();) {
    if (now >= at->second.since + window) {
      due.push_back(std::move(at->second));
      at = pending_.erase(at);
    } else {
      earliest_ = std::min(earliest_, at->second.since);
      ++at;
    }
  }
  std::sort(due.begin(), due.end(), [](const Pending& a, const Pending& b) {
    return a.since != b.since ? a.since < b.since : a.client < b.client;
  });
  for (const auto& one : due) write(one);
}

void FailedPrincipals::write_all() { write_due(Instant::max()); }

void FailedPrincipals::write(const Pending& pending) const {
  AuditEntry entry;
  entry.action = AuditAction::failed_principal;
  entry.correlation_id = pending.correlation_id;
  entry.principal = pending.principal;
  entry.client = pending.client;
  entry.detail = pending.detail;
  entry.count = pending.count;
  write_(entry, pending.first);
}

}  // namespace vx11::observe
