// The Redis page of a real window over two instances, three servers and three sentinels of its own: the master is
// killed by hand, another takes over, the old one comes back as a replica; then a sentinel is silent. What is looked at
// is what the page shows a person.
#include <QApplication>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cstdio>
#include <limits>
#include <memory>

#include "cluster/local_cluster.h"
#include "pages/redis_page.h"
#include "pages/redis_topology.h"
#include "platform/settings_store.h"
#include "shell/main_window.h"
#include "shell/page_stack.h"
#include "shell/profiles.h"
#include "support/needs_processes.h"
#include "widgets/page_header.h"

using namespace vx11;
using namespace vx11::ui;
using cluster::NodeInfo;

namespace {

constexpr int patienceMs = 40'000, instances = 2;

}  // namespace

class TestFailoverWindow : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  std::unique_ptr<ThemeManager> themes_;
  std::unique_ptr<SettingsStore> settings_;
  std::unique_ptr<Profiles> profiles_;
  std::unique_ptr<cluster::Cluster> cluster_;
  std::unique_ptr<MainWindow> window_;
  RedisPage* page_ = nullptr;
  QString firstMaster_;
  QStringList proof_;

  [[nodiscard]] QString verdict() const { return page_->findChild<PageHeader*>()->verdict(); }
  [[nodiscard]] const redis::Tree& tree() const { return page_->findChild<RedisTopology*>()->tree(); }
  [[nodiscard]] QString master() const { return tree().rows.value(0).master.address; }
  [[nodiscard]] bool isHealthy() const {
    const auto& replicas = tree().rows.value(0).replicas;
    return verdict().startsWith(QStringLiteral("Healthy. Sentinel: master ")) && replicas.size() == 2 &&
           std::all_of(replicas.begin(), replicas.end(), [](const auto& box) { return box.mark == Mark::Live; }) &&
           tree().footDetail == QStringLiteral("quorum 2 of 3, all agree");
  }
  [[nodiscard]] int nodeAt(const QString& address) const {
    const auto& nodes = cluster_->supervisor()->nodes();
    for (int i = 0; i < nodes.size(); ++i)
      if (nodes[i].address == address) return i;
    return -1;
  }
  [[nodiscard]] qsizetype failoverMarks() const {
    const auto marks = cluster_->history().marks(0, std::numeric_limits<qint64>::max());
    return std::count_if(marks.begin(), marks.end(),
                         [](const auto& mark) { return mark.kind == cluster::TimeMark::Kind::Failover; });
  }

 private Q_SLOTS:
  void initTestCase() {
    VX11_NEEDS_PROCESSES();
    cluster::LocalClusterOptions options;
    options.instances = instances;
    options.redisServers = 3;
    options.firstPort = 0;
    options.tokendProgram = QStringLiteral(VX11_BIN_DIR "/vx11-tokend");
    if (const auto why = cluster::whyNoLocalCluster(options)) QSKIP(qPrintable(*why));
    themes_ = std::make_unique<ThemeManager>();
    settings_ = std::make_unique<SettingsStore>(dir_.path());
    profiles_ = std::make_unique<Profiles>(
        Profiles::Surroundings{cluster::ProfileStore(dir_.filePath(QStringLiteral("profiles.json")))});
    cluster_ = cluster::openLocalCluster(options);
    window_ = std::make_unique<MainWindow>(*cluster_, *themes_, *settings_, *profiles_);
    window_->resize(1024, 640);
    window_->show();
    window_->showPage(PageId::Redis);
    page_ = window_->findChild<RedisPage*>();
    QVERIFY(page_ != nullptr && page_->isVisible());
    QTRY_VERIFY2_WITH_TIMEOUT(isHealthy(), qPrintable(verdict() + tree().words()), patienceMs);
  }
  void cleanupTestCase() {
    window_.reset();
    cluster_.reset();
  }

  void theMasterIsKilled() {
    firstMaster_ = master();
    QVERIFY(nodeAt(firstMaster_) >= 0);
    QElapsedTimer since;
    since.start();
    cluster_->supervisor()->kill(nodeAt(firstMaster_));
    QTRY_VERIFY2_WITH_TIMEOUT(verdict().startsWith(QStringLiteral("Down.")), qPrintable(verdict()), patienceMs);
    QCOMPARE(tree().rows.value(0).master.mark, Mark::Unreachable);
    const double downAfter = static_cast<double>(since.elapsed()) / 1000;
    QTRY_VERIFY2_WITH_TIMEOUT(master() != firstMaster_ && tree().rows.value(0).master.mark == Mark::Live,
                              qPrintable(verdict() + tree().words()), patienceMs);
    const double replacedAfter = static_cast<double>(since.elapsed()) / 1000;
    QTRY_COMPARE_WITH_TIMEOUT(failoverMarks(), 1, patienceMs);
    QTRY_VERIFY2_WITH_TIMEOUT(tree().failovers.startsWith(QStringLiteral("1 failover, the last ")),
                              qPrintable(tree().failovers), patienceMs);
    QTRY_VERIFY2_WITH_TIMEOUT(verdict().startsWith(QStringLiteral("Warning.")), qPrintable(verdict()), patienceMs);
    proof_ << QStringLiteral("master killed: \"Down.\" after %1 s, another shown after %2 s, then \"%3\"")
                  .arg(downAfter, 0, 'f', 1)
                  .arg(replacedAfter, 0, 'f', 1)
                  .arg(verdict());
  }

  void theOldOneComesBackAsAReplica() {
    cluster_->supervisor()->start(nodeAt(firstMaster_));
    QTRY_VERIFY2_WITH_TIMEOUT(isHealthy(), qPrintable(verdict() + tree().words()), patienceMs);
    const auto& replicas = tree().rows.value(0).replicas;
    QVERIFY(
        std::any_of(replicas.begin(), replicas.end(), [this](const auto& box) { return box.address == firstMaster_; }));
    QCOMPARE(failoverMarks(), 1);
    proof_ << QStringLiteral("the old one is back as a replica");
  }

  void aSentinelIsSilent() {
    const QString address = tree().sentinels.value(2).title;
    const int node = nodeAt(address);
    QVERIFY(node >= 0);
    cluster_->supervisor()->pause(node);
    QTRY_VERIFY2_WITH_TIMEOUT(verdict().contains(QStringLiteral("The sentinel %1 does not answer.").arg(address)) &&
                                  tree().footDetail == QStringLiteral("quorum 2 of 3, 2 of 3 agree"),
                              qPrintable(verdict() + tree().words()), patienceMs);
    proof_ << QStringLiteral("a sentinel paused: \"%1\"").arg(verdict());
    cluster_->supervisor()->resume(node);
    QTRY_VERIFY2_WITH_TIMEOUT(isHealthy(), qPrintable(verdict() + tree().words()), patienceMs);
  }

  void aReplicaIsPaused() {
    const QString address = tree().rows.value(0).replicas.value(0).address;
    cluster_->supervisor()->pause(nodeAt(address));
    QTRY_VERIFY2_WITH_TIMEOUT(verdict().startsWith(QStringLiteral("Warning.")) && verdict().contains(address),
                              qPrintable(verdict() + tree().words()), patienceMs);
    proof_ << QStringLiteral("a replica paused: \"%1\"").arg(verdict());
    cluster_->supervisor()->resume(nodeAt(address));
    QTRY_VERIFY2_WITH_TIMEOUT(isHealthy(), qPrintable(verdict() + tree().words()), patienceMs);
  }

 public:
  [[nodiscard]] QString proof() const { return proof_.join(QStringLiteral("; ")); }
};

int main(int argc, char** argv) {
  QApplication application(argc, argv);
  TestFailoverWindow test;
  const int failed = QTest::qExec(&test, argc, argv);
  std::printf("the Redis page through a failover: %s: %s\n", failed == 0 ? "proved" : "NOT proved",
              qPrintable(test.proof()));
  return failed;
}

#include "test_failover_window.moc"
