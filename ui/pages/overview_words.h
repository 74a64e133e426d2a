// What the Overview says about instances, as pure functions of what is known and of the time.
#pragma once

#include <QDateTime>
#include <QString>
#include <QUrl>

#include "cluster/cluster.h"
#include "pages/page.h"
#include "widgets/state_mark.h"

namespace vx11::ui::overview {

/// The moment of one look at the cluster, on both clocks.
struct Look {
  qint64 now = 0;   ///< console clock, ms
  QDateTime wall;
};

/// After this long without an answer a value is stale (three polls and a little).
inline constexpr qint64 staleAfterMs = 5'000;

/// "connection refused" for connection_refused; the sentence's own words for a state's machine word.
[[nodiscard]] QString reasonWords(const QString& reason);
/// How old the values of an instance are ("12 s old"); empty while they are fresh, or were never there.
[[nodiscard]] QString staleAge(const cluster::InstanceInfo& info, const Look& look);
/// Does it answer now, so that its values count in a sum?
[[nodiscard]] bool reports(const cluster::InstanceInfo& info, const Look& look);
/// How old the list of tokens is: while anyone answers silence only means that nothing changed, and this is empty.
[[nodiscard]] QString tokenListAge(cluster::Cluster& cluster, const Look& look);
/// "14:32:24", or with its day when that is another.
[[nodiscard]] QString sinceWords(const cluster::InstanceInfo& info, const Look& look);
/// "attempt 5 in 3 s", counted down.
[[nodiscard]] QString attemptWords(const cluster::InstanceInfo& info, const Look& look);
/// The same as a sentence.
[[nodiscard]] QString attemptSentence(const cluster::InstanceInfo& info, const Look& look);
/// The foot of an instance's card: version and uptime, or what happened last.
[[nodiscard]] QString footWords(const cluster::InstanceInfo& info, const Look& look);

struct Verdict {
  Mark mark = Mark::Unknown;
  QString phrase;
  QString sentence;
};

/// The worst thing first, then the next; of a healthy cluster how it runs. The instances are judged ones.
/// `startFailure`: the system's sentence when the local server could not start; empty otherwise.
[[nodiscard]] Verdict verdictOf(const cluster::Profile& profile, const QList<cluster::InstanceInfo>& instances,
                                const cluster::RedisInfo& redis, const Look& look, bool firstStart,
                                const QString& startFailure);

/// How much is wrong, beside the page's name: instances that are down or degraded, and Redis; `alsoDown` counts more.
[[nodiscard]] Badge badgeOf(const QList<cluster::InstanceInfo>& instances, const cluster::RedisInfo& redis,
                            qsizetype alsoDown = 0);

/// What the bar under the header says of an instance that is unreachable or degraded.
struct Cause {
  QString what, meaning, next;
};
[[nodiscard]] Cause causeOf(const cluster::InstanceInfo& info, const Look& look);
/// The same of a Redis that is down.
[[nodiscard]] Cause redisCause(const cluster::RedisInfo& redis, const QList<cluster::InstanceInfo>& instances,
                               const Look& look);

/// For a POSIX shell; the principal comes from $VX11_OPERATOR_TOKEN and is never in the text.
[[nodiscard]] QString issueCommand(const QUrl& instance);
/// Issues a token and opens a stream with it.
[[nodiscard]] QString streamCommand(const QUrl& instance);

}  // namespace vx11::ui::overview
