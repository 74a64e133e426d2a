// Failed principals by address: one entry for each address and second, however many attempts there were, so that an
// attacker can't fill the disk.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>

#include "observe/audit.h"

namespace vx11::observe {

/// Holds at most `capacity` addresses; when one more comes, all are written early. Not thread-safe.
class FailedPrincipals {
 public:
  static constexpr std::size_t capacity = 4096;
  using Write = std::function<void(const AuditEntry& entry, WallTime first)>;

  explicit FailedPrincipals(Write write);
  void add(const AuditEntry& entry, Instant now, WallTime wall);
  /// Writes those whose second is over, oldest first.
  void write_due(Instant now);
  void write_all();

 private:
  struct Pending {
    Instant since;
    WallTime first;
    std::string correlation_id, principal, client, detail;
    std::uint64_t count = 0;
  };
  void write(const Pending& pending) const;

  Write write_;
  std::unordered_map<std::string, Pending> pending_;
  Instant earliest_{};  // none of the pending began before; saves the walk while nothing can be due
};

}  // namespace vx11::observe
