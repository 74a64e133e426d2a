// The Rollback page over real processes: back to memory, the drain window counting, and forward again while it does.
#include <QAbstractButton>
#include <QPushButton>
#include <QTest>
#include <algorithm>
#include <memory>

#include "cluster/local_cluster.h"
#include "cluster_stage.h"
#include "dialogs/confirm_dialog.h"
#include "pages/rollback_page.h"
#include "pages/rollback_result.h"
#include "support/needs_processes.h"
#include "widgets/page_header.h"

using namespace vx11;
using namespace vx11::ui;
using namespace vx11::ui::testing;

namespace {

constexpr int patienceMs = 30'000;  // on a busy machine

}  // namespace

class RollbackLiveTest : public QObject {
  Q_OBJECT
  std::unique_ptr<ThemeManager> themes_;
  std::unique_ptr<ClipboardGuard> clipboard_;
  std::unique_ptr<cluster::Cluster> cluster_;
  std::unique_ptr<RollbackPage> page_;

  [[nodiscard]] QString verdict() const { return page_->findChild<PageHeader*>()->verdict(); }
  [[nodiscard]] bool all(const QString& mode) const {
    return std::all_of(cluster_->instances().begin(), cluster_->instances().end(), [&](const auto& info) {
      return info.state == cluster::InstanceState::Live && info.mode == mode;
    });
  }
  void goTo(const QString& mode, const char* verb) {
    QAbstractButton* button = buttonOf(*page_, QString::fromUtf8(verb));
    QVERIFY(button);
    QTRY_VERIFY_WITH_TIMEOUT(button->isEnabled(), patienceMs);
    button->click();
    page_->findChild<ConfirmDialog*>()->verbButton()->click();
    QTRY_VERIFY_WITH_TIMEOUT(verdict().startsWith(QStringLiteral("Done")), patienceMs);
    QVERIFY2(verdict().contains(QStringLiteral("3 instances in %1 mode").arg(mode)), qPrintable(verdict()));
    QTRY_VERIFY_WITH_TIMEOUT(all(mode), patienceMs);
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
    QTRY_VERIFY_WITH_TIMEOUT(all(QStringLiteral("hybrid")), patienceMs);
    page_ = std::make_unique<RollbackPage>(Services{*cluster_, *themes_, *clipboard_});
    page_->resize(1063, 703);
    page_->show();
    page_->setInView(true);
  }
  void cleanupTestCase() {
    page_.reset();
    cluster_.reset();
  }

  void aDryRunChangesNothing() {
    page_->run();
    QTRY_VERIFY_WITH_TIMEOUT(verdict().startsWith(QStringLiteral("It can be done.")), patienceMs);
    QVERIFY(all(QStringLiteral("hybrid")));
  }

  void backToMemoryAndForwardAgain() {
    cluster_->issue({3, 60, false, -1});
    QTest::qWait(200);
    goTo(QStringLiteral("memory"), "Roll back to memory…");
    QVERIFY(page_->findChild<RollbackDrain*>()->isVisible());  // the old tokens live on
    QVERIFY(textOf(*page_->findChild<RollbackMatrix*>()).contains(QStringLiteral("As memory mode promises")));
    shoot(*page_, *themes_, QStringLiteral("rollback-live"));
    goTo(QStringLiteral("hybrid"), "Roll forward to hybrid…");
    QVERIFY(textOf(*page_->findChild<RollbackMatrix*>()).contains(QStringLiteral("on every instance")));
  }
};

QTEST_MAIN(RollbackLiveTest)
#include "rollback_live_test.moc"
