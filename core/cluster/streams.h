// Event streams that this console holds open, each with a token of its own, and what came by them. They behave as a
// browser's EventSource does: a stream that ends comes back by the same URL, and any answer but 200 is final.
#pragma once

#include <QObject>
#include <deque>

#include "cluster/types.h"

namespace vx11::cluster {

struct StreamSpec {
  enum class Where { InTurn, Instance, EveryInstance, Balancer };
  Where where = Where::InTurn;
  int slot = -1;           ///< of Where::Instance
  int count = 1;           ///< of streams; with EveryInstance on each
  bool singleUse = false;  ///< of their tokens
  QString lastEventId;     ///< sent from the first request on; empty: none
};

struct StreamInfo {
  enum class State {
    Issuing,     ///< its token is asked for
    Connecting,
    Open,
    Waiting,     ///< it comes back at `retryAt`
    Closed       ///< for good: refused, revoked or closed by us; `reason` says which
  };
  quint64 id = 0;  ///< never used again
  int slot = -1;   ///< where it goes; -1: the balancer
  QString instance;  ///< who answered last; before that where it goes, and empty for the balancer
  TokenId token;
  QString masked;  ///< of its token; empty: none yet
  bool singleUse = false;
  State state = State::Issuing;
  qint64 since = 0;          ///< console clock (ms) of the last change of `state`
  qint64 retryAt = -1;       ///< console clock (ms) while Waiting
  qint64 events = 0;         ///< heartbeats and snapshots included
  qint64 lastEventAt = -1;   ///< console clock (ms); -1: none yet
  int connections = 0;       ///< how often it was opened
  int resets = 0;            ///< how often events were missed for good
  QString position;          ///< of the last event, fit for StreamSpec::lastEventId; empty: none
  QString reason;            ///< machine word while Waiting or Closed: "stream_ended", "closed", "revoked", "http_403" …
  Failure failure;           ///< while Waiting or Closed; none: it ended without one
};

/// What came by a stream, or happened to it.
struct StreamEvent {
  enum class Kind { Event, Opened, Retry, Closed };
  static constexpr qsizetype longestData = 8 * 1024;  ///< characters of `data` that are kept

  qint64 number = 0;  ///< ascending by one
  quint64 stream = 0;
  Kind kind = Kind::Event;
  qint64 at = 0;      ///< wall time, ms since the epoch
  QString instance;   ///< who sent it
  QString id;         ///< without the credential that resumes the stream; fit for StreamSpec::lastEventId
  QString name;       ///< of an event
  QString data;       ///< of an event
  qint64 dataSize = 0;  ///< bytes, all of them
  QString reason;     ///< of Retry and Closed, as in StreamInfo
  qint64 retryMs = 0;  ///< of Retry
};

/// GUI thread only; nothing blocks. Read-only is enforced here, since each stream begins with a fresh token. What was
/// opened goes on when the permission lapses: coming back by the same URL changes nothing.
class Streams : public QObject {
  Q_OBJECT
 public:
  using QObject::QObject;
  static constexpr int most = 200;        ///< listed at once
  static constexpr int mostEvents = 2000;

  /// In the order of their opening; closed ones stay until they are forgotten.
  [[nodiscard]] virtual const QList<StreamInfo>& streams() const = 0;
  /// The last `mostEvents`, newest last.
  [[nodiscard]] virtual const std::deque<StreamEvent>& events() const = 0;
  [[nodiscard]] virtual qint64 droppedEvents() const = 0;

  /// None: they are listed from now on. Else nothing was done: Kind::ReadOnly, Kind::NoInstance ("no_instance",
  /// "no_balancer"), or the code "too_many_streams".
  virtual Failure open(const StreamSpec& spec) = 0;
  /// At once and with its Last-Event-ID: by the same URL, and a closed one with a fresh token (fails as `open` does).
  virtual Failure reconnect(quint64 id) = 0;
  virtual void close(quint64 id) = 0;
  /// Closes it, and takes it from the list.
  virtual void forget(quint64 id) = 0;
  virtual void clearEvents() = 0;

 Q_SIGNALS:
  void listChanged();  ///< their number or order
  void changed();      ///< any field of any; at most four times a second
  /// With every `changed` that brings some; the oldest may have fallen out of `events()` already.
  void received(const QList<vx11::cluster::StreamEvent>& events);
  void eventsCleared();
};

}  // namespace vx11::cluster

Q_DECLARE_METATYPE(vx11::cluster::StreamEvent)
