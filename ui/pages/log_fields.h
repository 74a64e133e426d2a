// What the sentences of the log are made of: an entry's fields by name.
#pragma once

#include "models/log_model.h"
#include "widgets/format.h"

namespace vx11::ui::logtext {

/// The fields of an entry, by the names that core/cluster gives them.
class Fields {
 public:
  explicit Fields(const cluster::LogEntry& entry) : fields_(entry.fields) {}
  [[nodiscard]] QString text(const char* name) const { return fields_.value(QLatin1String(name)).toString(); }
  [[nodiscard]] qint64 number(const char* name) const { return fields_.value(QLatin1String(name)).toLongLong(); }
  [[nodiscard]] double real(const char* name) const { return fields_.value(QLatin1String(name)).toDouble(); }
  [[nodiscard]] bool flag(const char* name) const { return fields_.value(QLatin1String(name)).toBool(); }
  [[nodiscard]] bool has(const char* name) const { return fields_.contains(QLatin1String(name)); }
  [[nodiscard]] QString count(const char* name) const { return format::count(number(name)); }
  [[nodiscard]] QString latency(const char* name) const {
    return format::latency(fields_.value(QLatin1String(name)).toDouble());
  }
  [[nodiscard]] QString tokenId() const { return format::elideMiddle(text("id"), 9); }
  /// "local: connection refused"
  [[nodiscard]] QString cause() const;

 private:
  const QVariantMap& fields_;
};

[[nodiscard]] inline QString sentences(const QString& first, const QString& second) {
  return second.isEmpty() ? first : first + u' ' + second;
}

}  // namespace vx11::ui::logtext
