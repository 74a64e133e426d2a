#include "pages/overview_first.h"

#include <QGridLayout>
#include <QVBoxLayout>

#include "pages/overview_alerts.h"
#include "pages/overview_steps.h"
#include "widgets/empty_state.h"
#include "widgets/metrics.h"

namespace vx11::ui {

Card* quietCard(const QString& title, const QString& icon, const QString& sentence) {
  auto* card = new Card(title);
  card->body()->addWidget(new EmptyState(icon, sentence), 1);
  return card;
}

Card* redisNotUsedCard() {
  return quietCard(FirstStartView::tr("Redis"), QStringLiteral("database"),
                   FirstStartView::tr("Not used. A local server keeps its tokens in memory and they end with it."));
}

FirstStartView::FirstStartView(const Services& services, int revealMs, QWidget* parent)
    : QWidget(parent),
      server_(new LocalServerCard(services, revealMs)),
      shell_(new ShellCard),
      steps_(new FirstSteps),
      alerts_(new AlertsCard(services.alerts, false)),
      cluster_(services.cluster) {
  auto* left = new QVBoxLayout;
  left->setSpacing(metrics::cardGap);
  left->addWidget(server_);
  left->addWidget(shell_, 1);
  auto* grid = new QGridLayout(this);
  grid->setContentsMargins(0, 0, 0, 0);
  grid->setSpacing(metrics::cardGap);
  grid->addLayout(left, 0, 0);
  grid->addWidget(steps_, 0, 1, 1, 2);
  grid->addWidget(quietCard(tr("Activity"), QStringLiteral("activity"),
                            tr("Rates and latencies appear with the first token.")), 1, 0);
  grid->addWidget(redisNotUsedCard(), 1, 1);
  grid->addWidget(alerts_, 1, 2);
  for (int column = 0; column < 3; ++column) grid->setColumnStretch(column, 1);
  grid->setRowStretch(1, 1);
}

void FirstStartView::display(const cluster::InstanceInfo& info, const overview::Look& look) {
  server_->display(info, look);
  shell_->display(info.url);
  alerts_->display(cluster_);
}

void FirstStartView::hidePrincipal() { server_->hidePrincipal(); }

}  // namespace vx11::ui
