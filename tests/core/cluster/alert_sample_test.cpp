// What the alert rules get to see of a real instance, all the way over its socket, and of one that is gone.
#include <QtTest>

#include "cluster/alert_sample.h"
#include "cluster/alert_watch.h"
#include "cluster/live_cluster.h"
#include "support/event_client.h"
#include "support/test_instance.h"

namespace vx11::cluster {

class AlertSampleTest : public QObject {
  Q_OBJECT
  SystemClock clock_;
  SystemRandom random_;

 private Q_SLOTS:
  void aRealInstance();
};

void AlertSampleTest::aRealInstance() {
  test::TestInstance instance;
  QVERIFY2(instance, instance.error().c_str());
  LiveCluster cluster(Profile{}, clock_, random_);
  const QUrl url(QStringLiteral("http://127.0.0.1:%1").arg(instance.port()));
  cluster.connectInstance(cluster.addInstance({}), url, Secret(test::principal));
  AlertSample sample;
  const auto sees = [&](const std::function<bool(const InstanceSample&)>& what) {
    return QTest::qWaitFor([&] {
      sample = sampleOf(cluster);
      return what(sample.instances.first());
    }, 20'000);
  };

  QVERIFY(sees([](const auto& seen) { return seen.up == true && seen.issued.has_value(); }));
  QCOMPARE(sample.instances.first().principalStreams, 0);
  QVERIFY(sample.instances.first().measures);
  QVERIFY(!sample.instances.first().issueP95);  // nothing was issued yet
  QVERIFY(!sample.redis.configured);

  const std::string token = instance.issue();
  QCOMPARE(instance.validate(token).status, 200);
  QCOMPARE(instance.validate("7d9f2f6e-1c9b-4c7a-9f7e-0123456789ab").status, 403);
  {
    test::EventClient byToken(instance.port(), "/operator/api/events/stream?token=" + token);
    test::EventClient byPrincipal(instance.port(), "/operator/api/events/stream", test::TestInstance::principal_line());
    QCOMPARE(byToken.status(), 200);
    QCOMPARE(byPrincipal.status(), 200);
  }
  QVERIFY(sees([](const auto& seen) { return seen.tokenStreams == 1 && seen.streamP95.has_value(); }));
  const InstanceSample seen = sample.instances.first();
  QCOMPARE(seen.issued, 1);
  QCOMPARE(seen.liveTokens, 1);
  QCOMPARE(seen.refused, 1);
  QCOMPARE(seen.principalStreams, 1);
  QCOMPARE(seen.ttlSec, 60);
  QVERIFY(seen.issueP95 && seen.localCheckP95 && !seen.redisCheckP95);

  instance.reset();
  QVERIFY(sees([](const auto& gone) { return gone.up == false; }));
  QVERIFY(!sample.instances.first().issued && !sample.instances.first().liveTokens);

  AlertWatch watch(cluster, {}, false);
  AlertThresholds thresholds;
  QVERIFY(thresholds.set(AlertKind::InstanceDown, {0, 0, true}));
  watch.setThresholds(thresholds);
  watch.look();
  QCOMPARE(watch.firingCount(), 1);
  const auto marks = cluster.history().marks(0, std::numeric_limits<qint64>::max());
  QCOMPARE(marks.last().kind, TimeMark::Kind::Alert);
}

}  // namespace vx11::cluster

QTEST_GUILESS_MAIN(vx11::cluster::AlertSampleTest)
#include "alert_sample_test.moc"
