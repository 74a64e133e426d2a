#include "http/router.h"

#include <utility>

namespace vx11::http {

Router::Entry& Router::entry(std::string path) { return entries_[std::move(path)]; }

void Router::refresh_allow(Entry& entry) {
  std::string methods;
  const auto add = [&methods](std::string_view method) {
    if (!methods.empty()) methods += ", ";
    methods += method;
  };
  if (entry.get) add("GET, HEAD");
  if (entry.post) add("POST");
  if (entry.options) add("OPTIONS");
  entry.allow_line = "Allow: " + methods + "\r\n";
}

void Router::get(std::string path, Handler handler) {
  Entry& found = entry(std::move(path));
  found.get = std::move(handler);
  refresh_allow(found);
}

void Router::post(std::string path, Handler handler) {
  Entry& found = entry(std::move(path));
  found.post = std::move(handler);
  refresh_allow(found);
}

void Router::options(std::string path, Handler handler) {
  Entry& found = entry(std::move(path));
  found.options = std::move(handler);
  refresh_allow(found);
}

void Router::lines(std::string path, Lines lines) {
  entry(std::move(path)).lines = std::move(lines);
  has_lines_ = true;
}

std::string Router::lines_of(const Request& request) const {
  if (!has_lines_) return {};
  const auto found = entries_.find(request.path);
  return found == entries_.end() || !found->second.lines ? std::string() : found->second.lines(request);
}

void Router::dispatch(const Request& request, Responder responder) const {
  const auto found = entries_.find(request.path);
  if (found == entries_.end()) {
    responder.error(404, "not_found");
    return;
  }
  const Entry& entry = found->second;
  const Handler* handler = nullptr;
  switch (request.method) {
    case Method::get:
    case Method::head:
      handler = &entry.get;
      break;
    case Method::post:
      handler = &entry.post;
      break;
    case Method::options:
      handler = &entry.options;
      break;
    case Method::other:
      break;
  }
  if (handler == nullptr || !*handler) {
    responder.error(405, "method_not_allowed", entry.allow_line);
    return;
  }
  (*handler)(request, std::move(responder));
}

}  // namespace vx11::http
