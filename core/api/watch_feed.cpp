#include "api/watch_feed.h"

#include <memory>
#include <utility>

#include "api/redis_json.h"
#include "api/shared.h"
#include "api/token_json.h"
#include "http/sse.h"

namespace vx11::api {

bool WatchFeed::watched() {
  if (const std::uint32_t pauses = shared_.watch_pauses.load(std::memory_order_relaxed); pauses != pauses_) {
    pauses_ = pauses;
    issued_.clear();
    issued_count_ = 0;
    issued_more_ = 0;
    now_ = {};
    due_ = {};
  }
  return shared_.watched.load(std::memory_order_relaxed);
}

void WatchFeed::IdList::add(std::span<const PublicId> ids) {
  for (const PublicId& id : ids) {
    if (count >= most) {
      ++more;
      continue;
    }
    text += count++ == 0 ? "\"" : ",\"";
    text += id.text();
    text += '"';
  }
}

void WatchFeed::issued(const store::IssueResult& result, const store::IssueRequest& request) {
  if (!watched()) return;
  if (issued_count_ >= most) {
    ++issued_more_;
    return;
  }
  if (issued_count_++ > 0) issued_ += ',';
  store::TokenRecord record;
  record.masked = masked(result.token.reveal());
  record.id = result.id;
  record.created_at = result.created_at;
  record.ttl = request.ttl;
  record.expires_in = request.ttl;
  record.issued_by = shared_.instance_id;
  record.cached_here = shared_.modes.mode() != store::Mode::redis;
  record.single_use = request.single_use;
  append_token(issued_, record);
}

void WatchFeed::accepted(const PublicId& id, bool used_up) {
  if (!watched()) return;
  if (now_.accepted.size() >= most && !now_.accepted.contains(id)) {
    ++now_.accepted_more;
    return;
  }
  Accepted& entry = now_.accepted[id];
  ++entry.count;
  entry.used_up = entry.used_up || used_up;
}

void WatchFeed::refused(store::Reason reason) {
  if (!watched()) return;
  ++refused_;
  ++refused_by_reason_[static_cast<std::size_t>(reason)];
}

void WatchFeed::revoked(std::span<const PublicId> ids) {
  if (watched()) now_.revoked.add(ids);
}

void WatchFeed::revoked_all() { now_.revoked_all = watched(); }

void WatchFeed::expired(std::span<const PublicId> ids) {
  if (watched()) now_.expired.add(ids);
}

void WatchFeed::mode_changed() { mode_changed_ = true; }

void WatchFeed::redis_changed() { redis_changed_ = true; }

void WatchFeed::failed_over() { failed_over_ = true; }

void WatchFeed::tell(std::string_view event, std::string_view data) {
  shared_.loops.tell_watchers(std::make_shared<const std::string>(http::sse_event(event, {}, data)));
}

void WatchFeed::flush() {
  (void)watched();
  flush_issued();
  flush_followers();
  flush_refused();
  flush_mode();
  flush_redis();
  flush_failover();
}

void WatchFeed::flush_issued() {
  if (issued_count_ == 0) return;
  std::string data = "{\"tokens\":[" + issued_ + "]";
  append_member(data, "more", issued_more_);
  tell("issued", data += '}');
  issued_.clear();
  issued_count_ = 0;
  issued_more_ = 0;
}

void WatchFeed::flush_followers() {
  if (!due_.accepted.empty()) {
    std::string data = "{\"tokens\":[";
    for (bool first = true; const auto& [id, entry] : due_.accepted) {
      data += first ? "{" : ",{";
      first = false;
      append_member(data, "id", id.text(), true);
      append_member(data, "count", std::uint64_t{entry.count});
      if (entry.used_up) data += R"(,"used":true)";
      data += '}';
    }
    data += ']';
    append_member(data, "more", due_.accepted_more);
    tell("validated", data += '}');
  }
  if (due_.revoked_all || due_.revoked.count > 0) {
    std::string data = "{\"ids\":[" + due_.revoked.text + "],\"all\":" + (due_.revoked_all ? "true" : "false");
    append_member(data, "more", due_.revoked.more);
    tell("revoked", data += '}');
  }
  if (due_.expired.count > 0) {
    std::string data = "{\"ids\":[" + due_.expired.text + "]";
    append_member(data, "more", due_.expired.more);
    tell("expired", data += '}');
  }
  due_ = std::exchange(now_, Followers());
}

void WatchFeed::flush_refused() {
  if (refused_ == 0) return;
  std::string data = "{";
  append_member(data, "count", refused_, true);
  data += R"(,"reasons":{)";
  for (std::size_t i = 0, written = 0; i < reasons; ++i) {
    if (refused_by_reason_[i] == 0) continue;
    append_member(data, to_string(static_cast<store::Reason>(i)), refused_by_reason_[i], written++ == 0);
    refused_by_reason_[i] = 0;
  }
  tell("refused", data += "}}");
  refused_ = 0;
}

void WatchFeed::flush_mode() {
  if (!mode_changed_ && !draining_told_) return;
  const store::ModeSwitch::View view = shared_.modes.view();
  if (!mode_changed_ && view.draining) return;
  mode_changed_ = false;
  draining_told_ = view.draining.has_value();
  if (!watched()) return;
  std::string data = "{";
  append_member(data, "mode", store::to_string(view.mode), true);
  append_member(data, "configured", store::to_string(view.configured));
  append_member(data, "state", to_string(shared_.phase.load()));
  append_draining(data, view.draining);
  tell("mode", data += '}');
}

void WatchFeed::flush_redis() {
  if (!std::exchange(redis_changed_, false) || !watched() || shared_.redis == nullptr) return;
  const RedisStatus status = shared_.redis->status();
  std::string data = "{";
  append_flag(data, "up", status.up, true);
  append_member(data, "breaker", to_string(status.breaker));
  if (status.last_error.empty()) {
    append_null(data, "last_error");
  } else {
    append_member(data, "last_error", status.last_error);
  }
  tell("redis", data += '}');
}

void WatchFeed::flush_failover() {
  if (!std::exchange(failed_over_, false) || !watched() || shared_.redis == nullptr) return;
  std::string data = "{";
  append_failovers(data, shared_.redis->status(), true);
  tell("failover", data += '}');
}

}  // namespace vx11::api
