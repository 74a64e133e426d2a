#include "shell/page_catalog.h"

#include <QCoreApplication>

namespace vx11::ui {
namespace {

QString tr(const char* text) { return QCoreApplication::translate("vx11::ui::PageCatalog", text); }

}  // namespace

QString groupTitle(PageGroup group) {
  switch (group) {
    case PageGroup::Watch:
      return tr("Watch");
    case PageGroup::Try:
      return tr("Try");
    case PageGroup::Change:
      return tr("Change");
  }
  return {};
}

QList<PageEntry> pageCatalog() {
  return {
      {PageId::Overview, QStringLiteral("overview"), tr("Overview"), QStringLiteral("speedometer2"), PageGroup::Watch, {}},
      {PageId::Tokens, QStringLiteral("tokens"), tr("Tokens"), QStringLiteral("key"), PageGroup::Watch, {}},
      {PageId::Charts, QStringLiteral("charts"), tr("Charts"), QStringLiteral("graph-up"), PageGroup::Watch, {}},
      {PageId::Redis, QStringLiteral("redis"), tr("Redis"), QStringLiteral("database"), PageGroup::Watch,
       tr("Not used. A local server keeps its tokens in memory and they end with it.")},
      {PageId::Matrix, QStringLiteral("matrix"), tr("Cross-instance test"), QStringLiteral("grid-3x3"), PageGroup::Try,
       tr("Needs more than one instance: this profile has one. Here each instance would issue a token and every other "
          "one check it.")},
      {PageId::Streams, QStringLiteral("streams"), tr("Streams"), QStringLiteral("broadcast"), PageGroup::Try,
       tr("This version can't open streams itself. Copy a token as an EventSource snippet or as curl on the Tokens "
          "page; open streams are counted in Charts.")},
      {PageId::Trials, QStringLiteral("trials"), tr("Trials"), QStringLiteral("lightning-charge"), PageGroup::Try,
       tr("This version has no load or chaos trials yet. Chaos will need a local cluster, whose instances it can "
          "stop.")},
      {PageId::Rollback, QStringLiteral("rollback"), tr("Rollback, readiness"),
       QStringLiteral("arrow-counterclockwise"), PageGroup::Change,
       tr("Needs a cluster. This profile has one instance and it is in memory mode: there is nothing to roll back.")},
  };
}

PageEntry pageEntry(PageId id) {
  for (const PageEntry& entry : pageCatalog())
    if (entry.id == id) return entry;
  Q_UNREACHABLE();
}

}  // namespace vx11::ui
