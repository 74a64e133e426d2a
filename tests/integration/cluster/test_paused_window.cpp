// The window over a real local cluster of three while one instance is paused: the cross-instance test runs into its
// time-outs, and the window goes on painting, changing pages and counting down all the while.
#include <QApplication>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <algorithm>
#include <cstdio>
#include <memory>

#include "cluster/local_cluster.h"
#include "platform/settings_store.h"
#include "shell/main_window.h"
#include "shell/page_stack.h"
#include "shell/profiles.h"
#include "support/needs_processes.h"

using namespace vx11;
using namespace vx11::ui;

namespace {

#ifdef VX11_SANITIZED
constexpr qint64 longestGapMs = 1000;
#else
constexpr qint64 longestGapMs = 600;  // a busy machine; whoever waited for the paused one would be away for 2,000
#endif

/// How long the event loop was away at most.
class Heartbeat {
 public:
  Heartbeat() {
    since_.start();
    QObject::connect(&timer_, &QTimer::timeout, &timer_, [this] { longest_ = std::max(longest_, since_.restart()); });
    timer_.start(5);
  }
  [[nodiscard]] qint64 longest() const { return std::max(longest_, since_.elapsed()); }

 private:
  QTimer timer_;
  QElapsedTimer since_;
  qint64 longest_ = 0;
};

}  // namespace

class TestPausedWindow : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  std::unique_ptr<ThemeManager> themes_;
  std::unique_ptr<SettingsStore> settings_;
  std::unique_ptr<Profiles> profiles_;
  std::unique_ptr<cluster::Cluster> cluster_;
  std::unique_ptr<MainWindow> window_;

  [[nodiscard]] bool allLive() const {
    const auto& all = cluster_->instances();
    return std::all_of(all.begin(), all.end(),
                       [](const auto& one) { return one.state == cluster::InstanceState::Live; });
  }
  /// What the last test said; empty before the first.
  [[nodiscard]] QVariantMap lastTest() const {
    const auto& entries = cluster_->journal().entries();
    const auto last = std::find_if(entries.rbegin(), entries.rend(), [](const cluster::LogEntry& entry) {
      return entry.event == QStringLiteral("matrix_tested");
    });
    return last == entries.rend() ? QVariantMap() : last->fields;
  }
  [[nodiscard]] int tests() const {
    const auto& entries = cluster_->journal().entries();
    return static_cast<int>(std::count_if(entries.begin(), entries.end(), [](const cluster::LogEntry& entry) {
      return entry.event == QStringLiteral("matrix_tested");
    }));
  }

 private Q_SLOTS:
  void initTestCase() {
    VX11_NEEDS_PROCESSES();
    cluster::LocalClusterOptions options;
    options.firstPort = 0;
    options.tokendProgram = QStringLiteral(VX11_BIN_DIR "/vx11-tokend");
    themes_ = std::make_unique<ThemeManager>();
    settings_ = std::make_unique<SettingsStore>(dir_.path());
    profiles_ = std::make_unique<Profiles>(
        Profiles::Surroundings{cluster::ProfileStore(dir_.filePath(QStringLiteral("profiles.json")))});
    cluster_ = cluster::openLocalCluster(options);
    window_ = std::make_unique<MainWindow>(*cluster_, *themes_, *settings_, *profiles_);
    window_->show();
    QTRY_VERIFY_WITH_TIMEOUT(allLive(), 20'000);
  }
  void cleanupTestCase() {
    window_.reset();
    cluster_.reset();
  }

  void theTestIsAShortcutAway() {
    QTest::keyClick(window_.get(), Qt::Key_T, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(tests(), 1, 10'000);
    QCOMPARE(lastTest().value(QStringLiteral("verdict")).toString(), QStringLiteral("whole"));
    QCOMPARE(lastTest().value(QStringLiteral("accepted")).toInt(), 9);
  }

  void onePausedHoldsNothingUp() {
    cluster_->supervisor()->pause(1);
    QTRY_COMPARE(cluster_->supervisor()->nodes()[1].state, cluster::NodeInfo::State::Paused);
    const Heartbeat heart;
    QElapsedTimer took;
    took.start();
    QTest::keyClick(window_.get(), Qt::Key_T, Qt::ControlModifier);
    int pages = 0;
    const PageId round[] = {PageId::Overview, PageId::Tokens, PageId::Charts, PageId::Redis, PageId::Matrix};
    while (tests() < 2 && took.elapsed() < 20'000) {
      window_->showPage(round[pages++ % static_cast<int>(std::size(round))]);
      QTest::qWait(100);
    }
    QCOMPARE(tests(), 2);
    QVERIFY(took.elapsed() >= 1'500);  // it did run into the time-out
    QCOMPARE(lastTest().value(QStringLiteral("accepted")).toInt(), 4);
    const QString sentence = lastTest().value(QStringLiteral("explanation")).toString();
    QVERIFY2(sentence.startsWith(QStringLiteral("b doesn't answer in time: paused, or overloaded")),
             qPrintable(sentence));
    QVERIFY2(heart.longest() < longestGapMs, qPrintable(QString::number(heart.longest())));
    proof_ = QStringLiteral("a test with one of three paused took %1 ms, ended with \"%2\"; meanwhile %3 changes of "
                            "page, the event loop away for %4 ms at most")
                 .arg(took.elapsed())
                 .arg(sentence)
                 .arg(pages)
                 .arg(heart.longest());
  }

  void goesOnWhenItGoesOn() {
    cluster_->supervisor()->resume(1);
    QTRY_VERIFY_WITH_TIMEOUT(allLive(), 20'000);
    QTest::keyClick(window_.get(), Qt::Key_T, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(tests(), 3, 10'000);
    QCOMPARE(lastTest().value(QStringLiteral("verdict")).toString(), QStringLiteral("whole"));
  }

 public:
  [[nodiscard]] const QString& proof() const { return proof_; }

 private:
  QString proof_;
};

int main(int argc, char** argv) {
  QApplication application(argc, argv);
  TestPausedWindow test;
  const int failed = QTest::qExec(&test, argc, argv);
  std::printf("paused instance in the window: %s: %s\n", failed == 0 ? "proved" : "NOT proved",
              qPrintable(test.proof()));
  return failed;
}

#include "test_paused_window.moc"
