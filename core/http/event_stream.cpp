#include "http/event_stream.h"

#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <array>

#include "http/event_hub.h"
#include "http/event_loop.h"

namespace vx11::http {

namespace {

constexpr std::size_t frames_per_write = 16;
constexpr std::size_t own_limit = 4096;  // heartbeats that pile up behind a client that doesn't read

/// What the system takes ahead of a client that doesn't read. Without it that grows to megabytes a stream: memory that
/// no limit of ours counts, and events that a revoked client would still be told.
constexpr int unsent_limit = 64 * 1024;

/// Bytes that the system still holds for the client.
[[nodiscard]] bool has_untaken(Socket& socket) noexcept {
  int bytes = 0;
  return ::ioctl(socket.native_handle(), SIOCOUTQ, &bytes) == 0 && bytes > 0;
}

/// Frees a chain that nobody else holds without recursing along it.
void release_chain(FramePointer frame) noexcept {
  while (frame && frame->use_count() == 1) frame = FramePointer(std::move(frame->next));
}

}  // namespace

EventStream::EventStream(EventHub& hub, Socket&& socket, std::string first_bytes, const StreamTag& tag, FramePointer at)
    : hub_(&hub),
      socket_(std::move(socket)),
      own_(std::move(first_bytes)),
      at_(std::move(at)),
      tag_(tag),
      opened_at_(std::chrono::steady_clock::now()) {}

EventStream::~EventStream() { release_chain(std::move(at_)); }

void EventStream::start() {
  ::setsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent_limit, sizeof unsent_limit);
  serve();
  if (!closed_) watch_client();
}

void EventStream::watch_client() {
  socket_.async_wait(Socket::wait_read, [self = boost::intrusive_ptr<EventStream>(this)](const ErrorCode& error) {
    if (error || self->closed_) return;
    const auto scratch = self->hub_->loop().scratch();
    ErrorCode fault;
    const std::size_t received = self->socket_.read_some(asio::buffer(scratch.data(), scratch.size()), fault);
    const bool nothing_yet = fault == asio::error::would_block || fault == asio::error::try_again;
    if (!nothing_yet && (fault || received == 0)) {
      self->close();
      return;
    }
    self->watch_client();  // a stream's client has nothing more to say; what it sends is thrown away
  });
}

void EventStream::wait_writable() {
  blocked_ = true;
  socket_.async_wait(Socket::wait_write, [self = boost::intrusive_ptr<EventStream>(this)](const ErrorCode& error) {
    self->blocked_ = false;
    if (!error && !self->closed_) self->serve();
  });
}

void EventStream::serve() {
  if (closed_) return;
  if (blocked_) {
    if (hub_->published_bytes() - at_->end > hub_->lag_limit()) {
      hub_->count_cut();
      reset();  // or the system would go on holding its unread megabytes
    }
    return;
  }
  if (!write_own() || !write_frames()) return;
  // Bytes of its own are rare: an idle stream keeps no memory for them.
  if (own_.empty() && own_.capacity() > 32) std::string().swap(own_);
}

bool EventStream::write_own() {
  std::size_t sent = 0;
  while (sent < own_.size()) {
    ErrorCode error;
    const std::size_t n = socket_.write_some(asio::buffer(own_.data() + sent, own_.size() - sent), error);
    if (error == asio::error::would_block || error == asio::error::try_again) {
      own_.erase(0, sent);
      wait_writable();
      return false;
    }
    if (error) {
      close();
      return false;
    }
    sent += n;
  }
  own_.clear();
  return true;
}

bool EventStream::write_frames() {
  while (at_->next) {
    std::array<asio::const_buffer, frames_per_write> buffers{};
    std::size_t count = 0;
    for (const Frame* frame = at_->next.get(); frame != nullptr && count < frames_per_write; frame = frame->next.get()) {
      buffers[count++] = asio::buffer(*frame->text);
    }
    ErrorCode error;
    std::size_t sent = socket_.write_some(std::span<const asio::const_buffer>(buffers.data(), count), error);
    const bool full = error == asio::error::would_block || error == asio::error::try_again;
    if (error && !full) {
      close();
      return false;
    }
    while (at_->next && sent >= at_->next->text->size()) {
      sent -= at_->next->text->size();
      at_ = FramePointer(at_->next);
    }
    if (sent > 0) {
      // An event is never cut in two by something else: its rest becomes the first of our own bytes.
      own_.assign(*at_->next->text, sent);
      at_ = FramePointer(at_->next);
      if (!write_own()) return false;
    } else if (full) {
      wait_writable();
      return false;
    }
  }
  return true;
}

void EventStream::send(std::string_view frame) {
  if (closed_) return;
  if (blocked_ && own_.size() + frame.size() > own_limit) {
    hub_->count_cut();
    reset();
    return;
  }
  own_ += frame;
  serve();
}

bool EventStream::finish(std::string_view frame, Ending ending) {
  if (closed_) return false;
  const boost::intrusive_ptr<EventStream> keep(this);
  if (ending == Ending::gentle) serve();  // what was published before
  if (closed_) return false;
  if (!blocked_) {
    own_ += frame;
    if (!write_own() && closed_) return false;
  }
  if (blocked_) {
    // Its client has stopped reading: what waits for it in the system's buffers is not for it any more.
    ending == Ending::prompt ? reset() : close();
    return false;
  }
  if (ending == Ending::gentle || !has_untaken(socket_)) {
    close();
    return false;
  }
  ErrorCode ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
  leave();
  return true;
}

void EventStream::abandon() noexcept {
  ErrorCode ignored;
  if (has_untaken(socket_)) socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  socket_.close(ignored);
}

void EventStream::leave() noexcept {
  if (closed_) return;
  closed_ = true;
  if (hub_ != nullptr) hub_->remove(*this);
  hub_ = nullptr;
}

void EventStream::reset() noexcept {
  ErrorCode ignored;
  socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  const boost::intrusive_ptr<EventStream> keep(this);
  socket_.close(ignored);
  leave();
}

void EventStream::close() noexcept {
  if (closed_) return;
  const boost::intrusive_ptr<EventStream> keep(this);
  ErrorCode ignored;
  socket_.shutdown(Socket::shutdown_both, ignored);
  socket_.close(ignored);
  leave();
}

}  // namespace vx11::http
