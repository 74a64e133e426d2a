#include "feed/roster.h"

#include <algorithm>
#include <utility>

namespace vx11::feed {

void Roster::take(std::vector<Member> members, Instant now) {
  std::sort(members.begin(), members.end(), [](const Member& a, const Member& b) { return a.id < b.id; });
  std::int64_t longest = own_ttl_;
  for (const Member& member : members) {
    if (member.record) longest = std::max(longest, member.record->max_ttl_sec);
  }
  const std::lock_guard lock(mutex_);
  std::vector<ListedInstance> found;
  for (Member& member : members) {
    if (member.record) {
      found.push_back({*std::move(member.record), {}});
      continue;
    }
    const auto known = std::find_if(instances_.begin(), instances_.end(),
                                    [&](const ListedInstance& one) { return one.record.id == member.id; });
    InstanceRecord record;
    if (known != instances_.end()) record = known->record;
    record.id = std::move(member.id);
    found.push_back({std::move(record), std::max(member.since, std::chrono::milliseconds(1))});
  }
  instances_ = std::move(found);
  read_at_ = now;
  // An instance that has left may have issued just before: its tokens count until the last of them is over.
  if (longest < longest_ttl_.load(std::memory_order_relaxed) && now < longest_until_) return;
  longest_ttl_.store(longest, std::memory_order_relaxed);
  longest_until_ = now + std::chrono::seconds(std::clamp<std::int64_t>(longest, 0, 86'400));
}

std::optional<Listing> Roster::listing(Instant now, bool fresh) const {
  const std::lock_guard lock(mutex_);
  if (!read_at_) return std::nullopt;
  return Listing{instances_, std::chrono::floor<std::chrono::milliseconds>(now - *read_at_), fresh};
}

}  // namespace vx11::feed
