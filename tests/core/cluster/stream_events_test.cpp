// What is kept of the events of all streams, and what of one event.
#include <QTest>

#include "cluster/stream_events.h"

using namespace vx11::cluster;

class StreamEventsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void theOldestFallOut() {
    StreamEvents events;
    for (int i = 0; i < Streams::mostEvents + 5; ++i) events.add({});
    QCOMPARE(events.all().size(), std::size_t{Streams::mostEvents});
    QCOMPARE(events.all().front().number, 5);
    QCOMPARE(events.dropped(), 5);
  }

  void whatIsNewIsToldOnce() {
    StreamEvents events;
    events.add({});
    events.add({});
    QCOMPARE(events.takeNew().size(), 2);
    QVERIFY(events.takeNew().isEmpty());
    events.add({});
    QCOMPARE(events.takeNew().first().number, 2);
    for (int i = 0; i < 3 * Streams::mostEvents; ++i) events.add({});
    QCOMPARE(events.takeNew().size(), Streams::mostEvents);
  }

  void clearedEventsAreGone() {
    StreamEvents events;
    events.add({});
    events.clear();
    QVERIFY(events.all().empty() && events.takeNew().isEmpty());
    events.add({});
    QCOMPARE(events.takeNew().first().number, 1);
  }

  void thePositionHasNoCredential_data() {
    QTest::addColumn<QByteArray>("id");
    QTest::addColumn<QString>("position");
    QTest::newRow("ours") << QByteArray("e1.12.ABCDEFGHIJKLMNOPQRSTUVWXYZ0123") << "e1.12";
    QTest::newRow("of Redis") << QByteArray("e1.1700000000000-0.ABCDEFGHIJKLMNOPQRSTUVWXYZ0123") << "e1.1700000000000-0";
    QTest::newRow("without one") << QByteArray("e1.12") << "e1.12";
    QTest::newRow("foreign") << QByteArray("1.2.3") << "1.2.3";
    QTest::newRow("a number") << QByteArray("7") << "7";
    QTest::newRow("none") << QByteArray() << "";
    QTest::newRow("endless") << QByteArray(5000, 'x') << QString(200, u'x');
  }
  void thePositionHasNoCredential() {
    QFETCH(QByteArray, id);
    QTEST(positionOf(id), "position");
  }

  void ofALargeEventTheBeginningIsKept() {
    const auto made = eventOf({"update", QByteArray(100'000, 'x'), "e.1"});
    QCOMPARE(made.data.size(), StreamEvent::longestData);
    QCOMPARE(made.dataSize, 100'000);
    QCOMPARE(made.name, QStringLiteral("update"));
  }
};

QTEST_GUILESS_MAIN(StreamEventsTest)
#include "stream_events_test.moc"
