// What one sentinel answers to the questions about its master.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "redis/client.h"
#include "redis/request.h"
#include "redis/sentinel_search.h"
#include "redis/topology.h"

namespace vx11::redis {

struct SentinelAnswer {
  SentinelView view;
  std::string id;                     ///< the sentinel's own; empty: not told
  std::vector<OtherSentinel> others;  ///< that it knows
};

/// SENTINEL MYID, MASTER, GET-MASTER-ADDR-BY-NAME, CKQUORUM and SENTINELS in one request.
[[nodiscard]] Request sentinel_question(std::string_view master_name);
/// Of the answer to it. Never fails on what it doesn't know.
[[nodiscard]] SentinelAnswer read_sentinel(const Answer& answer, const Address& address, std::string_view master_name);

}  // namespace vx11::redis
