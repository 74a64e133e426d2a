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
constexpr std::size_t parts_per_frame = 3;
constexpr std::uint8_t most_beats_missed = 20;   // in a row, with nothing taken in between
constexpr std::size_t replay_turn = 256 * 1024;  // then it is the others' turn
constexpr std::chrono::milliseconds mark_life{5000};

/// What the system takes ahead of a client that doesn't read. Without it that grows to megabytes a stream: memory that
/// no limit of ours counts, and events that a revoked client would still be told.
constexpr int unsent_limit = 64 * 1024;

/// Bytes that the system still holds for the client.
[[nodiscard]] bool has_untaken(Socket& socket) noexcept {
  int bytes = 0;
  return ::ioctl(socket.native_handle(), SIOCOUTQ, &bytes) == 0 && bytes > 0;
}

[[nodiscard]] std::size_t size_of(const Event& event, std::string_view id_end) noexcept {
  return event.id.empty() ? event.text.size() : event.id.size() + id_end.size() + event.text.size();
}

[[nodiscard]] std::array<std::string_view, parts_per_frame> parts_of(const Event& event,
                                                                     std::string_view id_end) noexcept {
  if (event.id.empty()) return {event.text};
  return {event.id, id_end, event.text};
}

/// Frees a chain that nobody else holds without recursing along it.
void release_chain(FramePointer frame) noexcept {
  while (frame && frame->use_count() == 1) frame = FramePointer(std::move(frame->next));
}

}  // namespace

EventStream::EventStream(EventHub& hub, Socket&& socket, std::string head, const StreamTag& tag, FramePointer at)
    : hub_(&hub),
      socket_(std::move(socket)),
      own_(std::move(head)),
      at_(std::move(at)),
      opened_at_(std::chrono::steady_clock::now()),
      tag_(tag),
      replaying_(at_->next != nullptr) {}

EventStream::~EventStream() { release_chain(std::move(at_)); }

void EventStream::start(const Opening& opening) {
  ::setsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent_limit, sizeof unsent_limit);
  append(opening.first, opening.first_id.empty() ? at_->event->id : opening.first_id);
  if (!opening.then.empty()) append({{}, opening.then}, at_->event->id);
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
    if (too_far_behind()) {
      hub_->count_cut();
      reset();  // or the system would go on holding its unread megabytes
    }
    return;
  }
  if (!write_own() || !write_frames()) return;
  // Bytes of its own are rare: an idle stream keeps no memory for them.
  if (own_.empty() && own_.capacity() > 32) std::string().swap(own_);
}

bool EventStream::too_far_behind() const noexcept {
  // What the hub keeps anyway costs nothing, so that a replay may be longer than the backlog of others.
  if (replaying_) return !hub_->keeps(at_->event->number);
  return hub_->published_bytes() - at_->end > hub_->lag_limit();
}

void EventStream::append(const Notice& notice, std::string_view id) {
  own_ += notice.before;
  if (notice.event.empty()) return;
  if (!id.empty()) (own_ += id) += id_end();
  own_ += notice.event;
}

std::string_view EventStream::id_end() {
  const auto open_for =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - opened_at_);
  const auto now = static_cast<std::uint32_t>(open_for.count());
  if (id_end_size_ == 0 || now - mark_made_ >= mark_life.count()) {
    const std::string mark = hub_->mark(tag_);
    const std::size_t size = mark.copy(id_end_.data(), longest_mark);
    id_end_[size] = '\n';
    id_end_size_ = static_cast<std::uint8_t>(size + 1);
    mark_made_ = now;
  }
  return {id_end_.data(), id_end_size_};
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
    beats_missed_ = 0;
  }
  own_.clear();
  return true;
}

void EventStream::pass_over_quiet() {
  while (!replaying_ && at_->next && at_->next->event->quiet) at_ = FramePointer(at_->next);
}

bool EventStream::write_frames() {
  std::size_t written = 0;
  for (pass_over_quiet(); at_->next; pass_over_quiet()) {
    if (replaying_ && written >= replay_turn) {
      wait_writable();
      return false;
    }
    const std::string_view mark = id_end();
    std::array<asio::const_buffer, frames_per_write * parts_per_frame> buffers{};
    std::size_t count = 0;
    for (const Frame* frame = at_->next.get(); frame != nullptr && count < buffers.size(); frame = frame->next.get()) {
      if (frame->event->quiet && !replaying_) break;
      for (const std::string_view part : parts_of(*frame->event, mark)) buffers[count++] = asio::buffer(part);
    }
    ErrorCode error;
    std::size_t sent = socket_.write_some(std::span<const asio::const_buffer>(buffers.data(), count), error);
    const bool full = error == asio::error::would_block || error == asio::error::try_again;
    if (error && !full) {
      close();
      return false;
    }
    written += sent;
    if (sent > 0) beats_missed_ = 0;
    while (at_->next && sent >= size_of(*at_->next->event, mark)) {
      sent -= size_of(*at_->next->event, mark);
      at_ = FramePointer(at_->next);
    }
    if (sent > 0) {
      // An event is never cut in two by something else: its rest becomes the first of our own bytes.
      own_.clear();
      for (const std::string_view part : parts_of(*at_->next->event, mark)) own_ += part;
      own_.erase(0, sent);
      at_ = FramePointer(at_->next);
      if (!write_own()) return false;
    } else if (full) {
      wait_writable();
      return false;
    }
  }
  replaying_ = false;
  return true;
}

void EventStream::send(const Notice& beat) {
  if (closed_) return;
  if (blocked_) {
    if (++beats_missed_ < most_beats_missed) return;
    hub_->count_cut();
    reset();
    return;
  }
  append(beat, at_->event->id);
  serve();
}

bool EventStream::finish(const Notice& notice, Ending ending) {
  if (closed_) return false;
  const boost::intrusive_ptr<EventStream> keep(this);
  if (ending == Ending::gentle) serve();  // what was published before
  if (closed_) return false;
  if (!blocked_) {
    append(notice, at_->event->id);
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
