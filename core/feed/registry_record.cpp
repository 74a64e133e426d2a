#include "feed/registry_record.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/system/error_code.hpp>

namespace vx11::feed {

namespace {

namespace json = boost::json;

void read(const json::object& object, std::string_view name, std::string& to) {
  if (const json::value* value = object.if_contains(name); value != nullptr && value->is_string()) {
    to = std::string_view(value->get_string());
  }
}

template <class Number>
void read(const json::object& object, std::string_view name, Number& to) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || !value->is_number()) return;
  boost::system::error_code error;
  const auto number = value->to_number<Number>(error);
  if (!error) to = number;
}

}  // namespace

std::string write_record(const InstanceRecord& record) {
  return json::serialize(json::object{{"id", record.id},
                                      {"boot", record.boot},
                                      {"url", record.url},
                                      {"mode", record.mode},
                                      {"version", record.version},
                                      {"started_at", record.started_at},
                                      {"max_ttl_sec", record.max_ttl_sec},
                                      {"redis_db", record.redis_db}});
}

std::optional<InstanceRecord> read_record(std::string_view text) {
  boost::system::error_code error;
  const json::value value = json::parse(text, error);
  if (error || !value.is_object()) return std::nullopt;
  const json::object& object = value.get_object();
  InstanceRecord record;
  read(object, "id", record.id);
  read(object, "boot", record.boot);
  read(object, "url", record.url);
  read(object, "mode", record.mode);
  read(object, "version", record.version);
  read(object, "started_at", record.started_at);
  read(object, "max_ttl_sec", record.max_ttl_sec);
  read(object, "redis_db", record.redis_db);
  return record;
}

}  // namespace vx11::feed
