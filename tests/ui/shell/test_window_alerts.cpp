// Alerts in the whole window: the count in the status bar, keys, the way from the Overview to the runbook, and what is
// kept for the next window.
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <memory>

#include "cluster/alert_watch.h"
#include "core/cluster/fake_cluster.h"
#include "pages/alerts_view.h"
#include "pages/runbook_view.h"
#include "platform/settings_store.h"
#include "shell/main_window.h"
#include "shell/profiles.h"
#include "shell/status_bar.h"
#include "ui/alert_steps.h"

using namespace vx11;
using namespace vx11::ui;
using cluster::AlertKey;
using cluster::AlertKind;
using cluster::InstanceState;
using cluster::testing::FakeCluster;

class TestWindowAlerts : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  std::unique_ptr<ThemeManager> themes_;
  std::unique_ptr<FakeCluster> cluster_;
  std::unique_ptr<SettingsStore> settings_;
  std::unique_ptr<Profiles> profiles_;
  std::unique_ptr<MainWindow> window_;

  static constexpr AlertKey down{AlertKind::InstanceDown, 0};

  void open() {
    window_ = std::make_unique<MainWindow>(*cluster_, *themes_, *settings_, *profiles_);
    window_->show();
    QVERIFY(QTest::qWaitForWindowExposed(window_.get()));
    window_->activateWindow();
  }
  void go(int seconds) { testing::go(*cluster_, window_->alerts(), seconds); }
  void set(InstanceState state) { testing::set(*cluster_, 0, state); }
  [[nodiscard]] QToolButton* count(const char* words) const {
    for (auto* button : window_->statusLine().findChildren<QToolButton*>())
      if (button->text() == QLatin1String(words)) return button;
    return nullptr;
  }
  [[nodiscard]] QAction* action(const char* id) const { return window_->actions().get(QLatin1String(id)); }

 private Q_SLOTS:
  void initTestCase() {
    themes_ = std::make_unique<ThemeManager>();
    profiles_ = std::make_unique<Profiles>(
        Profiles::Surroundings{cluster::ProfileStore(dir_.filePath(QStringLiteral("profiles.json")))});
  }
  void init() {
    cluster_ = std::make_unique<FakeCluster>();
    cluster::InstanceInfo info;
    info.id = QStringLiteral("local");
    info.url = QUrl(QStringLiteral("http://127.0.0.1:8011"));
    info.state = InstanceState::Live;
    cluster_->addInstance(info);
    settings_ = std::make_unique<SettingsStore>(dir_.path());
    settings_->resetLayout();
    open();
    go(1);
  }
  void cleanup() {
    window_.reset();
    cluster_.reset();
  }

  void theStatusBarCounts() {
    QVERIFY(count("No alerts"));
    set(InstanceState::Unreachable);
    go(5);
    QVERIFY(count("1 pending") && !count("1 pending")->property("alarm").toBool());
    go(30);
    QVERIFY(count("1 alert") && count("1 alert")->property("alarm").toBool());
    window_->alerts().acknowledge(down);
    QVERIFY(!count("1 alert")->property("alarm").toBool());
    set(InstanceState::Live);
    go(31);
    QVERIFY(count("No alerts"));
  }

  void keys() {
    QVERIFY(!action("alerts.acknowledge")->isEnabled());
    set(InstanceState::Unreachable);
    go(31);
    QVERIFY(action("alerts.acknowledge")->isEnabled());
    QTest::keyClick(window_.get(), Qt::Key_F8);
    QCOMPARE(window_->dock().part(), Dock::Part::Alerts);
    QTest::keyClick(window_.get(), Qt::Key_F8, Qt::ShiftModifier);
    QVERIFY(window_->alerts().find(down)->acknowledged);
    QCOMPARE(window_->statusLine().message(), QStringLiteral("Acknowledged: local is down"));
    QVERIFY(!action("alerts.acknowledge")->isEnabled());
  }

  void whoAsksIsShownTheRunbook() {
    set(InstanceState::Unreachable);
    go(31);
    window_->alerts().ask(down);
    QCOMPARE(window_->dock().part(), Dock::Part::Alerts);
    auto* runbook = window_->dock().findChild<RunbookView*>();
    QVERIFY(runbook->isVisible());
    QVERIFY(runbook->toPlainText().startsWith(QStringLiteral("Instance down")));
  }

  void thresholdsOutliveTheWindowAndALayoutReset() {
    cluster::AlertThresholds thresholds;
    QVERIFY(thresholds.set(AlertKind::Refusals, {25, 90, true}));
    window_->alerts().setThresholds(thresholds);
    settings_->resetLayout();
    window_.reset();
    open();
    QCOMPARE(window_->alerts().thresholds(), thresholds);

    cluster::Profile other = cluster_->profile();
    other.name = QStringLiteral("another/one");
    cluster_->setProfile(other);
    window_.reset();
    open();
    QCOMPARE(window_->alerts().thresholds(), cluster::AlertThresholds());
  }
};

QTEST_MAIN(TestWindowAlerts)
#include "test_window_alerts.moc"
