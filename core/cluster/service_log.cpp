#include "cluster/service_log.h"

#include "cluster/json_fields.h"

namespace vx11::cluster {
namespace {

Severity severityOf(const QString& level) {
  if (level == QStringLiteral("debug")) return Severity::Debug;
  if (level == QStringLiteral("warning")) return Severity::Warning;
  if (level == QStringLiteral("error")) return Severity::Error;
  return Severity::Info;
}

}  // namespace

std::optional<LogEntry> parseServiceLog(const QByteArray& line) {
  const auto root = json::object(line);
  if (!root || !json::text(*root, u"event")) return std::nullopt;
  LogEntry entry;
  entry.event = QStringLiteral("service_log");
  for (auto field = root->begin(); field != root->end(); ++field) {
    const QString name = field.key(), text = field->toString();
    if (name == QStringLiteral("time")) entry.time = QDateTime::fromString(text, Qt::ISODateWithMs);
    else if (name == QStringLiteral("level")) entry.severity = severityOf(text);
    else if (name == QStringLiteral("instance")) entry.source = text;
    else if (name == QStringLiteral("correlation_id")) entry.correlationId = text;
    else entry.fields.insert(name, field->toVariant());
  }
  return entry;
}

}  // namespace vx11::cluster
