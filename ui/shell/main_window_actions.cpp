// What the window's actions do, and when they can't.
#include <utility>

#include "dialogs/about_dialog.h"
#include "dialogs/dangerous.h"
#include "dialogs/preferences_dialog.h"
#include "dialogs/shortcuts_dialog.h"
#include "pages/alerts_view.h"
#include "pages/cluster_abilities.h"
#include "pages/overview_page.h"
#include "pages/tokens_page.h"
#include "platform/settings_store.h"
#include "shell/cluster_words.h"
#include "shell/command_palette.h"
#include "shell/main_window.h"
#include "shell/page_catalog.h"
#include "shell/page_list.h"
#include "shell/page_stack.h"
#include "shell/palette_sources.h"
#include "shell/profile_commands.h"
#include "shell/profiles.h"
#include "shell/status_bar.h"
#include "shell/tool_bar.h"

namespace vx11::ui {
namespace {

constexpr std::pair<const char*, ThemeChoice> themeActions[] = {
    {"theme.system", ThemeChoice::System}, {"theme.light", ThemeChoice::Light}, {"theme.dark", ThemeChoice::Dark}};
constexpr std::pair<const char*, Density> densityActions[] = {
    {"density.compact", Density::Compact}, {"density.normal", Density::Normal}, {"density.relaxed", Density::Relaxed}};

}  // namespace

void MainWindow::on(const QString& id, std::function<void()> run) {
  connect(actions_.get(id), &QAction::triggered, this, std::move(run));
}

void MainWindow::connectActions() {
  for (const PageEntry& page : pageCatalog())
    on(QStringLiteral("page.") + page.key, [this, id = page.id] { showPage(id); });
  on(QStringLiteral("page.next"), [this] { stepPage(1); });
  on(QStringLiteral("page.previous"), [this] { stepPage(-1); });
  on(QStringLiteral("issue"), [this] { issueOne(); });
  on(QStringLiteral("check"), [this] {
    showPage(PageId::Tokens);
    stack_->tokensPage().checkToken();
  });
  on(QStringLiteral("test"), [this] {
    showPage(PageId::Matrix);
    stack_->current()->run();
  });
  on(QStringLiteral("rollback"), [this] { showPage(PageId::Rollback); });
  on(QStringLiteral("retry"), [this] { cluster_.retryNow(); });
  on(QStringLiteral("server"), [this] { stopOrStartServer(); });
  on(QStringLiteral("copy.principal"), [this] { verbs_.copyPrincipal(); });
  on(QStringLiteral("copy.address"), [this] { verbs_.copyAddress(); });
  on(QStringLiteral("readonly"), [this] { askReadOnly(cluster_.canChange()); });
  on(QStringLiteral("shortcuts"), [this] { showShortcuts(); });
  on(QStringLiteral("profile.switch"), [this] { toolBar_->openProfileMenu(); });
  on(QStringLiteral("quit"), [this] { close(); });
  on(QStringLiteral("about"), [this] {
    auto* dialog = new AboutDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
  });
}

void MainWindow::connectViewActions() {
  on(QStringLiteral("pause"), [this] {
    const bool paused = actions_.get(QStringLiteral("pause"))->isChecked();
    stack_->setPaused(paused);
    actions_.setFace(QStringLiteral("pause"), paused ? tr("&Resume view") : tr("&Pause view"),
                     paused ? QStringLiteral("play-fill") : QStringLiteral("pause-fill"));
  });
  on(QStringLiteral("palette"),
     [this] { palette_->popUp(toolBar_->mapTo(this, QPoint(0, toolBar_->height() + 5)).y()); });
  on(QStringLiteral("filter"),
     [this] { dock_->hasFocusWithin() ? dock_->focusFilter() : stack_->current()->focusFilter(); });
  on(QStringLiteral("run"), [this] {
    cluster_.retryNow();
    stack_->current()->run();
  });
  on(QStringLiteral("save"), [this] {
    const bool ofDock = dock_->canSave() && (dock_->hasFocusWithin() || !stack_->current()->canSave());
    ofDock ? dock_->save() : stack_->current()->save();
  });
  on(QStringLiteral("escape"), [this] { dock_->hasFocusWithin() ? dock_->escape() : stack_->current()->escape(); });
  on(QStringLiteral("dock.log"), [this] { toggleDock(Dock::Part::Log); });
  on(QStringLiteral("dock.alerts"), [this] { toggleDock(Dock::Part::Alerts); });
  on(QStringLiteral("view.reset"), [this] { resetLayout(); });
  on(QStringLiteral("preferences"), [this] { showPreferences(); });
  for (const auto& [id, choice] : themeActions) {
    on(QLatin1String(id), [this, choice = choice] {
      Preferences preferences = settings_.preferences();
      preferences.theme = choice;
      themes_.choose(choice);
      applyPreferences(preferences);
    });
  }
  for (const auto& [id, density] : densityActions) {
    on(QLatin1String(id), [this, density = density] {
      Preferences preferences = settings_.preferences();
      preferences.density = density;
      applyPreferences(preferences);
    });
  }
}

void MainWindow::issueOne() { stack_->tokensPage().issueWithForm(); }

void MainWindow::stepPage(int step) {
  const auto pages = pageCatalog();
  const auto count = static_cast<int>(pages.size());
  showPage(pages[(static_cast<int>(stack_->currentId()) + step + count) % count].id);
}

void MainWindow::toggleDock(Dock::Part part) {
  dock_->open(dock_->part() == part ? Dock::Part::Closed : part);
  // A checkable action has flipped itself already; the dock knows better.
  actions_.get(QStringLiteral("dock.log"))->setChecked(dock_->part() == Dock::Part::Log);
  actions_.get(QStringLiteral("dock.alerts"))->setChecked(dock_->part() == Dock::Part::Alerts);
}

void MainWindow::refreshActions() {
  const bool canChange = cluster_.canChange();
  actions_.setFace(QStringLiteral("readonly"), canChange ? tr("Can &change") : tr("&Read-only"),
                   canChange ? QStringLiteral("unlock") : QStringLiteral("lock-fill"));
  actions_.get(QStringLiteral("readonly"))->setChecked(!canChange);
  actions_.setReason(QStringLiteral("issue"), dangerous::whyNot(cluster_));
  const bool local = !cluster_.localPrincipal().empty();
  actions_.setReason(QStringLiteral("copy.principal"),
                     local ? QString() : tr("Only the principal of a local server can be copied"));
  const Page* page = stack_->current();
  actions_.setReason(QStringLiteral("filter"), page && page->hasFilter() ? QString() : tr("This page has no filter"));
  actions_.setReason(QStringLiteral("save"),
                     (page && page->canSave()) || dock_->canSave() ? QString() : tr("This page has nothing to export"));
  refreshAbilities();
}

/// What the cluster as it is now can be asked for.
void MainWindow::refreshAbilities() {
  const QString noRollback = abilities::lacksForRollback(cluster_);
  actions_.setReason(QStringLiteral("test"), abilities::whyNoMatrix(cluster_));
  actions_.setReason(QStringLiteral("rollback"), noRollback);  // its page is for looking too
  list_->pages().setReason(PageId::Matrix, abilities::lacksForMatrix(cluster_));
  list_->pages().setReason(PageId::Rollback, noRollback);
  list_->pages().setReason(PageId::Redis, abilities::whyNoRedis(cluster_));
  refreshServer();
  refreshBadges();
}

bool MainWindow::isServerStopped() const {
  return cluster_.profile().kind == cluster::ProfileKind::LocalServer && !cluster_.instances().isEmpty() &&
         cluster_.instances().first().state == cluster::InstanceState::Stopped;
}

void MainWindow::refreshServer() {
  const QString id = QStringLiteral("server");
  const bool stopped = isServerStopped();
  actions_.setFace(id, stopped ? tr("&Start server") : tr("&Stop server…"),
                   stopped ? QStringLiteral("play-fill") : QStringLiteral("stop-circle"));
  const bool local = cluster_.profile().kind == cluster::ProfileKind::LocalServer;
  if (!local) return actions_.setReason(id, tr("Only the local server runs in this console and is stopped from here"));
  if (stopped && std::exchange(stopsServer_, false)) statusBar_->showMessage(tr("The local server has stopped"));
  if (stopped) return actions_.setReason(id, {});
  actions_.setReason(id, cluster_.hasServerToStop() ? dangerous::whyNot(cluster_) : tr("It is starting or stopping"));
}

void MainWindow::stopOrStartServer() {
  if (isServerStopped()) return cluster_.retryNow();
  const auto sum = [this](auto field) { return words::sum(cluster_.instances(), field); };
  Confirmation question;
  question.title = tr("Stop the server");
  question.question = tr("Stop the local server?");
  question.facts = {{tr("How"), tr("it takes nothing new, answers what it has and closes its streams, within 10 s")},
                    {tr("Ended"), tr("%1 and %2")
                                      .arg(words::openStreams(sum(&cluster::InstanceInfo::streams)),
                                           words::liveTokens(sum(&cluster::InstanceInfo::liveTokens)))},
                    {tr("Undo"), tr("Start server brings it back, without its tokens")}};
  question.verb = tr("Stop server");
  question.icon = QStringLiteral("stop-circle");
  dangerous::ask(this, cluster_, question, dangerous::Asks::Always, [this] {
    stopsServer_ = true;
    cluster_.stopServer();
    statusBar_->showMessage(tr("The local server is stopping: its streams are being closed"));
  });
}

void MainWindow::applyPreferences(const Preferences& preferences) {
  // A theme that the command line forced for this run stays until another one is chosen.
  const bool otherTheme = preferences.theme != settings_.preferences().theme;
  settings_.setPreferences(preferences);
  if (otherTheme) themes_.choose(preferences.theme);
  stack_->applyPreferences();
  refreshChoices();
}

void MainWindow::refreshChoices() {
  for (const auto& [id, choice] : themeActions) actions_.get(QLatin1String(id))->setChecked(themes_.choice() == choice);
  const Density now = settings_.preferences().density;
  for (const auto& [id, density] : densityActions) actions_.get(QLatin1String(id))->setChecked(now == density);
}

void MainWindow::showPreferences() {
  auto* dialog = new PreferencesDialog(settings_.preferences(), notifier_.whyNot(), this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &PreferencesDialog::changed, this, &MainWindow::applyPreferences);
  connect(dialog, &PreferencesDialog::layoutResetWanted, this, &MainWindow::resetLayout);
  connect(dialog, &PreferencesDialog::thresholdsWanted, this, [this] {
    openAlerts();
    dock_->alerts()->showTab(AlertsView::Tab::Thresholds);
  });
  dialog->open();
}

void MainWindow::fillPalette(Profiles& profiles) {
  palette_->setMore([this, &profiles](const QString& letters) {
    const auto openProfile = [this](const cluster::Profile& profile) { profileCommands_->open(profile); };
    const auto openInstance = [this](int slot) {
      showPage(PageId::Overview);
      static_cast<OverviewPage*>(stack_->current())->focusInstance(slot);
    };
    const auto openToken = [this](const cluster::TokenId& id) {
      showPage(PageId::Tokens);
      stack_->tokensPage().showToken(id);
    };
    (void)stack_->tokensPage();  // its verbs are sought from the first time on
    return pageVerbEntries(*stack_, [this](PageId id) { showPage(id); }) +
           profileEntries(profiles.remoteClusters(), cluster_.profile(), openProfile) +
           instanceEntries(cluster_.instances(), openInstance) + tokenEntries(cluster_.tokens(), letters, openToken);
  });
}

void MainWindow::askReadOnly(bool readOnly) {
  dangerous::setReadOnly(this, cluster_, readOnly, [this, readOnly] {
    statusBar_->showMessage(readOnly ? tr("Read-only: nothing is issued or revoked from here")
                                     : tr("Changes are allowed"));
  });
  refreshActions();  // the action has flipped itself already
}

void MainWindow::showShortcuts() {
  QList<ShortcutLine> lines;
  for (const QAction* action : actions_.all())
    lines.append({ActionRegistry::placeOf(action), ActionRegistry::plainText(action), action->shortcuts()});
  (void)stack_->tokensPage();  // so that its keys are listed from any page
  for (const PageEntry& entry : pageCatalog()) {
    const Page* page = stack_->made(entry.id);
    if (page == nullptr) continue;
    for (const QAction* action : page->actions())
      lines.append({entry.title, ActionRegistry::plainText(action), action->shortcuts()});
  }
  auto* dialog = new ShortcutsDialog(lines, this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->open();
}

}  // namespace vx11::ui
