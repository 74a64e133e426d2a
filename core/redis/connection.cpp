#include "redis/connection.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/asio/write.hpp>
#include <utility>

namespace vx11::redis {

Connection::Connection(asio::io_context& io, const Options& options, Listener& listener)
    : options_(options), listener_(&listener), resolver_(io), socket_(io) {}

void Connection::open(std::size_t first) {
  next_ = first;
  ErrorCode not_an_address;
  const auto address = asio::ip::make_address(options_.host, not_an_address);
  if (!not_an_address) {
    endpoints_.emplace_back(address, options_.port);
    return connect_next();
  }
  resolver_.async_resolve(options_.host, std::to_string(options_.port),
                          [self = shared_from_this()](const ErrorCode& error, const Resolver::results_type& found) {
                            if (self->listener_ != nullptr) self->on_resolved(error, found);
                          });
}

void Connection::on_resolved(const ErrorCode& error, const Resolver::results_type& found) {
  if (error) {
    return broken(Fault::not_connected, "can't find the address of " + options_.host + ": " + error.message());
  }
  for (const auto& entry : found) endpoints_.push_back(entry.endpoint());
  connect_next();
}

void Connection::connect_next() {
  if (tried_ == endpoints_.size()) {
    return broken(Fault::not_connected, "can't connect to " + address_of(options_) + ": " + last_error_.message());
  }
  ++tried_;
  ErrorCode ignored;
  socket_.close(ignored);
  socket_.async_connect(endpoints_[next_++ % endpoints_.size()], [self = shared_from_this()](const ErrorCode& error) {
    if (self->listener_ == nullptr) return;
    self->last_error_ = error;
    error ? self->connect_next() : self->on_connected();
  });
}

void Connection::on_connected() {
  ErrorCode ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  socket_.set_option(asio::socket_base::keep_alive(true), ignored);
  if (!options_.tls.enabled) {
    socket_.non_blocking(true, ignored);
    return opened();
  }
  const std::string with = "no TLS with " + address_of(options_) + ": ";
  auto context = make_tls_context(options_.tls);
  if (!context) return broken(Fault::not_connected, with + context.error());
  tls_context_ = std::move(*context);
  tls_.emplace(socket_, *tls_context_);
  expect_server(*tls_, options_);
  tls_->async_handshake(TlsStream::client, [self = shared_from_this(), with](const ErrorCode& error) {
    if (self->listener_ == nullptr) return;
    if (error) return self->broken(Fault::not_connected, with + why_handshake_failed(*self->tls_, error));
    self->opened();
  });
}

void Connection::opened() {
  listener_->on_open();
  if (listener_ != nullptr) read();
}

void Connection::read() {
  auto handler = [self = shared_from_this()](const ErrorCode& error, std::size_t size) {
    if (self->listener_ == nullptr) return;
    if (error) return self->broken(Fault::connection_lost, self->lost_words(error));
    self->listener_->on_bytes({self->buffer_.data(), size});
    if (self->listener_ != nullptr) self->read();
  };
  if (tls_) {
    tls_->async_read_some(asio::buffer(buffer_), std::move(handler));
  } else {
    socket_.async_read_some(asio::buffer(buffer_), std::move(handler));
  }
}

void Connection::send(std::string& bytes) {
  flying_.swap(bytes);
  std::size_t gone = 0;
  if (!tls_) {
    // Nearly always there is room in the kernel, and the way through the event loop can be saved. An error shows again.
    ErrorCode error;
    gone = socket_.write_some(asio::buffer(flying_), error);
    if (!error && gone == flying_.size()) return flying_.clear();
    if (error) gone = 0;
  }
  const auto rest = asio::buffer(flying_) + gone;
  auto handler = [self = shared_from_this()](const ErrorCode& error, std::size_t) { self->sent(error); };
  if (tls_) {
    asio::async_write(*tls_, rest, std::move(handler));
  } else {
    asio::async_write(socket_, rest, std::move(handler));
  }
}

void Connection::sent(const ErrorCode& error) {
  if (listener_ == nullptr) return;
  if (error) return broken(Fault::connection_lost, lost_words(error));
  constexpr std::size_t kept = std::size_t{1} << 20U;
  if (flying_.capacity() > kept) {
    flying_ = {};
  } else {
    flying_.clear();
  }
  listener_->on_sent();
}

std::string Connection::lost_words(const ErrorCode& error) const {
  if (error == asio::error::eof || error == asio::ssl::error::stream_truncated) {
    return address_of(options_) + " closed the connection";
  }
  return "the connection to " + address_of(options_) + " broke: " + error.message();
}

void Connection::broken(Fault fault, std::string why) { listener_->on_broken({fault, std::move(why)}); }

void Connection::close() noexcept {
  listener_ = nullptr;
  resolver_.cancel();
  ErrorCode ignored;
  socket_.close(ignored);
}

}  // namespace vx11::redis
