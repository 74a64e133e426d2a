// The connection's state machine, its back-off and the rates, on a clock that only the test moves.
#include <QTest>

#include "cluster/connection_state.h"
#include "cluster/rates.h"

using namespace vx11::cluster;
using Change = ConnectionState::Change;

namespace {
Failure network(const QString& code) {
  Failure failure;
  failure.kind = Failure::Kind::Network;
  failure.code = code;
  return failure;
}
Failure http(int status) {
  Failure failure;
  failure.kind = Failure::Kind::Http;
  failure.httpStatus = status;
  return failure;
}
const Failure refused = network(QStringLiteral("connection_refused"));
const Failure reset = network(QStringLiteral("connection_closed"));
}  // namespace

class ConnectionStateTest : public QObject {
  Q_OBJECT
  vx11::SeededRandom random_{7};

 private Q_SLOTS:
  void firstAnswerConnects() {
    ConnectionState connection(1000, random_);
    QCOMPARE(connection.state(), InstanceState::Unknown);
    QVERIFY(!connection.reachable());
    const auto step = connection.answered(1030, u"ready");
    QCOMPARE(step.change, Change::Connected);
    QCOMPARE(step.afterMs, 30);
    QVERIFY(step.stateChanged);
    QCOMPARE(connection.state(), InstanceState::Live);
    const auto again = connection.answered(2030, u"ready");
    QCOMPARE(again.change, Change::None);
    QVERIFY(!again.stateChanged);
  }

  void whatItsOwnerStopsDrainsUntilTheEnd() {
    ConnectionState connection(0, random_);
    (void)connection.answered(1, u"ready");
    const auto told = connection.toldThat(2, InstanceState::Draining, QStringLiteral("draining"));
    QVERIFY(told.stateChanged && told.change == Change::None);
    (void)connection.answered(3, u"ready");  // of before
    QCOMPARE(connection.state(), InstanceState::Draining);
    QVERIFY(!connection.answeredBadly(3, http(503)).stateChanged);
    QVERIFY(!connection.answeredHealthOnly(3).stateChanged);
    QVERIFY(!connection.internalCalls());
    QCOMPARE(connection.state(), InstanceState::Draining);
    QCOMPARE(connection.reason(), QStringLiteral("draining"));
    for (int i = 4; i < 9; ++i) QCOMPARE(connection.failed(i, refused).change, Change::None);
    QCOMPARE(connection.state(), InstanceState::Draining);
    QCOMPARE(connection.toldThat(9, InstanceState::Stopped, QStringLiteral("stopped")).change, Change::Lost);
    (void)connection.toldThat(10, InstanceState::Starting, QStringLiteral("starting"));
    QCOMPARE(connection.answered(11, u"ready").change, Change::Back);
    QCOMPARE(connection.failed(12, refused).change, Change::Lost);  // it counts again
  }

  void reportedStates_data() {
    QTest::addColumn<QString>("reported");
    QTest::addColumn<InstanceState>("state");
    QTest::addColumn<QString>("reason");
    QTest::newRow("ready") << QStringLiteral("ready") << InstanceState::Live << QString();
    QTest::newRow("starting") << QStringLiteral("starting") << InstanceState::Starting << QStringLiteral("starting");
    QTest::newRow("draining") << QStringLiteral("draining") << InstanceState::Draining << QStringLiteral("draining");
    QTest::newRow("new word") << QStringLiteral("odd") << InstanceState::Degraded << QStringLiteral("state_unknown");
  }
  void reportedStates() {
    QFETCH(QString, reported);
    ConnectionState connection(0, random_);
    (void)connection.answered(1, reported);
    QTEST(connection.state(), "state");
    QTEST(connection.reason(), "reason");
    QVERIFY(connection.reachable());
  }

  void badAnswersAreAlive_data() {
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("reason");
    QTest::newRow("401") << 401 << QStringLiteral("refused_principal");
    QTest::newRow("403") << 403 << QStringLiteral("refused_principal");
    QTest::newRow("302") << 302 << QStringLiteral("http_302");
    QTest::newRow("503") << 503 << QStringLiteral("http_503");
  }
  void badAnswersAreAlive() {
    QFETCH(int, status);
    ConnectionState connection(0, random_);
    const auto step = connection.answeredBadly(5, http(status));
    QCOMPARE(step.change, Change::Connected);
    QCOMPARE(connection.state(), InstanceState::Degraded);
    QTEST(connection.reason(), "reason");
    QCOMPARE(*connection.pollDelay(Attention::InView), std::chrono::milliseconds(1000));
  }

  void healthOnlyUntilItWasAway() {
    ConnectionState connection(0, random_);
    (void)connection.answeredHealthOnly(1);
    QVERIFY(!connection.internalCalls());
    QCOMPARE(connection.state(), InstanceState::Live);
    (void)connection.failed(2, refused);
    QVERIFY(connection.internalCalls());
  }

  void refusedIsBelievedAtOnce() {
    ConnectionState connection(0, random_);
    (void)connection.answered(10, u"ready");
    const auto step = connection.failed(1010, refused);
    QCOMPARE(step.change, Change::Lost);
    QCOMPARE(connection.state(), InstanceState::Unreachable);
    QCOMPARE(connection.reason(), QStringLiteral("connection_refused"));
    QCOMPARE(connection.unreachableSince(), 1010);
    QCOMPARE(connection.attempts(), 1);
  }

  void oneResetIsForgiven() {
    ConnectionState connection(0, random_);
    (void)connection.answered(10, u"ready");
    QCOMPARE(connection.failed(1010, reset).change, Change::None);
    QCOMPARE(connection.state(), InstanceState::Live);
    QCOMPARE(connection.answered(1100, u"ready").change, Change::None);
    QCOMPARE(connection.attempts(), 0);
    (void)connection.failed(2000, reset);
    QCOMPARE(connection.failed(2100, reset).change, Change::Lost);
    QCOMPARE(connection.failed(2200, refused).change, Change::None);
    QCOMPARE(connection.reason(), QStringLiteral("connection_refused"));
    const auto back = connection.answered(5100, u"ready");
    QCOMPARE(back.change, Change::Back);
    QCOMPARE(back.afterMs, 3000);
    QCOMPARE(connection.unreachableSince(), -1);
  }

  void silenceOfOneThatNeverAnsweredIsBelievedAtOnce() {
    ConnectionState connection(0, random_);
    Failure late;
    late.kind = Failure::Kind::Timeout;
    QCOMPARE(connection.failed(2000, late).change, Change::Lost);
    QCOMPARE(connection.state(), InstanceState::Unreachable);
    QCOMPARE(connection.reason(), QStringLiteral("timed_out"));
  }

  void anotherRightToAskIsAnotherQuestion() {
    ConnectionState connection(0, random_);
    static_cast<void>(connection.answeredHealthOnly(10));
    QVERIFY(!connection.internalCalls());
    connection.forgetCalls();
    QVERIFY(connection.internalCalls());
    QCOMPARE(connection.state(), InstanceState::Live);
  }

  void retriesNeverStopAndNeverWaitLong() {
    ConnectionState connection(0, random_);
    std::chrono::milliseconds longest{0};
    for (int i = 0; i < 10'000; ++i) {
      (void)connection.failed(i, refused);
      const auto delay = connection.pollDelay(Attention::Minimised);
      QVERIFY(delay);
      QVERIFY(*delay >= std::chrono::milliseconds(1) && *delay <= std::chrono::milliseconds(5000));
      longest = std::max(longest, *delay);
    }
    QVERIFY(longest > std::chrono::milliseconds(4000));
    QCOMPARE(connection.attempts(), 10'000);
  }

  void intervals() {
    ConnectionState connection(0, random_);
    QCOMPARE(*connection.pollDelay(Attention::InView), std::chrono::seconds(1));
    QCOMPARE(*connection.pollDelay(Attention::Behind), std::chrono::seconds(5));
    QCOMPARE(*connection.pollDelay(Attention::Minimised), std::chrono::seconds(15));
  }

  void stoppedIsNotAskedAndNotLostTwice() {
    ConnectionState connection(0, random_);
    (void)connection.answered(1, u"ready");
    QCOMPARE(connection.toldThat(5, InstanceState::Stopped, QStringLiteral("drained")).change, Change::Lost);
    QVERIFY(!connection.pollDelay(Attention::InView));
    const auto late = connection.failed(6, refused);
    QCOMPARE(late.change, Change::None);
    QCOMPARE(connection.state(), InstanceState::Stopped);
    QCOMPARE(connection.reason(), QStringLiteral("drained"));
    (void)connection.toldThat(100, InstanceState::Starting, {});
    QVERIFY(!connection.reachable());
    QVERIFY(connection.pollDelay(Attention::InView));
    const auto back = connection.answered(105, u"ready");
    QCOMPARE(back.change, Change::Back);
    QCOMPARE(back.afterMs, 100);
  }

  void backoffGrowsToItsCapWithFullJitter() {
    Backoff backoff(std::chrono::milliseconds(100), std::chrono::milliseconds(1000), random_);
    for (int round = 0; round < 50; ++round) {
      QVERIFY(backoff.next() <= std::chrono::milliseconds(100));
      QVERIFY(backoff.next() <= std::chrono::milliseconds(200));
      QVERIFY(backoff.next() <= std::chrono::milliseconds(400));
      for (int i = 0; i < 100; ++i) QVERIFY(backoff.next() >= Backoff::floor);
      backoff.reset();
    }
    std::chrono::milliseconds least{1000}, most{0};
    for (int i = 0; i < 1000; ++i) {
      const auto delay = backoff.next();
      if (i > 10) least = std::min(least, delay);
      most = std::max(most, delay);
    }
    QVERIFY(least < std::chrono::milliseconds(100));
    QVERIFY(most > std::chrono::milliseconds(900) && most <= std::chrono::milliseconds(1000));
  }

  void ratesOfCounters() {
    Rate rate;
    QVERIFY(!rate.update(10, 100));
    QCOMPARE(*rate.update(12, 110), 5.0);
    QCOMPARE(*rate.update(13, 110), 0.0);
    QVERIFY(!rate.update(14, 3));  // restarted
    QCOMPARE(*rate.update(15, 5), 2.0);
    QVERIFY(!rate.update(15, 6));  // no time passed
    QVERIFY(!rate.update(16, std::nullopt));
    QVERIFY(!rate.update(17, 20));  // unknown before
    QCOMPARE(*rate.update(18, 21), 1.0);
    rate.reset();
    QVERIFY(!rate.update(19, 22));
  }
};

QTEST_GUILESS_MAIN(ConnectionStateTest)
#include "connection_state_test.moc"
