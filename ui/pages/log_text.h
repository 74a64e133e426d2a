// The journal's entries in words and as JSON. Every event that the console writes has its sentence here; one that is
// not known shows its word and its fields, so that nothing is ever hidden.
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

#include "cluster/types.h"

namespace vx11::ui {

/// One line, without its source.
[[nodiscard]] QString logSentence(const cluster::LogEntry& entry);

/// Events that have a sentence of their own.
[[nodiscard]] QStringList knownLogEvents();

/// Why something failed: "connection refused", "principal refused (403)", "no answer in time".
[[nodiscard]] QString reasonWords(const QString& reason, int httpStatus = 0);

/// Time, severity, source, event, correlation id, fields, in this order. `indented` over several lines, else one.
/// What follows `token=` is masked, wherever it stands.
[[nodiscard]] QString logJson(const cluster::LogEntry& entry, bool indented);

/// One JSON object a line, as it is exported. Thread-safe.
[[nodiscard]] QByteArray logJsonLines(const QList<cluster::LogEntry>& entries);

/// The same as a table: time, severity, source, event, message, correlation id. Thread-safe.
[[nodiscard]] QByteArray logCsv(const QList<cluster::LogEntry>& entries);

/// A table line for the clipboard: tabs between time, severity, source, message, correlation id.
[[nodiscard]] QString logPlain(const cluster::LogEntry& entry, const QString& message);

}  // namespace vx11::ui
