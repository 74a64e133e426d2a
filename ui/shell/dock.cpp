#include "shell/dock.h"

#include <QHBoxLayout>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>
#include <utility>


#include "platform/icons.h"
#include "shell/edge_line.h"
#include "widgets/empty_state.h"
#include "widgets/icon_button.h"
#include "widgets/metrics.h"

namespace vx11::ui {

Dock::Dock(const Services& services, QWidget* parent)
    : QWidget(parent), services_(services), stack_(new QStackedWidget),
      logTab_(addTab(tr("Log"), QStringLiteral("journal-text"), Part::Log)),
      alertsTab_(addTab(tr("Alerts"), QStringLiteral("bell"), Part::Alerts)) {
  setMinimumHeight(140);
  setVisible(false);
  auto* close = new IconButton(QStringLiteral("x"), tr("Close the dock"));
  connect(close, &QAbstractButton::clicked, this, [this] { open(Part::Closed); });

  auto* head = new QHBoxLayout;
  head->setContentsMargins(metrics::space12, metrics::space4, metrics::space8, metrics::space4);
  head->setSpacing(metrics::space4);
  head->addWidget(logTab_);
  head->addWidget(alertsTab_);
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
    QWidget*& content = part == Part::Log ? log_ : alerts_;
    if (!content) stack_->addWidget(content = makePart(part));
    stack_->setCurrentWidget(content);
  }
  logTab_->setChecked(part == Part::Log);
  alertsTab_->setChecked(part == Part::Alerts);
  setVisible(part != Part::Closed);
  Q_EMIT partChanged(part);
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

QWidget* Dock::makePart(Part part) {
  if (part == Part::Log) return new EmptyState(QStringLiteral("journal-text"), {});
  return new EmptyState(QStringLiteral("bell"), tr("No alert rules are watched for a local server yet."));
}

}  // namespace vx11::ui
