#include "cluster/local_cluster_log.h"

#include <QRegularExpression>

namespace vx11::cluster::local {

std::optional<RedisLine> parseRedisLine(const QByteArray& line) {
  static const QRegularExpression form(QStringLiteral("^\\d+:[A-Z] \\d+ \\w+ [0-9 :.]+ ([.*#-]) (.*)$"));
  const auto found = form.match(QString::fromUtf8(line));
  if (!found.hasMatch()) return std::nullopt;
  const QString mark = found.captured(1);
  RedisLine parsed{Severity::Debug, found.captured(2)};
  if (mark == QStringLiteral("#")) parsed.severity = Severity::Warning;
  if (mark == QStringLiteral("*")) parsed.severity = Severity::Info;
  return parsed;
}

// In these words since Redis 2; 7.2 puts the kind of connection behind them.
bool saysReady(const QByteArray& line) { return line.contains("Ready to accept connections"); }

}  // namespace vx11::cluster::local
