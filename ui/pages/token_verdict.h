// How the tokens stand, in one mark, a phrase and a sentence; and what to say where an instance does not answer.
#pragma once

#include <QList>
#include <QString>
#include <optional>

#include "cluster/cluster.h"
#include "widgets/state_mark.h"

namespace vx11::ui::tokens {

struct Look {
  qint64 now = 0;          ///< console clock, ms
  QDateTime wall;
  std::optional<qint64> live = 0;
  int endingSoon = 0;      ///< in the next five seconds
  bool complete = true;
};

struct Verdict {
  Mark mark = Mark::Unknown;
  QString phrase, sentence;
};

[[nodiscard]] Verdict verdictOf(const QList<cluster::InstanceInfo>& instances, const cluster::RedisInfo& redis,
                                const Look& look);
/// How old the whole list is ("12 s old"); empty while any instance answers, or none ever did.
[[nodiscard]] QString listAge(const QList<cluster::InstanceInfo>& instances, qint64 now);
/// The instances share a Redis that does not answer: the list is what they have seen until then.
[[nodiscard]] bool redisAway(const cluster::RedisInfo& redis, const QList<cluster::InstanceInfo>& instances);
/// "fra-1 does not answer (connection refused)."
[[nodiscard]] QString absence(const cluster::InstanceInfo& info);
/// What that means for the list.
[[nodiscard]] QString absenceMeaning(const cluster::InstanceInfo& info, const Look& look);

}  // namespace vx11::ui::tokens
