// A loop's store over a Redis that the test answers by hand, and all it stands on.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/loop_store.h"
#include "support/fake_redis_client.h"
#include "token/clock.h"
#include "token/random.h"

namespace vx11::test {

/// Writes revocations as `TELL <kind> <id>`, one command each.
struct SpokenLog final : store::RevocationLog {
  void append(redis::Request& request, std::span<const Revocation> revocations, WallTime) const override {
    for (const Revocation& one : revocations) {
      const std::string kind = one.kind == Revocation::Kind::token ? "token" : "before";
      request.add({"TELL", kind, one.kind == Revocation::Kind::token ? one.id.text() : "all"});
    }
  }
};

struct Heard final : store::StoreObserver {
  void on_expired(std::span<const PublicId> ids) override { expired += ids.size(); }
  void on_revoked(std::span<const PublicId> ids) override { revoked.insert(revoked.end(), ids.begin(), ids.end()); }
  void on_all_revoked(WallTime) override { ++all; }
  std::size_t expired = 0;
  std::vector<PublicId> revoked;
  int all = 0;
};

struct StoreUnderTest {
  explicit StoreUnderTest(store::Mode mode, bool with_redis = true, std::uint64_t max_tokens = 1000)
      : table(clock, random, {max_tokens, "a"}),
        denylist(clock),
        modes(clock, mode, {.redis = with_redis}, std::chrono::seconds(300)),
        shared(clock, random, table, denylist, modes) {
    shared.instance_id = "a";
    shared.log = with_redis ? &log : nullptr;
    redis.set_time(clock.wall() + std::chrono::hours(1), clock.now());  // another clock than ours
    if (with_redis) shared.learn_clock(std::chrono::hours(1));
    made.emplace(shared, store::StoreConnections{with_redis ? &redis : nullptr, nullptr}, &heard);
    made->keep_redis_up_to_date();
  }

  store::LoopStore& store() { return *made; }

  /// An issue that isn't answered yet gives nothing.
  std::optional<store::IssueResult> issue(bool single_use = false, int ttl = 60) {
    issued.reset();
    store().issue({std::chrono::seconds(ttl), single_use}, [this](const store::IssueResult& r) { issued = r; });
    return issued;
  }
  std::string issue_in_redis(bool single_use = false, int ttl = 60) {
    issue(single_use, ttl);
    redis.answer({Value::status("OK")});
    return std::string(issued->token.reveal());
  }
  std::optional<store::CheckResult> check(std::string_view token, store::Purpose purpose = store::Purpose::look) {
    checked.reset();
    store().check(token, purpose, [this](const store::CheckResult& r) { checked = r; });
    return checked;
  }
  std::optional<store::RevokeResult> revoke(const store::RevokeTarget& target) {
    revocation.reset();
    store().revoke(target, [this](const store::RevokeResult& r) { revocation = r; });
    return revocation;
  }
  std::optional<store::ListPage> list(store::ListRequest request = {}) {
    page.reset();
    store().list(request, [this](store::ListPage p) { page = std::move(p); });
    return page;
  }
  [[nodiscard]] store::Verdict verdict() const { return checked->verdict; }
  [[nodiscard]] store::Reason reason() const { return checked->reason; }
  /// Redis' JSON of a token that another instance issued just now, by its clock.
  [[nodiscard]] std::string value(bool single_use = false, std::string_view by = "b") const {
    return store::TokenValueWriter(by).write(*redis.time(clock.now()), std::chrono::seconds(60), single_use);
  }

  ManualClock clock;
  SeededRandom random{7};
  store::TokenTable table;
  store::Denylist denylist;
  store::ModeSwitch modes;
  store::SharedStore shared;
  SpokenLog log;
  FakeRedisClient redis;
  Heard heard;
  std::optional<store::LoopStore> made;

  std::optional<store::IssueResult> issued;
  std::optional<store::CheckResult> checked;
  std::optional<store::RevokeResult> revocation;
  std::optional<store::ListPage> page;
};

inline constexpr const char* foreign = "3f9a0b1c-2d3e-4f50-8a61-72839405c21e";

}  // namespace vx11::test
