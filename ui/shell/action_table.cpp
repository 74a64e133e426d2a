#include "shell/action_table.h"

#include <QCoreApplication>

#include "shell/page_catalog.h"

namespace vx11::ui {
namespace {

QString tr(const char* text) { return QCoreApplication::translate("vx11::ui::Actions", text); }

QKeySequence key(const char* text) { return QKeySequence(QLatin1String(text)); }

QString s(const char* text) { return QString::fromLatin1(text); }

QList<ActionSpec> pageActions() {
  const QString place = tr("Pages");
  QList<ActionSpec> specs;
  int number = 0;
  for (const PageEntry& page : pageCatalog())
    specs.append({s("page.") + page.key,
                  page.title,
                  place,
                  page.works() ? tr("Open the page %1").arg(page.title) : page.reason(),
                  page.icon,
                  {QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_1 + number++))}});
  specs.append(
      {s("page.next"), tr("&Next page"), place, tr("Open the next page of the list"), {}, {key("Ctrl+PgDown")}});
  specs.append({s("page.previous"),
                tr("&Previous page"),
                place,
                tr("Open the previous page of the list"),
                {},
                {key("Ctrl+PgUp")}});
  return specs;
}

QList<ActionSpec> profileActions() {
  const QString place = tr("Profiles");
  return {
      {s("profile.switch"),
       tr("S&witch profile…"),
       place,
       tr("Open another profile in this window"),
       {},
       {key("Ctrl+O")}},
      {s("profile.local"),
       tr("&Local server"),
       place,
       tr("One instance in this program, in memory"),
       {},
       {key("Ctrl+Alt+1")}},
      {s("profile.cluster"),
       tr("Local &cluster"),
       place,
       tr("Instances and a Redis as processes of this console, which end with it"),
       {},
       {key("Ctrl+Alt+2")}},
      {s("profile.new"),
       tr("Co&nnect to a cluster…"),
       place,
       tr("Addresses, principal and Redis of instances that run elsewhere"),
       s("plug"),
       {key("Ctrl+Shift+N")}},
      {s("profile.manage"),
       tr("&Manage profiles…"),
       place,
       tr("Search, edit, clone, export, import and remove the saved clusters"),
       s("layout-three-columns"),
       {key("Ctrl+Shift+O")}},
  };
}

QList<ActionSpec> verbActions() {
  return {
      {s("issue"),
       tr("&Issue"),
       tr("Tokens"),
       tr("Issue with the settings of the Tokens page"),
       s("plus-lg"),
       {key("Ctrl+N")}},
      {s("check"),
       tr("&Check a token…"),
       tr("Tokens"),
       tr("Ask every instance whether a token is valid"),
       s("check-lg"),
       {key("Ctrl+E")}},
      {s("test"),
       tr("&Test across instances"),
       tr("Tests"),
       tr("Issue on each instance, check on each"),
       s("grid-3x3"),
       {key("Ctrl+T")}},
      {s("rollback"),
       tr("&Roll back…"),
       tr("Tests"),
       tr("Roll back to memory, step by step"),
       s("arrow-counterclockwise"),
       {key("Ctrl+B")}},
      {s("pause"),
       tr("&Pause view"),
       tr("View"),
       tr("Hold the view still; data goes on arriving"),
       s("pause-fill"),
       {key("Ctrl+.")},
       true},
      {s("readonly"),
       tr("Can &change"),
       tr("Cluster"),
       tr("Make this profile read-only, or allow changes"),
       s("unlock"),
       {key("Ctrl+Shift+L")},
       true},
      {s("retry"),
       tr("Re&try now"),
       tr("Cluster"),
       tr("Ask every instance at once, without waiting for the next attempt"),
       s("arrow-repeat"),
       {key("Shift+F5")}},
      {s("server"),
       tr("&Stop server…"),
       tr("Cluster"),
       tr("End the local server once it has closed its streams, or start it again"),
       s("stop-circle"),
       {key("Ctrl+Alt+X")}},
      {s("copy.principal"),
       tr("Copy &principal"),
       tr("Cluster"),
       tr("Copy the principal of this run; it leaves the clipboard after 30 s"),
       s("clipboard"),
       {key("Ctrl+Alt+P")}},
      {s("copy.address"),
       tr("Copy &address"),
       tr("Cluster"),
       tr("Copy the address of the local server"),
       s("hdd-network"),
       {key("Ctrl+Alt+A")}},
  };
}

QList<ActionSpec> viewActions() {
  const QString view = tr("View"), page = tr("This page");
  return {
      {s("palette"),
       tr("&Go to or run…"),
       tr("Tools"),
       tr("Find a page or an action by a few of its letters"),
       s("search"),
       {key("Ctrl+K")}},
      {s("filter"), tr("&Find"), page, tr("Filter what this page shows"), s("funnel"), {key("Ctrl+F"), key("/")}},
      {s("run"),
       tr("R&un or refresh"),
       page,
       tr("Run what this page runs, or ask the instances again"),
       s("play-fill"),
       {key("F5")}},
      {s("save"), tr("&Export…"), page, tr("Save or export this page"), s("download"), {key("Ctrl+S")}},
      {s("escape"), tr("Clear filter, close bar"), page, tr("Clear the filter, close what is open"), {}, {key("Esc")}},
      {s("dock.log"), tr("&Log"), view, tr("Show or hide the log"), s("journal-text"), {key("Ctrl+L")}, true},
      {s("dock.alerts"), tr("&Alerts"), view, tr("Show or hide the alerts"), s("bell"), {key("F8")}, true},
      {s("alerts.acknowledge"),
       tr("Acknowl&edge alert"),
       view,
       tr("Say that somebody has seen the chosen alert, or the worst: it keeps its place without its colour"),
       s("check-lg"),
       {key("Shift+F8")}},
      {s("preferences"),
       tr("&Preferences…"),
       tr("Tools"),
       tr("Look, start, issue and alerts: what is chosen once"),
       {},
       {key("Ctrl+,")}},
      {s("view.reset"),
       tr("&Reset layout"),
       view,
       tr("Back to the first size, columns and page"),
       {},
       {key("Ctrl+Alt+R")}},
      {s("shortcuts"),
       tr("&Keyboard shortcuts"),
       tr("Help"),
       tr("Show every key of this window"),
       s("keyboard"),
       {key("F1"), key("Ctrl+?")}},
      {s("about"),
       tr("&About VX11 console"),
       tr("Help"),
       tr("Version and licences"),
       s("info-circle"),
       {key("Shift+F1")}},
      {s("quit"), tr("&Quit"), tr("File"), tr("Close the window and stop the local server"), {}, {key("Ctrl+Q")}},
  };
}

QList<ActionSpec> lookActions() {
  const QString theme = tr("Theme"), rows = tr("Rows of tables");
  return {
      {s("theme.system"),
       tr("As the &system"),
       theme,
       tr("Follow the desktop's light or dark setting"),
       {},
       {key("Ctrl+Alt+S")},
       true},
      {s("theme.light"), tr("&Light theme"), theme, tr("Always light"), {}, {key("Ctrl+Alt+L")}, true},
      {s("theme.dark"), tr("&Dark theme"), theme, tr("Always dark"), {}, {key("Ctrl+Alt+D")}, true},
      {s("density.compact"), tr("&Compact rows"), rows, tr("More lines in every table"), {}, {key("Ctrl+Alt+-")}, true},
      {s("density.normal"), tr("&Normal rows"), rows, tr("Tables as they are at first"), {}, {key("Ctrl+Alt+0")}, true},
      {s("density.relaxed"), tr("&Relaxed rows"), rows, tr("More air in every table"), {}, {key("Ctrl+Alt++")}, true},
  };
}

}  // namespace

QList<ActionSpec> windowActions() {
  return pageActions() + profileActions() + verbActions() + viewActions() + lookActions();
}

}  // namespace vx11::ui
