// The service's log: one JSON object a line, and never a token in it.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "token/clock.h"

namespace vx11::observe {

enum class Level : std::uint8_t { debug, info, warning, error };
[[nodiscard]] std::string_view to_string(Level level) noexcept;

/// A named value of a log line. Secrets don't convert to it; that is the point.
struct Field {
  std::string_view name;
  std::variant<std::string_view, std::int64_t, double, bool> value;
};

/// A URL, query string or any other text with the value of every `token` parameter replaced: `token=***`. The name
/// counts in any case and in percent-encoding (`%74oken`, and `%3Ftoken%3D` inside another parameter), wherever it
/// begins; the value ends at `&`, `#`, a blank or a quote.
[[nodiscard]] std::string without_tokens(std::string_view url);

/// Writes `{"time":"2026-11-23T04:05:06.789Z","level":"info","instance":"…","event":"…","message":"…", fields…}`.
/// Never throws: a line that can't be made or written is lost.
/// Thread-safe; a line is written by one call of the sink.
class Log {
 public:
  using Sink = std::function<void(std::string_view line)>;  ///< gets the line with its end of line

  Log(const Clock& clock, std::string instance_id, Sink sink);
  /// A sink that writes to a file descriptor, such as stderr, in one write(2); EAGAIN and a closed reader lose lines,
  /// never block for long and never kill the process.
  [[nodiscard]] static Sink to_descriptor(int fd);

  /// `event` is a stable name for machines (`stream_refused`), `message` is for people. Field values are escaped, and
  /// any `token=` inside a string value is masked.
  void write(Level level, std::string_view event, std::string_view message,
             std::initializer_list<Field> fields = {}) const noexcept;
  /// The same, for fields that were put together one by one.
  void write_fields(Level level, std::string_view event, std::string_view message,
                    std::span<const Field> fields) const noexcept;

 private:
  const Clock& clock_;
  std::string instance_id_;
  Sink sink_;
  mutable std::mutex mutex_;
};

}  // namespace vx11::observe
