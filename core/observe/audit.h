// Who did what: issue, revoke, mode change, steps of an operation on the cluster, drain, reload and failed principals, as JSON
// lines in a file of bounded size.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <boost/system/result.hpp>

#include "observe/log.h"
#include "token/clock.h"

namespace vx11::observe {

enum class AuditAction : std::uint8_t { issue, revoke, mode_change, operation_step, drain, reload, failed_principal };
[[nodiscard]] std::string_view to_string(AuditAction action) noexcept;

/// One entry. Empty texts are left out of the line.
struct AuditEntry {
  AuditAction action{};
  std::string_view correlation_id;
  std::string_view principal;  ///< fingerprint, never the principal
  std::string_view client;     ///< address
  std::string_view token_id;   ///< public id
  std::string_view detail;
  std::uint64_t count = 0;  ///< left out when 0
};

/// Appends to `path` (mode 0600), rotates to `path.1` … `path.4` past `max_bytes`. Without a path, revoke, mode
/// change, operation step and drain go to the log instead (which tells of a reload anyway; issue and failed principals
/// are dropped). Failed principals are folded: one line per address and second, with a count (`flush` writes those due;
/// call it about once a second). A full disk is reported to the log once and never stops the service. Thread-safe.
class Audit {
 public:
  struct Options {
    std::string path;  ///< empty: no file
    std::uint64_t max_bytes = 16U * 1024U * 1024U;
  };
  /// Fails when the file can't be opened for appending; the error says the path and why.
  [[nodiscard]] static boost::system::result<std::unique_ptr<Audit>, std::string> open(Options options,
                                                                                       const Clock& clock,
                                                                                       std::string instance_id,
                                                                                       const Log& log);
  virtual ~Audit() = default;
  virtual void record(const AuditEntry& entry) = 0;
  virtual void flush() = 0;
};

}  // namespace vx11::observe
