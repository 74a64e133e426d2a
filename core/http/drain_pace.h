// How a stop ends many streams: one after the other, each told to come back at a moment of its own.
#pragma once

#include <chrono>
#include <cstddef>

namespace vx11::http {

/// Times count from the beginning of the drain. Ends and returns are evenly spaced, however the ends are bunched by a
/// coarse clock or a stalled loop: whoever takes the streams over meets no storm (promise I12).
class DrainPace {
 public:
  using Ms = std::chrono::milliseconds;
  static constexpr Ms least_wait{200};
  static constexpr Ms shortest_return{1800};  ///< from the first return to the last, however few they are
  static constexpr Ms last_returns{300};      ///< after the last end; an operation may go on to the next instance soon
  static constexpr Ms per_stream{5};

  /// What ending so many streams takes of the `left` until the latest end: half of it at the most, because a client
  /// may be slow.
  [[nodiscard]] static Ms time_for(std::size_t streams, Ms left) noexcept;

  DrainPace(std::size_t streams, Ms ending) noexcept;

  /// So many have ended by then. All have once `ending` is over.
  [[nodiscard]] std::size_t ended_by(Ms since) const noexcept;

  /// What the stream that ends then is to be told to wait: any time between these two.
  struct Wait {
    Ms least, most;
  };
  [[nodiscard]] Wait wait(std::size_t index, Ms since) const noexcept;

 private:
  std::size_t streams_;
  Ms ending_;
};

}  // namespace vx11::http
