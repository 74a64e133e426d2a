#include "redis/sentinel_search.h"

#include <charconv>
#include <string_view>
#include <utility>

namespace vx11::redis {

namespace {

std::optional<Address> address_of(std::string_view host, std::string_view port) {
  Address address{std::string(host), 0};
  const char* end = port.data() + port.size();
  const auto [stop, error] = std::from_chars(port.data(), end, address.port);
  if (error != std::errc() || stop != end || address.port == 0 || host.empty()) return std::nullopt;
  return address;
}

std::string refusal(std::string_view error) {
  if (fault_of(error) == Fault::no_permission) return "forbids to ask: " + std::string(error);
  if (error.find("unknown command") != std::string_view::npos) return "is no sentinel: " + std::string(error);
  return "says " + std::string(error);
}

}  // namespace

std::optional<Address> master_address(const Reply& reply) {
  if (!reply.is_array() || reply.count != 2 || !reply.first[0].is_text() || !reply.first[1].is_text()) {
    return std::nullopt;
  }
  return address_of(reply.first[0].text, reply.first[1].text);
}

std::vector<OtherSentinel> other_sentinels(const Reply& reply) {
  std::vector<OtherSentinel> others;
  for (const Reply& entry : reply.elements()) {
    std::string_view host, port, id;
    const auto fields = entry.elements();
    for (std::size_t i = 0; i + 1 < fields.size(); i += 2) {
      if (fields[i].text == "ip") host = fields[i + 1].text;
      if (fields[i].text == "port") port = fields[i + 1].text;
      if (fields[i].text == "runid") id = fields[i + 1].text;
    }
    if (auto address = address_of(host, port)) others.push_back({*std::move(address), std::string(id)});
  }
  return others;
}

SentinelSearch::SentinelSearch(std::vector<Address> sentinels, std::string master_name)
    : name_(std::move(master_name)), order_(std::move(sentinels)) {}

void SentinelSearch::begin() {
  order_.begin();
  found_ = answered_ = false;
  fault_ = Fault::not_connected;
}

Request SentinelSearch::question() const {
  Request request{"SENTINEL", "GET-MASTER-ADDR-BY-NAME", name_};
  return std::move(request.add({"SENTINEL", "SENTINELS", name_}));
}

bool SentinelSearch::take(const Answer& answer) {
  if (answer.fault == Fault::no_auth || answer.fault == Fault::no_permission) fault_ = answer.fault;
  if (answer.replies.empty()) {
    order_.note(answer.error);
    return false;
  }
  const std::string who = order_.current().to_text() + " ";
  const Reply& where = answer.replies[0];
  if (where.is_error()) {
    order_.note(who + refusal(where.text));
    return false;
  }
  if (where.is_nil() || (where.is_array() && where.count == 0)) {
    answered_ = true;
    order_.note(who + "doesn't know it");
    return false;
  }
  auto master = master_address(where);
  if (!master) {
    order_.note(who + "answers with something else; is it a sentinel?");
    return false;
  }
  master_ = std::move(master);
  found_ = answered_ = true;
  order_.prefer_current();
  if (answer.replies.size() > 1 && answer.replies[1].is_array()) {
    std::vector<Address> others;
    for (OtherSentinel& other : other_sentinels(answer.replies[1])) others.push_back(std::move(other.address));
    order_.learn(std::move(others), false);
  }
  return true;
}

boost::system::result<Address, Trouble> SentinelSearch::outcome() const {
  if (found_ || (!answered_ && master_)) return *master_;
  return Trouble{fault_, "no sentinel knows the master \"" + name_ + "\": " + order_.notes()};
}

}  // namespace vx11::redis
