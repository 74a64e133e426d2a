// What the desktop hears of alerts: changes of state, gathered, never often, and nothing of the silenced.
#include <QSignalSpy>
#include <QTest>
#include <memory>

#include "cluster/alert_watch.h"
#include "core/cluster/fake_cluster.h"
#include "shell/alert_notices.h"
#include "ui/alert_steps.h"

using namespace vx11;
using namespace vx11::ui;
using cluster::AlertKind;
using cluster::AlertWatch;
using cluster::InstanceState;
using cluster::testing::FakeCluster;

namespace {

class FakeNotifier : public Notifier {
 public:
  [[nodiscard]] QString whyNot() const override { return {}; }
  void show(const Notice& notice) override { shown.append(notice); }
  QList<Notice> shown;
};

}  // namespace

class TestAlertNotices : public QObject {
  Q_OBJECT
  std::unique_ptr<FakeCluster> cluster_;
  std::unique_ptr<AlertWatch> watch_;
  std::unique_ptr<FakeNotifier> notifier_;
  std::unique_ptr<AlertNotices> notices_;
  bool wanted_ = true;

  void open(AlertNotices::Pace pace) {
    notices_ = std::make_unique<AlertNotices>(
        *cluster_, *watch_, *notifier_, [this] { return wanted_; }, pace, nullptr);
  }
  void go(int seconds) { testing::go(*cluster_, *watch_, seconds); }
  void set(int slot, InstanceState state) { testing::set(*cluster_, slot, state); }

 private Q_SLOTS:
  void init() {
    wanted_ = true;
    cluster_ = std::make_unique<FakeCluster>();
    for (const char* id : {"a", "b"}) {
      cluster::InstanceInfo info;
      info.id = QString::fromLatin1(id);
      info.state = InstanceState::Live;
      cluster_->addInstance(info);
    }
    watch_ = std::make_unique<AlertWatch>(*cluster_, nullptr, false);
    notifier_ = std::make_unique<FakeNotifier>();
    go(1);
  }
  void cleanup() {
    notices_.reset();
    notifier_.reset();
    watch_.reset();
    cluster_.reset();
  }

  void oneAlertIsTold() {
    open({0, 0});
    set(0, InstanceState::Unreachable);
    go(31);
    QTRY_COMPARE(notifier_->shown.size(), 1);
    QCOMPARE(notifier_->shown[0].title, QStringLiteral("Local server: a is down"));
    QVERIFY(notifier_->shown[0].critical);
    set(0, InstanceState::Live);
    go(31);
    QTRY_COMPARE(notifier_->shown.size(), 2);
    QCOMPARE(notifier_->shown[1].title, QStringLiteral("Local server: Over: a is down"));
    QVERIFY(!notifier_->shown[1].critical);
  }

  void pendingIsNoNews() {
    open({0, 0});
    set(0, InstanceState::Unreachable);
    go(20);
    QTest::qWait(50);
    QVERIFY(notifier_->shown.isEmpty());
  }

  void togetherTheyAreOneNotice() {
    open({0, 0});
    set(0, InstanceState::Unreachable);
    set(1, InstanceState::Unreachable);
    go(31);
    QTRY_COMPARE(notifier_->shown.size(), 1);
    QCOMPARE(notifier_->shown[0].title, QStringLiteral("Local server: 2 alerts"));
    QVERIFY(notifier_->shown[0].text.contains(QStringLiteral("a is down")));
    QVERIFY(notifier_->shown[0].text.contains(QStringLiteral("b is down")));
  }

  // However it flaps: after the first there is none for a while, and then only what is so in the end.
  void flappingIsToldOnce() {
    open({0, 3'600'000});
    for (int i = 0; i < 5; ++i) {
      set(0, InstanceState::Unreachable);
      go(31);
      set(0, InstanceState::Live);
      go(31);
      QTest::qWait(5);
    }
    QCOMPARE(notifier_->shown.size(), 1);
  }

  void silencedAndUnwantedAreNotTold() {
    open({0, 0});
    set(0, InstanceState::Unreachable);
    go(10);
    watch_->silence({AlertKind::InstanceDown, 0}, std::nullopt);
    go(31);
    QVERIFY(watch_->fires(AlertKind::InstanceDown, 0));
    wanted_ = false;
    set(1, InstanceState::Unreachable);
    go(31);
    QTest::qWait(50);
    QVERIFY(notifier_->shown.isEmpty());
  }

  void withoutABusNothingHappens() {
    const QByteArray bus = qgetenv("DBUS_SESSION_BUS_ADDRESS"), runtime = qgetenv("XDG_RUNTIME_DIR");
    qunsetenv("DBUS_SESSION_BUS_ADDRESS");
    qputenv("XDG_RUNTIME_DIR", "/nonexistent");
    DesktopNotifier notifier;
    QVERIFY(!notifier.whyNot().isEmpty());
    notifier.show({QStringLiteral("title"), QStringLiteral("text"), true});
    if (!bus.isEmpty()) qputenv("DBUS_SESSION_BUS_ADDRESS", bus);
    qputenv("XDG_RUNTIME_DIR", runtime);
  }
};

QTEST_MAIN(TestAlertNotices)
#include "test_alert_notices.moc"
