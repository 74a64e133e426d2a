// Every event that core/cluster writes has a sentence; nothing unknown is hidden; no token gets out.
#include <QDirIterator>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

#include "pages/log_text.h"

using namespace vx11::ui;
using vx11::cluster::LogEntry;
using vx11::cluster::Severity;

namespace {

LogEntry entry(const char* event, const QVariantMap& fields = {}) {
  LogEntry made;
  made.time = QDateTime(QDate(2026, 11, 23), QTime(4, 5, 6, 789), Qt::UTC);
  made.source = QStringLiteral("local");
  made.event = QLatin1String(event);
  made.fields = fields;
  return made;
}

/// The words that the sources give to their log: the literals between a log call and its fields that are no source, and
/// what is assigned to an entry's event.
QSet<QString> wordsInSources() {
  static const QRegularExpression call(QStringLiteral("\\blog\\([^;{]*"));
  static const QRegularExpression literal(QStringLiteral("QStringLiteral\\(\"(?!console\"|redis\")(\\w+)\"\\)"));
  static const QRegularExpression assigned(QStringLiteral("\\.event = QStringLiteral\\(\"(\\w+)\"\\)"));
  QSet<QString> words;
  const auto collect = [&words](const QRegularExpression& pattern, const QString& text) {
    for (auto match = pattern.globalMatch(text); match.hasNext();) words += match.next().captured(1);
  };
  QDirIterator files(QStringLiteral(VX11_SOURCE_DIR "/core/cluster"), {QStringLiteral("*.cpp")}, QDir::Files);
  while (files.hasNext()) {
    QFile file(files.next());
    if (!file.open(QIODevice::ReadOnly)) continue;
    const QString text = QString::fromUtf8(file.readAll());
    for (auto match = call.globalMatch(text); match.hasNext();) collect(literal, match.next().captured());
    collect(assigned, text);
  }
  return words;
}

}  // namespace

class LogTextTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() { QLocale::setDefault(QLocale::c()); }

  void everyEventInTheSourcesHasASentence() {
    const QSet<QString> written = wordsInSources();
    QVERIFY2(written.contains(QStringLiteral("issued")) && written.contains(QStringLiteral("lost")) &&
                 written.contains(QStringLiteral("service_log")) && written.contains(QStringLiteral("checked")),
             "the search of the sources finds nothing any more");
    const QStringList known = knownLogEvents();
    for (const QString& word : written)
      QVERIFY2(known.contains(word), qPrintable(word + QStringLiteral(" has no sentence")));
    for (const QString& word : known)
      QVERIFY2(written.contains(word), qPrintable(word + QStringLiteral(" is written nowhere any more")));
  }

  void sentences_data() {
    QTest::addColumn<LogEntry>("entry");
    QTest::addColumn<QString>("sentence");
    const QString id = QStringLiteral("3f9a0000000000000000000000 00c21e").remove(u' ');
    const QString local = QStringLiteral("local"), refused = QStringLiteral("connection_refused");
    QTest::newRow("one issued") << entry("issued", {{"count", 1}, {"instance", local}, {"ttl_sec", 60}, {"id", id}})
                                << "Issued token 3f9a…c21e on local, TTL 60 s";
    QTest::newRow("issued") << entry("issued", {{"count", 4318}, {"instance", local}, {"ttl_sec", 51}})
                            << "Issued 4318 tokens on local, TTL 51 s";
    QTest::newRow("one of several") << entry("issued", {{"count", 1}, {"instance", local}, {"ttl_sec", 60}})
                                    << "Issued 1 token on local, TTL 60 s";
    QTest::newRow("redis") << entry("redis_down", {{"address", "127.0.0.1:6379"}, {"text", "connection refused"}})
                           << "Redis at 127.0.0.1:6379 does not answer: connection refused";
    QTest::newRow("process") << entry("process_said", {{"message", "out of memory"}}) << "Out of memory";
    QTest::newRow("rolled back") << entry("rollback_ended", {{"result", "done"}, {"to", "memory"}})
                                 << "Switched to memory";
    QTest::newRow("not rolled back")
        << entry("rollback_ended",
                 {{"result", "aborted"}, {"to", "memory"}, {"restored", true}, {"reason", "b does not answer."}})
        << "Switch to memory aborted, all instances are as before. b does not answer.";
    QTest::newRow("restart") << entry("rollback_begun", {{"plan", "restart"}, {"instances", 3}})
                             << "Rolling restart of 3 instances begins";
    QTest::newRow("not restarted")
        << entry("rollback_ended", {{"plan", "restart"}, {"result", "refused"}, {"reason", "b does not answer."}})
        << "Rolling restart not begun. b does not answer.";
    QTest::newRow("resumed") << entry("rollback_resumed", {{"plan", "mode"}, {"to", "memory"}})
                             << "Switch to memory goes on where it was interrupted";
    QTest::newRow("command") << entry("command_run", {{"command", "docker restart b"}, {"instance", "b"}})
                             << "Runs docker restart b for b";
    QTest::newRow("its end") << entry("command_ended", {{"exit_code", 3}}) << "The command failed with exit code 3";
    QTest::newRow("its time-out") << entry("command_ended", {{"exit_code", -1}, {"text", "It took longer than 60 s."}})
                                  << "The command failed: It took longer than 60 s.";
    QTest::newRow("matrix") << entry("matrix_tested", {{"accepted", 9}, {"checks", 9}, {"explanation", "Whole."}})
                            << "Cross-instance test: 9 of 9 checks accepted. Whole.";
    QTest::newRow("not issued")
        << entry("issue_failed",
                 {{"wanted", 1}, {"issued", 0}, {"reason", "invalid_token"}, {"status", 403}, {"instance", local}})
        << "Issued no token. local: invalid token (403)";
    QTest::newRow("some issued") << entry("issue_failed", {{"wanted", 20}, {"issued", 3}, {"reason", refused}})
                                 << "Issuing stopped after 3 of 20 tokens. connection refused";
    QTest::newRow("cancelled") << entry("issue_failed", {{"wanted", 20}, {"issued", 3}, {"reason", "cancelled"}})
                               << "Issuing cancelled after 3 of 20 tokens";
    QTest::newRow("accepted") << entry("checked",
                                       {{"verdict", "accepted"}, {"id", id}, {"instance", local}, {"latency_ms", 0.94}})
                              << "local accepted token 3f9a…c21e in 0.9 ms";
    QTest::newRow("refused") << entry("checked",
                                      {{"verdict", "refused"}, {"id", id}, {"instance", local}, {"latency_ms", 38.2}})
                             << "local refused token 3f9a…c21e in 38 ms";
    QTest::newRow("can't tell") << entry("checked", {{"verdict", "cant_tell"}, {"id", id}, {"instance", local}})
                                << "local can't tell whether token 3f9a…c21e holds";
    QTest::newRow("no answer")
        << entry("checked", {{"verdict", "no_answer"}, {"id", id}, {"instance", local}, {"reason", "timed_out"}})
        << "No answer about token 3f9a…c21e. local: no answer in time";
    QTest::newRow("revoked") << entry("revoked", {{"count", 1}, {"all", false}, {"id", id}})
                             << "Revoked token 3f9a…c21e";
    QTest::newRow("revoked some") << entry("revoked", {{"count", 12}, {"all", false}}) << "Revoked 12 tokens";
    QTest::newRow("revoked all") << entry("revoked", {{"count", 398}, {"all", true}}) << "Revoked all tokens: 398";
    QTest::newRow("not revoked") << entry("revoke_failed", {{"count", 2}, {"reason", "read_only"}})
                                 << "Revoking stopped after 2 tokens. the profile is read-only";
    QTest::newRow("connected") << entry("connected",
                                        {{"url", "http://127.0.0.1:8011"}, {"after_ms", 38}, {"back", false}})
                               << "Connected to http://127.0.0.1:8011 after 38 ms";
    QTest::newRow("back") << entry("connected", {{"after_ms", 31'000}, {"back", true}}) << "Answers again after 31 s";
    QTest::newRow("lost") << entry("lost", {{"reason", refused}}) << "Does not answer: connection refused";
    QTest::newRow("mode") << entry("mode_changed", {{"from", "memory"}, {"to", "hybrid"}})
                          << "Mode changed from memory to hybrid";
    QTest::newRow("started") << entry("server_started", {{"url", "http://127.0.0.1:8011"}, {"startup_ms", 12.4}})
                             << "Server started at http://127.0.0.1:8011 in 12 ms";
    QTest::newRow("not started") << entry("start_failed", {{"text", "No port is free."}})
                                 << "Server could not start: No port is free.";
    QTest::newRow("service") << entry("service_log", {{"event", "ready"}, {"message", "listening"}}) << "Listening";
    QTest::newRow("unknown") << entry("brand_new", {{"a", 1}, {"b", "two"}}) << "brand_new: a=1, b=two";
    QTest::newRow("unknown, bare") << entry("brand_new") << "brand_new";
  }
  void sentences() {
    QFETCH(LogEntry, entry);
    QTEST(logSentence(entry), "sentence");
  }

  void everySentenceSaysSomethingWithoutFields() {
    for (const QString& word : knownLogEvents()) {
      const LogEntry bare = entry(qPrintable(word), {{"event", "x"}});
      QVERIFY2(!logSentence(bare).isEmpty(), qPrintable(word));
      QVERIFY2(!logSentence(bare).contains(QStringLiteral("%1")), qPrintable(word));
    }
  }

  void tokensAreMasked_data() {
    QTest::addColumn<QString>("text");
    QTest::newRow("query") << "GET /events?token=3f9a-secret&x=1";
    QTest::newRow("case") << "GET /events?TOKEN=3f9a-secret";
    QTest::newRow("encoded") << "GET /login?next=%2Fevents%3Ftoken%3D3f9a-secret";
    QTest::newRow("quoted") << "url \"http://a/?token=3f9a-secret\" failed";
  }
  void tokensAreMasked() {
    QFETCH(QString, text);
    for (const char* event : {"service_log", "brand_new"}) {
      const LogEntry made = entry(event, {{"message", text}});
      QVERIFY(!logSentence(made).contains(QStringLiteral("secret")));
      QVERIFY(logSentence(made).contains(QStringLiteral("***")));
      QVERIFY(!logJson(made, true).contains(QStringLiteral("secret")));
      QVERIFY(!logJson(made, false).contains(QStringLiteral("secret")));
    }
  }

  void jsonIsJsonInItsOrder() {
    LogEntry made = entry("issued", {{"count", 3}, {"quote", "a \"b\"\n"}, {"flag", true}});
    made.correlationId = QStringLiteral("c-1");
    for (const bool indented : {true, false}) {
      const QString text = logJson(made, indented);
      QCOMPARE(text.contains(u'\n'), indented);
      const QJsonObject object = QJsonDocument::fromJson(text.toUtf8()).object();
      QCOMPARE(object.value(QStringLiteral("time")).toString(), QStringLiteral("2026-11-23T04:05:06.789Z"));
      QCOMPARE(object.value(QStringLiteral("severity")).toString(), QStringLiteral("info"));
      QCOMPARE(object.value(QStringLiteral("correlation_id")).toString(), QStringLiteral("c-1"));
      const QJsonObject fields = object.value(QStringLiteral("fields")).toObject();
      QCOMPARE(fields.value(QStringLiteral("count")).toInt(), 3);
      QCOMPARE(fields.value(QStringLiteral("quote")).toString(), QStringLiteral("a \"b\"\n"));
      QVERIFY(text.indexOf(QStringLiteral("time")) < text.indexOf(QStringLiteral("event")));
    }
    QCOMPARE(logJsonLines({made, made}).count('\n'), 2);
  }

  void aTableHasALineForEach() {
    LogEntry made = entry("brand_new", {{"message", "=1+1, \"x\" token=3f9a-secret"}});
    made.source = QStringLiteral("fra-1");
    const QList<QByteArray> lines = logCsv({made, made}).trimmed().split('\n');
    QCOMPARE(lines.size(), 3);
    QCOMPARE(lines.first(), QByteArray("time,severity,source,event,message,correlation_id"));
    QVERIFY(lines.last().contains(",fra-1,brand_new,\""));
    QVERIFY(!lines.last().contains("secret") && lines.last().contains("\"\"x\"\""));
  }

  void aCopiedRowIsATableLine() {
    const QStringList cells = logPlain(entry("lost"), QStringLiteral("Does not answer")).split(u'\t');
    QCOMPARE(cells.size(), 5);
    QCOMPARE(cells.at(3), QStringLiteral("Does not answer"));
  }
};

QTEST_GUILESS_MAIN(LogTextTest)
#include "test_log_text.moc"
