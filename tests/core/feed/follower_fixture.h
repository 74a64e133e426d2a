// A follower against a Redis that the test plays itself, and how that Redis' replies are written.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "feed/follower.h"
#include "feed_listener.h"
#include "support/fake_redis_client.h"

namespace vx11::test {

inline const std::string feed_key = "{vx11:operator}:feed";
inline const std::string events_key = "{vx11:operator}:events";
inline const std::string resume(64, 'a');
inline const std::string id1 = "00000000000000000000000000000001";
inline const std::string id2 = "00000000000000000000000000000002";

[[nodiscard]] inline Value entry(const std::string& id, std::vector<Value> fields) {
  return Value::array({id, Value::array(std::move(fields))});
}
[[nodiscard]] inline Value token(const std::string& id, const std::string& public_id) {
  return entry(id, {"kind", "token", "id", public_id, "at", "10", "exp", "90", "by", "b"});
}
[[nodiscard]] inline Value published(const std::string& id, const std::string& data) {
  return entry(id, {"event", "n", "data", data, "by", "b"});
}
[[nodiscard]] inline Value marker(const std::string& id, const std::string& epoch) {
  return entry(id, {"epoch", epoch});
}
[[nodiscard]] inline Value stream(const std::string& key, std::vector<Value> entries) {
  return Value::array({key, Value::array(std::move(entries))});
}
[[nodiscard]] inline Value fed(std::vector<Value> entries) {
  return Value::array({stream(feed_key, std::move(entries))});
}
[[nodiscard]] inline Value events(std::vector<Value> entries) {
  return Value::array({stream(events_key, std::move(entries))});
}
[[nodiscard]] inline Value last(const std::string& id) { return Value::array({entry(id, {"x", "y"})}); }
[[nodiscard]] inline Value joined(const std::string& epoch, Value at_marker, const std::string& first,
                                  const std::string& last_id, const std::string& key = resume) {
  return Value::array({epoch, key, std::move(at_marker), first, last_id});
}
inline const Value nothing = Value::array({});

/// A follower whose Redis is the test.
struct Fixture {
  ManualClock clock;
  SeededRandom random{1};
  FakeRedisClient redis;
  FeedListener listener;
  feed::Follower follower{redis, clock, random, feed::Keys("vx11:"), listener, {std::chrono::milliseconds(1000), "me"}};

  /// Followed from an empty Redis: the loop's first read is under way.
  void follow() {
    redis.up = true;
    follower.connected();
    redis.answer({joined("e1e1e1e1", "5-0", "5-0", "5-0")});
    redis.answer({Value::nil()});
    listener.log.clear();
  }
  void reconnect() {
    redis.go_down();
    follower.disconnected();
    redis.up = true;
    follower.connected();
  }
  /// The request under way; of a script only that it is one.
  std::string asked() const {
    const std::string text = redis.next();
    return text.starts_with("EVAL") ? "EVAL" : text;
  }
  std::string loop(const std::string& feed_cursor, const std::string& events_cursor) const {
    return "XREAD COUNT 1000 BLOCK 1000 STREAMS " + feed_key + " " + events_key + " " + feed_cursor + " " +
           events_cursor;
  }
  std::string check() const {
    return "XREVRANGE " + feed_key + " + - COUNT 1 | XREVRANGE " + events_key +
           " + - COUNT 1 | HGET {vx11:operator}:key epoch | ";
  }
  std::string page(const std::string& cursor) const { return "XREAD COUNT 1000 STREAMS " + feed_key + " " + cursor; }
  std::vector<std::string> last_words() const { return redis.log.back(); }
};

using Lines = std::vector<std::string>;

}  // namespace vx11::test
