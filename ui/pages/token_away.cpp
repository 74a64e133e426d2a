#include "pages/token_away.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QVBoxLayout>
#include <algorithm>

#include "pages/cluster_health.h"
#include "pages/token_sentences.h"
#include "widgets/format.h"
#include "widgets/metrics.h"
#include "widgets/text_label.h"

namespace vx11::ui {
namespace {

using cluster::InstanceInfo;

bool anyIn(const QList<InstanceInfo>& instances, const QString& mode) {
  return std::any_of(instances.begin(), instances.end(), [&](const InstanceInfo& info) { return info.mode == mode; });
}

}  // namespace

class TokenAwayCard::Line : public QWidget {
 public:
  explicit Line(QWidget* parent = nullptr) : QWidget(parent), mark_(new MarkLabel), words_(new TextLabel) {
    mark_->setMarkOnly(true);
    words_->setWordWrap(true);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(metrics::space8);
    row->addWidget(mark_, 0, Qt::AlignTop);
    row->addWidget(words_, 1);
  }
  void set(Mark mark, const QString& words) {
    mark_->setMark(mark);
    words_->setText(words);
    setAccessibleName(words);
  }

 private:
  MarkLabel* mark_;
  TextLabel* words_;
};

TokenAwayCard::TokenAwayCard(QWidget* parent)
    : Card(tr("While Redis is away"), parent),
      checkSeen_(new Line),
      checkElse_(new Line),
      issue_(new Line),
      revoke_(new Line) {
  for (Line* line : {checkSeen_, checkElse_, issue_, revoke_}) body()->addWidget(line);
  body()->addStretch(1);
}

void TokenAwayCard::display(const cluster::Cluster& cluster) {
  const bool hybrid = anyIn(cluster.instances(), QStringLiteral("hybrid"));
  const bool redis = anyIn(cluster.instances(), QStringLiteral("redis"));
  checkSeen_->set(Mark::Pass, tr("Check where the token was seen: valid to its end."));
  checkSeen_->setVisible(hybrid);
  checkElse_->set(Mark::CantTell, tr("Check elsewhere: 503 can’t tell, not 403."));
  const auto waiting = health::unwritten(cluster.redis());
  const QString wait =
      waiting == 1 ? tr("1 waits to be written.") : tr("%1 wait to be written.").arg(format::count(waiting));
  issue_->set(Mark::Warning, !hybrid ? tr("Issue: 503 until Redis is back.")
                             : redis ? tr("Issue: works in hybrid mode, 503 in redis mode; %1").arg(wait)
                                     : tr("Issue: works, %1").arg(wait));
  revoke_->set(Mark::Warning, tr("Revoke: here now, the others hear of it when Redis is back."));
}

namespace tokens {

Hint issueHint(const cluster::Cluster& cluster, int slot) {
  QList<InstanceInfo> chosen = health::judged(cluster.instances(), cluster.redis());
  chosen.removeIf([&](const InstanceInfo& info) { return slot >= 0 && info.slot != slot; });
  if (slot >= 0 && chosen.size() == 1) {
    const InstanceInfo& info = chosen.first();
    if (info.state == cluster::InstanceState::Unreachable || info.state == cluster::InstanceState::Stopped)
      return {markOf(info.state), TokenAwayCard::tr("%1 does not answer.").arg(instanceName(cluster, slot))};
    if (info.reason == QStringLiteral("other_mode"))
      return {Mark::Warning,
              TokenAwayCard::tr("Known to %1 alone: it keeps its tokens in memory, the others share Redis.")
                  .arg(instanceName(cluster, slot))};
  }
  if (cluster.redis().configured && cluster.redis().up == false) {
    if (anyIn(chosen, QStringLiteral("hybrid")))
      return {Mark::Warning,
              TokenAwayCard::tr("Issued on the instance only, marked degraded, written to Redis when it is back.")};
    if (anyIn(chosen, QStringLiteral("redis")))
      return {Mark::Warning, TokenAwayCard::tr("In redis mode nothing is issued while Redis is away: it answers 503.")};
  }
  return {};
}

}  // namespace tokens
}  // namespace vx11::ui
