// What an operator sees of the alert rules over a cluster: pending, firing, cleared, in order of urgency; what he says
// to them; and what is kept for the next start.
#include <QSignalSpy>
#include <QtTest>

#include "cluster/alert_watch.h"
#include "core/cluster/fake_cluster.h"

namespace vx11::cluster {

class AlertWatchTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init();
  void cleanup();
  void pendingThenFiringThenCleared();
  void valuesFromBeforeAreUnknown();
  void worstFirstThenNewest();
  void aSilencedOneIsNotCounted();
  void aSilenceEndsByItself();
  void aSilenceUntilResolvedEndsWithTheAlert();
  void acknowledgedUntilItClears();
  void oneThatIsGoneClears();
  void stateSurvives();
  void uselessStateIsLeftOut();
  void tellsLogAndCharts();
  void redisIsJudgedByWhoAnswers();

 private:
  void go(int seconds) {
    for (int i = 0; i < seconds; ++i) {
      cluster_->advance(1000);
      wall_ += 1000;
      watch_->look();
    }
  }
  void set(int slot, InstanceState state) {
    InstanceInfo info = cluster_->instances()[slot];
    info.state = state;
    cluster_->setInstance(info);
  }
  std::unique_ptr<AlertWatch> newWatch() {
    return std::make_unique<AlertWatch>(
        *cluster_, [this] { return wall_; }, false);
  }

  static constexpr AlertKey downA{AlertKind::InstanceDown, 0}, downB{AlertKind::InstanceDown, 1};
  std::unique_ptr<testing::FakeCluster> cluster_;
  std::unique_ptr<AlertWatch> watch_;
  qint64 wall_ = 1'700'000'000'000;
};

void AlertWatchTest::init() {
  cluster_ = std::make_unique<testing::FakeCluster>();
  for (const char* id : {"a", "b"}) {
    InstanceInfo info;
    info.id = QString::fromLatin1(id);
    info.state = InstanceState::Live;
    info.uptimeSec = 5;
    info.ttlSec = 60;
    info.liveTokens = 0;
    cluster_->addInstance(info);
  }
  watch_ = newWatch();
  go(1);
}

void AlertWatchTest::cleanup() {
  watch_.reset();
  cluster_.reset();
}

void AlertWatchTest::pendingThenFiringThenCleared() {
  QSignalSpy fired(watch_.get(), &AlertWatch::fired), cleared(watch_.get(), &AlertWatch::cleared);
  QVERIFY(watch_->alerts().isEmpty());
  set(0, InstanceState::Unreachable);
  go(30);
  QCOMPARE(watch_->pendingCount(), 1);
  QCOMPARE(watch_->firingCount(), 0);
  QCOMPARE(fired.size(), 0);
  const qint64 since = watch_->find(downA)->since;
  go(1);
  QCOMPARE(watch_->firingCount(), 1);
  QCOMPARE(fired.size(), 1);
  QCOMPARE(watch_->find(downA)->since, since);
  QCOMPARE(watch_->find(downA)->instance, QStringLiteral("a"));
  QCOMPARE(watch_->find(downA)->firedAt.toMSecsSinceEpoch(), wall_);
  QVERIFY(watch_->fires(AlertKind::InstanceDown, 0) && !watch_->fires(AlertKind::InstanceDown, 1));
  set(0, InstanceState::Live);
  QVERIFY(!watch_->find(downA)->clearMs);
  go(30);
  QCOMPARE(watch_->firingCount(), 1);  // not at the first good sign
  QCOMPARE(watch_->find(downA)->clearMs, 29'000);
  go(1);
  QVERIFY(watch_->alerts().isEmpty());
  QCOMPARE(fired.size(), 1);
  QCOMPARE(cleared.size(), 1);
  QCOMPARE(watch_->history().size(), 1);
  QVERIFY(!watch_->history()[0].clearMs);
  QCOMPARE(watch_->history()[0].clearedAt.toMSecsSinceEpoch(), wall_);
}

// The values of an instance that no longer answers stay on the screen; a rule takes none of them.
void AlertWatchTest::valuesFromBeforeAreUnknown() {
  InstanceInfo info = cluster_->instances()[0];
  info.liveTokens = 9001;
  cluster_->setInstance(info);
  go(62);
  QVERIFY(watch_->fires(AlertKind::LiveTokens, 0));
  QVERIFY(watch_->find({AlertKind::LiveTokens, 0})->known);
  info.state = InstanceState::Unreachable;
  info.liveTokens = 0;
  cluster_->setInstance(info);
  go(300);
  QVERIFY(watch_->fires(AlertKind::LiveTokens, 0));
  QVERIFY(!watch_->find({AlertKind::LiveTokens, 0})->known);
  QCOMPARE(watch_->find({AlertKind::LiveTokens, 0})->value, 9001.0);
  info.state = InstanceState::Live;
  cluster_->setInstance(info);
  go(31);
  QVERIFY(!watch_->fires(AlertKind::LiveTokens, 0));
}

void AlertWatchTest::worstFirstThenNewest() {
  InstanceInfo info = cluster_->instances()[1];
  info.liveTokens = 9001;
  cluster_->setInstance(info);
  set(0, InstanceState::Unreachable);
  go(40);
  // A warning that is only pending stands behind what fires, and what fires and is worse before all.
  QCOMPARE(watch_->alerts().size(), 2);
  QCOMPARE(watch_->alerts()[0].key, downA);
  go(40);
  QCOMPARE(watch_->firingCount(), 2);
  set(1, InstanceState::Unreachable);
  go(31);
  QCOMPARE(watch_->alerts().size(), 3);
  QCOMPARE(watch_->alerts()[0].key, downB);
  QCOMPARE(watch_->alerts()[1].key, downA);
  QCOMPARE(watch_->alerts()[2].key.kind, AlertKind::LiveTokens);
}

void AlertWatchTest::aSilencedOneIsNotCounted() {
  set(0, InstanceState::Unreachable);
  go(31);
  watch_->silence(downA, 60'000);
  QCOMPARE(watch_->firingCount(), 0);
  QVERIFY(watch_->find(downA)->silenced);
  QCOMPARE(watch_->find(downA)->silencedUntil, cluster_->now() + 60'000);
  watch_->endSilence(downA);
  QCOMPARE(watch_->firingCount(), 1);
}

void AlertWatchTest::aSilenceEndsByItself() {
  QSignalSpy kept(watch_.get(), &AlertWatch::stateChanged);
  set(0, InstanceState::Unreachable);
  go(31);
  watch_->silence(downA, 60'000);
  QCOMPARE(kept.size(), 1);
  go(59);
  QCOMPARE(watch_->firingCount(), 0);
  go(1);
  QCOMPARE(watch_->firingCount(), 1);
  QCOMPARE(kept.size(), 2);
}

void AlertWatchTest::aSilenceUntilResolvedEndsWithTheAlert() {
  set(0, InstanceState::Unreachable);
  go(31);
  watch_->silence(downA, std::nullopt);
  go(3600);
  QCOMPARE(watch_->firingCount(), 0);
  QSignalSpy cleared(watch_.get(), &AlertWatch::cleared);
  set(0, InstanceState::Live);
  go(32);
  QCOMPARE(cleared.size(), 1);
  set(0, InstanceState::Unreachable);
  go(31);
  QCOMPARE(watch_->firingCount(), 1);
}

void AlertWatchTest::acknowledgedUntilItClears() {
  set(0, InstanceState::Unreachable);
  go(10);
  watch_->acknowledge(downA);  // there is nothing yet to be seen
  QVERIFY(!watch_->find(downA)->acknowledged);
  go(21);
  watch_->acknowledge(downA);
  go(5);
  QVERIFY(watch_->find(downA)->acknowledged);
  QCOMPARE(watch_->firingCount(), 1);
  set(0, InstanceState::Live);
  go(31);
  set(0, InstanceState::Unreachable);
  go(31);
  QVERIFY(!watch_->find(downA)->acknowledged);
}

void AlertWatchTest::oneThatIsGoneClears() {
  set(0, InstanceState::Unreachable);
  go(31);
  QSignalSpy cleared(watch_.get(), &AlertWatch::cleared);
  cluster_->clearInstances();
  go(1);
  QVERIFY(watch_->alerts().isEmpty());
  QCOMPARE(cleared.size(), 1);
}

void AlertWatchTest::stateSurvives() {
  set(0, InstanceState::Unreachable);
  set(1, InstanceState::Unreachable);
  go(31);
  watch_->silence(downA, 60'000);
  watch_->silence(downB, std::nullopt);
  AlertThresholds thresholds;
  QVERIFY(thresholds.set(AlertKind::Refusals, {25, 120, false}));
  watch_->setThresholds(thresholds);
  const QVariantMap state = watch_->state();

  wall_ += 40'000;  // the console was closed meanwhile
  watch_ = newWatch();
  watch_->restore(state);
  QCOMPARE(watch_->thresholds(), thresholds);
  go(19);
  QCOMPARE(watch_->alerts().size(), 2);
  QCOMPARE(watch_->pendingCount(), 0);
  go(1);
  QCOMPARE(watch_->pendingCount(), 1);  // a's minute is over, b's lasts until it is resolved
}

void AlertWatchTest::uselessStateIsLeftOut() {
  const QVariantMap silence{{QStringLiteral("alert"), QStringLiteral("no_such")}};
  const QVariantMap bad{{QStringLiteral("value"), -3}, {QStringLiteral("for_sec"), 60}};
  const QVariantMap late{{QStringLiteral("value"), 3}, {QStringLiteral("for_sec"), 4000}};
  watch_->restore({{QStringLiteral("silences"), QVariantList{silence, 7}},
                   {QStringLiteral("thresholds"), QVariantMap{{QStringLiteral("refusals"), bad},
                                                              {QStringLiteral("issue_rate"), late},
                                                              {QStringLiteral("redis_memory"), QStringLiteral("x")}}}});
  QCOMPARE(watch_->thresholds(), AlertThresholds());
  QVERIFY(watch_->state().value(QStringLiteral("silences")).toList().isEmpty());
}

void AlertWatchTest::tellsLogAndCharts() {
  set(0, InstanceState::Unreachable);
  go(31);
  set(0, InstanceState::Live);
  go(31);
  const auto& entries = cluster_->journal().entries();
  QCOMPARE(entries.size(), 2U);
  QCOMPARE(entries[0].event, QStringLiteral("alert_fired"));
  QCOMPARE(entries[0].severity, Severity::Error);
  QCOMPARE(entries[0].fields.value(QStringLiteral("instance")), QStringLiteral("a"));
  QCOMPARE(entries[1].event, QStringLiteral("alert_cleared"));
  const auto marks = cluster_->history().marks(0, wall_);
  QCOMPARE(marks.size(), 1);
  QCOMPARE(marks[0].kind, TimeMark::Kind::Alert);
  QCOMPARE(marks[0].detail, QStringLiteral("Instance down"));
}

// An instance that is away tells nothing of Redis, whatever it told last.
void AlertWatchTest::redisIsJudgedByWhoAnswers() {
  RedisInfo redis;
  redis.configured = true;
  RedisSeenBy a, b;
  a.slot = 0;
  a.up = false;
  b.slot = 1;
  b.up = true;
  redis.seenBy = {a, b};
  cluster_->setRedis(redis);
  go(61);
  QVERIFY(watch_->fires(AlertKind::RedisDown, -1));
  set(0, InstanceState::Unreachable);
  go(31);
  QVERIFY(!watch_->fires(AlertKind::RedisDown, -1));
  // Where no instance tells, the console's own connection does.
  redis.seenBy.clear();
  redis.source = RedisInfo::Source::Direct;
  redis.up = false;
  cluster_->setRedis(redis);
  go(61);
  QVERIFY(watch_->fires(AlertKind::RedisDown, -1));
}

}  // namespace vx11::cluster

QTEST_GUILESS_MAIN(vx11::cluster::AlertWatchTest)
#include "alert_watch_test.moc"
