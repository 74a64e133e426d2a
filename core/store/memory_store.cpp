#include "store/memory_store.h"

#include <utility>

namespace vx11::store {

MemoryStore::MemoryStore(std::shared_ptr<MemoryTable> table, StoreObserver* observer)
    : table_(std::move(table)), observer_(observer) {}

void MemoryStore::issue(const IssueRequest& request, IssueHandler handler) { handler(table_->issue(request)); }

void MemoryStore::check(std::string_view token, Purpose purpose, CheckHandler handler) {
  handler(table_->check(token, purpose));
}

void MemoryStore::revoke(const RevokeTarget& target, RevokeHandler handler) {
  handler(table_->revoke(target, observer_));
}

void MemoryStore::list(const ListRequest& request, ListHandler handler) { handler(table_->list(request)); }

StoreStats MemoryStore::stats() const { return table_->stats(); }

void MemoryStore::tick() { table_->tick(observer_); }

}  // namespace vx11::store
