// Mode `memory`: the token is valid where it was issued, as long as that process lives.
#pragma once

#include <memory>

#include "store/memory_table.h"
#include "store/token_store.h"

namespace vx11::store {

/// One loop's view of the process' table. Answers everything at once, inside the call.
class MemoryStore final : public TokenStore {
 public:
  /// `observer` may be null and outlives the store.
  MemoryStore(std::shared_ptr<MemoryTable> table, StoreObserver* observer);

  [[nodiscard]] Mode mode() const noexcept override { return Mode::memory; }
  void issue(const IssueRequest& request, IssueHandler handler) override;
  void check(std::string_view token, Purpose purpose, CheckHandler handler) override;
  void revoke(const RevokeTarget& target, RevokeHandler handler) override;
  void list(const ListRequest& request, ListHandler handler) override;
  [[nodiscard]] StoreStats stats() const override;
  void tick() override;

 private:
  std::shared_ptr<MemoryTable> table_;
  StoreObserver* observer_;
};

}  // namespace vx11::store
