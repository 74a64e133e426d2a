#include <QTest>

#include "cluster/sse_parser.h"

using namespace vx11::cluster;

namespace {

QString shown(const std::vector<SseEvent>& events) {
  QStringList out;
  for (const auto& event : events) {
    out << QString::fromUtf8(event.type + '|' + event.data + '|' + event.id).replace(u'\n', u'/');
  }
  return out.join(QStringLiteral(" ; "));
}

struct Read {
  QString events;
  std::optional<qint64> retry;
  bool ok = true;
};
Read readIn(const QList<QByteArray>& pieces, qsizetype bound = 1000) {
  SseParser parser(bound);
  std::vector<SseEvent> events;
  Read read;
  for (const auto& piece : pieces) read.ok = parser.feed(piece, events) && read.ok;
  read.events = shown(events);
  read.retry = parser.retry();
  return read;
}

}  // namespace

class SseParserTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void streams_data() {
    QTest::addColumn<QByteArray>("stream");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const char* stream, const char* expected) {
      QTest::newRow(name) << QByteArray(stream) << QString::fromUtf8(expected);
    };
    row("nothing", "", "");
    row("simple", "data: a\n\n", "message|a|");
    row("named", "event: issued\ndata: {}\n\n", "issued|{}|");
    row("lf, cr, crlf", "data: a\n\ndata: b\r\rdata: c\r\n\r\n", "message|a| ; message|b| ; message|c|");
    row("mixed ends in one event", "data: a\rdata: b\r\ndata: c\n\n", "message|a/b/c|");
    row("bom", "\xEF\xBB\xBF" "data: a\n\n", "message|a|");
    row("bom only at the start", "data: a\n\n\xEF\xBB\xBF" "data: b\n\n", "message|a|");
    row("comments", ": hello\ndata: a\n:\n\n", "message|a|");
    row("many data lines", "data: a\ndata:\ndata: c\n\n", "message|a//c|");
    row("empty data line dispatches", "data\n\n", "message||");
    row("no data, no event; its name is forgotten", "event: x\n\ndata: a\n\n", "message|a|");
    row("one space is stripped", "data:  a\n\ndata:b\n\n", "message| a| ; message|b|");
    row("id stays", "id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n", "message|a|1 ; message|b|1 ; message|c|");
    row("unknown field", "foo: bar\ndata: a\nid2: 5\n\n", "message|a|");
    row("colon in the value", "data: a:b\n\n", "message|a:b|");
    row("field names are exact", "Data: a\n data: b\n\n", "");
    row("unfinished is dropped", "data: a\n\ndata: b\n", "message|a|");
    row("utf-8", "data: \xC3\xA9\xE2\x80\xA6\n\n", "message|\xC3\xA9\xE2\x80\xA6|");
    QTest::newRow("id with nul is ignored") << QByteArray("id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n", 31)
                                            << QStringLiteral("message|a|1 ; message|b|1");
  }
  void streams() {
    QFETCH(QByteArray, stream);
    QFETCH(QString, expected);
    QCOMPARE(readIn({stream}).events, expected);
    for (qsizetype i = 0; i <= stream.size(); ++i) {
      QCOMPARE(readIn({stream.first(i), stream.sliced(i)}).events, expected);
    }
    QList<QByteArray> bytes;
    for (char c : stream) bytes << QByteArray(1, c);
    QCOMPARE(readIn(bytes).events, expected);
  }

  void retry_data() {
    QTest::addColumn<QByteArray>("stream");
    QTest::addColumn<int>("expected");
    QTest::newRow("given") << QByteArray("retry: 10000\n") << 10000;
    QTest::newRow("without event") << QByteArray("retry:5\n\n") << 5;
    QTest::newRow("not digits") << QByteArray("retry: 5s\n") << -1;
    QTest::newRow("negative") << QByteArray("retry: -5\n") << -1;
    QTest::newRow("empty") << QByteArray("retry:\n") << -1;
    QTest::newRow("too long") << QByteArray("retry: 99999999999999999999\n") << -1;
  }
  void retry() {
    QFETCH(QByteArray, stream);
    QFETCH(int, expected);
    QCOMPARE(readIn({stream}).retry.value_or(-1), expected);
  }

  void boundsAreKept() {
    QVERIFY(readIn({"data: 12345\n\n"}, 20).ok);
    const Read longLine = readIn({QByteArray(30, 'x')}, 20);
    QVERIFY(!longLine.ok);
    QList<QByteArray> slow(30, QByteArray("x"));
    QVERIFY(!readIn(slow, 20).ok);
    const Read longData = readIn({"data: 1234567890\ndata: 1234567890\ndata: 1234567890\n\n", "data: a\n\n"}, 20);
    QVERIFY(!longData.ok);
    QCOMPARE(longData.events, QString());
  }
};

QTEST_GUILESS_MAIN(SseParserTest)
#include "sse_parser_test.moc"
