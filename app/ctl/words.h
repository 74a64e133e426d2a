// What the program says of states and failures, to people and in JSON. Pure functions.
#pragma once

#include <QJsonObject>
#include <QString>

#include "cluster/cluster.h"
#include "ctl/table.h"

namespace vx11::ctl {

[[nodiscard]] QString tr(const char* text);

/// "live", "degraded", … as in JSON.
[[nodiscard]] QString stateWord(cluster::InstanceState state);
[[nodiscard]] Tone toneOf(cluster::InstanceState state);
/// Whether it answered anything lately.
[[nodiscard]] bool answers(const cluster::InstanceInfo& instance);
/// Why it doesn't: "http://127.0.0.1:9 can't be reached: connection refused".
[[nodiscard]] QString whySilent(const cluster::InstanceInfo& instance);

[[nodiscard]] QString sentence(const cluster::Failure& failure);
/// 3 where something couldn't be reached, else 1.
[[nodiscard]] int exitCodeOf(const cluster::Failure& failure);

[[nodiscard]] QJsonObject toJson(const cluster::InstanceInfo& instance);
[[nodiscard]] QJsonObject toJson(const cluster::Failure& failure);

/// A value, or null.
template <typename T>
[[nodiscard]] QJsonValue orNull(const std::optional<T>& value) {
  return value ? QJsonValue(*value) : QJsonValue(QJsonValue::Null);
}
/// A text, or null for an empty one.
[[nodiscard]] QJsonValue orNull(const QString& text);
/// A number for a cell, or "–".
[[nodiscard]] QString counted(const std::optional<qint64>& value);
/// "1.2 ms" from 1.2; "–" without a value.
[[nodiscard]] QString inMs(const std::optional<double>& value);
/// "42 s", "3 min", "5 h", "2 d".
[[nodiscard]] QString lasting(double seconds);

}  // namespace vx11::ctl
