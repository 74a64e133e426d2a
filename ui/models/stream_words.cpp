#include "models/stream_words.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QLocale>
#include <QMap>

#include "widgets/format.h"

namespace vx11::ui::streams {
namespace {

using cluster::StreamEvent;
using cluster::StreamInfo;
using State = StreamInfo::State;

struct Words {
  Q_DECLARE_TR_FUNCTIONS(vx11::ui::streams)
};

const auto revokedWord = QStringLiteral("revoked");
constexpr qsizetype longestLine = 400;  // measuring what no window is wide enough for would take its time
const auto closedWord = QStringLiteral("closed");

/// "9.8 s": a retry is jittered, so its tenths tell something.
QString shortSpan(qint64 ms) {
  return ms < 10'000 ? Words::tr("%1 s").arg(QLocale().toString(static_cast<double>(ms) / 1000, 'f', 1))
                     : format::duration(ms / 1000);
}

}  // namespace

QString count(qint64 streams) {
  return streams == 1 ? Words::tr("1 stream") : Words::tr("%1 streams").arg(format::count(streams));
}

QString name(quint64 id) { return QStringLiteral("#%1").arg(id); }

Mark markOf(const StreamInfo& info) {
  switch (info.state) {
    case State::Issuing:
    case State::Connecting:
      return Mark::Starting;
    case State::Open:
      return Mark::Live;
    case State::Waiting:
      if (info.reason == QStringLiteral("drain")) return Mark::Draining;
      if (info.reason == QStringLiteral("not_now")) return Mark::CantTell;
      if (info.reason == revokedWord) return Mark::Revoked;
      return info.failure ? Mark::Unreachable : Mark::Waiting;
    case State::Closed:
      break;
  }
  return info.reason == closedWord ? Mark::Stopped : info.reason == revokedWord ? Mark::Revoked : Mark::Fail;
}

QString state(const StreamInfo& info, qint64 now) {
  switch (info.state) {
    case State::Issuing:
      return Words::tr("Issuing");
    case State::Connecting:
      return Words::tr("Connecting");
    case State::Open:
      return Words::tr("Open");
    case State::Waiting:
      return Words::tr("Retry in %1").arg(format::duration(format::secondsLeft(info.retryAt - now)));
    case State::Closed:
      break;
  }
  return info.reason == closedWord ? Words::tr("Closed") : info.reason == revokedWord ? Words::tr("Revoked")
                                                                                      : Words::tr("Refused");
}

QString details(const StreamInfo& info, qint64 now) {
  const QString since = format::duration((now - info.since) / 1000);
  switch (info.state) {
    case State::Issuing:
      return Words::tr("Its token is asked for, since %1.").arg(since);
    case State::Connecting:
      return Words::tr("No answer yet, since %1.").arg(since);
    case State::Open:
      return info.connections > 1 ? Words::tr("Open for %1, opened %2 times.").arg(since, format::count(info.connections))
                                  : Words::tr("Open for %1.").arg(since);
    case State::Waiting:
      return Words::tr("It comes back by itself: %1.").arg(reason(info.reason));
    case State::Closed:
      break;
  }
  return info.reason == closedWord ? Words::tr("Closed from here %1 ago.").arg(since)
                                   : Words::tr("It won’t come back by itself: %1.").arg(reason(info.reason));
}

QString where(const StreamInfo& info) { return info.instance.isEmpty() ? Words::tr("balancer") : info.instance; }

QString lastEvent(const StreamInfo& info, qint64 now) {
  return info.lastEventAt < 0 ? Words::tr("none") : format::duration((now - info.lastEventAt) / 1000);
}

QString reason(const QString& code) {
  const QMap<QString, QString> known{
      {closedWord, Words::tr("closed from here")},
      {revokedWord, Words::tr("its token was revoked")},
      {QStringLiteral("drain"), Words::tr("the instance drains")},
      {QStringLiteral("not_now"), Words::tr("can’t tell")},
      {QStringLiteral("stream_ended"), Words::tr("ended by the server")},
      {QStringLiteral("invalid_token"), Words::tr("its token is not accepted")},
      {QStringLiteral("not_a_stream"), Words::tr("the answer was no event stream")},
      {QStringLiteral("too_large"), Words::tr("an event was too large")},
      {QStringLiteral("read_only"), Words::tr("this profile is read-only")},
      {QStringLiteral("no_instance"), Words::tr("the instance does not answer")},
  };
  if (const auto found = known.find(code); found != known.end()) return *found;
  if (code.startsWith(QStringLiteral("http_"))) return Words::tr("answered %1").arg(code.mid(5));
  return QString(code).replace(u'_', u' ');
}

QString nameOf(const StreamEvent& event) {
  switch (event.kind) {
    case StreamEvent::Kind::Opened:
      return Words::tr("opened");
    case StreamEvent::Kind::Retry:
      return Words::tr("retry");
    case StreamEvent::Kind::Closed:
      return Words::tr("closed");
    case StreamEvent::Kind::Event:
      break;
  }
  return event.name;
}

QString line(const StreamEvent& event) {
  switch (event.kind) {
    case StreamEvent::Kind::Opened:
      return Words::tr("on %1").arg(event.instance.isEmpty() ? Words::tr("an instance that doesn’t name itself")
                                                             : event.instance);
    case StreamEvent::Kind::Retry:
      return Words::tr("in %1, %2").arg(shortSpan(event.retryMs), reason(event.reason));
    case StreamEvent::Kind::Closed:
      return event.reason == closedWord ? Words::tr("from here") : Words::tr("for good: %1").arg(reason(event.reason));
    case StreamEvent::Kind::Event:
      break;
  }
  return event.data.left(2 * longestLine).simplified().left(longestLine);
}

QString wholeData(const StreamEvent& event) {
  if (isNote(event)) return nameOf(event) + u' ' + line(event);
  const bool whole = event.dataSize <= StreamEvent::longestData;
  const auto json = whole ? QJsonDocument::fromJson(event.data.toUtf8()) : QJsonDocument();
  if (!json.isNull()) return QString::fromUtf8(json.toJson(QJsonDocument::Indented)).trimmed();
  return whole ? event.data
               : event.data + u'\n' +
                     Words::tr("… the first %1 of %2").arg(format::bytes(StreamEvent::longestData),
                                                           format::bytes(event.dataSize));
}

bool isNote(const StreamEvent& event) { return event.kind != StreamEvent::Kind::Event; }

bool isTrouble(const StreamEvent& event) {
  if (event.kind == StreamEvent::Kind::Closed) return event.reason != closedWord;
  return event.kind == StreamEvent::Kind::Event && event.name == QStringLiteral("reset");
}

QString failure(const cluster::Failure& failure) {
  if (!failure) return {};
  if (failure.code == QStringLiteral("too_many_streams"))
    return Words::tr("More than %1 would be open. Close some, or open fewer.")
        .arg(count(cluster::Streams::most));
  if (failure.code == QStringLiteral("no_balancer")) return Words::tr("This profile names no balancer.");
  if (failure.kind == cluster::Failure::Kind::ReadOnly)
    return Words::tr("This profile is read-only, and a stream needs a fresh token. Allow changes first.");
  return Words::tr("No instance answers. A stream is opened once one does.");
}

}  // namespace vx11::ui::streams
