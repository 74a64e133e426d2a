// A client of an event stream that keeps what came, event by event.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/raw_client.h"

namespace vx11::test {

/// Opens when it is made.
class EventClient {
 public:
  struct Event {
    std::string name, data, id;
  };

  EventClient(std::uint16_t port, std::string_view target, std::string_view header_lines = {}, int receive_buffer = 0)
      : client_(port, std::chrono::seconds(10), receive_buffer) {
    client_.send(request_text("GET", target, header_lines));
    if (client_.read_until("\r\n\r\n")) status_ = std::atoi(client_.received().c_str() + 9);
    at_ = client_.received().find("\r\n\r\n") + 4;
    take();
  }

  [[nodiscard]] int status() const { return status_; }
  [[nodiscard]] const std::vector<Event>& events() const { return events_; }
  /// The names of the events, with spaces between them.
  [[nodiscard]] std::string names() const {
    std::string all;
    for (const Event& event : events_) (all += all.empty() ? "" : " ") += event.name;
    return all;
  }
  void forget() { events_.clear(); }

  /// Waits until there is an event of that name among those that weren't forgotten; false at the end.
  bool wait(std::string_view name) {
    const auto is_wanted = [name](const Event& event) { return event.name == name; };
    while (std::none_of(events_.begin(), events_.end(), is_wanted)) {
      if (!more()) return false;
    }
    return true;
  }
  /// Waits for what comes next, be it a part of an event; false at the end.
  bool more() {
    if (!client_.receive()) return false;
    take();
    return true;
  }

 private:
  void take() {
    const std::string& text = client_.received();
    for (std::size_t end = text.find("\n\n", at_); end != std::string::npos; end = text.find("\n\n", at_)) {
      take_event(std::string_view(text).substr(at_, end + 1 - at_));
      at_ = end + 2;
    }
    client_.forget_first(at_);
    at_ = 0;
  }
  void take_event(std::string_view block) {
    Event event;
    while (!block.empty()) {
      const std::string_view line = block.substr(0, block.find('\n'));
      block.remove_prefix(line.size() + 1);
      if (line.starts_with("id: ")) event.id = line.substr(4);
      if (line.starts_with("event: ")) event.name = line.substr(7);
      if (line.starts_with("data: ")) (event.data += event.data.empty() ? "" : "\n") += line.substr(6);
    }
    if (!event.name.empty()) events_.push_back(std::move(event));
  }

  RawClient client_;
  int status_ = 0;
  std::size_t at_ = 0;
  std::vector<Event> events_;
};

}  // namespace vx11::test
