#include "server/master_history.h"

#include <algorithm>
#include <utility>

namespace vx11::server {

namespace {

constexpr std::size_t kept_ids = 32;

}  // namespace

MasterHistory::News MasterHistory::greeted(const redis::ServerFacts& facts, bool before) {
  News news;
  const bool is_first = address_.empty();
  if (facts.run_id.empty()) {
    news.replaced = before;
  } else if (!run_id_.empty()) {
    news.replaced = run_id_ != facts.run_id || replication_id_ != facts.replication_id;
  }
  // Connections move one after the other, and one may see the old master once more: that is the same failover.
  const bool is_new = facts.replication_id.empty() || !is_known(facts.replication_id);
  if (!is_first && is_new && facts.address != address_) news.failover = address_ + " to " + facts.address;
  address_ = facts.address;
  run_id_ = facts.run_id;
  replication_id_ = facts.replication_id;
  return news;
}

MasterHistory::News MasterHistory::replaced(const redis::Replacement& replacement) {
  std::size_t lowest = 0;
  while (lowest < redis::slot_count && !replacement.slots.test(lowest)) ++lowest;
  const std::string owner = replacement.to + ' ' + replacement.to_run_id;
  const bool told_before = std::exchange(owners_[lowest], owner) == owner;
  const bool other_server = replacement.from != replacement.to;
  if (told_before && (other_server || !replacement.to_run_id.empty())) return {};
  News news;
  news.replaced = true;
  if (other_server) news.failover = replacement.from + " to " + replacement.to;
  return news;
}

bool MasterHistory::is_known(const std::string& replication_id) {
  if (std::find(replication_ids_.begin(), replication_ids_.end(), replication_id) != replication_ids_.end())
    return true;
  replication_ids_.push_back(replication_id);
  if (replication_ids_.size() > kept_ids) replication_ids_.pop_front();
  return false;
}

}  // namespace vx11::server
