#include "shell/dock.h"

#include <QHBoxLayout>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>
#include <utility>

#include "pages/alerts_view.h"
#include "pages/log_view.h"
#include "platform/icons.h"
#include "shell/edge_line.h"
#include "widgets/empty_state.h"
#include "widgets/icon_button.h"
#include "widgets/metrics.h"

namespace vx11::ui {

Dock::Dock(const Services& services, QWidget* parent)
    : QWidget(parent),
      services_(services),
      stack_(new QStackedWidget),
      logTab_(addTab(tr("Log"), QStringLiteral("journal-text"), Part::Log)),
      alertsTab_(addTab(tr("Alerts"), QStringLiteral("bell"), Part::Alerts)),
      tabs_(new QStackedWidget) {
  setMinimumHeight(140);
  setVisible(false);
  auto* close = new IconButton(QStringLiteral("x"), tr("Close the dock"));
  connect(close, &QAbstractButton::clicked, this, [this] { open(Part::Closed); });

  auto* head = new QHBoxLayout;
  head->setContentsMargins(metrics::space12, metrics::space4, metrics::space8, metrics::space4);
  head->setSpacing(metrics::space4);
  head->addWidget(logTab_);
  head->addWidget(alertsTab_);
  head->addSpacing(metrics::space12);
  tabs_->addWidget(new QWidget);
  tabs_->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
  tabs_->hide();
  head->addWidget(tabs_);
  head->addStretch();
  head->addWidget(close);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(new EdgeLine(Qt::Horizontal));
  column->addLayout(head);
  column->addWidget(stack_, 1);
}

void Dock::open(Part part) {
  if (part_ == part) return;
  part_ = part;
  if (part != Part::Closed) {
    stack_->setCurrentWidget(partWidget(part));
  }
  tabs_->setVisible(part == Part::Alerts && alerts_ != nullptr);
  logTab_->setChecked(part == Part::Log);
  alertsTab_->setChecked(part == Part::Alerts);
  setVisible(part != Part::Closed);
  Q_EMIT partChanged(part);
}

bool Dock::hasFocusWithin() const {
  const QWidget* focus = window()->focusWidget();
  return isVisible() && focus && isAncestorOf(focus);
}

void Dock::focusFilter() {
  if (part_ == Part::Log && log_) log_->focusFilter();
}

void Dock::save() {
  if (part_ == Part::Log && log_) log_->save();
}

QVariantMap Dock::viewState() const { return log_ ? log_->viewState() : logState_; }

void Dock::restoreViewState(const QVariantMap& state) {
  logState_ = state;
  if (log_) log_->restoreViewState(state.isEmpty() ? firstLogState_ : state);
}

void Dock::escape() {
  if (part_ == Part::Log && log_ && log_->escape()) return;
  open(Part::Closed);
}

QToolButton* Dock::addTab(const QString& text, const QString& icon, Part part) {
  auto* tab = new QToolButton;
  tab->setText(text);
  tab->setIcon(themedIcon(icon));
  tab->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  tab->setProperty("bare", true);
  tab->setCheckable(true);
  tab->setAccessibleName(tr("%1 in the dock").arg(text));
  connect(tab, &QToolButton::clicked, this, [this, tab, part] {
    tab->setChecked(true);
    open(part);
  });
  return tab;
}

QWidget* Dock::partWidget(Part part) {
  if (part == Part::Log) {
    if (log_) return log_;
    stack_->addWidget(log_ = new LogView(services_));
    firstLogState_ = log_->viewState();
    log_->restoreViewState(logState_);
    return log_;
  }
  if (alerts()) return alerts_;
  if (!nothingWatched_) {
    nothingWatched_ = new EmptyState(QStringLiteral("bell"), tr("Nothing is watched here."));
    stack_->addWidget(nothingWatched_);
  }
  return nothingWatched_;
}

AlertsView* Dock::alerts() {
  if (!alerts_ && services_.alerts) {
    stack_->addWidget(alerts_ = new AlertsView(services_));
    tabs_->addWidget(alerts_->tabs());
    tabs_->setCurrentWidget(alerts_->tabs());
  }
  return alerts_;
}

}  // namespace vx11::ui
