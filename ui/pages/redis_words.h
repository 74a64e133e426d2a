// What the Redis page says: verdict, warnings, age, and what differs between the instances. Pure functions of what is
// known and of the time.
#pragma once

#include <QDateTime>
#include <QList>
#include <QString>

#include "cluster/cluster.h"
#include "widgets/inline_bar.h"

namespace vx11::ui::redis {

/// The moment of one look, on both clocks.
struct Look {
  qint64 now = 0;  ///< console clock, ms
  QDateTime wall;
};

/// After this long without an answer what is known is old: three polls and a little.
inline constexpr qint64 staleAfterMs = 5'000;
/// Servers and sentinels are looked at more rarely: an instance that nobody asks does so every ten seconds.
inline constexpr qint64 serversStaleAfterMs = 15'000;
/// Of the limit; from here on the memory is a warning.
inline constexpr double memoryMark = 0.8;

[[nodiscard]] bool isStale(const cluster::RedisInfo& info, const Look& look);
/// "as of 14:32:05, 12 s ago"; "no answer yet".
[[nodiscard]] QString ageWords(const cluster::RedisInfo& info, const Look& look);
/// Who told and when: "asked 0.6 s ago", "told by a 0.6 s ago"; of an old one "told by a, as of 14:32:05, 12 s ago".
[[nodiscard]] QString sourceWords(const cluster::RedisInfo& info, const Look& look);
/// "12 s old", for values; empty while they are fresh.
[[nodiscard]] QString staleAge(const cluster::RedisInfo& info, const Look& look);

/// 0 to 1; empty without a limit.
[[nodiscard]] std::optional<double> memoryRatio(const cluster::RedisInfo& info);
/// "fra-1 uses database 1, fra-2 database 0."; empty where all agree.
[[nodiscard]] QString databasesDiffer(const cluster::RedisInfo& info, const QList<cluster::InstanceInfo>& instances);
[[nodiscard]] QString prefixesDiffer(const cluster::RedisInfo& info, const QList<cluster::InstanceInfo>& instances);

/// Worst first; empty when all is well. Each `what` is a whole sentence.
[[nodiscard]] QList<BarCause> causesOf(const cluster::RedisInfo& info, const QList<cluster::InstanceInfo>& instances,
                                       const Look& look);

struct Verdict {
  Mark mark = Mark::Unknown;
  QString phrase, sentence;
};
[[nodiscard]] Verdict verdictOf(const cluster::RedisInfo& info, const QList<BarCause>& causes, const Look& look);

/// "fra-2"; "instance 2" while unknown.
[[nodiscard]] QString nameOf(const QList<cluster::InstanceInfo>& instances, int slot);

}  // namespace vx11::ui::redis
