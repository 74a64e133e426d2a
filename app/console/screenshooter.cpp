#include "console/screenshooter.h"

#include <QPixmap>
#include <algorithm>
#include <csignal>
#include <utility>

#include "console/demo_traffic.h"
#include "shell/page_catalog.h"

namespace vx11::console {
namespace {

constexpr int answerMs = 10'000;   // until then they must answer
constexpr int settleMs = 300;      // a page shows what it has four times a second
constexpr int trafficMs = 20'000;  // so that curves have points
constexpr int testMs = 2'000;      // until the cross-instance test has ended
constexpr int sceneMs = 8'000;     // until what is away is shown as such, with the age of what is known of it

}  // namespace

Screenshooter::Screenshooter(ui::MainWindow& window, cluster::Cluster& cluster, ui::ThemeManager& themes,
                             const QString& directory, Scene scene)
    : window_(window), cluster_(cluster), themes_(themes), directory_(directory), scene_(scene) {}

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
  addShot(QStringLiteral("first-start"), ui::PageId::Overview);
  afterPlan_ = [this] { startTraffic(); };
  next();
}

void Screenshooter::startTraffic() {
  traffic_ = std::make_unique<DemoTraffic>(cluster_);
  // Some tokens of the console's own: only these can be revealed.
  for (const int count : {1, 3}) cluster_.issue({count, std::nullopt, false, -1});
  if (scene_ == Scene::Healthy) return QTimer::singleShot(trafficMs, this, &Screenshooter::testAcross);
  QTimer::singleShot(trafficMs - sceneMs, this, &Screenshooter::playScene);
}

const cluster::NodeInfo* Screenshooter::victim() const {
  using Kind = cluster::NodeInfo::Kind;
  const cluster::Supervisor* supervisor = cluster_.supervisor();
  if (supervisor == nullptr) return nullptr;
  const auto& nodes = supervisor->nodes();
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

void Screenshooter::planPages() {
  for (const ui::PageEntry& page : ui::pageCatalog()) addShot(page.key, page.id);
  addShot(QStringLiteral("log"), ui::PageId::Overview, true);
  afterPlan_ = [this] {
    traffic_->stop();
    Q_EMIT finished();
  };
  next();
}

// All light ones first: a change of theme styles the whole window anew.
void Screenshooter::addShot(const QString& name, ui::PageId page, bool log) {
  const qsizetype lights = std::count_if(plan_.begin(), plan_.end(), [](const Shot& shot) { return !shot.dark; });
  plan_.insert(lights, {name + QStringLiteral("-light"), page, false, log});
  plan_.append({name + QStringLiteral("-dark"), page, true, log});
}

void Screenshooter::next() {
  if (plan_.isEmpty()) return std::exchange(afterPlan_, {})();
  const Shot shot = plan_.takeFirst();
  prepare(shot);
  QTimer::singleShot(settleMs, this, [this, shot] { take(shot); });
}

void Screenshooter::prepare(const Shot& shot) {
  themes_.choose(shot.dark ? ui::ThemeChoice::Dark : ui::ThemeChoice::Light);
  window_.dock().open(shot.log ? ui::Dock::Part::Log : ui::Dock::Part::Closed);
  window_.showPage(shot.page);
}

void Screenshooter::take(const Shot& shot) {
  const QString path = directory_.filePath(shot.name + QStringLiteral(".png"));
  if (!window_.grab().save(path, "PNG")) return fail(tr("can't write %1").arg(path));
  next();
}

void Screenshooter::fail(const QString& sentence) {
  deadline_.stop();
  plan_.clear();
  Q_EMIT failed(sentence);
}

}  // namespace vx11::console
