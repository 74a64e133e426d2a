#include "fuzz/targets.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "api/last_event_id.h"
#include "api/resume.h"
#include "config/loader.h"
#include "http/request_parser.h"
#include "token/token_id.h"

namespace vx11::fuzz {

namespace {

/// All that a connection's bytes came to.
struct Reading {
  std::vector<std::string> requests;
  http::ParseFault fault = http::ParseFault::none;
  std::string_view wrong;
};

[[nodiscard]] std::string_view look_at(const http::Request& request, std::string& text) {
  const auto harmful = [](std::string_view part) {
    return std::any_of(part.begin(), part.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
  };
  std::string storage;
  const http::Single token = request.parameter("token", storage);
  const http::Single id = request.header("X-Correlation-Id");
  if (harmful(request.path) || harmful(request.query) || request.path.find('?') != std::string_view::npos) {
    return "a target that could break a log line";
  }
  if (harmful(id.value.value_or("")) || harmful(request.header_list("X-Forwarded-For"))) return "a line break in a field";
  if (request.body.size() > http::Limits().body) return "a body over the limit";
  text.append(request.path).append("?").append(request.query).append("|").append(request.body).append("|");
  text.append(token.value.value_or("-")).append(token.repeated ? "!" : "").append(id.value.value_or("-"));
  text.append(std::to_string(request.header_count())).append(std::to_string(static_cast<int>(request.method)));
  return {};
}

/// As a connection does it: what isn't consumed is offered again with more behind it.
[[nodiscard]] Reading read(std::string_view bytes, std::size_t step) {
  const http::Limits limits;
  Reading reading;
  http::Request request;
  std::optional<http::RequestParser> parser;
  std::string kept;
  while (!bytes.empty() && reading.requests.size() < 20) {
    kept += bytes.substr(0, step);
    bytes.remove_prefix(std::min(step, bytes.size()));
    for (std::string_view data = kept;; kept.assign(data), data = kept) {
      if (!parser) {
        while (!data.empty() && (data.front() == '\r' || data.front() == '\n')) data.remove_prefix(1);
        if (data.empty()) {
          kept.clear();
          break;
        }
        parser.emplace(request, limits);
      }
      boost::system::error_code error;
      data.remove_prefix(parser->put({data.data(), data.size()}, error));
      if (error && error != boost::beast::http::error::need_more) {
        reading.fault = parser->fault(error);
        return reading;
      }
      if (!parser->is_done()) {
        kept.assign(data);
        break;
      }
      parser.reset();
      request.settle();
      reading.wrong = look_at(request, reading.requests.emplace_back());
      if (!reading.wrong.empty() || reading.requests.size() == 20) return reading;
    }
  }
  return reading;
}

/// Bytes that break off, or are refused, may be refused at once or only when more has come; but no cut brings out a
/// request that another doesn't.
[[nodiscard]] bool agree(const Reading& a, const Reading& b) {
  return a.requests == b.requests;
}

}  // namespace

std::string_view requests(std::string_view bytes) {
  const Reading whole = read(bytes, bytes.size());
  if (!whole.wrong.empty()) return whole.wrong;
  for (const std::size_t step : {std::size_t{1}, std::size_t{7}}) {
    if (!agree(read(bytes, step), whole)) return "another meaning when cut differently";
  }
  return {};
}

std::string_view config_file(std::string_view bytes) {
  config::Inputs inputs;
  inputs.arguments = {"--config", "fuzz.conf", "--print-config"};
  inputs.read_file = [bytes](const std::string& path) -> boost::system::result<std::string, std::string> {
    using boost::system::in_place_error;
    using boost::system::in_place_value;
    if (path != "fuzz.conf") return {in_place_error, "no such file"};
    return {in_place_value, std::string(bytes)};
  };
  const auto loaded = config::load(inputs);
  if (!loaded) return loaded.error().empty() ? "an error without a word" : std::string_view();
  const config::Settings& settings = loaded->settings;
  if (settings.ttl.count() < 1 || settings.ttl > settings.max_ttl) return "a life out of bounds";
  if (settings.max_tokens < 1 || settings.max_tokens > 100'000'000) return "a table out of bounds";
  if (settings.instance_id.find_first_of("\r\n ") != std::string::npos) return "an instance id that breaks a header";
  if (settings.mode.empty() || loaded->report.empty()) return "settings that say nothing";
  return {};
}

std::string_view token(std::string_view bytes) {
  if (const auto id = Uuid::parse(bytes); id && id->text().reveal() != bytes) return "two spellings of a token";
  if (const auto id = PublicId::parse(bytes); id && id->text() != bytes) return "two spellings of an id";
  const std::string shown = masked(bytes);
  if (bytes.size() > 20 && shown.find(bytes) != std::string::npos) return "a mask that hides nothing";
  if (looks_like_token(bytes) == (shown == "***")) return "a mask and a form that disagree";
  if (bytes.size() <= TokenText::capacity && TokenText(bytes).reveal() != bytes) return "a text that changed";
  return {};
}

std::string_view last_event_id(std::string_view bytes) {
  const auto id = api::LastEventId::parse(bytes);
  if (!id) return {};
  const std::string position = std::string(id->epoch) + '.' + std::string(id->entry);
  if (id->position != position || !bytes.starts_with(position)) return "a position that wasn't said";
  if (position.find_first_of("\r\n ") != std::string::npos) return "a position that breaks a line";
  const std::string_view rest = bytes.substr(position.size());
  if (rest.empty() ? !id->resume.empty() : rest.front() != '.' || rest.substr(1) != id->resume) return "bytes left over";
  SeededRandom random(1);
  const api::ResumeKeys keys(random);
  if (keys.check({}, id->resume, WallTime())) return "a credential that nobody made";
  return {};
}

}  // namespace vx11::fuzz
