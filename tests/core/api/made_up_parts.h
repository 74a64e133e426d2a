// What a test makes up behind the calls of core/api: a store, a view of Redis, an audit log.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/redis_view.h"
#include "observe/audit.h"
#include "store/token_store.h"

namespace vx11::test {

/// Answers what it was told to; asked and told on the loop's thread.
class MadeUpStore final : public store::TokenStore {
 public:
  store::IssueResult issued;
  store::CheckResult checked;
  store::RevokeResult revoked;
  store::ListPage listed;
  store::StoreStats now;

  [[nodiscard]] store::Mode mode() const noexcept override { return store::Mode::hybrid; }
  void issue(const store::IssueRequest&, IssueHandler handler) override { handler(issued); }
  void check(std::string_view, store::Purpose, CheckHandler handler) override { handler(checked); }
  void revoke(const store::RevokeTarget&, RevokeHandler handler) override { handler(revoked); }
  void list(const store::ListRequest&, ListHandler handler) override { handler(listed); }
  [[nodiscard]] store::StoreStats stats() const override { return now; }
  void tick() override {}
};

class MadeUpRedis final : public api::RedisView {
 public:
  api::RedisStatus now = healthy();
  int asked = 0;  ///< for the status

  [[nodiscard]] api::RedisStatus status() override {
    ++asked;
    return now;
  }

  /// As it is when nothing is wrong.
  static api::RedisStatus healthy() {
    api::RedisStatus status;
    status.topology = redis::Topology::single;
    status.address = "127.0.0.1:6379";
    status.prefix = "vx11:";
    status.up = true;
    status.breaker = redis::BreakerState::closed;
    status.clock_ahead = std::chrono::microseconds(1500);
    status.health.emplace();
    status.health->maxmemory_policy = "noeviction";
    status.following = true;
    status.feed_age = std::chrono::milliseconds(40);
    return status;
  }
};

class KeptAudit final : public observe::Audit {
 public:
  std::vector<std::string> lines;  ///< "action detail count"
  void record(const observe::AuditEntry& entry) override {
    lines.push_back(std::string(observe::to_string(entry.action)) + ' ' + std::string(entry.detail) + ' ' +
                    std::to_string(entry.count));
  }
  void flush() override {}
};

}  // namespace vx11::test
