#include "shell/tool_bar.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QToolButton>

#include "pages/cluster_health.h"
#include "shell/action_registry.h"
#include "shell/cluster_words.h"
#include "shell/edge_line.h"
#include "shell/palette_field.h"
#include "shell/profile_box.h"
#include "shell/profile_commands.h"
#include "widgets/metrics.h"

namespace vx11::ui {
namespace {

constexpr int barHeight = 43;  // and the line below it

QWidget* separator() {
  auto* line = new EdgeLine(Qt::Vertical);
  line->setFixedHeight(20);
  return line;
}

}  // namespace

ToolBar::ToolBar(cluster::Cluster& cluster, ActionRegistry& actions, ProfileCommands& profiles, QWidget* parent)
    : QWidget(parent),
      cluster_(cluster),
      actions_(actions),
      profiles_(profiles),
      connection_(new MarkLabel),
      redis_(new MarkLabel),
      clear_(new MarkLabel),
      field_(new PaletteField),
      profile_(new ProfileBox(cluster.profile())),
      menu_(new QMenu(this)) {
  setFixedHeight(barHeight);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(metrics::space12, 0, metrics::space12, 0);
  row->setSpacing(metrics::space4);

  connect(menu_, &QMenu::aboutToShow, &profiles, [this, &profiles] { profiles.fill(*menu_); });
  connect(profile_, &QAbstractButton::clicked, this, &ToolBar::openProfileMenu);
  row->addWidget(profile_);
  addGap(row);
  row->addWidget(connection_);
  row->addSpacing(metrics::space4);
  row->addWidget(redis_);
  row->addWidget(clear_);
  addGap(row);
  row->addWidget(separator());
  addGap(row);
  addVerb(row, QStringLiteral("issue"));
  addVerb(row, QStringLiteral("test"));
  addVerb(row, QStringLiteral("rollback"));
  addGap(row);
  row->addWidget(separator());
  addGap(row);
  addVerb(row, QStringLiteral("pause"));
  addVerb(row, QStringLiteral("readonly"));
  row->addStretch();
  connect(field_, &QAbstractButton::clicked, actions.get(QStringLiteral("palette")), &QAction::trigger);
  row->addWidget(field_);

  connect(&cluster, &cluster::Cluster::instanceChanged, this, &ToolBar::refresh);
  connect(&cluster, &cluster::Cluster::instancesChanged, this, &ToolBar::refresh);
  connect(&cluster, &cluster::Cluster::redisChanged, this, &ToolBar::refresh);
  connect(&cluster, &cluster::Cluster::pendingAcceptanceChanged, this, &ToolBar::refresh);
  refresh();
}

void ToolBar::openProfileMenu() { menu_->popup(profile_->mapToGlobal(QPoint(0, profile_->height() + 2))); }

void ToolBar::setNarrow(bool narrow) {
  field_->setNarrow(narrow);
  clear_->setMarkOnly(narrow);
  // The profile's name is worth more than air.
  for (QSpacerItem* gap : gaps_) gap->changeSize(narrow ? metrics::space4 : metrics::space8, 0, QSizePolicy::Fixed);
  layout()->invalidate();
  refresh();  // its tool tip is more than its word
}

void ToolBar::addGap(QHBoxLayout* row) {
  gaps_ << new QSpacerItem(metrics::space8, 0, QSizePolicy::Fixed);
  row->addSpacerItem(gaps_.last());
}

void ToolBar::addVerb(QHBoxLayout* row, const QString& id) {
  auto* button = new QToolButton;
  QAction* action = actions_.get(id);
  button->setDefaultAction(action);
  button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  button->setFocusPolicy(Qt::TabFocus);
  button->setFixedHeight(metrics::control);
  button->setAccessibleName(ActionRegistry::plainText(action));
  connect(action, &QAction::changed, button,
          [button, action] { button->setAccessibleName(ActionRegistry::plainText(action)); });
  row->addWidget(button);
}

void ToolBar::refresh() {
  const auto redis = words::redis(cluster_);
  const bool down = redis && redis->mark == Mark::Unreachable;
  const auto& instances = cluster_.instances();
  const auto condition = words::connection(down ? health::judged(instances, cluster_.redis()) : instances);
  connection_->setMark(condition.mark, condition.text);
  redis_->setVisible(down);  // for how long says the status bar
  redis_->setMark(Mark::Unreachable, tr("Redis down"));
  const QString hosts = profiles_.sentInClear();
  clear_->setVisible(!hosts.isEmpty());
  clear_->setMark(Mark::Warning, tr("sent in clear"));
  clear_->setToolTip(tr("The principal goes unencrypted to %1: http:// beyond this machine").arg(hosts));
}

}  // namespace vx11::ui
