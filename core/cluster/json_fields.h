// Typed access to a JSON object's members: the value when it is there and of the right kind, else nothing.
#pragma once

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QJsonValue>
#include <QString>
#include <cmath>
#include <limits>
#include <optional>

namespace vx11::cluster::json {

[[nodiscard]] inline std::optional<QJsonObject> object(const QByteArray& text) {
  const QJsonDocument document = QJsonDocument::fromJson(text);
  return document.isObject() ? std::optional(document.object()) : std::nullopt;
}
[[nodiscard]] inline QJsonObject child(const QJsonObject& object, QStringView name) {
  return object.value(name).toObject();
}
[[nodiscard]] inline std::optional<QString> text(const QJsonObject& object, QStringView name) {
  const QJsonValue value = object.value(name);
  return value.isString() ? std::optional(value.toString()) : std::nullopt;
}
[[nodiscard]] inline std::optional<bool> flag(const QJsonObject& object, QStringView name) {
  const QJsonValue value = object.value(name);
  return value.isBool() ? std::optional(value.toBool()) : std::nullopt;
}
/// Not negative: nothing that an instance counts or measures can be.
[[nodiscard]] inline std::optional<double> number(const QJsonObject& object, QStringView name) {
  const QJsonValue value = object.value(name);
  return value.isDouble() && value.toDouble() >= 0 ? std::optional(value.toDouble()) : std::nullopt;
}
[[nodiscard]] inline std::optional<qint64> count(const QJsonObject& object, QStringView name) {
  const QJsonValue value = object.value(name);
  const qint64 whole = value.toInteger(-1);
  return value.isDouble() && whole >= 0 ? std::optional(whole) : std::nullopt;
}
[[nodiscard]] inline std::optional<int> seconds(const QJsonObject& object, QStringView name) {
  const auto value = count(object, name);
  return value && *value <= 86'400 ? std::optional(static_cast<int>(*value)) : std::nullopt;
}

}  // namespace vx11::cluster::json
