#include "shell/main_window.h"

#include <QCloseEvent>
#include <QHBoxLayout>
#include <QMenuBar>
#include <QPainter>
#include <QSplitter>
#include <QVBoxLayout>
#include <algorithm>

#include "cluster/alert_watch.h"
#include "cluster/streams.h"
#include "dialogs/dangerous.h"
#include "pages/cluster_health.h"
#include "pages/overview_words.h"
#include "platform/settings_store.h"
#include "shell/action_table.h"
#include "shell/cluster_words.h"
#include "shell/command_palette.h"
#include "shell/edge_line.h"
#include "shell/environment_marks.h"
#include "shell/menu_bar.h"
#include "shell/page_list.h"
#include "shell/page_stack.h"
#include "shell/production_banner.h"
#include "shell/profile_bar.h"
#include "shell/profile_commands.h"
#include "shell/profiles.h"
#include "shell/reading_order.h"
#include "shell/status_bar.h"
#include "shell/tool_bar.h"
#include "widgets/format.h"

namespace vx11::ui {
namespace {

constexpr QSize smallest(1024, 640), first(1280, 800);
constexpr int narrowBelow = 1100, frameWidth = 4;

/// The others' come as they happen: by the watch, or with each answer of a test.
bool showsPolledFigures(PageId page) { return page != PageId::Tokens && page != PageId::Matrix; }

/// Those that the console holds itself.
int openStreams(const cluster::Streams* streams) {
  if (streams == nullptr) return 0;
  const auto& all = streams->streams();
  return static_cast<int>(std::count_if(all.begin(), all.end(), [](const cluster::StreamInfo& info) {
    return info.state == cluster::StreamInfo::State::Open;
  }));
}

}  // namespace

MainWindow::MainWindow(cluster::Cluster& cluster, ThemeManager& themes, SettingsStore& settings, Profiles& profiles)
    : cluster_(cluster),
      themes_(themes),
      settings_(settings),
      alerts_(std::make_unique<cluster::AlertWatch>(cluster)),
      services_{cluster, themes, clipboard_, alerts_.get(), &profiles.consents()},
      actions_(this),
      verbs_(services_) {
  setWindowTitle(ui::windowTitle(cluster.profile()));
  setMinimumSize(smallest);
  for (const ActionSpec& spec : windowActions()) actions_.add(spec);
  profileCommands_ = new ProfileCommands(cluster, profiles, actions_, this);
  buildLayout(profiles);
  connectPages();
  connectActions();
  connectViewActions();
  connectAlerts();
  refreshActions();
  refreshChoices();
  restore();
  list_->setFocus();
  if (!stack_->made(PageId::Rollback) && !cluster.unfinishedRollbacks().isEmpty())
    list_->pages().setBadge(PageId::Rollback, {{}, true, false});  // until its page tells
}

MainWindow::~MainWindow() = default;

void MainWindow::buildLayout(Profiles& profiles) {
  fillMenuBar(*menuBar(), actions_);
  toolBar_ = new ToolBar(cluster_, actions_, *profileCommands_);
  profileBar_ = new ProfileBar(cluster_, profiles);
  list_ = new PageList;
  stack_ = new PageStack(services_, settings_);
  dock_ = new Dock(services_);
  statusBar_ = new StatusBar(services_, actions_);

  splitter_ = new QSplitter(Qt::Vertical);
  splitter_->addWidget(stack_);
  splitter_->addWidget(dock_);
  splitter_->setStretchFactor(0, 1);
  splitter_->setStretchFactor(1, 0);
  splitter_->setChildrenCollapsible(false);
  splitter_->setHandleWidth(1);

  auto* middle = new QHBoxLayout;
  middle->setSpacing(0);
  middle->addWidget(list_);
  middle->addWidget(new EdgeLine(Qt::Vertical));
  middle->addWidget(splitter_, 1);

  auto* central = new QWidget;
  auto* column = new QVBoxLayout(central);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  if (dangerous::isProduction(cluster_)) {
    setContentsMargins(frameWidth, frameWidth, frameWidth, frameWidth);
    setWindowIcon(ui::windowIcon(cluster_.profile(), themes_.theme()));
    auto* banner = new ProductionBanner(cluster_);
    connect(banner, &ProductionBanner::pressed, this, [this] { askReadOnly(cluster_.canChange()); });
    column->addWidget(banner);
  }
  column->addWidget(toolBar_);
  column->addWidget(new EdgeLine(Qt::Horizontal));
  column->addWidget(profileBar_);
  column->addLayout(middle, 1);
  column->addWidget(new EdgeLine(Qt::Horizontal));
  column->addWidget(statusBar_);
  setCentralWidget(central);
  palette_ = new CommandPalette(actions_, this);
  fillPalette(profiles);
}

void MainWindow::connectPages() {
  connect(list_, &PageList::pageChosen, this, &MainWindow::showPage);
  connect(stack_, &PageStack::openPage, this, &MainWindow::showPage);
  connect(stack_, &PageStack::issueRequested, this, &MainWindow::issueOne);
  connect(stack_, &PageStack::openLog, this, [this] { dock_->open(Dock::Part::Log); });
  connect(stack_, &PageStack::message, statusBar_, &StatusBar::showMessage);
  connect(stack_, &PageStack::lasting, statusBar_, &StatusBar::setLasting);
  connect(stack_, &PageStack::badgeChanged, &list_->pages(), &PageListModel::setBadge);
  connect(stack_, &PageStack::currentPageChanged, this, &MainWindow::refreshActions);
  connect(stack_, &PageStack::currentPageChanged, this, &MainWindow::refreshAttention);
  connect(stack_, &PageStack::actionRequested, this, [this](const QString& id) { actions_.get(id)->trigger(); });
  connect(&verbs_, &Verbs::message, statusBar_, &StatusBar::showMessage);
  connect(profileCommands_, &ProfileCommands::message, statusBar_, &StatusBar::showMessage);
  connect(profileBar_, &ProfileBar::message, statusBar_, &StatusBar::showMessage);
  connect(profileBar_, &ProfileBar::principalWanted, profileCommands_, &ProfileCommands::enterPrincipal);
  connect(dock_, &Dock::partChanged, this, [this](Dock::Part part) {
    actions_.get(QStringLiteral("dock.log"))->setChecked(part == Dock::Part::Log);
    actions_.get(QStringLiteral("dock.alerts"))->setChecked(part == Dock::Part::Alerts);
    refreshActions();  // the log can be exported while it is open
  });
  connect(&cluster_, &cluster::Cluster::instanceChanged, this, &MainWindow::refreshAbilities);
  connect(&cluster_, &cluster::Cluster::redisChanged, this, &MainWindow::refreshAbilities);
  connect(&cluster_, &cluster::Cluster::instancesChanged, this, &MainWindow::refreshActions);
  connect(&cluster_, &cluster::Cluster::canChangeChanged, this, &MainWindow::refreshActions);
  connect(&cluster_, &cluster::Cluster::startFailed, statusBar_, &StatusBar::showMessage);
}

void MainWindow::showPage(PageId id) {
  list_->setCurrentPage(id);
  stack_->showPage(id);
}

void MainWindow::refreshBadges() {
  const auto badgeOf = [](std::optional<qint64> n) {
    return Badge{n.value_or(0) > 0 ? format::count(n) : QString(), false, false};
  };
  const auto& instances = cluster_.instances();
  // Until the page is made it can't tell its own.
  if (!stack_->made(PageId::Overview))
    list_->pages().setBadge(PageId::Overview, overview::badgeOf(instances, cluster_.redis()));
  if (!stack_->made(PageId::Streams))
    list_->pages().setBadge(PageId::Streams, badgeOf(words::sum(instances, &cluster::InstanceInfo::streams)));
  if (!stack_->made(PageId::Tokens))
    list_->pages().setBadge(PageId::Tokens, badgeOf(health::liveTokens(cluster_)));
  if (!stack_->made(PageId::Redis)) {
    const bool used = cluster_.redis().configured;
    const Mark redis = used ? health::redisMark(cluster_.redis(), instances) : Mark::Skipped;
    list_->pages().setBadge(PageId::Redis, {{}, redis == Mark::Warning, redis == Mark::Unreachable});
  }
}

void MainWindow::refreshAttention() {
  const bool inView = isVisible() && !isMinimized();
  stack_->setWindowInView(inView);
  using cluster::Attention;
  const Attention ofPage = showsPolledFigures(stack_->currentId()) ? Attention::InView : Attention::Behind;
  cluster_.setAttention(inView ? ofPage : Attention::Minimised);
}

std::optional<Confirmation> MainWindow::questionBefore(Leaving leaving) const {
  QString unfinished;
  for (const Page* page : stack_->madePages()) {
    if (unfinished.isEmpty()) unfinished = page->unfinished();
  }
  return leavingQuestion(cluster_, ownStreams_ + openStreams(cluster_.streams()), unfinished, leaving);
}

void MainWindow::leave(std::function<void()> go) {
  if (const auto question = questionBefore(Leaving::OpenAnother)) {
    if (!findChild<ConfirmDialog*>()) ConfirmDialog::ask(this, *question, std::move(go));
  } else {
    go();
  }
}

void MainWindow::closeNow() {
  closeConfirmed_ = true;
  close();
}

void MainWindow::closeEvent(QCloseEvent* event) {
  if (const auto question = closeConfirmed_ ? std::nullopt : questionBefore(Leaving::CloseConsole)) {
    event->ignore();
    if (!findChild<ConfirmDialog*>()) ConfirmDialog::ask(this, *question, [this] { closeNow(); });
    return;
  }
  remember();
  QMainWindow::closeEvent(event);
}

bool MainWindow::focusNextPrevChild(bool next) {
  const QList<QWidget*> order = readingOrder(*centralWidget());
  if (order.isEmpty()) return false;
  const qsizetype count = order.size(), at = order.indexOf(focusWidget());
  const qsizetype to = next ? at + 1 : (at < 0 ? 0 : at) + count - 1;
  order[to % count]->setFocus(next ? Qt::TabFocusReason : Qt::BacktabFocusReason);
  return true;
}

void MainWindow::changeEvent(QEvent* event) {
  QMainWindow::changeEvent(event);
  if (event->type() == QEvent::WindowStateChange) refreshAttention();
}

void MainWindow::paintEvent(QPaintEvent* event) {
  QMainWindow::paintEvent(event);
  if (!dangerous::isProduction(cluster_)) return;
  QPainter painter(this);
  painter.setClipRegion(QRegion(rect()) - contentsRect());
  painter.fillRect(rect(), themeOf(palette()).color(Token::Prod));
}

void MainWindow::showEvent(QShowEvent* event) {
  QMainWindow::showEvent(event);
  refreshAttention();
}

void MainWindow::hideEvent(QHideEvent* event) {
  QMainWindow::hideEvent(event);
  refreshAttention();
}

void MainWindow::resizeEvent(QResizeEvent* event) {
  QMainWindow::resizeEvent(event);
  const bool narrow = width() < narrowBelow;
  list_->setNarrow(narrow);
  toolBar_->setNarrow(narrow);
}

void MainWindow::restore() {
  resize(first);
  if (const QByteArray geometry = settings_.geometry(); !geometry.isEmpty()) restoreGeometry(geometry);
  PageId page = PageId::Overview;
  for (const PageEntry& entry : pageCatalog())
    if (entry.key == settings_.lastPage()) page = entry.id;
  showPage(page);
  const int height = settings_.dockHeight() > 0 ? settings_.dockHeight() : Dock::firstHeight;
  splitter_->setSizes({1000, height});
  dock_->restoreViewState(settings_.viewState(QStringLiteral("log")));
  const QString dock = settings_.dock();
  if (dock == QLatin1String("log")) dock_->open(Dock::Part::Log);
  if (dock == QLatin1String("alerts")) dock_->open(Dock::Part::Alerts);
}

void MainWindow::remember() {
  settings_.setGeometry(saveGeometry());
  settings_.setLastPage(pageEntry(stack_->currentId()).key);
  const Dock::Part part = dock_->part();
  settings_.setDock(part == Dock::Part::Log      ? QStringLiteral("log")
                    : part == Dock::Part::Alerts ? QStringLiteral("alerts")
                                                 : QString());
  if (part != Dock::Part::Closed) settings_.setDockHeight(dock_->height());
  stack_->saveViewStates();
  settings_.setViewState(QStringLiteral("log"), dock_->viewState());
}

void MainWindow::resetLayout() {
  settings_.resetLayout();
  stack_->resetViewStates();
  dock_->restoreViewState({});
  dock_->open(Dock::Part::Closed);
  splitter_->setSizes({1000, Dock::firstHeight});
  showNormal();
  resize(first);
  showPage(PageId::Overview);
  statusBar_->showMessage(tr("Layout reset"));
}

}  // namespace vx11::ui
