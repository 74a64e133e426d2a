#include "feed/roster_reader.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

namespace vx11::feed {

namespace {

using std::chrono::milliseconds;

/// When somebody last wrote himself down, by Redis' clock: the score, which is a number of milliseconds as text.
[[nodiscard]] milliseconds since(std::string_view score, std::optional<WallTime> redis_now) {
  double at = 0;
  const auto [end, error] = std::from_chars(score.data(), score.data() + score.size(), at);
  if (error != std::errc() || !redis_now || !(at >= 0 && at < 9e12)) return milliseconds(0);
  const WallTime then{std::chrono::duration_cast<WallTime::duration>(milliseconds(static_cast<std::int64_t>(at)))};
  return std::max(milliseconds(0), std::chrono::floor<milliseconds>(*redis_now - then));
}

}  // namespace

struct RosterReader::Impl : std::enable_shared_from_this<Impl> {
  Impl(redis::Client& its_client, const Clock& its_clock, Keys its_keys, Roster& its_roster)
      : client(its_client), clock(its_clock), keys(std::move(its_keys)), roster(its_roster) {}

  void begin() {
    reading = true;
    served = std::exchange(asked, {});
    client.ask({"ZRANGE", keys.instances, "0", "-1", "WITHSCORES"},
               [weak = weak_from_this()](const redis::Answer& answer) {
                 if (const auto self = weak.lock()) self->read_members(answer);
               });
  }

  void read_members(const redis::Answer& answer) {
    if (answer.replies.empty() || !answer.replies[0].is_array()) return end(false);
    const auto words = answer.replies[0].elements();
    std::vector<Roster::Member> members;
    for (std::size_t i = 0; i + 1 < words.size(); i += 2) {
      members.push_back({std::string(words[i].text), {}, since(words[i + 1].text, client.time(clock.now()))});
    }
    if (members.empty()) return read_whole({});
    redis::Request request;  // not MGET: in a cluster each record is in another slot
    for (const Roster::Member& member : members) request.add({"GET", keys.instance + member.id});
    client.ask(std::move(request),
               [weak = weak_from_this(), members = std::move(members)](const redis::Answer& records) mutable {
                 if (const auto self = weak.lock()) self->read_records(std::move(members), records);
               });
  }

  void read_records(std::vector<Roster::Member> members, const redis::Answer& answer) {
    if (answer.replies.size() != members.size() || redis::is_failing(answer.fault)) return end(false);
    std::vector<Roster::Member> found;
    for (std::size_t i = 0; i < members.size(); ++i) {
      const redis::Reply& reply = answer.replies[i];
      members[i].record = read_record(reply.text);
      if (members[i].record) members[i].record->id = members[i].id;
      if (members[i].record || !reply.is_text()) found.push_back(std::move(members[i]));  // else not to be read
    }
    read_whole(std::move(found));
  }

  void read_whole(std::vector<Roster::Member> members) {
    roster.take(std::move(members), clock.now());
    end(true);
  }

  void end(bool fresh) {
    const auto alive = shared_from_this();  // who hears of it may destroy the reader
    reading = false;
    for (Handler& handler : std::exchange(served, {})) handler(roster.listing(clock.now(), fresh));
    if (!asked.empty() && !reading) begin();
  }

  redis::Client& client;
  const Clock& clock;
  const Keys keys;
  Roster& roster;
  bool reading = false;
  std::vector<Handler> asked, served;  ///< waiting for the next reading; for the one under way
};

RosterReader::RosterReader(redis::Client& client, const Clock& clock, Keys keys, Roster& roster)
    : impl_(std::make_shared<Impl>(client, clock, std::move(keys), roster)) {}

RosterReader::~RosterReader() = default;

void RosterReader::ask(Handler handler) {
  impl_->asked.push_back(std::move(handler));
  if (!impl_->reading) impl_->begin();
}

bool RosterReader::under_way() const noexcept { return impl_->reading; }

}  // namespace vx11::feed
