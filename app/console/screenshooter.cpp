#include "console/screenshooter.h"

#include <QDialog>
#include <QLineEdit>
#include <QPainter>
#include <QPixmap>
#include <algorithm>
#include <cmath>
#include <csignal>
#include <tuple>
#include <utility>

#include "cluster/alert_watch.h"
#include "cluster/remote_cluster.h"
#include "cluster/streams.h"
#include "console/demo_traffic.h"
#include "pages/alerts_view.h"
#include "pages/tokens_page.h"
#include "shell/command_palette.h"
#include "shell/page_catalog.h"
#include "shell/page_stack.h"
#include "shell/profiles.h"

namespace vx11::console {
namespace {

constexpr int answerMs = 10'000;   // until then they must answer
constexpr int settleMs = 270;      // a page shows what it has four times a second
constexpr int trafficMs = 12'000;  // so that curves have points
constexpr int testMs = 2'000;      // until the cross-instance test has ended
constexpr int sceneMs = 8'000;     // until what is away is shown as such, with the age of what is known of it

constexpr int titleHeight = 32;
constexpr int quickly = 80;  // of PNG: a little larger in half the time

/// In the middle, with a plain title in place of the desktop's frame.
void paintOver(QPixmap& picture, QWidget& dialog, const ui::Theme& theme) {
  // No higher than on a screen of the window's size.
  const QSize room = picture.deviceIndependentSize().toSize() - QSize(0, titleHeight + 2);
  dialog.resize(dialog.size().boundedTo(room));
  const QPixmap above = dialog.grab();
  const QSizeF size = above.deviceIndependentSize(), whole = picture.deviceIndependentSize();
  const QSizeF left = (whole - size - QSizeF(0, titleHeight)) / 2;
  const QRectF title(std::floor(left.width()), std::floor(left.height()), size.width(), titleHeight);
  QPainter painter(&picture);
  painter.fillRect(title, theme.color(ui::Token::Raised));
  painter.setFont(theme.font(ui::FontRole::CardTitle));
  painter.setPen(theme.color(ui::Token::Text));
  painter.drawText(title.adjusted(12, 0, -12, 0), Qt::AlignVCenter, dialog.windowTitle());
  painter.drawPixmap(title.bottomLeft(), above);
  painter.setPen(theme.color(ui::Token::BorderStrong));
  painter.drawRect(QRectF(title.topLeft(), size + QSizeF(0, titleHeight)).adjusted(-0.5, -0.5, 0.5, 0.5));
}

}  // namespace

Screenshooter::Screenshooter(const Stage& stage, const QString& directory, Scene scene)
    : window_(stage.window),
      cluster_(stage.cluster),
      themes_(stage.themes),
      settings_(stage.settings),
      profiles_(stage.profiles),
      directory_(directory),
      scene_(scene) {}

Screenshooter::~Screenshooter() = default;

void Screenshooter::start() {
  if (!directory_.mkpath(QStringLiteral("."))) return fail(tr("can't make the folder %1").arg(directory_.path()));
  connect(&cluster_, &cluster::Cluster::startFailed, this, &Screenshooter::fail);
  connect(&cluster_, &cluster::Cluster::instanceChanged, this, &Screenshooter::waitForInstances);
  deadline_.setSingleShot(true);
  connect(&deadline_, &QTimer::timeout, this, [this] { fail(tr("the instances do not answer")); });
  deadline_.start(answerMs);
  waitForInstances();
}

void Screenshooter::waitForInstances() {
  const auto& instances = cluster_.instances();
  const auto lives = [](const auto& instance) { return instance.state == cluster::InstanceState::Live; };
  if (!waiting_ || instances.isEmpty() || !std::all_of(instances.begin(), instances.end(), lives)) return;
  waiting_ = false;
  deadline_.stop();
  planFirstStart();
}

void Screenshooter::planFirstStart() {
  addShot(QStringLiteral("first-start"), window_, [](auto& window) { window.showPage(ui::PageId::Overview); });
  afterPlan_ = [this] { startTraffic(); };
  next();
}

void Screenshooter::startTraffic() {
  traffic_ = std::make_unique<DemoTraffic>(cluster_);
  openStreams();
  saveProfiles();
  openProduction();
  // Some tokens of the console's own: only these can be revealed.
  for (const int count : {1, 3}) cluster_.issue({count, std::nullopt, false, -1});
  if (scene_ == Scene::Healthy || scene_ == Scene::Sentinel) return QTimer::singleShot(trafficMs, this, &Screenshooter::testAcross);
  QTimer::singleShot(trafficMs - sceneMs, this, &Screenshooter::playScene);
}

const cluster::NodeInfo* Screenshooter::victim() const {
  using Kind = cluster::NodeInfo::Kind;
  const cluster::Supervisor* supervisor = cluster_.supervisor();
  if (supervisor == nullptr) return nullptr;
  const auto& nodes = supervisor->nodes();
  if (scene_ == Scene::Failover) {  // the first one is the master until somebody else is
    const auto first = std::find_if(nodes.begin(), nodes.end(), [](const auto& node) { return node.kind == Kind::Redis; });
    return first == nodes.end() || first->pid == 0 ? nullptr : &*first;
  }
  const Kind wanted = scene_ == Scene::RedisDown ? Kind::Redis : Kind::Instance;
  const auto found = std::find_if(nodes.rbegin(), nodes.rend(), [&](const auto& node) { return node.kind == wanted; });
  return found == nodes.rend() || found->pid == 0 ? nullptr : &*found;
}

// Not through the supervisor: whom it stops is stopped on purpose and shown so.
void Screenshooter::playScene() {
  const cluster::NodeInfo* node = victim();
  if (node == nullptr) return fail(tr("--scene needs a local cluster, and none can run here"));
  ::kill(static_cast<pid_t>(node->pid), SIGKILL);
  QTimer::singleShot(sceneMs - testMs, this, &Screenshooter::testAcross);
}

// An empty grid would say nothing of the page.
void Screenshooter::testAcross() {
  if (QAction* test = window_.actions().get(QStringLiteral("test")); test->isEnabled()) test->trigger();
  QTimer::singleShot(testMs, this, &Screenshooter::planPages);
}

void Screenshooter::openStreams() {
  cluster::StreamSpec everywhere;
  everywhere.where = cluster::StreamSpec::Where::EveryInstance;
  if (cluster::Streams* streams = cluster_.streams()) (void)streams->open(everywhere);
}

/// A few, as somebody has them who works with several clusters.
void Screenshooter::saveProfiles() {
  using cluster::Environment;
  const std::tuple<const char*, const char*, Environment, const char*> samples[] = {
      {"eu-prod", "Europe", Environment::Production, ""},
      {"eu-staging", "Europe", Environment::Staging, "c4"},
      {"us-prod", "America", Environment::Production, ""},
      {"lab", "", Environment::Test, "c2"}};
  for (const auto& [name, group, environment, colour] : samples) {
    cluster::Profile profile;
    profile.name = QString::fromLatin1(name);
    profile.kind = cluster::ProfileKind::RemoteCluster;
    profile.environment = environment;
    profile.group = QString::fromLatin1(group);
    profile.colour = QString::fromLatin1(colour);
    for (const cluster::InstanceInfo& info : cluster_.instances()) profile.instances << info.url;
    if (const auto saved = profiles_.store().save(profile); saved.has_error()) fail(saved.error());
  }
}

void Screenshooter::openProduction() {
  const auto profile = profiles_.find(QStringLiteral("eu-prod"));
  if (!profile) return;
  profiles_.keep(*profile, *profile, {cluster_.localPrincipal(), {}}, [](const QString&) {});
  production_ = cluster::openRemoteCluster(*profile, cluster_.localPrincipal(), {});
  productionWindow_ = std::make_unique<ui::MainWindow>(*production_, themes_, settings_, profiles_);
  cluster::AlertThresholds low;  // so that one fires and one waits
  low.set(cluster::AlertKind::IssueRate, {.value = 0.5, .forSec = 3});
  low.set(cluster::AlertKind::Refusals, {.value = 0.2, .forSec = 300});
  productionWindow_->alerts().setThresholds(low);
  productionWindow_->resize(window_.size());
  productionWindow_->show();
}

void Screenshooter::planPages() {
  for (const ui::PageEntry& page : ui::pageCatalog())
    addShot(page.key, window_, [id = page.id](auto& window) { window.showPage(id); });
  const auto addDock = [this](const QString& name, ui::MainWindow& window, ui::Dock::Part part, Step then) {
    const Step open = [part, then](ui::MainWindow& shown) {
      shown.showPage(ui::PageId::Overview);
      shown.dock().open(part);
      if (then) then(shown);
    };
    addShot(name, window, open, [](auto& shown) { shown.dock().open(ui::Dock::Part::Closed); });
  };
  const auto tab = [](ui::AlertsView::Tab wanted) {
    return [wanted](ui::MainWindow& window) { window.dock().alerts()->showTab(wanted); };
  };
  ui::MainWindow& watched = productionWindow_ ? *productionWindow_ : window_;
  addDock(QStringLiteral("log"), window_, ui::Dock::Part::Log, {});
  addDock(QStringLiteral("alerts"), watched, ui::Dock::Part::Alerts, tab(ui::AlertsView::Tab::Now));
  addDock(QStringLiteral("thresholds"), watched, ui::Dock::Part::Alerts, tab(ui::AlertsView::Tab::Thresholds));
  planDialogs();
  afterPlan_ = [this] {
    traffic_->stop();
    saving_.waitForDone();
    // After what the last pictures may have to say.
    QTimer::singleShot(0, this, [this] {
      if (!failed_) Q_EMIT finished();
    });
  };
  next();
}

void Screenshooter::planDialogs() {
  const auto run = [](const char* action) {
    return [id = QString::fromLatin1(action)](ui::MainWindow& window) { window.actions().get(id)->trigger(); };
  };
  addShot(
      QStringLiteral("palette"), window_,
      [run](auto& window) {
        run("palette")(window);
        window.template findChild<ui::CommandPalette*>()->template findChild<QLineEdit*>()->setText(QStringLiteral("ro"));
      },
      [](auto& window) { window.template findChild<ui::CommandPalette*>()->hide(); });
  addShot(QStringLiteral("preferences"), window_, run("preferences"));
  addShot(QStringLiteral("profile"), window_, run("profile.new"));
  addShot(QStringLiteral("profiles"), window_, run("profile.manage"));
  addShot(QStringLiteral("shortcuts"), window_, run("shortcuts"));
  if (!productionWindow_) return;
  addShot(QStringLiteral("production"), *productionWindow_,
          [](auto& window) { window.showPage(ui::PageId::Overview); });
  addShot(QStringLiteral("production-confirm"), *productionWindow_, [](auto& window) {
    window.showPage(ui::PageId::Tokens);
    window.pages().tokensPage().revokeAll();
  });
}

// All light ones first: a change of theme styles the whole window anew.
void Screenshooter::addShot(const QString& name, ui::MainWindow& window, Step show, Step hide) {
  const qsizetype lights = std::count_if(plan_.begin(), plan_.end(), [](const Shot& shot) { return !shot.dark; });
  plan_.insert(lights, {name + QStringLiteral("-light"), false, &window, show, hide});
  plan_.append({name + QStringLiteral("-dark"), true, &window, show, hide});
}

void Screenshooter::next() {
  if (plan_.isEmpty()) return std::exchange(afterPlan_, {})();
  const Shot shot = plan_.takeFirst();
  const ui::ThemeChoice theme = shot.dark ? ui::ThemeChoice::Dark : ui::ThemeChoice::Light;
  if (themes_.choice() != theme) themes_.choose(theme);
  shot.show(*shot.window);
  QTimer::singleShot(settleMs, this, [this, shot] { take(shot); });
}

void Screenshooter::take(const Shot& shot) {
  const QString path = directory_.filePath(shot.name + QStringLiteral(".png"));
  QPixmap picture = shot.window->grab();
  auto* dialog = shot.window->findChild<QDialog*>();
  if (dialog != nullptr) paintOver(picture, *dialog, themes_.theme());
  saving_.start([this, image = picture.toImage(), path] {
    if (!image.save(path, "PNG", quickly)) QMetaObject::invokeMethod(this, [this, path] { fail(tr("can't write %1").arg(path)); });
  });
  delete dialog;
  if (shot.hide) shot.hide(*shot.window);
  next();
}

void Screenshooter::fail(const QString& sentence) {
  deadline_.stop();
  plan_.clear();
  afterPlan_ = [] {};
  failed_ = true;
  Q_EMIT failed(sentence);
}

}  // namespace vx11::console
