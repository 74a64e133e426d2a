// Accepts connections for one loop, and waits instead of spinning when the process has no descriptor left.
#pragma once

#include <boost/system/result.hpp>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "http/socket.h"

namespace vx11::http {

class EventLoop;
class Router;

class Listener {
 public:
  Listener(EventLoop& loop, int listening_descriptor, const Router& router);
  void start();
  /// Takes what waits in the backlog and what is about to be there (closing would reset those connections), then
  /// closes: a millisecond later, in which no new connection is begun.
  void stop();
  [[nodiscard]] bool is_open() const { return acceptor_.is_open(); }

 private:
  void wait();
  void accept_ready();
  void accept_waiting();
  /// False: there is nothing more to accept now, or no descriptor for it (`why`).
  [[nodiscard]] bool accept_one(ErrorCode& why);
  void pause(const ErrorCode& why);

  EventLoop& loop_;
  const Router& router_;
  Acceptor acceptor_;
  Timer pause_timer_;
  Timer stop_timer_;
  bool stopping_ = false;
  std::chrono::steady_clock::time_point next_report_;
};

/// Listening sockets for one address: one a loop with SO_REUSEPORT. Because with that option a second process would
/// share a taken port silently, the address is first bound once without it.
struct BoundPort {
  std::vector<int> descriptors;  ///< owned by the caller until given to a loop
  std::uint16_t port = 0;
};
/// The error is a sentence: "address 127.0.0.1:8011 is in use".
[[nodiscard]] boost::system::result<BoundPort, std::string> bind_port(const std::string& host, std::uint16_t port,
                                                                      unsigned count);

/// Raises the soft limit of descriptors to the hard one; returns what is in force.
std::uint64_t raise_descriptor_limit() noexcept;

}  // namespace vx11::http
