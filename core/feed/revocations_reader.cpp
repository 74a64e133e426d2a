#include "feed/revocations_reader.h"

#include <algorithm>
#include <utility>

#include "feed/revocation_entry.h"

namespace vx11::feed {

void RevocationsReader::restart() { *this = RevocationsReader(); }

RevocationsReader::Taken RevocationsReader::take(std::span<const redis::Reply> entries, bool in_window) {
  Taken taken;
  for (const redis::Reply& reply : entries) {
    const auto entry = read_entry(reply);
    if (!entry) {
      ++taken.broken;
      continue;
    }
    cursor_ = entry->id;
    RevocationEntry read = read_revocation(*entry);
    if (read.kind == RevocationEntry::Kind::broken) ++taken.broken;
    if (read.kind != RevocationEntry::Kind::good) continue;
    if (in_window) see(read.revocation);
    const bool first_reading = in_window || read.again;
    if (taken.heard.empty() || taken.heard.back().first_reading != first_reading) {
      taken.heard.push_back({{}, first_reading});
    }
    taken.heard.back().revocations.push_back(std::move(read.revocation));
  }
  return taken;
}

std::vector<Revocation> RevocationsReader::missing(std::vector<Revocation> held, std::optional<WallTime> redis_now) {
  std::erase_if(held, [&](const Revocation& revocation) {
    return (redis_now && revocation.expires <= *redis_now) || has_seen(revocation);
  });
  tokens_ = {};
  principals_ = {};
  before_ = {};
  return held;
}

bool RevocationsReader::has_seen(const Revocation& revocation) const {
  // The stream knows milliseconds.
  const auto at = std::chrono::floor<std::chrono::milliseconds>(revocation.at);
  switch (revocation.kind) {
    case Revocation::Kind::token:
      return tokens_.contains(revocation.id);
    case Revocation::Kind::before:
      return at <= before_;
    case Revocation::Kind::principal: {
      const auto found = principals_.find(revocation.principal);
      return found != principals_.end() && at <= found->second;
    }
  }
  return false;
}

void RevocationsReader::see(const Revocation& revocation) {
  switch (revocation.kind) {
    case Revocation::Kind::token:
      tokens_.insert(revocation.id);
      break;
    case Revocation::Kind::before:
      before_ = std::max(before_, revocation.at);
      break;
    case Revocation::Kind::principal: {
      WallTime& latest = principals_[revocation.principal];
      latest = std::max(latest, revocation.at);
      break;
    }
  }
}

}  // namespace vx11::feed
