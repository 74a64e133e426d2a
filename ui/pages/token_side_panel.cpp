#include "pages/token_side_panel.h"

#include <QEvent>
#include <QTabBar>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "pages/token_away.h"
#include "pages/token_details.h"
#include "pages/token_issue_form.h"
#include "widgets/metrics.h"

namespace vx11::ui {
namespace {

constexpr int panelWidth = 272, heightBelow = 256, leastBelow = 132;

}  // namespace

TokenSidePanel::TokenSidePanel(TokenIssueForm* issue, TokenDetails* details, TokenAwayCard* away, QWidget* parent)
    : QScrollArea(parent), issue_(issue), details_(details), away_(away), tabs_(new QTabBar) {
  auto* inside = new QWidget;
  column_ = new QVBoxLayout(inside);
  column_->setContentsMargins(0, 0, 0, 0);
  column_->setSpacing(metrics::cardGap);
  tabs_->addTab(tr("Issue"));
  tabs_->addTab(tr("Selected token"));
  tabs_->setDrawBase(false);
  tabs_->setExpanding(false);
  column_->addWidget(tabs_);
  column_->addWidget(issue_);
  column_->addWidget(details_, 1);
  column_->addWidget(away_, 1);
  column_->addStretch();  // a form alone keeps its height
  setWidget(inside);
  setWidgetResizable(true);
  setFrameShape(QFrame::NoFrame);
  setFocusPolicy(Qt::NoFocus);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  connect(tabs_, &QTabBar::currentChanged, this, &TokenSidePanel::showCards);
  setFixedWidth(panelWidth);
  showCards();
}

void TokenSidePanel::setBelow(bool below) {
  if (below == below_) return;
  below_ = below;
  setMinimumWidth(below ? 0 : panelWidth);
  setMaximumWidth(below ? QWIDGETSIZE_MAX : panelWidth);
  showCards();
}

/// Below the table it takes what the form needs and no more, and scrolls where the window is low: rows are what one
/// came for.
void TokenSidePanel::fitHeight() {
  const int height = std::min(widget()->sizeHint().height(), heightBelow);
  setMinimumHeight(below_ ? std::min(height, leastBelow) : 0);
  setMaximumHeight(below_ ? height : QWIDGETSIZE_MAX);
}

bool TokenSidePanel::eventFilter(QObject* watched, QEvent* event) {
  const bool handled = QScrollArea::eventFilter(watched, event);
  if (watched == widget() && event->type() == QEvent::LayoutRequest) fitHeight();
  return handled;
}

void TokenSidePanel::setAway(bool away) {
  if (std::exchange(isAway_, away) == away) return;
  tabs_->setTabText(1, away ? tr("While Redis is away") : tr("Selected token"));
  showCards();
}

void TokenSidePanel::showCards() {
  issue_->setWide(below_);
  details_->setWide(below_);
  tabs_->setVisible(below_);
  issue_->setVisible(!below_ || tabs_->currentIndex() == 0);
  const bool second = !below_ || tabs_->currentIndex() == 1;
  details_->setVisible(second && !isAway_);
  away_->setVisible(second && isAway_);
  fitHeight();
}

}  // namespace vx11::ui
