#include "cluster/change_guard.h"

#include <QSignalSpy>
#include <QTest>

#include "cluster/live_cluster.h"
#include "cluster/remote_cluster.h"
#include "core/cluster/scripted_server.h"

namespace vx11::cluster {
namespace {

using namespace std::chrono_literals;

Profile profileOf(Environment environment, bool readOnly = false) {
  Profile profile;
  profile.name = QStringLiteral("eu");
  profile.kind = ProfileKind::RemoteCluster;
  profile.environment = environment;
  profile.readOnly = readOnly;
  return profile;
}

/// An instance that takes whatever it is asked, and remembers the requests that change something.
struct Service {
  testing::ScriptedServer server{[](const testing::ScriptedRequest& request) {
    testing::ScriptedReply reply;
    if (request.path.endsWith("/sse-token"))
      reply.body = R"({"sse_token":"a-token-of-this-test","expires_in_sec":60})";
    else if (request.path.endsWith("/cache-stats"))
      reply.body = R"({"instance_id":"a","mode":"memory","state":"ready","started_at":1})";
    else
      reply.body = R"({"revoked":1,"id":"1","valid":true})";
    return reply;
  }};
  [[nodiscard]] int changes() const {
    return server.count("/operator/api/events/sse-token") + server.count("/operator/internal/tokens/revoke") +
           server.count("/operator/api/events/publish");
  }
};

template <typename JobType, typename Outcome>
Outcome outcomeOf(JobType* job, void (JobType::*finished)(const Outcome&)) {
  std::optional<Outcome> told;
  QObject::connect(job, finished, job, [&told](const Outcome& outcome) { told = outcome; });
  return QTest::qWaitFor([&] { return told.has_value(); }, 10'000) ? *told : Outcome();
}

QList<Failure> tryAll(Cluster& cluster) {
  RevokeSpec all;
  all.all = true;
  return {outcomeOf(cluster.issue({}), &IssueJob::finished).failure,
          outcomeOf(cluster.revoke(all), &RevokeJob::finished).failure,
          outcomeOf(cluster.publish({QStringLiteral("hello"), {}, 0}), &PublishJob::finished).failure};
}

}  // namespace

class ChangeGuardTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void begins_data() {
    QTest::addColumn<Environment>("environment");
    QTest::addColumn<bool>("readOnly");
    QTest::addColumn<bool>("allowed");
    QTest::newRow("local") << Environment::Local << false << true;
    QTest::newRow("test") << Environment::Test << false << true;
    QTest::newRow("staging") << Environment::Staging << false << true;
    QTest::newRow("staging, read-only") << Environment::Staging << true << false;
    QTest::newRow("production") << Environment::Production << false << false;
    QTest::newRow("production, read-only") << Environment::Production << true << false;
  }
  void begins() {
    QFETCH(Environment, environment);
    QFETCH(bool, readOnly);
    const ManualClock clock;
    const ChangeGuard guard(profileOf(environment, readOnly), clock);
    QTEST(guard.allows(), "allowed");
    QVERIFY(!guard.endsAt() && !guard.lapsed());
  }

  void lastsWhereNothingIsProduction() {
    ManualClock clock;
    ChangeGuard guard(profileOf(Environment::Staging, true), clock);
    QVERIFY(guard.set(true));
    clock.advance(24h);
    QVERIFY(guard.allows() && !guard.endsAt() && !guard.lapsed());
    QVERIFY(!guard.set(true));
    QVERIFY(guard.set(false));
    QVERIFY(!guard.allows() && !guard.lapsed());
    QVERIFY(!guard.set(false));
  }

  void lapsesInProduction() {
    ManualClock clock;
    ChangeGuard guard(profileOf(Environment::Production), clock);
    const auto now = [&clock] {
      return std::chrono::duration_cast<std::chrono::milliseconds>(clock.now().time_since_epoch()).count();
    };
    const qint64 began = now();
    QVERIFY(guard.set(true));
    QCOMPARE(guard.endsAt(), std::optional<qint64>(began + 15 * 60'000));
    clock.advance(15min - 1ms);
    QVERIFY(guard.allows() && !guard.lapsed());
    clock.advance(1ms);
    QVERIFY(!guard.allows() && !guard.endsAt());
    QVERIFY(guard.lapsed());
  }

  void isGivenAnewInFull() {
    ManualClock clock;
    ChangeGuard guard(profileOf(Environment::Production), clock);
    QVERIFY(guard.set(true));
    clock.advance(14min);
    QVERIFY(guard.set(true));
    clock.advance(14min);
    QVERIFY(guard.allows());
    clock.advance(1min);
    QVERIFY(guard.lapsed());
    QVERIFY(guard.set(true));
    QVERIFY(guard.allows() && !guard.lapsed());
  }

  void takenBackIsNotLapsed() {
    ManualClock clock;
    ChangeGuard guard(profileOf(Environment::Production), clock);
    QVERIFY(guard.set(true));
    QVERIFY(guard.set(false));
    clock.advance(1h);
    QVERIFY(!guard.allows() && !guard.lapsed() && !guard.endsAt());
    QVERIFY(guard.set(true));
    clock.advance(1h);
    QVERIFY(guard.lapsed());
    QVERIFY(!guard.set(false));  // it was over already
    QVERIFY(!guard.lapsed());
  }

  void aReadOnlyClusterSendsNothing_data() {
    QTest::addColumn<Environment>("environment");
    QTest::newRow("production") << Environment::Production;
    QTest::newRow("staging") << Environment::Staging;
  }
  void aReadOnlyClusterSendsNothing() {
    QFETCH(Environment, environment);
    Service service;
    ManualClock clock;
    SystemRandom random;
    LiveCluster cluster(profileOf(environment, true), clock, random);
    cluster.connectInstance(cluster.addInstance({}), service.server.url(), vx11::Secret("a-principal-0123456789"));
    QTRY_COMPARE(cluster.instances().first().state, InstanceState::Live);
    for (const Failure& failure : tryAll(cluster)) QCOMPARE(failure.kind, Failure::Kind::ReadOnly);
    QCOMPARE(service.changes(), 0);

    cluster.setCanChange(true);
    for (const Failure& failure : tryAll(cluster)) QCOMPARE(failure.kind, Failure::Kind::None);
    QCOMPARE(service.changes(), 3);
  }

  void theClusterTellsThatItLapsed() {
    ManualClock clock;
    SystemRandom random;
    LiveCluster cluster(profileOf(Environment::Production), clock, random);
    QSignalSpy told(&cluster, &Cluster::canChangeChanged);
    cluster.setCanChange(true);
    QCOMPARE(told.size(), 1);
    QVERIFY(cluster.changesEndAt());
    cluster.setCanChange(true);  // put off, which is told too
    QCOMPARE(told.size(), 2);
    clock.advance(15min);
    QVERIFY(!cluster.canChange());  // at once, whoever has been told or not
    QTRY_COMPARE(told.size(), 3);
    QCOMPARE(told.last().first().toBool(), false);
    const LogEntry last = cluster.journal().entries().back();
    QCOMPARE(last.event, QStringLiteral("made_read_only"));
    QCOMPARE(last.fields.value(QStringLiteral("lapsed")).toBool(), true);
  }
};

}  // namespace vx11::cluster

QTEST_GUILESS_MAIN(vx11::cluster::ChangeGuardTest)
#include "change_guard_test.moc"
