#include "observe/log.h"

#include <optional>
#include <utility>

#include "observe/descriptor.h"
#include "observe/json_text.h"

namespace vx11::observe {
namespace {

struct Decoded {
  char value;
  std::size_t size;  ///< bytes it takes in the text
};

std::optional<unsigned> hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10U;
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10U;
  return std::nullopt;
}

/// The character at `at`, with `%XX` undone.
Decoded decode(std::string_view text, std::size_t at) noexcept {
  if (text[at] == '%' && at + 2 < text.size()) {
    const auto high = hex_digit(text[at + 1]);
    const auto low = hex_digit(text[at + 2]);
    if (high && low) return {static_cast<char>(*high * 16U + *low), 3};
  }
  return {text[at], 1};
}

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool may_be_in_name(char c) noexcept {
  const char l = lower(c);
  return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

/// How many bytes `token=`, in whatever spelling, takes at `at`; 0 when something else is there.
std::size_t name_at(std::string_view text, std::size_t at) noexcept {
  const std::size_t start = at;
  for (const char expected : std::string_view{"token="}) {
    if (at >= text.size()) return 0;
    const auto [value, size] = decode(text, at);
    if (lower(value) != expected) return 0;
    at += size;
  }
  return at - start;
}

bool ends_value(char c) noexcept {
  return static_cast<unsigned char>(c) <= ' ' || c == '&' || c == '#' || c == '"' || c == '\'';
}

void append_value(std::string& out, const Field& field) {
  if (const auto* text = std::get_if<std::string_view>(&field.value)) {
    append_json_string(out, without_tokens(*text));
  } else if (const auto* integer = std::get_if<std::int64_t>(&field.value)) {
    append_json_number(out, *integer);
  } else if (const auto* number = std::get_if<double>(&field.value)) {
    append_json_number(out, *number);
  } else {
    out += std::get<bool>(field.value) ? "true" : "false";
  }
}

}  // namespace

std::string_view to_string(Level level) noexcept {
  switch (level) {
    case Level::debug: return "debug";
    case Level::info: return "info";
    case Level::warning: return "warning";
    case Level::error: break;
  }
  return "error";
}

std::string without_tokens(std::string_view url) {
  std::string out;
  out.reserve(url.size());
  bool may_begin = true;  // whether a parameter's name may begin here
  for (std::size_t at = 0; at < url.size();) {
    if (const std::size_t name = may_begin ? name_at(url, at) : 0; name != 0) {
      out.append(url, at, name);
      out += "***";
      at += name;
      while (at < url.size() && !ends_value(url[at])) ++at;
      continue;
    }
    const auto [value, size] = decode(url, at);
    may_begin = !may_be_in_name(value);
    out.append(url, at, size);
    at += size;
  }
  return out;
}

Log::Log(const Clock& clock, std::string instance_id, Sink sink)
    : clock_(clock), instance_id_(std::move(instance_id)), sink_(std::move(sink)) {}

Log::Sink Log::to_descriptor(int fd) {
  return [writer = LineWriter(fd)](std::string_view line) mutable { writer.write(line); };
}

void Log::write(Level level, std::string_view event, std::string_view message,
                std::initializer_list<Field> fields) const noexcept {
  write_fields(level, event, message, {fields.begin(), fields.size()});
}

void Log::write_fields(Level level, std::string_view event, std::string_view message,
                       std::span<const Field> fields) const noexcept try {
  std::string line;
  line.reserve(256);
  line += R"({"time":")";
  append_rfc3339(line, clock_.wall());
  line += R"(","level":")";
  line += to_string(level);
  line += R"(","instance":)";
  append_json_string(line, instance_id_);
  line += R"(,"event":)";
  append_json_string(line, event);
  line += R"(,"message":)";
  append_json_string(line, without_tokens(message));
  for (const auto& field : fields) {
    line += ',';
    append_json_string(line, field.name);
    line += ':';
    append_value(line, field);
  }
  line += "}\n";
  const std::lock_guard lock(mutex_);
  if (sink_) sink_(line);
} catch (...) {
  // Out of memory, or the sink threw: there is nobody left to tell.
}

}  // namespace vx11::observe
