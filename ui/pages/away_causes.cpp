#include "pages/away_causes.h"

#include <QCoreApplication>

#include "pages/overview_power.h"
#include "pages/overview_words.h"
#include "pages/token_verdict.h"

namespace vx11::ui {
namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(AwayCauses)
};

}  // namespace

void showAway(InlineBar& bar, cluster::Cluster& cluster,
              const std::function<QString(const cluster::InstanceInfo& info)>& meaning, std::function<void()> openLog) {
  const overview::Look look{cluster.now(), QDateTime::currentDateTime()};
  for (const auto& info : cluster.instances()) {
    const QString key = QString::number(info.slot);
    if (info.state != cluster::InstanceState::Unreachable) {
      bar.clearCause(key);
      continue;
    }
    bar.setCause(
        {key, Mark::Unreachable, tokens::absence(info), meaning(info), overview::attemptSentence(info, look),
         cureOf(cluster, info.slot, &bar) +
             QList<BarAction>{
                 {Words::tr("Retry now"), QStringLiteral("arrow-repeat"), [&cluster] { cluster.retryNow(); }, {}},
                 {Words::tr("Open log"), {}, openLog, {}}}});
  }
}

}  // namespace vx11::ui
