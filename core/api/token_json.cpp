#include "api/token_json.h"

#include "observe/json_text.h"

namespace vx11::api {

namespace {

void append_name(std::string& out, std::string_view name, bool first) {
  if (!first) out += ',';
  out += '"';
  out += name;
  out += "\":";
}

}  // namespace

std::string_view to_string(store::Reason reason) noexcept {
  switch (reason) {
    case store::Reason::none:
      return "none";
    case store::Reason::malformed:
      return "malformed";
    case store::Reason::unknown:
      return "unknown";
    case store::Reason::expired:
      return "expired";
    case store::Reason::revoked:
      return "revoked";
    case store::Reason::used:
      return "used";
    case store::Reason::unavailable:
      return "unavailable";
  }
  return "unknown";
}

double unix_seconds(WallTime time) noexcept { return std::chrono::duration<double>(time.time_since_epoch()).count(); }

void append_member(std::string& out, std::string_view name, std::uint64_t value, bool first) {
  append_name(out, name, first);
  observe::append_json_number(out, value);
}

void append_member(std::string& out, std::string_view name, std::int64_t value, bool first) {
  append_name(out, name, first);
  observe::append_json_number(out, value);
}

void append_member(std::string& out, std::string_view name, double value, bool first) {
  append_name(out, name, first);
  observe::append_json_number(out, value);
}

void append_member(std::string& out, std::string_view name, std::string_view value, bool first) {
  append_name(out, name, first);
  observe::append_json_string(out, value);
}

void append_flag(std::string& out, std::string_view name, bool value, bool first) {
  append_name(out, name, first);
  out += value ? "true" : "false";
}

void append_null(std::string& out, std::string_view name) {
  append_name(out, name, false);
  out += "null";
}

void append_text_or_null(std::string& out, std::string_view name, std::string_view value) {
  value.empty() ? append_null(out, name) : append_member(out, name, value);
}

void append_time_or_null(std::string& out, std::string_view name, const std::optional<WallTime>& time) {
  time ? append_member(out, name, unix_seconds(*time)) : append_null(out, name);
}

void append_number_or_null(std::string& out, std::string_view name, const std::optional<std::int64_t>& value) {
  value ? append_member(out, name, *value) : append_null(out, name);
}

void append_token(std::string& out, const store::TokenRecord& record) {
  out += '{';
  append_member(out, "masked", record.masked, true);
  append_member(out, "id", record.id.text());
  append_member(out, "created_at", unix_seconds(record.created_at));
  append_member(out, "ttl_sec",
                static_cast<std::int64_t>(std::chrono::duration_cast<std::chrono::seconds>(record.ttl).count()));
  append_member(out, "expires_in_ms", static_cast<std::int64_t>(record.expires_in.count()));
  if (record.issued_by) {
    append_member(out, "issued_by", *record.issued_by);
  } else {
    append_null(out, "issued_by");
  }
  append_flag(out, "cached_here", record.cached_here);
  append_flag(out, "single_use", record.single_use);
  out += '}';
}

}  // namespace vx11::api
