#include "cluster/live_streams.h"

#include <algorithm>
#include <utility>

#include "cluster/live_stream_line.h"
#include "token/token_id.h"

namespace vx11::cluster {
namespace {

using State = StreamInfo::State;

constexpr qsizetype longestTypedId = 1000;

/// A header's value: nothing in it may end the line.
QByteArray headerOf(const QString& typed) {
  QByteArray value = typed.trimmed().left(longestTypedId).toUtf8();
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  std::replace_if(value.begin(), value.end(), control, ' ');
  return value;
}

}  // namespace

LiveStreams::LiveStreams(JobContext& context, StreamNetworks::Make network, QString correlationPrefix, QObject* parent)
    : Streams(parent),
      context_(context),
      networks_(std::move(network)),
      correlationPrefix_(std::move(correlationPrefix)) {
  flush_.setSingleShot(true);
  connect(&flush_, &QTimer::timeout, this, &LiveStreams::flush);
}

LiveStreams::~LiveStreams() {
  for (const auto& line : lines_) {
    line->issuing.cancel();
    delete line->source.release();
  }
}

// --- what is asked for

qsizetype LiveStreams::placeOf(quint64 id) const {
  const auto found = std::lower_bound(infos_.begin(), infos_.end(), id,
                                      [](const StreamInfo& info, quint64 wanted) { return info.id < wanted; });
  return found == infos_.end() || found->id != id ? -1 : found - infos_.begin();
}

InstanceClient* LiveStreams::clientOf(int slot) const { return slot < 0 ? context_.balancer() : context_.client(slot); }

QList<int> LiveStreams::targetsOf(const StreamSpec& spec) {
  QList<int> reachable;
  for (const InstanceInfo& info : context_.instances) {
    const bool live = info.state == InstanceState::Live || info.state == InstanceState::Degraded;
    if (live && context_.client(info.slot) != nullptr) reachable.append(info.slot);
  }
  QList<int> slots;
  for (int n = 0; n < spec.count; ++n) {
    switch (spec.where) {
      case StreamSpec::Where::Balancer:
        slots.append(-1);
        break;
      case StreamSpec::Where::Instance:
        slots.append(spec.slot);
        break;
      case StreamSpec::Where::EveryInstance:
        slots.append(reachable);
        break;
      case StreamSpec::Where::InTurn: {
        if (reachable.isEmpty()) break;
        const auto next = std::upper_bound(reachable.begin(), reachable.end(), lastSlot_);
        slots.append(lastSlot_ = next == reachable.end() ? reachable.first() : *next);
      }
    }
  }
  return slots;
}

Failure LiveStreams::open(const StreamSpec& spec) {
  if (!context_.canChange()) return failureOf(Failure::Kind::ReadOnly, QStringLiteral("read_only"));
  const QList<int> slots = targetsOf(spec);
  if (spec.where == StreamSpec::Where::Balancer && context_.balancer() == nullptr) {
    return failureOf(Failure::Kind::NoInstance, QStringLiteral("no_balancer"));
  }
  if (slots.isEmpty() || clientOf(slots.first()) == nullptr) {
    return failureOf(Failure::Kind::NoInstance, QStringLiteral("no_instance"));
  }
  const auto closed = std::count_if(infos_.begin(), infos_.end(),
                                    [](const StreamInfo& info) { return info.state == State::Closed; });
  if (infos_.size() - closed + slots.size() > most) {
    return failureOf(Failure::Kind::BadAnswer, QStringLiteral("too_many_streams"));
  }
  makeRoom(slots.size());
  for (const int slot : slots) begin(slot, spec);
  Q_EMIT listChanged();
  context_.log(Severity::Info, QStringLiteral("streams_opened"),
               {{QStringLiteral("count"), slots.size()},
                {QStringLiteral("instance"), spec.where == StreamSpec::Where::Balancer ? QStringLiteral("balancer")
                                             : slots.size() == 1 ? context_.nameOf(slots.first())
                                                                 : QString()}},
               {});
  issueNext();
  return {};
}

/// The oldest of those that have ended give way.
void LiveStreams::makeRoom(qsizetype wanted) {
  for (qsizetype place = 0; place < infos_.size() && infos_.size() + wanted > most;) {
    if (infos_[place].state != State::Closed) {
      ++place;
      continue;
    }
    infos_.removeAt(place);
    lines_.erase(lines_.begin() + place);
  }
}

void LiveStreams::begin(int slot, const StreamSpec& spec) {
  StreamInfo info;
  info.id = nextId_++;
  info.slot = slot;
  info.instance = context_.nameOf(slot);
  info.singleUse = spec.singleUse;
  info.since = context_.now();
  auto line = std::make_unique<Line>();
  line->lastEventId = headerOf(spec.lastEventId);
  info.position = positionOf(line->lastEventId);
  infos_.append(info);
  lines_.push_back(std::move(line));
  toIssue_.push_back(info.id);
}

Failure LiveStreams::reconnect(quint64 id) {
  const qsizetype place = placeOf(id);
  if (place < 0 || infos_[place].state == State::Issuing) return {};
  Line& line = *lines_[static_cast<std::size_t>(place)];
  if (line.source) {
    line.source->connectNow();
    return {};
  }
  if (!context_.canChange()) return failureOf(Failure::Kind::ReadOnly, QStringLiteral("read_only"));
  if (clientOf(infos_[place].slot) == nullptr) {
    return failureOf(Failure::Kind::NoInstance,
                     infos_[place].slot < 0 ? QStringLiteral("no_balancer") : QStringLiteral("no_instance"));
  }
  infos_[place].reason.clear();
  infos_[place].failure = {};
  setState(infos_[place], State::Issuing);
  toIssue_.push_back(id);
  issueNext();
  return {};
}

void LiveStreams::close(quint64 id) {
  const qsizetype place = placeOf(id);
  if (place >= 0 && infos_[place].state != State::Closed) closeFor(place, QStringLiteral("closed"), {});
}

void LiveStreams::forget(quint64 id) {
  const qsizetype place = placeOf(id);
  if (place < 0) return;
  close(id);
  infos_.removeAt(place);
  lines_.erase(lines_.begin() + place);
  Q_EMIT listChanged();
}

void LiveStreams::clearEvents() {
  events_.clear();
  Q_EMIT eventsCleared();
}

// --- a token for each

void LiveStreams::issueNext() {
  while (issuing_ < jobWidth && !toIssue_.empty()) {
    const qsizetype place = placeOf(toIssue_.front());
    toIssue_.pop_front();
    if (place >= 0 && infos_[place].state == State::Issuing) issue(place);
  }
}

void LiveStreams::issue(qsizetype place) {
  StreamInfo& info = infos_[place];
  InstanceClient* client = clientOf(info.slot);
  if (!context_.canChange()) {
    return closeFor(place, QStringLiteral("read_only"), failureOf(Failure::Kind::ReadOnly, QStringLiteral("read_only")));
  }
  if (client == nullptr) {
    return closeFor(place, QStringLiteral("no_instance"),
                    failureOf(Failure::Kind::NoInstance, QStringLiteral("no_instance")));
  }
  ++issuing_;
  Line& line = *lines_[static_cast<std::size_t>(place)];
  line.network = networks_.take(client->origin());
  line.caller = std::make_unique<HttpCaller>(*line.network, client->origin(), Secret(),
                                             correlationPrefix_ + QString::number(info.id) + u'.');
  line.issuing = client->issue({}, info.singleUse, [this, id = info.id](const Answer<wire::Issued>& answer) {
    --issuing_;
    onIssued(id, answer);
    issueNext();
  });
}

void LiveStreams::onIssued(quint64 id, const Answer<wire::Issued>& answer) {
  const qsizetype place = placeOf(id);
  if (place < 0) return;
  if (answer.has_error()) return closeFor(place, answer.error().code, answer.error());
  StreamInfo& info = infos_[place];
  info.token.bytes = PublicId::of(answer->token.reveal()).bytes;
  info.masked = QString::fromStdString(masked(answer->token.reveal()));
  const auto issuer = std::find_if(context_.instances.begin(), context_.instances.end(), [&](const auto& each) {
    return info.slot < 0 ? each.id == answer->answeredBy : each.slot == info.slot;
  });
  if (issuer != context_.instances.end()) {
    const int ttl = answer->ttlSec.value_or(answer->expiresInSec.value_or(0));
    context_.book.addOwn(issuer->slot, issuer->id, answer->token, ttl * 1000,
                         qint64{answer->expiresInSec.value_or(ttl)} * 1000, context_.wallMs(), info.singleUse);
  }
  connectSource(place, answer->token);
}

}  // namespace vx11::cluster
