#include "store/replica_writer.h"

#include <algorithm>
#include <chrono>
#include <string>

namespace vx11::store {

namespace {

using std::chrono::milliseconds;

// Replicas on a healthy network have a write within a few of them.
constexpr milliseconds longest_wait{50};
constexpr milliseconds batch_deadline{150};
// With all that came before it: an answer comes within 250 ms.
constexpr milliseconds whole_write{210};
constexpr milliseconds least_deadline{30};
constexpr std::size_t most_waiting = 10'000;

}  // namespace

ReplicaWriter::ReplicaWriter(redis::Client& confirming, redis::Client& otherwise, const Clock& clock,
                             std::size_t replicas, std::atomic<std::uint64_t>& shortfalls)
    : confirming_(confirming), otherwise_(otherwise), clock_(clock), replicas_(replicas), shortfalls_(shortfalls) {}

bool ReplicaWriter::full() const noexcept { return next_.writes.size() >= most_waiting; }

void ReplicaWriter::refuse(Handler& handler) {
  handler({redis::Fault::queue_full, "too many writes wait for replicas", {}}, false);
}

void ReplicaWriter::leave() {
  Batch batch = std::exchange(next_, {});
  const std::size_t commands = batch.request.commands();
  const bool waits = confirming_.usable();
  const auto left = std::chrono::floor<milliseconds>(batch.begun + whole_write - clock_.now());
  const milliseconds deadline = std::clamp(left, least_deadline, batch_deadline);
  if (waits) {
    // Its answer is on its way back when the deadline is over.
    const milliseconds wait = std::min(longest_wait, deadline / 2);
    batch.request.add({"WAIT", std::to_string(replicas_), std::to_string(wait.count())});
  }
  under_way_ = true;
  (waits ? confirming_ : otherwise_)
      .ask(std::move(batch.request), deadline,
           [this, alive = std::weak_ptr(alive_), writes = std::move(batch.writes), commands,
            waits](const redis::Answer& answer) mutable {
             if (!alive.expired()) answered(writes, commands, answer, waits);
           });
}

void ReplicaWriter::answered(std::vector<Write>& writes, std::size_t commands, const redis::Answer& answer,
                             bool waited) {
  const bool whole = answer.replies.size() >= commands;
  const redis::Reply told = waited && answer.replies.size() > commands ? answer.replies[commands] : redis::Reply();
  const auto enough = [this](const redis::Reply& reply) {
    return reply.type == redis::Reply::Type::integer && reply.integer >= static_cast<std::int64_t>(replicas_);
  };
  const auto is_confirmed = [&](const Write& one) {
    if (told.count < commands) return enough(told);
    const auto each = told.elements().subspan(one.first, one.count);  // of a cluster, where each master has its own
    return std::all_of(each.begin(), each.end(), enough);
  };
  for (Write& one : writes) {
    if (!whole) {
      one.handler({answer.fault, answer.error, {}}, false);
      continue;
    }
    const auto replies = answer.replies.subspan(one.first, one.count);
    const bool written = std::none_of(replies.begin(), replies.end(), [](const auto& r) { return r.is_error(); });
    const bool confirmed = written && is_confirmed(one);
    if (written && !confirmed) shortfalls_.fetch_add(1, std::memory_order_relaxed);
    one.handler(redis::answer_of(replies), confirmed);
  }
  // What the handlers have written is among it.
  under_way_ = false;
  if (!next_.writes.empty()) leave();
}

}  // namespace vx11::store
