// Values, the journal and the fakes that other tests rely on.
#include <QSignalSpy>
#include <QTest>

#include "cluster/journal.h"
#include "core/cluster/fake_cluster.h"

using namespace vx11::cluster;

namespace {
LogEntry entry(int number) {
  LogEntry made;
  made.event = QString::number(number);
  return made;
}
}  // namespace

class BasicsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void idReadsWhatItWrites() {
    const QString text = QStringLiteral("00ff0123456789abcdef00112233445f");
    const auto id = TokenId::parse(text);
    QVERIFY(id);
    QCOMPARE(id->text(), text);
    QCOMPARE(qHash(*id), qHash(*TokenId::parse(text)));
  }
  void idRefusesOtherForms_data() {
    QTest::addColumn<QString>("text");
    for (const char* bad : {"", "00", "00ff0123456789abcdef00112233445", "00ff0123456789abcdef00112233445f0",
                            "00FF0123456789abcdef00112233445f", "00ff0123456789abcdef00112233445g"}) {
      QTest::addRow("[%s]", bad) << QString::fromLatin1(bad);
    }
  }
  void idRefusesOtherForms() {
    QFETCH(QString, text);
    QVERIFY(!TokenId::parse(text));
  }
  void maskOfAnyLength() {
    TokenRow row;
    QCOMPARE(row.masked(), QString());
    row.maskedUtf8.fill('x');
    QCOMPARE(row.masked(), QString(20, u'x'));
  }

  void journalKeepsTheNewestAndSaysWhatFellOut() {
    Journal journal(3);
    for (int i = 0; i < 5; ++i) journal.add(entry(i));
    QCOMPARE(journal.entries().size(), 3U);
    QCOMPARE(journal.entries().front().event, QStringLiteral("2"));
    QCOMPARE(journal.dropped(), 2);
  }
  void journalEmitsTogether() {
    Journal journal(100);
    QSignalSpy spy(&journal, &Journal::appended);
    for (int i = 0; i < 5; ++i) journal.add(entry(i));
    QCOMPARE(spy.size(), 0);
    QTRY_COMPARE(spy.size(), 1);
    QCOMPARE(spy[0][0].value<QList<LogEntry>>().size(), 5);
  }

  void fakeJobsEndWhenTold() {
    testing::FakeCluster cluster;
    cluster.addInstance({});
    IssueSpec spec;
    spec.count = 3;
    QPointer<IssueJob> job = cluster.issue(spec);
    QCOMPARE(job->total(), 3);
    int ended = 0;
    connect(job, &IssueJob::finished, this, [&](const IssueOutcome& came) { ended += came.issued; });
    IssueOutcome outcome;
    outcome.issued = 3;
    cluster.issueJob->finish(outcome);
    cluster.issueJob->finish(outcome);
    QCOMPARE(ended, 3);
    QTRY_VERIFY(job.isNull());
  }
  void fakeTokensKeepWhatTheySaid() {
    testing::FakeTokens tokens;
    QSignalSpy spy(&tokens, &Tokens::changed);
    tokens.add({testing::makeRow(1), testing::makeRow(2, 60'000, 60'000, 5)});
    QCOMPARE(spy.size(), 1);
    QCOMPARE(tokens.count(), 2);
    QCOMPARE(tokens.newest(1).first().id, testing::makeRow(2).id);
    tokens.remove({testing::makeRow(2).id});
    QVERIFY(!tokens.find(testing::makeRow(2).id));
  }
};

QTEST_GUILESS_MAIN(BasicsTest)
#include "basics_test.moc"
