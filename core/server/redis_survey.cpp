#include "server/redis_survey.h"

#include <utility>

namespace vx11::server {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds busy_interval{1};
constexpr seconds idle_interval{10};
constexpr seconds interest_lasts{3};
constexpr milliseconds deadline{1000};

}  // namespace

RedisSurvey::RedisSurvey(boost::asio::io_context& io, redis::LoopClient& client, const redis::Options& options,
                         const Clock& clock, Random& random)
    : client_(client), topology_(options.topology), database_(options.database), clock_(clock) {
  if (topology_ == redis::Topology::sentinel) {
    watch_ = std::make_unique<redis::SentinelWatch>(io, options, clock, random);
  }
}

void RedisSurvey::tick() {
  const Instant now = clock_.now();
  const Instant interest{Instant::duration(interest_ns_.load(std::memory_order_relaxed))};
  const seconds interval = now - interest < interest_lasts ? busy_interval : idle_interval;
  const auto is_due = [&](Instant asked_at) { return hurried_ || now - asked_at >= interval; };
  const bool servers = !asking_ && client_.usable() && is_due(servers_asked_at_);
  const bool sentinels = watch_ && !watch_->refreshing() && is_due(sentinels_asked_at_);
  if (servers || !client_.usable()) hurried_ = false;
  if (servers) ask_servers();
  if (sentinels) ask_sentinels();
}

void RedisSurvey::ask_servers() {
  asking_ = true;
  servers_asked_at_ = clock_.now();
  client_.ask_each(survey_request(topology_), deadline, [this](std::span<const redis::NodeAnswer> answers) {
    asking_ = false;
    auto servers = read_answers(answers, topology_, database_);
    const std::lock_guard lock(mutex_);
    found_.refusals = refusals_in(answers);
    if (!servers) return;
    found_.servers = std::move(*servers);
    seen_.note(found_.servers.nodes);
    found_at_ = clock_.now();
    found_.age.emplace(0);
  });
}

void RedisSurvey::ask_sentinels() {
  sentinels_asked_at_ = clock_.now();
  watch_->refresh(deadline, [this](std::vector<redis::SentinelView> views) {
    const std::lock_guard lock(mutex_);
    found_.sentinels = std::move(views);
  });
}

RedisSurvey::Found RedisSurvey::look() {
  const Instant now = clock_.now();
  interest_ns_.store(now.time_since_epoch().count(), std::memory_order_relaxed);
  const std::lock_guard lock(mutex_);
  Found found = found_;
  for (redis::DataNode& gone : seen_.missing(found_.servers.nodes, found_.sentinels)) {
    found.servers.nodes.push_back(std::move(gone));
  }
  if (found.age) found.age = std::chrono::floor<milliseconds>(now - found_at_);
  return found;
}

}  // namespace vx11::server
