// How streams and what came by them are written: in the tables, to a screen reader and in the export alike.
#pragma once

#include <QString>

#include "cluster/streams.h"
#include "widgets/state_mark.h"

namespace vx11::ui::streams {

/// "1 stream", "1,200 streams".
[[nodiscard]] QString count(qint64 streams);
/// "#3": what a stream is called beside its events.
[[nodiscard]] QString name(quint64 id);

[[nodiscard]] Mark markOf(const cluster::StreamInfo& info);
/// "Open", "Retry in 9 s", "Revoked", "Closed".
[[nodiscard]] QString state(const cluster::StreamInfo& info, qint64 now);
/// Why it waits or has ended, and what comes next; else since when it is open.
[[nodiscard]] QString details(const cluster::StreamInfo& info, qint64 now);
/// Whose answer comes by it: an instance, or "balancer" before anybody answered.
[[nodiscard]] QString where(const cluster::StreamInfo& info);
/// Since the last event: "3 s", "none".
[[nodiscard]] QString lastEvent(const cluster::StreamInfo& info, qint64 now);
/// A clause without a full stop: "can’t tell", "connection refused".
[[nodiscard]] QString reason(const QString& code);

/// An event's name; of what happened to the stream "opened", "retry", "closed".
[[nodiscard]] QString nameOf(const cluster::StreamEvent& event);
/// An event's data in one line, at most 400 characters; of what happened what is to be told of it: "in 9.8 s, can’t tell".
[[nodiscard]] QString line(const cluster::StreamEvent& event);
/// The data as it came, JSON indented.
[[nodiscard]] QString wholeData(const cluster::StreamEvent& event);
/// A retry, an opening or an end: not an event.
[[nodiscard]] bool isNote(const cluster::StreamEvent& event);
/// Events were missed for good, or the stream was refused.
[[nodiscard]] bool isTrouble(const cluster::StreamEvent& event);

/// Why `open` or `reconnect` did nothing, and the way out; empty where it did.
[[nodiscard]] QString failure(const cluster::Failure& failure);

}  // namespace vx11::ui::streams
