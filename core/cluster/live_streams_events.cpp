#include <algorithm>
#include <utility>

#include "cluster/live_stream_line.h"

namespace vx11::cluster {
namespace {

using State = StreamInfo::State;

constexpr qint64 betweenNewsMs = 250;

QByteArray textOf(const TokenText& token) {
  const auto text = token.reveal();
  return {text.data(), static_cast<qsizetype>(text.size())};
}

}  // namespace

// --- the stream itself

void LiveStreams::connectSource(qsizetype place, const TokenText& token) {
  Line& line = *lines_[static_cast<std::size_t>(place)];
  const quint64 id = infos_[place].id;
  HttpRequest request;
  request.path = QByteArrayLiteral("/operator/api/events/stream");
  request.query = "token=" + textOf(token).toPercentEncoding();
  request.withPrincipal = false;  // it would decide in the token's place
  auto open = [caller = line.caller.get(), request](const QByteArray& lastEventId) {
    HttpRequest now = request;
    now.headers = {{QByteArrayLiteral("Accept"), QByteArrayLiteral("text/event-stream")},
                   {QByteArrayLiteral("Cache-Control"), QByteArrayLiteral("no-cache")}};
    if (!lastEventId.isEmpty()) now.headers.append({QByteArrayLiteral("Last-Event-ID"), lastEventId});
    return caller->open(now);
  };
  line.source.reset(new EventSource(std::move(open), line.lastEventId));
  EventSource* source = line.source.get();
  connect(source, &EventSource::connecting, this, [this, id] {
    const qsizetype at = placeOf(id);
    if (at >= 0) setState(infos_[at], State::Connecting);
  });
  connect(source, &EventSource::opened, this, [this, id](const QString& instance) { onOpened(id, instance); });
  connect(source, &EventSource::received, this, [this, id](const SseEvent& event) { onEvent(id, event); });
  connect(source, &EventSource::cut, this,
          [this, id](const Failure& failure, qint64 retryMs) { onCut(id, failure, retryMs); });
  connect(source, &EventSource::refused, this, [this, id](const Failure& failure) { onRefused(id, failure); });
  source->connectNow();
}

void LiveStreams::onOpened(quint64 id, const QString& instance) {
  const qsizetype place = placeOf(id);
  if (place < 0) return;
  StreamInfo& info = infos_[place];
  Line& line = *lines_[static_cast<std::size_t>(place)];
  line.heard = false;
  line.told.clear();
  if (!instance.isEmpty()) info.instance = instance;
  ++info.connections;
  info.reason.clear();
  info.failure = {};
  setState(info, State::Open);
}

void LiveStreams::onEvent(quint64 id, const SseEvent& event) {
  const qsizetype place = placeOf(id);
  if (place < 0) return;
  StreamInfo& info = infos_[place];
  Line& line = *lines_[static_cast<std::size_t>(place)];
  StreamEvent made = eventOf(event);
  line.lastEventId = line.source->lastEventId();
  if (!std::exchange(line.heard, true)) {
    StreamEvent opened;
    opened.kind = StreamEvent::Kind::Opened;
    note(info, std::move(opened));
  }
  if (event.type == "drain" || event.type == "revoked") line.told = made.name;
  if (event.type == "reset") ++info.resets;
  ++info.events;
  info.lastEventAt = context_.now();
  if (!made.id.isEmpty()) info.position = made.id;
  note(info, std::move(made));
}

void LiveStreams::onCut(quint64 id, const Failure& failure, qint64 retryMs) {
  const qsizetype place = placeOf(id);
  if (place < 0) return;
  StreamInfo& info = infos_[place];
  const Line& line = *lines_[static_cast<std::size_t>(place)];
  const bool answered = info.state == State::Open;
  info.failure = failure;
  info.reason = !line.told.isEmpty()    ? line.told
                : failure               ? failure.code
                : answered && !line.heard ? QStringLiteral("not_now")
                                        : QStringLiteral("stream_ended");
  info.retryAt = context_.now() + retryMs;
  setState(info, State::Waiting);
  StreamEvent retry;
  retry.kind = StreamEvent::Kind::Retry;
  retry.reason = info.reason;
  retry.retryMs = retryMs;
  note(info, std::move(retry));
}

void LiveStreams::onRefused(quint64 id, const Failure& failure) {
  const qsizetype place = placeOf(id);
  if (place < 0) return;
  const QString told = lines_[static_cast<std::size_t>(place)]->told;
  const bool revoked = told == QStringLiteral("revoked") && failure.httpStatus == 403;
  closeFor(place, revoked ? told : failure.code, failure);
}

void LiveStreams::closeFor(qsizetype place, const QString& reason, const Failure& failure) {
  StreamInfo& info = infos_[place];
  Line& line = *lines_[static_cast<std::size_t>(place)];
  if (line.issuing.active()) {
    line.issuing.cancel();
    --issuing_;
    QTimer::singleShot(0, this, &LiveStreams::issueNext);  // those that wait for its place
  }
  line.source.reset();
  // A moment later: we may have been called by a request of it.
  QTimer::singleShot(0, this, [network = std::exchange(line.network, nullptr)] {});
  info.reason = reason;
  info.failure = failure;
  setState(info, State::Closed);
  StreamEvent closed;
  closed.kind = StreamEvent::Kind::Closed;
  closed.reason = reason;
  note(info, std::move(closed));
  if (reason == QStringLiteral("closed")) return;
  QVariantMap fields = fieldsOf(failure);
  fields.insert(QStringLiteral("reason"), reason);
  fields.insert(QStringLiteral("instance"), info.instance);
  fields.insert(QStringLiteral("stream"), info.id);
  context_.log(Severity::Warning, QStringLiteral("stream_closed"), fields, failure.correlationId);
}

// --- telling

void LiveStreams::setState(StreamInfo& info, State state) {
  info.state = state;
  info.since = context_.now();
  if (state != State::Waiting) info.retryAt = -1;
  touch();
}

void LiveStreams::note(const StreamInfo& info, StreamEvent event) {
  event.stream = info.id;
  event.instance = info.instance;
  event.at = context_.wallMs();
  events_.add(std::move(event));
  touch();
}

void LiveStreams::touch() {
  if (flush_.isActive()) return;
  flush_.start(static_cast<int>(std::clamp<qint64>(flushedAt_ + betweenNewsMs - context_.now(), 0, betweenNewsMs)));
}

void LiveStreams::flush() {
  flushedAt_ = context_.now();
  Q_EMIT changed();
  if (const QList<StreamEvent> fresh = events_.takeNew(); !fresh.isEmpty()) Q_EMIT received(fresh);
}

}  // namespace vx11::cluster
