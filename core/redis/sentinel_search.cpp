#include "redis/sentinel_search.h"

#include <charconv>
#include <string_view>
#include <utility>

namespace vx11::redis {

namespace {

constexpr std::size_t others_reply = 1, master_reply = 2;

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

std::string_view field_of(const Reply& reply, std::string_view name) noexcept {
  const auto fields = reply.elements();
  for (std::size_t i = 0; i + 1 < fields.size(); i += 2) {
    if (fields[i].text == name) return fields[i + 1].text;
  }
  return {};
}

std::vector<OtherSentinel> other_sentinels(const Reply& reply) {
  std::vector<OtherSentinel> others;
  for (const Reply& entry : reply.elements()) {
    auto address = address_of(field_of(entry, "ip"), field_of(entry, "port"));
    if (address) others.push_back({*std::move(address), std::string(field_of(entry, "runid"))});
  }
  return others;
}

SentinelSearch::SentinelSearch(std::vector<Address> sentinels, std::string master_name)
    : name_(std::move(master_name)), order_(std::move(sentinels)) {}

void SentinelSearch::begin() {
  order_.begin();
  found_ = answered_ = false;
  older_.reset();
  fault_ = Fault::not_connected;
}

Request SentinelSearch::question() const {
  Request request{"SENTINEL", "GET-MASTER-ADDR-BY-NAME", name_};
  return std::move(request.add({"SENTINEL", "SENTINELS", name_}).add({"SENTINEL", "MASTER", name_}));
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
  answered_ = true;
  if (answer.replies.size() > others_reply && answer.replies[others_reply].is_array()) {
    std::vector<Address> others;
    for (OtherSentinel& other : other_sentinels(answer.replies[others_reply])) {
      others.push_back(std::move(other.address));
    }
    order_.learn(std::move(others), false);
  }
  Known told{*std::move(master), known_ ? known_->epoch : 0};
  if (answer.replies.size() > master_reply) {
    const std::string_view epoch = field_of(answer.replies[master_reply], "config-epoch");
    std::from_chars(epoch.data(), epoch.data() + epoch.size(), told.epoch);
  }
  if (known_ && told.epoch < known_->epoch) {
    if (!older_ || older_->epoch < told.epoch) older_ = std::move(told);
    return false;
  }
  known_ = std::move(told);
  found_ = true;
  order_.prefer_current();
  return true;
}

void SentinelSearch::doubt() {
  if (found_) return order_.defer_current();
  if (older_) known_ = std::exchange(older_, std::nullopt);
}

boost::system::result<Address, Trouble> SentinelSearch::outcome() const {
  if (found_ || older_ || (!answered_ && known_)) return known_->master;
  return Trouble{fault_, "no sentinel knows the master \"" + name_ + "\": " + order_.notes()};
}

}  // namespace vx11::redis
