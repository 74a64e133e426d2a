// From a path to its handler. Exact paths only; what a path allows is part of the table, so 404 and 405 are answered
// here.
#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>

#include <boost/unordered/unordered_flat_map.hpp>

#include "http/request.h"
#include "http/responder.h"

namespace vx11::http {

using Handler = std::function<void(const Request&, Responder)>;
/// Whole header lines that follow from a request.
using Lines = std::function<std::string(const Request&)>;

/// Filled before the first request, then only read. HEAD is allowed wherever GET is and reaches GET's handler.
class Router {
 public:
  void get(std::string path, Handler handler);
  void post(std::string path, Handler handler);
  /// OPTIONS of a path (CORS preflight); without one it is 405.
  void options(std::string path, Handler handler);

  /// Header lines of every answer of a path, also where its handlers aren't asked: 405, 413, 500.
  void lines(std::string path, Lines lines);

  /// Calls the handler, or answers 404 `not_found` or 405 `method_not_allowed` with Allow.
  void dispatch(const Request& request, Responder responder) const;
  /// For whoever writes the answer; empty for most.
  [[nodiscard]] std::string lines_of(const Request& request) const;

 private:
  struct Entry {
    Handler get, post, options;
    Lines lines;
    std::string allow_line;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return boost::hash<std::string_view>()(text); }
  };
  Entry& entry(std::string path);
  static void refresh_allow(Entry& entry);
  boost::unordered_flat_map<std::string, Entry, Hash, std::equal_to<>> entries_;
  bool has_lines_ = false;
};

}  // namespace vx11::http
