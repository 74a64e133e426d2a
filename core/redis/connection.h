// One connection, from the name to its end: plain or encrypted, it looks the same from above. It decides nothing: when
// to connect, and what its end means, is its listener's.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "redis/greeting.h"
#include "redis/options.h"
#include "redis/socket.h"
#include "redis/tls.h"

namespace vx11::redis {

/// Used once: opened, and closed. Everything happens on its loop.
class Connection final : public std::enable_shared_from_this<Connection> {
 public:
  /// Each may close the connection within the call.
  class Listener {
   public:
    virtual ~Listener() = default;
    virtual void on_open() = 0;
    virtual void on_bytes(std::string_view bytes) = 0;
    virtual void on_sent() = 0;  ///< send() may be called again
    virtual void on_broken(Trouble trouble) = 0;
  };

  /// Both outlive the connection, or close it.
  Connection(asio::io_context& io, const Options& options, Listener& listener);

  /// Finds the address and connects; when there are several, each is tried, beginning with number `first`.
  void open(std::size_t first);
  /// Connected, and in the midst of TLS' greeting if it isn't over.
  [[nodiscard]] bool encrypts() const noexcept { return tls_.has_value(); }
  [[nodiscard]] bool sending() const noexcept { return !flying_.empty(); }
  /// Takes the bytes, and leaves an empty string to be filled again. Not while `sending`.
  void send(std::string& bytes);
  /// From now on the listener isn't called.
  void close() noexcept;

 private:
  void on_resolved(const ErrorCode& error, const Resolver::results_type& found);
  void connect_next();
  void on_connected();
  void opened();
  void read();
  void sent(const ErrorCode& error);
  void broken(Fault fault, std::string why);
  [[nodiscard]] std::string lost_words(const ErrorCode& error) const;

  const Options& options_;
  Listener* listener_;
  Resolver resolver_;
  Socket socket_;
  TlsContext tls_context_;
  std::optional<TlsStream> tls_;
  std::vector<asio::ip::tcp::endpoint> endpoints_;
  std::size_t next_ = 0, tried_ = 0;
  ErrorCode last_error_;
  std::string flying_;
  std::array<char, 16 * 1024> buffer_;
};

}  // namespace vx11::redis
