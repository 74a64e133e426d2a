#include "pages/log_text.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMap>
#include <QRegularExpression>
#include <array>

#include "models/log_model.h"
#include "pages/alert_words.h"
#include "models/stream_words.h"
#include "pages/csv_text.h"
#include "pages/log_operation_text.h"
#include "widgets/format.h"

namespace vx11::ui {

using cluster::LogEntry;
using logtext::Fields;
using logtext::sentences;

namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(vx11::ui::LogText)
};

QString issued(const Fields& f) {
  if (f.number("count") == 1 && !f.has("id"))
    return Words::tr("Issued 1 token on %1, TTL %2").arg(f.text("instance"), format::duration(f.number("ttl_sec")));
  if (f.number("count") == 1)
    return Words::tr("Issued token %1 on %2, TTL %3")
        .arg(f.tokenId(), f.text("instance"), format::duration(f.number("ttl_sec")));
  return Words::tr("Issued %1 tokens on %2, TTL %3")
      .arg(f.count("count"), f.text("instance"), format::duration(f.number("ttl_sec")));
}

QString issueFailed(const Fields& f) {
  if (f.text("reason") == QStringLiteral("cancelled"))
    return Words::tr("Issuing cancelled after %1 of %2 tokens").arg(f.count("issued"), f.count("wanted"));
  if (f.number("wanted") == 1) return Words::tr("Issued no token. %1").arg(f.cause());
  return Words::tr("Issuing stopped after %1 of %2 tokens. %3").arg(f.count("issued"), f.count("wanted"), f.cause());
}

QString checked(const Fields& f) {
  const QString verdict = f.text("verdict");
  if (verdict == QStringLiteral("accepted"))
    return Words::tr("%1 accepted token %2 in %3").arg(f.text("instance"), f.tokenId(), f.latency("latency_ms"));
  if (verdict == QStringLiteral("refused"))
    return Words::tr("%1 refused token %2 in %3").arg(f.text("instance"), f.tokenId(), f.latency("latency_ms"));
  if (verdict == QStringLiteral("cant_tell"))
    return Words::tr("%1 can't tell whether token %2 holds").arg(f.text("instance"), f.tokenId());
  return Words::tr("No answer about token %1. %2").arg(f.tokenId(), f.cause());
}

QString revoked(const Fields& f) {
  if (f.flag("all")) return Words::tr("Revoked all tokens: %1").arg(f.count("count"));
  if (f.has("id") && f.number("count") == 1) return Words::tr("Revoked token %1").arg(f.tokenId());
  return f.number("count") == 1 ? Words::tr("Revoked 1 token") : Words::tr("Revoked %1 tokens").arg(f.count("count"));
}

/// "Refusals, fra-1, 12.4/s".
QString alertWords(const Fields& f) {
  const auto kind = cluster::alertKindOf(f.text("alert"));
  if (!kind) return f.text("alert");
  QStringList parts{cluster::alertName(*kind), f.text("instance"), alerts::figure(*kind, f.real("value"))};
  parts.removeAll(QString());
  return parts.join(QStringLiteral(", "));
}

QString revokeFailed(const Fields& f) {
  if (f.text("reason") == QStringLiteral("cancelled"))
    return Words::tr("Revoking cancelled after %1 tokens").arg(f.count("count"));
  return Words::tr("Revoking stopped after %1 tokens. %2").arg(f.count("count"), f.cause());
}

QString connected(const Fields& f) {
  const double afterMs = static_cast<double>(f.number("after_ms"));
  const QString after = afterMs < 1000 ? format::latency(afterMs) : format::duration(f.number("after_ms") / 1000);
  return f.flag("back") ? Words::tr("Answers again after %1").arg(after)
                        : Words::tr("Connected to %1 after %2").arg(f.text("url"), after);
}

QString serverStarted(const Fields& f) {
  return Words::tr("Server started at %1 in %2").arg(f.text("url"), f.latency("startup_ms"));
}

QString serviceLog(const Fields& f) {
  QString said = f.text("message").isEmpty() ? f.text("event") : f.text("message");
  if (!said.isEmpty()) said[0] = said.at(0).toUpper();  // the service begins its messages small
  return said;
}

QString redisUp(const Fields& f) {
  return Words::tr("Redis at %1 answers again after %2")
      .arg(f.text("address"), format::duration(f.number("after_ms") / 1000));
}

QString published(const Fields& f) {
  return Words::tr("Published %1 on %2, event id %3").arg(f.text("name"), f.text("instance"), f.text("id"));
}

QString discovered(const Fields& f) {
  const QString sentence = f.flag("trusted")
                               ? Words::tr("Found in the registry at %1")
                               : Words::tr("Found in the registry at %1: public calls only until it is accepted");
  return sentence.arg(f.text("url"));
}

QString matrixTested(const Fields& f) {
  const QString sums = Words::tr("Cross-instance test: %1 of %2 checks accepted.");
  return sentences(sums.arg(f.count("accepted"), f.count("checks")), f.text("explanation"));
}

struct Event {
  const char* word;
  QString (*sentence)(const Fields&);
};

constexpr std::array<Event, 53> events{{
    {"issued", issued},
    {"issue_failed", issueFailed},
    {"checked", checked},
    {"revoked", revoked},
    {"revoke_failed", revokeFailed},
    {"connected", connected},
    {"lost", [](const Fields& f) { return Words::tr("Does not answer: %1").arg(reasonWords(f.text("reason"))); }},
    {"restarted", [](const Fields&) { return Words::tr("Restarted: its counters begin at zero"); }},
    {"mode_changed",
     [](const Fields& f) { return Words::tr("Mode changed from %1 to %2").arg(f.text("from"), f.text("to")); }},
    {"draining", [](const Fields&) { return Words::tr("Drains: takes no new streams"); }},
    {"watch_opened", [](const Fields&) { return Words::tr("Follows the token list"); }},
    {"watch_cut",
     [](const Fields& f) { return Words::tr("Token list cut off, will be read anew: %1").arg(f.cause()); }},
    {"server_started", serverStarted},
    {"start_failed", [](const Fields& f) { return Words::tr("Server could not start: %1").arg(f.text("text")); }},
    {"server_stopped", [](const Fields&) { return Words::tr("Server stopped"); }},
    {"service_log", serviceLog},
    {"process_started", [](const Fields& f) { return Words::tr("Process %1 started").arg(f.text("pid")); }},
    {"process_resumed", [](const Fields& f) { return Words::tr("Process %1 resumed").arg(f.text("pid")); }},
    {"process_paused", [](const Fields& f) { return Words::tr("Process %1 paused").arg(f.text("pid")); }},
    {"process_stopping", [](const Fields& f) { return Words::tr("Process %1 stops").arg(f.text("pid")); }},
    {"process_stopped", [](const Fields& f) { return sentences(Words::tr("Process stopped."), f.text("reason")); }},
    {"process_failed", [](const Fields& f) { return sentences(Words::tr("Process failed."), f.text("reason")); }},
    {"process_said", serviceLog},
    {"alert_fired", [](const Fields& f) { return Words::tr("Alert: %1.").arg(alertWords(f)); }},
    {"alert_cleared", [](const Fields& f) { return Words::tr("Alert over: %1.").arg(alertWords(f)); }},
    {"redis_down",
     [](const Fields& f) {
       return Words::tr("Redis at %1 does not answer: %2").arg(f.text("address"), f.text("text"));
     }},
    {"redis_up", redisUp},
    {"redis_failover", [](const Fields& f) { return Words::tr("Redis failed over: %1").arg(f.text("text")); }},
    {"redis_url_unusable",
     [](const Fields& f) { return Words::tr("Redis can't be asked directly: %1").arg(f.text("text")); }},
    {"ca_file_unreadable",
     [](const Fields& f) { return Words::tr("The CA file %1 can't be read").arg(f.text("file")); }},
    {"too_many_instances",
     [](const Fields& f) { return Words::tr("More than %1 instances: the others are left out").arg(f.count("most")); }},
    {"same_instance",
     [](const Fields& f) { return Words::tr("%1 is the same instance as %2").arg(f.text("url"), f.text("as")); }},
    {"discovered", discovered},
    {"accepted",
     [](const Fields& f) { return Words::tr("Accepted at %1: it is told the principal").arg(f.text("url")); }},
    {"published", published},
    {"publish_failed",
     [](const Fields& f) { return Words::tr("%1 was not published. %2").arg(f.text("name"), f.cause()); }},
    {"streams_opened",
     [](const Fields& f) {
       const QString where = f.text("instance").isEmpty() ? Words::tr("several instances") : f.text("instance");
       return f.number("count") == 1 ? Words::tr("Opening 1 stream on %1").arg(where)
                                     : Words::tr("Opening %1 streams on %2").arg(f.count("count"), where);
     }},
    {"stream_closed",
     [](const Fields& f) {
       return Words::tr("Stream #%1 ended for good: %2").arg(f.text("stream"), streams::reason(f.text("reason")));
     }},
    {"matrix_tested", matrixTested},
    {"rollback_looked", logtext::dryRunBegun},
    {"rollback_begun", logtext::operationBegun},
    {"rollback_resumed", logtext::operationResumed},
    {"rollback_not_resumed",
     [](const Fields& f) { return Words::tr("The operation can't be resumed: %1").arg(f.text("text")); }},
    {"rollback_not_saved",
     [](const Fields& f) {
       return Words::tr("The operation couldn't be resumed after a crash: %1").arg(f.text("text"));
     }},
    {"rollback_ended", logtext::operationEnded},
    {"rollback_outlasts_permission",
     [](const Fields&) { return Words::tr("Read-only again, but what was begun before goes on to its end"); }},
    {"changes_allowed",
     [](const Fields& f) {
       return f.text("minutes").isEmpty() ? Words::tr("Changes allowed")
                                          : Words::tr("Changes allowed for %1 min").arg(f.text("minutes"));
     }},
    {"made_read_only",
     [](const Fields& f) {
       return f.text("lapsed") == QStringLiteral("true") ? Words::tr("Read-only again: the time allowed is over")
                                                         : Words::tr("Made read-only");
     }},
    {"nginx_copy_kept",
     [](const Fields& f) { return Words::tr("%1 as it was before is in %2").arg(f.text("file"), f.text("copy")); }},
    {"command_run", logtext::commandRun},
    {"command_said", logtext::commandSaid},
    {"command_ended", logtext::commandEnded},
    {"process_lines_dropped",
     [](const Fields& f) { return Words::tr("%1 lines of its log left out").arg(f.count("count")); }},
}};

QString unknownEvent(const LogEntry& entry) {
  QStringList fields;
  for (auto field = entry.fields.begin(); field != entry.fields.end(); ++field)
    fields += field.key() + u'=' + field.value().toString();
  return fields.isEmpty() ? entry.event : entry.event + QStringLiteral(": ") + fields.join(QStringLiteral(", "));
}

/// By contract no entry holds a token; a text from elsewhere (a URL in an error) might.
QString masked(QString text) {
  static const QRegularExpression token(QStringLiteral("(token(?:=|%3d))[^&#\\s\"']+"),
                                        QRegularExpression::CaseInsensitiveOption);
  return text.replace(token, QStringLiteral("\\1***"));
}

QString jsonValue(const QVariant& value) {
  const QByteArray list = QJsonDocument(QJsonArray{QJsonValue::fromVariant(value)}).toJson(QJsonDocument::Compact);
  return masked(QString::fromUtf8(list.mid(1, list.size() - 2)));
}

}  // namespace

QString Fields::cause() const {
  const QString why = reasonWords(text("reason"), static_cast<int>(number("status")));
  return text("instance").isEmpty() ? why : Words::tr("%1: %2", "instance: reason").arg(text("instance"), why);
}

QString logSentence(const LogEntry& entry) {
  for (const Event& event : events) {
    if (entry.event == QLatin1String(event.word)) return masked(event.sentence(Fields(entry)));
  }
  return masked(unknownEvent(entry));
}

QStringList knownLogEvents() {
  QStringList words;
  for (const Event& event : events) words += QLatin1String(event.word);
  return words;
}

QString reasonWords(const QString& reason, int httpStatus) {
  if (reason == QStringLiteral("timed_out")) return Words::tr("no answer in time");
  if (reason == QStringLiteral("bad_answer")) return Words::tr("an answer that is no answer of this service");
  if (reason == QStringLiteral("no_instance")) return Words::tr("no instance is connected");
  if (reason == QStringLiteral("read_only")) return Words::tr("the profile is read-only");
  if (reason == QStringLiteral("refused_principal")) return Words::tr("it refused the principal");
  QString words = reason;
  words.replace(u'_', u' ');
  if (httpStatus == 0) return words;
  return words.isEmpty() ? Words::tr("HTTP status %1").arg(httpStatus)
                         : QStringLiteral("%1 (%2)").arg(words).arg(httpStatus);
}

QString logJson(const LogEntry& entry, bool indented) {
  static constexpr std::array names{"debug", "info", "warning", "error"};
  const QString gap = indented ? QStringLiteral("\n  ") : QString(),
                colon = indented ? QStringLiteral(": ") : QStringLiteral(":");
  QStringList lines;
  const auto add = [&](QStringView name, const QVariant& value) {
    lines += jsonValue(name.toString()) + colon + jsonValue(value);
  };
  add(u"time", entry.time.toUTC().toString(Qt::ISODateWithMs));
  add(u"severity", QString::fromLatin1(names.at(static_cast<std::size_t>(entry.severity))));
  add(u"source", entry.source);
  add(u"event", entry.event);
  if (!entry.correlationId.isEmpty()) add(u"correlation_id", entry.correlationId);
  QStringList fields;
  for (auto field = entry.fields.begin(); field != entry.fields.end(); ++field)
    fields +=
        (indented ? QStringLiteral("    ") : QString()) + jsonValue(field.key()) + colon + jsonValue(field.value());
  if (!fields.isEmpty()) {
    const QString inner = indented ? QStringLiteral(",\n") : QStringLiteral(",");
    lines += jsonValue(QStringLiteral("fields")) + colon + u'{' + (indented ? QStringLiteral("\n") : QString()) +
             fields.join(inner) + gap + u'}';
  }
  return u'{' + gap + lines.join(u',' + gap) + (indented ? QStringLiteral("\n}") : QStringLiteral("}"));
}

QByteArray logJsonLines(const QList<LogEntry>& entries) {
  QByteArray lines;
  for (const LogEntry& entry : entries) lines += logJson(entry, false).toUtf8() + '\n';
  return lines;
}

QByteArray logCsv(const QList<LogEntry>& entries) {
  QString text = QStringLiteral("time,severity,source,event,message,correlation_id\n");
  for (const LogEntry& entry : entries) {
    const QStringList fields{format::iso(entry.time), severityWord(entry.severity), entry.source, entry.event,
                             logSentence(entry), entry.correlationId};
    QStringList safe;
    for (const QString& field : fields) safe << csvField(field);
    text += safe.join(u',') + u'\n';
  }
  return text.toUtf8();
}

QString logPlain(const LogEntry& entry, const QString& message) {
  return QStringList{format::iso(entry.time), severityWord(entry.severity), entry.source, message, entry.correlationId}
      .join(u'\t');
}

}  // namespace vx11::ui
