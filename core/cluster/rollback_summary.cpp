// The sentences that an operation opens with.
#include <QCoreApplication>
#include <algorithm>

#include "cluster/rollback_draft.h"
#include "cluster/words.h"

namespace vx11::cluster::rollback {
namespace {

constexpr int switchSec = 1, reloadSec = 2, restartSec = 15;

struct Summary {
  Q_DECLARE_TR_FUNCTIONS(vx11::cluster::rollback)
};

QString duration(int seconds) {
  if (seconds < 90) return Summary::tr("%1 s").arg(seconds);
  return Summary::tr("%1 min").arg((seconds + 30) / 60);
}

/// "3 instances (a, b and c) are", "a is"
QString are(const QList<InstanceInfo>& instances) {
  const QString names = words::joined(namesOf(instances));
  return instances.size() == 1 ? Summary::tr("%1 is").arg(names)
                               : Summary::tr("%1 instances (%2) are").arg(instances.size()).arg(names);
}

QString what(const Draft& draft) {
  if (draft.restart) return Summary::tr("%1 restarted, one after the other.").arg(are(draft.chosen));
  if (draft.single) {
    const QString keeps = draft.kept ? draft.kept->id : draft.spec.keep;
    const QList<InstanceInfo> others = draft.others();
    return others.isEmpty() ? Summary::tr("%1 is switched to memory mode.").arg(keeps)
                            : Summary::tr("%1 stays alone, in memory mode; %2 drained.").arg(keeps, are(others));
  }
  const QString switched =
      draft.chosen.size() == 1
          ? Summary::tr("%1 switched to %2 mode").arg(are(draft.chosen), draft.mode)
          : Summary::tr("%1 switched to %2 mode, one after the other").arg(are(draft.chosen), draft.mode);
  if (!draft.file) return switched + u'.';
  return draft.up() ? Summary::tr("%1, then sticky routing ends.").arg(switched)
                    : Summary::tr("Routing becomes sticky, then %1.").arg(switched);
}

QString howLong(const Draft& draft) {
  const auto count = static_cast<int>(draft.chosen.size());
  const int routing = draft.file ? reloadSec : 0;
  if (draft.restart) {
    return Summary::tr("It takes about %1.").arg(duration(count * (restartSec + 2 * routing)));
  }
  const int work = count * switchSec + routing, window = draft.windowSec();
  const bool waits = draft.spec.watchSec > 0 || (draft.file && draft.up()) || !draft.others().isEmpty();
  const QString old = window > 0 ? Summary::tr("old tokens run out within %1").arg(duration(window))
                                 : Summary::tr("old tokens run out within their life");
  return waits ? Summary::tr("It takes about %1: %2.").arg(duration(work + window + draft.spec.watchSec), old)
               : Summary::tr("It takes about %1; %2 after it.").arg(duration(work), old);
}

QString whatClientsNotice(const Draft& draft) {
  if (draft.restart) return Summary::tr("Clients notice that their streams reconnect.");
  if (draft.single && !draft.others().isEmpty()) {
    return Summary::tr("Clients notice that streams of the others reconnect.");
  }
  const bool spreads = !draft.up() && !draft.file && draft.chosen.size() > 1;
  return spreads ? Summary::tr("Clients notice nothing as long as each stays on one instance.")
                 : Summary::tr("Clients notice nothing.");
}

}  // namespace

QString summaryOf(const Draft& draft) {
  if (draft.chosen.isEmpty()) return {};
  QStringList sentences{what(draft), howLong(draft), whatClientsNotice(draft)};
  if (draft.redisDead && !needsRedis(draft.mode)) {
    sentences << Summary::tr(
        "What can't be kept with Redis dead: tokens that an instance has never seen can't be told "
        "there.");
  }
  return sentences.join(u' ');
}

}  // namespace vx11::cluster::rollback
