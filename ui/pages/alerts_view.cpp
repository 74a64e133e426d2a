#include "pages/alerts_view.h"

#include <QHBoxLayout>
#include <QSplitter>
#include <QStackedWidget>
#include <algorithm>

#include "pages/alert_list.h"
#include "pages/alert_thresholds_view.h"
#include "pages/alert_words.h"
#include "pages/runbook_view.h"
#include "widgets/empty_state.h"
#include "widgets/segmented.h"

namespace vx11::ui {
namespace {

constexpr int runbookWidth = 420;

}  // namespace

AlertsView::AlertsView(const Services& services, QWidget* parent)
    : QWidget(parent),
      services_(services),
      watch_(*services.alerts),
      tabs_(new Segmented(tr("Alerts shown"), {tr("Now"), tr("History"), tr("Thresholds")})),
      now_(new AlertList(AlertRow::Form::Full, tr("Alerts now"))),
      past_(new AlertList(AlertRow::Form::Past, tr("Alerts that cleared"))),
      thresholds_(new AlertThresholdsView),
      nothingNow_(new EmptyState(QStringLiteral("bell"), {})),
      nothingPast_(new EmptyState(QStringLiteral("clock-history"), tr("No alert has cleared since the console started."))),
      stack_(new QStackedWidget),
      runbook_(new RunbookView) {
  setAccessibleName(tr("Alerts"));
  tabs_->setParent(this);  // until its owner places it
  tabs_->hide();
  for (QWidget* part : {static_cast<QWidget*>(now_), static_cast<QWidget*>(past_), static_cast<QWidget*>(thresholds_),
                        static_cast<QWidget*>(nothingNow_), static_cast<QWidget*>(nothingPast_)}) {
    stack_->addWidget(part);
  }
  auto* splitter = new QSplitter;
  splitter->addWidget(stack_);
  splitter->addWidget(runbook_);
  splitter->setChildrenCollapsible(false);
  splitter->setStretchFactor(0, 5);
  splitter->setStretchFactor(1, 3);
  splitter->setSizes({1280 - runbookWidth, runbookWidth});
  runbook_->setMinimumWidth(220);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->addWidget(splitter);

  connect(tabs_, &Segmented::changed, this, &AlertsView::refresh);
  connect(&watch_, &cluster::AlertWatch::changed, this, [this] {
    if (isVisible()) refresh();
  });
  for (AlertList* list : {now_, past_}) {
    connect(list, &AlertList::chosenChanged, this, &AlertsView::showRunbook);
    connect(list, &AlertList::runbookRequested, this, [this] { runbook_->setFocus(Qt::OtherFocusReason); });
  }
  connect(now_, &AlertList::acknowledgeRequested, &watch_, &cluster::AlertWatch::acknowledge);
  connect(now_, &AlertList::silenceRequested, &watch_, &cluster::AlertWatch::silence);
  connect(now_, &AlertList::endSilenceRequested, &watch_, &cluster::AlertWatch::endSilence);
  connect(thresholds_, &AlertThresholdsView::changed, &watch_, &cluster::AlertWatch::setThresholds);
  refresh();
}

QWidget* AlertsView::tabs() const { return tabs_; }

void AlertsView::showTab(Tab tab) { tabs_->setCurrent(static_cast<int>(tab)); }

AlertsView::Tab AlertsView::tab() const { return static_cast<Tab>(tabs_->current()); }

AlertList* AlertsView::shownList() const {
  return tab() == Tab::Now ? now_ : tab() == Tab::Past ? past_ : nullptr;
}

void AlertsView::refresh() {
  const auto& cluster = services_.cluster;
  const auto rules = std::count_if(cluster::alertRules().begin(), cluster::alertRules().end(),
                                   [this](const auto& rule) { return watch_.thresholds().of(rule.kind).on; });
  nothingNow_->setSentence(tr("No alert. %1 rules are watched, once a second.").arg(rules));
  now_->display(watch_.alerts(), cluster, watch_.thresholds());
  past_->display(watch_.history(), cluster, watch_.thresholds());
  thresholds_->display(watch_.thresholds());
  switch (tab()) {
    case Tab::Now: stack_->setCurrentWidget(watch_.alerts().isEmpty() ? static_cast<QWidget*>(nothingNow_) : now_); break;
    case Tab::Past:
      stack_->setCurrentWidget(watch_.history().isEmpty() ? static_cast<QWidget*>(nothingPast_) : past_);
      break;
    case Tab::Thresholds: stack_->setCurrentWidget(thresholds_); break;
  }
  showRunbook();
}

// The thresholds need the whole width.
void AlertsView::showRunbook() {
  const AlertList* list = shownList();
  const auto chosen = list != nullptr ? list->chosen() : std::nullopt;
  runbook_->setVisible(chosen.has_value());
  if (chosen) runbook_->showRunbook(chosen->kind);
}

void AlertsView::choose(const cluster::AlertKey& key) {
  showTab(Tab::Now);
  refresh();
  now_->choose(key);
  runbook_->setFocus(Qt::OtherFocusReason);
}

QString AlertsView::acknowledge() {
  const cluster::Alert* chosen = now_->chosen() ? watch_.find(*now_->chosen()) : nullptr;
  if (chosen == nullptr || !chosen->firing || chosen->acknowledged) {
    const auto& alerts = watch_.alerts();
    const auto first = std::find_if(alerts.begin(), alerts.end(),
                                    [](const auto& alert) { return alert.firing && !alert.acknowledged; });
    chosen = first == alerts.end() ? nullptr : &*first;
  }
  if (chosen == nullptr) return {};
  const QString said = tr("Acknowledged: %1").arg(alerts::title(*chosen, services_.cluster));
  watch_.acknowledge(cluster::AlertKey(chosen->key));
  return said;
}

void AlertsView::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  refresh();
}

}  // namespace vx11::ui
