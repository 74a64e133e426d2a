#include "http/event_stream.h"

#include <array>

#include "http/event_hub.h"
#include "http/event_loop.h"

namespace vx11::http {

namespace {

constexpr std::size_t frames_per_write = 16;

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
      close();
    }
    return;
  }
  if (!write_own()) return;
  if (ending_) {
    close();
    return;
  }
  if (!write_frames()) return;
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
  if (closed_ || ending_) return;
  if (blocked_ && own_.size() > 4096) return;  // it doesn't read; a heartbeat more would only pile up
  own_ += frame;
  serve();
}

void EventStream::finish(std::string_view frame) {
  if (closed_) return;
  if (blocked_) {
    close();
    return;
  }
  own_ += frame;
  ending_ = true;
  serve();
}

void EventStream::close() noexcept {
  if (closed_) return;
  const boost::intrusive_ptr<EventStream> keep(this);
  closed_ = true;
  ErrorCode ignored;
  socket_.shutdown(Socket::shutdown_both, ignored);
  socket_.close(ignored);
  if (hub_ != nullptr) hub_->remove(*this);
  hub_ = nullptr;
}

}  // namespace vx11::http
