// What a client may cost. Sizes in bytes.
#pragma once

#include <chrono>
#include <cstddef>

namespace vx11::http {

struct Limits {
  std::size_t target = 8U * 1024U;          ///< request target; over: 414
  std::size_t headers = 8U * 1024U;         ///< all header fields; over: 431
  std::size_t header_count = 100;           ///< over: 431
  std::size_t body = 64U * 1024U;           ///< over: 413
  std::chrono::seconds request{10};         ///< first byte to last of one request; over: 408
  std::chrono::seconds idle{75};            ///< keep-alive without a request; over: closed
  std::chrono::seconds write{30};           ///< an answer nobody reads; over: closed
  std::chrono::seconds linger{2};           ///< after our last byte, for the client's
  std::size_t stream_lag = 1024U * 1024U;   ///< unsent bytes at which a stream that doesn't read is cut
};

}  // namespace vx11::http
