#include "pages/overview_alerts.h"

#include <QVBoxLayout>
#include <algorithm>

#include "pages/alert_row.h"
#include "pages/alert_words.h"
#include "widgets/empty_state.h"
#include "widgets/link_button.h"
#include "widgets/metrics.h"
#include "widgets/text_label.h"

namespace vx11::ui {
namespace {

constexpr int shownAtOnce = 2;

QWidget* nothingWords(const QString& sentence, bool low) {
  if (!low) return new EmptyState(QStringLiteral("bell"), sentence);
  auto* words = new TextLabel(sentence, FontRole::Body, Token::Text2);
  words->setWordWrap(true);
  words->setContentsMargins(metrics::cardPaddingX, metrics::cardPaddingY, metrics::cardPaddingX,
                            metrics::cardPaddingY);
  return words;
}

}  // namespace

AlertsCard::AlertsCard(cluster::AlertWatch* watch, bool low, QWidget* parent)
    : Card(tr("Alerts"), parent),
      watch_(watch),
      nothing_(nothingWords(watch != nullptr ? tr("No alert. The rules are watched once a second.")
                                             : tr("Nothing is watched here."), low)) {
  body()->setContentsMargins(0, 0, 0, 0);
  body()->setSpacing(0);
  for (int i = 0; i < shownAtOnce; ++i) {
    auto* row = new AlertRow(AlertRow::Form::Brief);
    row->hide();
    connect(row, &AlertRow::runbookRequested, this, [this, row] { watch_->ask(row->key()); });
    connect(row, &AlertRow::acknowledgeRequested, this, [this, row] { watch_->acknowledge(row->key()); });
    body()->addWidget(row);
    rows_ << row;
  }
  body()->addWidget(nothing_, 1);
  if (!low) body()->addStretch(0);
  auto* all = setHeaderLink(tr("All"));
  all->setAccessibleName(tr("All alerts"));
  all->hide();
  connect(all, &QAbstractButton::clicked, this, [this] {
    if (!watch_->alerts().isEmpty()) watch_->ask(watch_->alerts().first().key);
  });
}

void AlertsCard::display(const cluster::Cluster& cluster) {
  if (watch_ == nullptr) return;
  const auto& alerts = watch_->alerts();
  for (qsizetype i = 0; i < rows_.size(); ++i) {
    rows_[i]->setVisible(i < alerts.size());
    if (i < alerts.size()) rows_[i]->display(alerts[i], cluster, watch_->thresholds());
  }
  nothing_->setVisible(alerts.isEmpty());
  setHeaderLink(tr("All"))->setVisible(!alerts.isEmpty());
  const int firing = watch_->firingCount(), pending = watch_->pendingCount();
  setNote(firing > 0 ? tr("%1 active").arg(firing) : pending > 0 ? tr("%1 pending").arg(pending) : QString());
}

overview::Verdict overview::withAlerts(Verdict verdict, const cluster::AlertWatch* watch,
                                       const cluster::Cluster& cluster) {
  if (watch == nullptr || verdict.mark != Mark::Live) return verdict;
  QList<cluster::Alert> fresh = watch->alerts();
  fresh.removeIf([](const auto& alert) { return !alert.firing || alert.acknowledged || alert.silenced; });
  if (fresh.isEmpty()) return verdict;
  const QString phrase =
      fresh.size() == 1 ? AlertsCard::tr("1 alert.") : AlertsCard::tr("%1 alerts.").arg(fresh.size());
  return {alerts::mark(fresh.first()), phrase,
          QStringLiteral("%1. %2").arg(alerts::title(fresh.first(), cluster), verdict.sentence)};
}

}  // namespace vx11::ui
