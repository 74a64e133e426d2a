// The log's model under random appends and filters, watched by Qt's own tester and compared with a plain list.
#include <QAbstractItemModelTester>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTest>

#include "models/log_model.h"

using namespace vx11::ui;
using vx11::cluster::LogEntry;
using vx11::cluster::Severity;

namespace {

QString sentence(const LogEntry& entry) { return QStringLiteral("said ") + entry.event; }

LogEntry entry(int n) {
  LogEntry made;
  made.time = QDateTime::fromMSecsSinceEpoch(1'700'000'000'000 + n);
  made.severity = static_cast<Severity>(n % 4);
  made.source = n % 3 == 0 ? QStringLiteral("a") : QStringLiteral("b");
  made.event = QStringLiteral("event%1").arg(n);
  made.correlationId = QStringLiteral("Corr-%1").arg(n);
  return made;
}

QList<LogEntry> entries(int first, int count) {
  QList<LogEntry> made;
  for (int i = 0; i < count; ++i) made += entry(first + i);
  return made;
}

}  // namespace

class LogModelTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void appendsAtTheEndAndDropsAtTheBeginning() {
    LogModel model(sentence, 10);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.append(entries(0, 8));
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    model.append(entries(8, 5));
    QCOMPARE(removed.size(), 1);
    QCOMPARE(removed.first().at(1).toInt(), 0);
    QCOMPARE(removed.first().at(2).toInt(), 2);
    QCOMPARE(inserted.size(), 1);
    QCOMPARE(inserted.first().at(1).toInt(), 5);
    QCOMPARE(inserted.first().at(2).toInt(), 9);
    QVERIFY(reset.isEmpty());
    QCOMPARE(model.entry(0).event, QStringLiteral("event3"));
    QCOMPARE(model.entry(9).event, QStringLiteral("event12"));
  }

  void aBatchLargerThanTheCapacityKeepsItsEnd() {
    LogModel model(sentence, 10);
    model.append(entries(0, 4));
    model.append(entries(4, 100));
    QCOMPARE(model.rowCount(), 10);
    QCOMPARE(model.entry(0).event, QStringLiteral("event94"));
  }

  void numbersStayWithTheirLines() {
    LogModel model(sentence, 10);
    model.append(entries(0, 10));
    const qint64 number = model.number(7);
    model.append(entries(10, 4));
    QCOMPARE(model.rowOf(number), 3);
    QCOMPARE(model.entry(model.rowOf(number)).event, QStringLiteral("event7"));
    model.append(entries(14, 10));
    QCOMPARE(model.rowOf(number), -1);
    QCOMPARE(model.number(10), -1);
    QCOMPARE(model.number(-1), -1);
  }

  void filters_data() {
    QTest::addColumn<LogFilter>("filter");
    QTest::addColumn<int>("rows");
    QTest::newRow("none") << LogFilter{} << 100;
    QTest::newRow("message, any case") << LogFilter{QStringLiteral("SAID event9"), Severity::Debug, {}} << 11;
    QTest::newRow("correlation id") << LogFilter{QStringLiteral("corr-77"), Severity::Debug, {}} << 1;
    QTest::newRow("blanks around") << LogFilter{QStringLiteral("  corr-77 "), Severity::Debug, {}} << 1;
    QTest::newRow("severity") << LogFilter{{}, Severity::Warning, {}} << 50;
    QTest::newRow("source") << LogFilter{{}, Severity::Debug, QStringLiteral("a")} << 34;
    QTest::newRow("both") << LogFilter{{}, Severity::Error, QStringLiteral("a")} << 9;
    QTest::newRow("nothing") << LogFilter{QStringLiteral("no such words"), Severity::Debug, {}} << 0;
  }
  void filters() {
    QFETCH(LogFilter, filter);
    LogModel model(sentence);
    model.append(entries(0, 100));
    model.setFilter(filter);
    QTEST(model.rowCount(), "rows");
    QCOMPARE(model.total(), 100);
    model.setFilter({});
    QCOMPARE(model.rowCount(), 100);
  }

  void theSentenceIsMadeOnce() {
    int made = 0;
    LogModel model([&](const LogEntry& e) { return ++made, e.event; });
    model.append(entries(0, 50));
    model.setFilter({QStringLiteral("event4"), Severity::Debug, {}});
    for (int row = 0; row < model.rowCount(); ++row) QVERIFY(!model.message(row).isEmpty());
    QCOMPARE(made, 50);
  }

  void newSourcesAreTold() {
    LogModel model(sentence);
    QSignalSpy spy(&model, &LogModel::sourcesChanged);
    model.append(entries(0, 10));
    QCOMPARE(model.sources(), QStringList({QStringLiteral("a"), QStringLiteral("b")}));
    QCOMPARE(spy.size(), 2);
    model.append(entries(10, 10));
    QCOMPARE(spy.size(), 2);
  }

  void cellsSayTheirEntry() {
    LogModel model(sentence);
    model.append(entries(2, 1));
    const auto cell = [&](int column, int role) { return model.index(0, column).data(role).toString(); };
    QCOMPARE(cell(LogModel::Message, Qt::DisplayRole), QStringLiteral("said event2"));
    QCOMPARE(cell(LogModel::Source, Qt::DisplayRole), QStringLiteral("b"));
    QCOMPARE(cell(LogModel::Mark, Qt::AccessibleTextRole), QStringLiteral("Warning"));
    QCOMPARE(cell(LogModel::Correlation, Qt::ToolTipRole), QStringLiteral("Corr-2"));
    QVERIFY(cell(LogModel::Time, Qt::DisplayRole).endsWith(QStringLiteral(".002")));
  }

  void randomAppendsAndFilters() {
    constexpr int capacity = 60;
    LogModel model(sentence, capacity);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QRandomGenerator random(20);
    QList<LogEntry> all;
    LogFilter filter;
    for (int round = 0; round < 1000; ++round) {
      if (random.bounded(8) == 0) {
        filter = {random.bounded(2) ? QStringLiteral("event%1").arg(random.bounded(10)) : QString(),
                  static_cast<Severity>(random.bounded(4)), random.bounded(2) ? QStringLiteral("a") : QString()};
        model.setFilter(filter);
      } else {
        const auto batch = entries(static_cast<int>(all.size()), random.bounded(random.bounded(10) == 0 ? 90 : 12));
        all += batch;
        model.append(batch);
      }
      QStringList expected, shown;
      for (const LogEntry& e : all.mid(std::max<qsizetype>(0, all.size() - capacity))) {
        if (e.severity >= filter.least && (filter.source.isEmpty() || e.source == filter.source) &&
            (filter.text.isEmpty() || sentence(e).contains(filter.text)))
          expected += e.event;
      }
      for (int row = 0; row < model.rowCount(); ++row) shown += model.entry(row).event;
      QCOMPARE(shown, expected);
    }
  }
};

QTEST_GUILESS_MAIN(LogModelTest)
#include "log_model_test.moc"
