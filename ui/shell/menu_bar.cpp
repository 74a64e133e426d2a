#include "shell/menu_bar.h"

#include <QCoreApplication>
#include <QMenu>
#include <QMenuBar>

#include "shell/action_registry.h"
#include "shell/page_catalog.h"

namespace vx11::ui {
namespace {

QString tr(const char* text) { return QCoreApplication::translate("vx11::ui::MenuBar", text); }

// "-" is a separator.
void addAll(QMenu* menu, const ActionRegistry& actions, const char* ids) {
  for (const QString& id : QString::fromLatin1(ids).split(QLatin1Char(' '))) {
    if (id == QLatin1String("-"))
      menu->addSeparator();
    else
      menu->addAction(actions.get(id));
  }
}

QMenu* addMenu(QMenuBar& bar, const ActionRegistry& actions, const QString& title, const char* ids) {
  QMenu* menu = bar.addMenu(title);
  menu->setToolTipsVisible(true);
  addAll(menu, actions, ids);
  return menu;
}

}  // namespace

void fillMenuBar(QMenuBar& bar, const ActionRegistry& actions) {
  addMenu(bar, actions, tr("&File"),
          "profile.switch profile.local profile.cluster profile.new profile.manage - save - quit");
  addMenu(bar, actions, tr("&Edit"), "filter - copy.principal copy.address");

  QMenu* view = addMenu(bar, actions, tr("&View"), "pause -");
  for (const PageEntry& page : pageCatalog()) view->addAction(actions.get(QStringLiteral("page.") + page.key));
  addAll(view, actions, "page.next page.previous - dock.log dock.alerts alerts.acknowledge -");
  QMenu* theme = view->addMenu(tr("&Theme"));
  addAll(theme, actions, "theme.system theme.light theme.dark");
  QMenu* rows = view->addMenu(tr("&Rows of tables"));
  addAll(rows, actions, "density.compact density.normal density.relaxed");
  addAll(view, actions, "view.reset");

  addMenu(bar, actions, tr("&Cluster"), "retry readonly server - copy.address copy.principal");
  addMenu(bar, actions, tr("&Tokens"), "issue check");
  addMenu(bar, actions, tr("Te&sts"), "test rollback - run");
  addMenu(bar, actions, tr("T&ools"), "palette - preferences");
  addMenu(bar, actions, tr("&Help"), "shortcuts about");
}

}  // namespace vx11::ui
