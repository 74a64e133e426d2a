#include "redis/sentinel_view.h"

#include <charconv>
#include <cstdint>
#include <utility>

namespace vx11::redis {

namespace {

constexpr std::size_t id_reply = 0, master_reply = 1, address_reply = 2, quorum_reply = 3, others_reply = 4;
constexpr std::size_t reply_count = 5;

std::optional<std::int64_t> number_of(std::string_view text) noexcept {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end == text.data()) return std::nullopt;
  return value;
}

/// Of "master,s_down,o_down,failover_in_progress".
const char* state_of(std::string_view flags) noexcept {
  const auto has = [flags](std::string_view flag) { return flags.find(flag) != std::string_view::npos; };
  if (has("failover_in_progress")) return "failing over";
  if (has("o_down")) return "down";
  if (has("s_down")) return "suspected";
  return "ok";
}

void read_master(SentinelView& view, const Reply& reply) {
  view.master_state = state_of(field_of(reply, "flags"));
  view.quorum = number_of(field_of(reply, "quorum"));
  view.other_sentinels = number_of(field_of(reply, "num-other-sentinels"));
  view.replicas = number_of(field_of(reply, "num-slaves"));
}

}  // namespace

Request sentinel_question(std::string_view master_name) {
  Request request{"SENTINEL", "MYID"};
  for (const std::string_view command : {"MASTER", "GET-MASTER-ADDR-BY-NAME", "CKQUORUM", "SENTINELS"}) {
    request.add({"SENTINEL", command, master_name});
  }
  return request;
}

SentinelAnswer read_sentinel(const Answer& answer, const Address& address, std::string_view master_name) {
  SentinelAnswer read;
  SentinelView& view = read.view;
  view.address = address.to_text();
  view.error = answer.error;
  if (answer.replies.size() < reply_count) return read;
  view.up = true;
  const Reply& id = answer.replies[id_reply];
  if (id.is_text()) read.id = id.text;
  if (const auto master = master_address(answer.replies[address_reply])) {
    view.master = master->to_text();
  } else if (view.error.empty()) {
    view.error = view.address + " doesn't know the master \"" + std::string(master_name) + "\"";
  }
  if (answer.replies[master_reply].is_array()) read_master(view, answer.replies[master_reply]);
  const Reply& quorum = answer.replies[quorum_reply];
  if (quorum.is_text()) view.can_fail_over = true;
  if (quorum.is_error() && quorum.text.starts_with("NOQUORUM")) {
    view.can_fail_over = false;
    view.error = quorum.text;
  }
  read.others = other_sentinels(answer.replies[others_reply]);
  return read;
}

}  // namespace vx11::redis
