#include "http/listener.h"

#include <linux/filter.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "http/event_loop.h"

namespace vx11::http {

namespace {

constexpr int accepts_per_turn = 64;
constexpr std::chrono::milliseconds pause_without_descriptors{200};
constexpr std::chrono::seconds report_interval{10};  // it may come and go many times a second
/// What the last part of a handshake takes on the way here from a neighbour. A client whose first part is not heard
/// meanwhile says it again a second later: the shorter the better.
constexpr std::chrono::milliseconds handshakes_end{1};

/// The system hears no first part of a handshake (SYN) any more; it answers the rest of those that it has heard.
[[nodiscard]] bool begin_no_more(int descriptor) noexcept {
  constexpr unsigned flags_of_tcp = 13, syn = 2, all = 0xFFFFFFFF;
  std::array<sock_filter, 4> program{{{BPF_LD | BPF_B | BPF_ABS, 0, 0, flags_of_tcp},
                                      {BPF_JMP | BPF_JSET | BPF_K, 0, 1, syn},
                                      {BPF_RET | BPF_K, 0, 0, 0},
                                      {BPF_RET | BPF_K, 0, 0, all}}};
  const sock_fprog filter{program.size(), program.data()};
  return ::setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) == 0;
}

[[nodiscard]] asio::ip::tcp protocol_of(int descriptor) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size);
  return address.ss_family == AF_INET6 ? asio::ip::tcp::v6() : asio::ip::tcp::v4();
}

}  // namespace

Listener::Listener(EventLoop& loop, int listening_descriptor, const Router& router)
    : loop_(loop),
      router_(router),
      acceptor_(loop.io(), protocol_of(listening_descriptor), listening_descriptor),
      pause_timer_(loop.io()),
      stop_timer_(loop.io()) {
  ErrorCode ignored;
  acceptor_.non_blocking(true, ignored);
}

void Listener::start() { wait(); }

void Listener::stop() {
  if (std::exchange(stopping_, true)) return;
  pause_timer_.cancel();
  const auto end = [this] {
    accept_waiting();
    ErrorCode ignored;
    acceptor_.close(ignored);
  };
  if (!begin_no_more(acceptor_.native_handle())) return end();
  accept_waiting();
  stop_timer_.expires_after(handshakes_end);
  stop_timer_.async_wait([end](const ErrorCode& error) {
    if (!error) end();
  });
}

void Listener::accept_waiting() {
  ErrorCode ignored;
  for (int i = 0; i < SOMAXCONN && acceptor_.is_open() && accept_one(ignored); ++i) {
  }
}

void Listener::wait() {
  acceptor_.async_wait(Acceptor::wait_read, [this](const ErrorCode& error) {
    if (!error) accept_ready();
  });
}

void Listener::accept_ready() {
  for (int i = 0; i < accepts_per_turn && acceptor_.is_open(); ++i) {
    ErrorCode why;
    if (accept_one(why)) continue;
    if (why) {
      pause(why);
      return;
    }
    break;
  }
  if (acceptor_.is_open()) wait();
}

bool Listener::accept_one(ErrorCode& why) {
  ErrorCode error;
  Socket socket(loop_.io());
  acceptor_.accept(socket, error);
  if (!error) {
    loop_.accepted(std::move(socket), router_);
    return true;
  }
  if (error == asio::error::would_block || error == asio::error::try_again) return false;
  if (error == asio::error::no_descriptors || error == boost::system::errc::too_many_files_open_in_system ||
      error == asio::error::no_buffer_space || error == asio::error::no_memory) {
    why = error;
    return false;
  }
  return true;  // the client gave up between the handshake and us, and the next one may be waiting
}

void Listener::pause(const ErrorCode& why) {
  const auto now = std::chrono::steady_clock::now();
  if (now >= next_report_ && loop_.options().report) {
    next_report_ = now + report_interval;
    loop_.options().report("accept_paused", "accepting connections pauses: " + why.message());
  }
  pause_timer_.expires_after(pause_without_descriptors);
  pause_timer_.async_wait([this](const ErrorCode& error) {
    if (!error && acceptor_.is_open()) accept_ready();
  });
}

namespace {

struct Descriptor {
  int value = -1;
  explicit Descriptor(int descriptor) : value(descriptor) {}
  ~Descriptor() {
    if (value >= 0) ::close(value);
  }
  Descriptor(Descriptor&& other) noexcept : value(std::exchange(other.value, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  [[nodiscard]] int release() noexcept { return std::exchange(value, -1); }
};

[[nodiscard]] std::string address_text(const asio::ip::tcp::endpoint& endpoint) {
  const std::string host = endpoint.address().to_string();
  return (endpoint.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(endpoint.port());
}

[[nodiscard]] std::string refusal(const asio::ip::tcp::endpoint& endpoint, int error) {
  const std::string where = "address " + address_text(endpoint);
  switch (error) {
    case EADDRINUSE:
      return where + " is in use";
    case EACCES:
      return where + " needs a privilege that this process doesn't have";
    case EADDRNOTAVAIL:
      return where + " is not an address of this machine";
    default:
      return "can't listen on " + where + ": " + std::strerror(error);
  }
}

enum class Use : std::uint8_t { alone, trial, shared };

/// errno, or 0.
[[nodiscard]] int open_bound(const asio::ip::tcp::endpoint& endpoint, Use use, Descriptor& out) {
  Descriptor made(::socket(endpoint.protocol().family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP));
  if (made.value < 0) return errno;
  const int on = 1;
  ::setsockopt(made.value, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (use == Use::shared && ::setsockopt(made.value, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0) return errno;
  if (::bind(made.value, endpoint.data(), static_cast<socklen_t>(endpoint.size())) != 0) return errno;
  // Whoever got through to a trial would be reset at its end.
  if (use == Use::trial) static_cast<void>(begin_no_more(made.value));
  // An exclusive bind alone succeeds beside another one that doesn't listen yet; listening settles it.
  if (::listen(made.value, SOMAXCONN) != 0) return errno;
  out.value = made.release();
  return 0;
}

[[nodiscard]] std::uint16_t port_of(int descriptor) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size);
  if (address.ss_family == AF_INET6) return ntohs(reinterpret_cast<sockaddr_in6*>(&address)->sin6_port);
  return ntohs(reinterpret_cast<sockaddr_in*>(&address)->sin_port);
}

}  // namespace

boost::system::result<BoundPort, std::string> bind_port(const std::string& host, std::uint16_t port, unsigned count) {
  asio::io_context io;
  asio::ip::tcp::resolver resolver(io);
  ErrorCode error;
  const auto found = resolver.resolve(host, std::to_string(port), asio::ip::tcp::resolver::passive, error);
  if (error || found.begin() == found.end()) return "address " + host + " can't be resolved: " + error.message();
  asio::ip::tcp::endpoint endpoint = found.begin()->endpoint();

  {
    Descriptor exclusive(-1);
    const bool only_one = count == 1;
    const int fault = open_bound(endpoint, only_one ? Use::alone : Use::trial, exclusive);
    if (fault != 0) return refusal(endpoint, fault);
    endpoint.port(port_of(exclusive.value));
    if (only_one) return BoundPort{{exclusive.release()}, endpoint.port()};
  }
  std::vector<Descriptor> made;
  for (unsigned i = 0; i < count; ++i) {
    Descriptor next(-1);
    if (const int fault = open_bound(endpoint, Use::shared, next); fault != 0) return refusal(endpoint, fault);
    made.push_back(std::move(next));
  }
  BoundPort bound;
  bound.port = endpoint.port();
  for (Descriptor& descriptor : made) bound.descriptors.push_back(descriptor.release());
  return bound;
}

std::uint64_t raise_descriptor_limit() noexcept {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  if (limit.rlim_cur < limit.rlim_max) {
    rlimit wanted = limit;
    wanted.rlim_cur = limit.rlim_max;
    if (::setrlimit(RLIMIT_NOFILE, &wanted) == 0) limit = wanted;
  }
  return limit.rlim_cur;
}

}  // namespace vx11::http
