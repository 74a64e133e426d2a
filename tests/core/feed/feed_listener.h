// A listener that writes down what it is told.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "feed/follower.h"

namespace vx11::test {

class FeedListener final : public feed::Listener {
 public:
  struct Heard {
    Revocation revocation;
    bool first_reading = false;
  };

  void on_joined(std::string_view epoch, std::string_view base_entry, const Secret& resume_key) override {
    log.push_back("joined " + std::string(epoch) + " at [" + std::string(base_entry) + "]");
    resume = resume_key.reveal();
    last_epoch = epoch;
  }
  void on_revocations(std::span<const Revocation> revocations, bool first_reading) override {
    for (const Revocation& revocation : revocations) {
      heard.push_back({revocation, first_reading});
      log.push_back(text_of(revocation) + (first_reading ? " (window)" : ""));
    }
  }
  void on_events(std::span<const feed::PublishedEvent> events) override {
    for (const feed::PublishedEvent& event : events) {
      log.push_back(std::string(event.entry) + " " + std::string(event.name) + "=" + std::string(event.data));
      data.emplace_back(event.data);
    }
  }
  std::vector<Revocation> held_revocations() override {
    ++asked_for_held;
    return held;
  }

  /// "token 00000000…", "principal 0000002a", "before", and the times.
  [[nodiscard]] static std::string text_of(const Revocation& revocation) {
    const auto ms = [](WallTime time) {
      return std::to_string(std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count());
    };
    std::string text;
    switch (revocation.kind) {
      case Revocation::Kind::token:
        text = "token " + revocation.id.text();
        break;
      case Revocation::Kind::before:
        text = "before";
        break;
      case Revocation::Kind::principal:
        text = "principal " + std::to_string(revocation.principal);
        break;
    }
    return text + " at " + ms(revocation.at) + " exp " + ms(revocation.expires) + " by " + revocation.by;
  }
  /// What was written down since the last time, one a line.
  [[nodiscard]] std::vector<std::string> news() { return std::exchange(log, {}); }

  std::vector<std::string> log;
  std::vector<Heard> heard;
  std::vector<std::string> data;  ///< of the events
  std::vector<Revocation> held;
  std::string resume, last_epoch;
  int asked_for_held = 0;
};

[[nodiscard]] inline WallTime at_ms(std::int64_t ms) { return WallTime(std::chrono::milliseconds(ms)); }

/// The public id whose number is `number`.
[[nodiscard]] inline PublicId id_of(std::uint32_t number) {
  PublicId id;
  for (std::size_t i = 0; i < 4; ++i) id.bytes[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
  return id;
}

[[nodiscard]] inline Revocation revoked(std::uint32_t number, std::int64_t at, std::int64_t expires) {
  Revocation revocation;
  revocation.id = id_of(number);
  revocation.at = at_ms(at);
  revocation.expires = at_ms(expires);
  revocation.by = "a";
  return revocation;
}

}  // namespace vx11::test
