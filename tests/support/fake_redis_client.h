// A Redis client without a Redis: requests are kept as words, and the test answers them by hand.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "redis/client.h"

namespace vx11::test {

/// A reply as a test writes it: `Value("text")`, `Value(5)`, `Value::nil()`, `Value::array({"a", 1})`. Owns what
/// redis::Reply only views.
class Value {
 public:
  Value(const char* text) : Value(redis::Reply::Type::text, text) {}             // NOLINT(google-explicit-constructor)
  Value(std::string text) : Value(redis::Reply::Type::text, std::move(text)) {}  // NOLINT(google-explicit-constructor)
  Value(std::int64_t integer) : type_(redis::Reply::Type::integer), integer_(integer) {}  // NOLINT
  Value(int integer) : Value(std::int64_t{integer}) {}  // NOLINT(google-explicit-constructor)
  [[nodiscard]] static Value nil() { return {redis::Reply::Type::nil, {}}; }
  [[nodiscard]] static Value status(std::string text) { return {redis::Reply::Type::status, std::move(text)}; }
  [[nodiscard]] static Value error(std::string text) { return {redis::Reply::Type::error, std::move(text)}; }
  [[nodiscard]] static Value array(std::vector<Value> elements) {
    Value value(redis::Reply::Type::array, {});
    value.elements_ = std::move(elements);
    return value;
  }

  /// Views this value, which must stay where it is; lists of elements are kept in `pool`.
  [[nodiscard]] redis::Reply reply(std::deque<std::vector<redis::Reply>>& pool) const {
    redis::Reply reply{type_, integer_, text_, nullptr, elements_.size()};
    if (!elements_.empty()) reply.first = replies(elements_, pool).data();
    return reply;
  }
  [[nodiscard]] static std::span<const redis::Reply> replies(const std::vector<Value>& values,
                                                             std::deque<std::vector<redis::Reply>>& pool) {
    std::vector<redis::Reply> made;
    for (const Value& value : values) made.push_back(value.reply(pool));
    return pool.emplace_back(std::move(made));
  }

 private:
  Value(redis::Reply::Type type, std::string text) : type_(type), text_(std::move(text)) {}

  redis::Reply::Type type_;
  std::int64_t integer_ = 0;
  std::string text_;
  std::vector<Value> elements_;
};

/// Single-threaded. Requests wait in `asked` in their order until the test answers them.
class FakeRedisClient final : public redis::Client {
 public:
  using Words = std::vector<std::string>;
  struct Asked {
    std::vector<Words> commands;
    std::chrono::milliseconds deadline{0};
    Handler handler;
    Handler late = {};
  };

  bool believed = true;     ///< see confirm_absence
  bool up = true;           ///< false: what is asked fails inside the call with `not_connected`
  std::deque<Asked> asked;  ///< and not answered yet
  Handler overdue;          ///< see answer_late
  std::vector<Words> log;   ///< every command ever asked

  using Client::ask;
  void ask(redis::Request request, std::chrono::milliseconds deadline, Handler handler) override {
    Asked one{words_of(request.bytes()), deadline, std::move(handler)};
    if (!up) return one.handler(redis::Answer{redis::Fault::not_connected, "not connected", {}});
    log.insert(log.end(), one.commands.begin(), one.commands.end());
    asked.push_back(std::move(one));
  }
  void ask_patiently(redis::Request request, std::chrono::milliseconds patience, Handler handler,
                     Handler late) override {
    ask(std::move(request), patience, std::move(handler));
    if (up) asked.back().late = std::move(late);
  }
  void confirm_absence(std::chrono::milliseconds, Callback<void(bool)> handler) override { handler(believed); }
  [[nodiscard]] bool usable() const noexcept override { return up; }
  [[nodiscard]] std::optional<WallTime> time(Instant at) const noexcept override {
    if (!redis_time_) return std::nullopt;
    return *redis_time_ + std::chrono::duration_cast<WallTime::duration>(at - measured_at_);
  }
  /// Redis' clock shows `wall` at the moment `at` of ours.
  void set_time(WallTime wall, Instant at) {
    redis_time_ = wall;
    measured_at_ = at;
  }

  /// Of the request asked first and not answered yet: "GET key", commands separated by " | "; "" when there is none.
  [[nodiscard]] std::string next() const { return asked.empty() ? std::string() : text_of(asked.front()); }
  [[nodiscard]] static std::string text_of(const Asked& one) {
    std::string text;
    for (const Words& words : one.commands) {
      if (!text.empty()) text += " | ";
      for (std::size_t i = 0; i < words.size(); ++i) text += (i == 0 ? "" : " ") + words[i];
    }
    return text;
  }
  /// Answers the request asked first, with one value a command. False when nothing waits.
  bool answer(const std::vector<Value>& values) {
    if (asked.empty()) return false;
    std::deque<std::vector<redis::Reply>> pool;
    Handler handler = take();
    handler(redis::answer_of(Value::replies(values, pool)));
    return true;
  }
  /// No answer comes to the request asked first; one that was asked patiently may get it by `answer_late` yet.
  bool fail(redis::Fault fault) { return fail(fault, {}); }
  /// Likewise; of a cluster something may be there all the same.
  bool fail(redis::Fault fault, const std::vector<Value>& values) {
    if (asked.empty()) return false;
    overdue = fault == redis::Fault::timed_out ? std::move(asked.front().late) : Handler();
    Handler handler = take();
    std::deque<std::vector<redis::Reply>> pool;
    handler(redis::Answer{fault, redis::to_string(fault), Value::replies(values, pool)});
    return true;
  }
  /// What was asked patiently, and failed last by `timed_out`, is answered after all.
  bool answer_late(const std::vector<Value>& values) {
    if (!overdue) return false;
    std::deque<std::vector<redis::Reply>> pool;
    std::exchange(overdue, {})(redis::answer_of(Value::replies(values, pool)));
    return true;
  }
  /// The connection is gone: all that waits fails, and what comes as well.
  void go_down() {
    up = false;
    while (fail(redis::Fault::connection_lost)) {
    }
  }

 private:
  Handler take() {
    Handler handler = std::move(asked.front().handler);
    asked.pop_front();
    return handler;
  }
  static std::vector<Words> words_of(std::string_view bytes) {
    const auto number = [&bytes] {  // after its type's character, with the line's end
      const std::size_t end = bytes.find("\r\n");
      const auto value = static_cast<std::size_t>(std::atoll(std::string(bytes.substr(1, end - 1)).c_str()));
      bytes.remove_prefix(end + 2);
      return value;
    };
    std::vector<Words> commands;
    while (!bytes.empty()) {
      Words words(number());
      for (std::string& word : words) {
        const std::size_t size = number();
        word = bytes.substr(0, size);
        bytes.remove_prefix(size + 2);
      }
      commands.push_back(std::move(words));
    }
    return commands;
  }

  std::optional<WallTime> redis_time_;
  Instant measured_at_;
};

}  // namespace vx11::test
