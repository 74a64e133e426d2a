#include "http/sse.h"

namespace vx11::http {

std::string sse_event(std::string_view event, std::string_view id, std::string_view data) {
  std::string frame;
  frame.reserve(event.size() + id.size() + data.size() + 32);
  if (!id.empty()) {
    frame += "id: ";
    frame += id;
    frame += '\n';
  }
  if (!event.empty()) {
    frame += "event: ";
    frame += event;
    frame += '\n';
  }
  for (;;) {
    const std::size_t end = data.find_first_of("\r\n");
    frame += "data: ";
    frame += data.substr(0, end);
    frame += '\n';
    if (end == std::string_view::npos) break;
    const bool pair = data[end] == '\r' && end + 1 < data.size() && data[end + 1] == '\n';
    data.remove_prefix(end + (pair ? 2 : 1));
  }
  frame += '\n';
  return frame;
}

std::string sse_retry(std::chrono::milliseconds after) { return "retry: " + std::to_string(after.count()) + "\n\n"; }

}  // namespace vx11::http
