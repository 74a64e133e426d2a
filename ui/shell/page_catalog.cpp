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
  using Group = PageGroup;
  const auto s = [](const char* text) { return QString::fromLatin1(text); };
  return {
      {PageId::Overview, s("overview"), tr("Overview"), s("speedometer2"), Group::Watch, {}, {}, {}},
      {PageId::Tokens, s("tokens"), tr("Tokens"), s("key"), Group::Watch, {}, {}, {}},
      {PageId::Charts, s("charts"), tr("Charts"), s("graph-up"), Group::Watch, {}, {}, {}},
      {PageId::Redis, s("redis"), tr("Redis"), s("database"), Group::Watch, {}, {}, {}},
      {PageId::Matrix, s("matrix"), tr("Cross-instance test"), s("grid-3x3"), Group::Try, {}, {}, {}},
      {PageId::Streams, s("streams"), tr("Streams"), s("broadcast"), Group::Try, {}, {}, {}},
      {PageId::Trials, s("trials"), tr("Trials"), s("lightning-charge"), Group::Try, tr("Not in this version."),
       tr("Chaos will also need a local cluster, whose instances it can stop."),
       tr("Load runs judged by the objectives, and faults with the promises they held or broke.")},
      {PageId::Rollback, s("rollback"), tr("Rollback"), s("arrow-counterclockwise"), Group::Change, {}, {}, {}},
  };
}

PageEntry pageEntry(PageId id) {
  for (const PageEntry& entry : pageCatalog())
    if (entry.id == id) return entry;
  Q_UNREACHABLE();
}

}  // namespace vx11::ui
