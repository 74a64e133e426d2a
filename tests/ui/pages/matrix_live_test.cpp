// The cross-instance test's page over real processes: one of them is paused and the window stays live.
#include <QElapsedTimer>
#include <QTest>
#include <QTimer>
#include <algorithm>
#include <memory>

#include "cluster/local_cluster.h"
#include "pages/matrix_grid.h"
#include "pages/matrix_page.h"
#include "support/needs_processes.h"
#include "widgets/page_header.h"

using namespace vx11;
using namespace vx11::ui;

namespace {

constexpr int patienceMs = 30'000;  // on a busy machine
constexpr int stallMs = 500;        // of a busy machine; the paused instance is silent for seconds
constexpr int paused = 1;

}  // namespace

class MatrixLiveTest : public QObject {
  Q_OBJECT
  std::unique_ptr<ThemeManager> themes_;
  std::unique_ptr<ClipboardGuard> clipboard_;
  std::unique_ptr<cluster::Cluster> cluster_;
  std::unique_ptr<MatrixPage> page_;

  [[nodiscard]] QString verdict() const { return page_->findChild<PageHeader*>()->verdict(); }
  [[nodiscard]] int nodeOf(int slot) const {
    const auto& nodes = cluster_->supervisor()->nodes();
    const auto found = std::find_if(nodes.begin(), nodes.end(), [slot](const auto& node) { return node.slot == slot; });
    return static_cast<int>(found - nodes.begin());
  }
  /// The longest time in which the event loop ran nothing else, in ms, until the run has ended.
  qint64 longestStallOfARun() {
    QElapsedTimer since;
    qint64 longest = 0;
    QTimer beat;
    connect(&beat, &QTimer::timeout, this, [&] { longest = std::max(longest, since.restart()); });
    page_->run();
    since.start();
    beat.start(5);
    const bool ended = QTest::qWaitFor([this] { return !verdict().startsWith(QStringLiteral("Running")); }, patienceMs);
    return ended ? longest : patienceMs;
  }

 private Q_SLOTS:
  void initTestCase() {
    VX11_NEEDS_PROCESSES();
    themes_ = std::make_unique<ThemeManager>();
    clipboard_ = std::make_unique<ClipboardGuard>();
    cluster::LocalClusterOptions options;
    options.firstPort = 0;
    options.tokendProgram = QString::fromLocal8Bit(qgetenv("VX11_BIN")) + QStringLiteral("/vx11-tokend");
    cluster_ = cluster::openLocalCluster(options);
    QTRY_VERIFY_WITH_TIMEOUT(std::all_of(cluster_->instances().begin(), cluster_->instances().end(),
                                         [](const auto& info) { return info.state == cluster::InstanceState::Live; }),
                             patienceMs);
    page_ = std::make_unique<MatrixPage>(Services{*cluster_, *themes_, *clipboard_});
    page_->resize(1063, 703);
    page_->show();
    page_->setInView(true);
  }
  void cleanupTestCase() {
    page_.reset();
    cluster_.reset();
  }

  void wholeWhileAllAnswer() {
    longestStallOfARun();
    QVERIFY2(verdict().startsWith(QStringLiteral("Whole, 9 of 9 accepted.")), qPrintable(verdict()));
  }

  void aPausedInstanceIsACrossAndTheWindowStaysLive() {
    cluster_->supervisor()->pause(nodeOf(paused));
    QTRY_COMPARE_WITH_TIMEOUT(cluster_->instances().at(paused).state, cluster::InstanceState::Paused, patienceMs);
    const qint64 stall = longestStallOfARun();
    QVERIFY2(verdict().startsWith(QStringLiteral("Partial, 4 of 9 accepted.")), qPrintable(verdict()));
    QVERIFY2(stall < stallMs, qPrintable(QStringLiteral("nothing ran for %1 ms").arg(stall)));
    qInfo("longest stall of the window while an instance was paused: %lld ms", static_cast<long long>(stall));
    auto* grid = page_->findChild<MatrixGrid*>();
    grid->setCurrent(0, paused);
    QCOMPARE(grid->accessibleName(), QStringLiteral("a to b: no answer"));
    grid->setCurrent(paused, 0);
    QCOMPARE(grid->accessibleName(), QStringLiteral("b to a: not issued"));
  }

  void wholeAgainAfterwards() {
    cluster_->supervisor()->resume(nodeOf(paused));
    QTRY_COMPARE_WITH_TIMEOUT(cluster_->instances().at(paused).state, cluster::InstanceState::Live, patienceMs);
    longestStallOfARun();
    QVERIFY2(verdict().startsWith(QStringLiteral("Whole, 9 of 9 accepted.")), qPrintable(verdict()));
  }
};

QTEST_MAIN(MatrixLiveTest)
#include "matrix_live_test.moc"
