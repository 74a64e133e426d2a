#include "feed/events_reader.h"

namespace vx11::feed {

EventsReader::EventsReader(Random& random) : random_(random), resume_key_(random_hex(random, 32)) {}

redis::Request EventsReader::join_request(const Keys& keys) const {
  return feed::join_request(keys, random_, resume_key_, {epoch_, cursor_});
}

std::optional<Joined> EventsReader::join(const JoinReply& reply) {
  if (!resume_key_.equals(reply.resume_key.reveal())) {
    resume_key_ = reply.resume_key;
    told_ = false;
  }
  // Entries between us and the first one there may have been trimmed: then it isn't the same any more for us.
  const bool inside = !epoch_.empty() && reply.first <= cursor_ && cursor_ <= reply.last;
  // A marker that is still to come ends our epoch where it stands, after what belongs to it.
  const bool goes_on = inside && (reply.epoch == epoch_ || (reply.marker && cursor_ <= *reply.marker));
  if (!goes_on) cursor_ = reply.marker && *reply.marker >= reply.first ? *reply.marker : EntryId{};
  if (!goes_on || (reply.marker == cursor_ && reply.epoch != epoch_)) {
    epoch_ = reply.epoch;
    told_ = false;
  }
  if (told_) return std::nullopt;
  told_ = true;
  return Joined{epoch_, cursor_ == EntryId{} ? std::string() : cursor_.text(), resume_key_};
}

EventsReader::Taken EventsReader::take(std::span<const redis::Reply> entries) {
  Taken taken;
  for (const redis::Reply& reply : entries) {
    const auto entry = read_entry(reply);
    if (!entry) {
      ++taken.broken;
      continue;
    }
    cursor_ = entry->id;
    const auto name = entry->field("event");
    const auto data = entry->field("data");
    const auto epoch = entry->field("epoch");
    if (name && data) {
      taken.events.push_back({entry->id_text, *name, *data});
    } else if (epoch && !name) {  // a marker: whether it is a true one, joining tells
      if (*epoch == epoch_) continue;
      taken.met_marker = true;
      break;
    } else {
      ++taken.broken;
    }
  }
  return taken;
}

bool EventsReader::is_here(const redis::Reply& last, const redis::Reply& epoch) const {
  const auto id = last_entry(last);
  return id && *id >= cursor_ && epoch.text == epoch_;
}

}  // namespace vx11::feed
