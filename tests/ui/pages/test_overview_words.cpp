// What the Overview says: verdicts, ages and attempts, from plain values and a given moment.
#include <QProcess>
#include <QTest>

#include "pages/overview_grid.h"
#include "pages/overview_words.h"
#include "support/needs_processes.h"

using namespace vx11;
using namespace vx11::ui;
using cluster::InstanceInfo;
using cluster::InstanceState;
using overview::Look;

namespace {

const Look look{1'000'000'000, QDateTime(QDate(2026, 11, 23), QTime(14, 32, 36))};

InstanceInfo live() {
  InstanceInfo info;
  info.id = QStringLiteral("local");
  info.url = QUrl(QStringLiteral("http://127.0.0.1:8011"));
  info.mode = QStringLiteral("memory");
  info.version = QStringLiteral("1.0.0");
  info.state = InstanceState::Live;
  info.answeredAt = look.now - 500;
  info.uptimeSec = 8;
  return info;
}

InstanceInfo down() {
  InstanceInfo info = live();
  info.state = InstanceState::Unreachable;
  info.reason = QStringLiteral("connection_refused");
  info.answeredAt = look.now - 12'500;
  info.unreachableSince = look.now - 12'000;
  info.nextAttemptAt = look.now + 2'400;
  info.attempts = 4;
  return info;
}

QString verdict(const QList<InstanceInfo>& instances, bool firstStart = false, const QString& failure = {}) {
  const auto v = overview::verdictOf({}, instances, {}, look, firstStart, failure);
  return v.phrase + u' ' + v.sentence;
}

}  // namespace

class TestOverviewWords : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void verdicts() {
    QCOMPARE(verdict({live()}, true),
             QStringLiteral("Running. A local token service is up at 127.0.0.1:8011, in memory, for this computer only."));
    QVERIFY(verdict({live()}).startsWith(QStringLiteral("Healthy. local is live at 127.0.0.1:8011 in memory mode")));
    QCOMPARE(verdict({down()}), QStringLiteral("Unreachable. local at 127.0.0.1:8011 does not answer (connection refused) "
                                               "since 14:32:24; attempt 5 in 3 s."));
    InstanceInfo info = live();
    info.state = InstanceState::Starting;
    QCOMPARE(verdict({info}), QStringLiteral("Starting. The token service local is coming up."));
    info.state = InstanceState::Stopped;
    QVERIFY(verdict({info}).startsWith(QStringLiteral("Stopped.")));
    QVERIFY(verdict({}).startsWith(QStringLiteral("Unknown.")));
    QCOMPARE(verdict({live()}, false, QStringLiteral("No port is free.")), QStringLiteral("Not started. No port is free."));
  }

  void severalInstancesAreJudgedByTheWorst() {
    InstanceInfo b = live();
    b.id = QStringLiteral("b");
    QCOMPARE(verdict({live(), b}), QStringLiteral("Healthy. 2 of 2 instances live in memory mode; each knows only its own tokens."));
    const auto v = overview::verdictOf({}, {live(), down(), b}, {}, look, false, {});
    QCOMPARE(v.mark, Mark::Unreachable);
    QVERIFY(v.sentence.startsWith(QStringLiteral("local at 127.0.0.1:8011 does not answer (connection refused) since")));
  }

  void latencyOnlyWhenMeasured() {
    InstanceInfo info = live();
    info.checkLatency = cluster::Quantiles{0, 0, 0, 0};
    QVERIFY(!verdict({info}).contains(QStringLiteral("p95")));
    info.checkLatency = cluster::Quantiles{7, 0.1, 0.3, 0.4};
    QVERIFY(verdict({info}).endsWith(QStringLiteral("it checks in 0.3 ms (p95).")));
  }

  void ages() {
    QVERIFY(overview::reports(live(), look));
    QVERIFY(overview::staleAge(live(), look).isEmpty());
    QCOMPARE(overview::staleAge(down(), look), QStringLiteral("12 s old"));
    InstanceInfo silent = live();
    silent.answeredAt = look.now - overview::staleAfterMs - 1;
    QCOMPARE(overview::staleAge(silent, look), QStringLiteral("5 s old"));
    silent.answeredAt = -1;
    QVERIFY(overview::staleAge(silent, look).isEmpty());
    QVERIFY(!overview::reports(silent, look));
  }

  void feet() {
    QCOMPARE(overview::footWords(live(), look), QStringLiteral("1.0.0, up 8 s"));
    QCOMPARE(overview::footWords(down(), look), QStringLiteral("Since 14:32:24, attempt 5 in 3 s"));
    InstanceInfo foreign = live();
    foreign.internalCalls = false;
    QCOMPARE(overview::footWords(foreign, look), QStringLiteral("Public calls only"));
    InstanceInfo yesterday = down();
    yesterday.unreachableSince = look.now - 2LL * 86'400'000;
    QVERIFY(overview::sinceWords(yesterday, look).startsWith(QStringLiteral("21 Nov")));
  }

  void attemptsCountDownToNow() {
    InstanceInfo info = down();
    info.nextAttemptAt = look.now;
    QCOMPARE(overview::attemptWords(info, look), QStringLiteral("attempt 5 now"));
    info.nextAttemptAt = -1;
    QVERIFY(overview::attemptWords(info, look).isEmpty());
  }

  void reasons() {
    QCOMPARE(overview::reasonWords(QStringLiteral("http_403")), QStringLiteral("HTTP status 403"));
    QCOMPARE(overview::reasonWords(QStringLiteral("refused_principal")), QStringLiteral("it refused the principal"));
    QCOMPARE(overview::reasonWords(QStringLiteral("some_new_word")), QStringLiteral("some new word"));
  }

  void commandsAreShellAndHoldNoSecret() {
    VX11_NEEDS_PROCESSES();
    const QUrl url(QStringLiteral("http://127.0.0.1:8011"));
    for (const QString& command : {overview::issueCommand(url), overview::streamCommand(url)}) {
      QVERIFY(command.contains(QStringLiteral("$VX11_OPERATOR_TOKEN")));
      QVERIFY(command.contains(QStringLiteral("http://127.0.0.1:8011/operator/api/events/sse-token")));
      QProcess shell;
      shell.start(QStringLiteral("/bin/sh"), {QStringLiteral("-n"), QStringLiteral("-c"), command});
      QVERIFY(shell.waitForFinished());
      QCOMPARE(shell.exitCode(), 0);
    }
  }

  /// The stream's command takes the token out of the answer that the service gives.
  void streamCommandFindsTheToken() {
    VX11_NEEDS_PROCESSES();
    QProcess shell;
    const QString fake = QStringLiteral(
        "curl() { case \"$*\" in *sse-token*) printf '%s' '{\"sse_token\":\"3f9a-c21e\",\"expires_in_sec\":60}';; "
        "*) printf '%s' \"$2\";; esac; }\n");
    const QString command = fake + overview::streamCommand(QUrl(QStringLiteral("http://127.0.0.1:8011")));
    shell.start(QStringLiteral("/bin/sh"), {QStringLiteral("-c"), command});
    QVERIFY(shell.waitForFinished());
    QCOMPARE(QString::fromUtf8(shell.readAllStandardOutput()),
             QStringLiteral("http://127.0.0.1:8011/operator/api/events/stream?token=3f9a-c21e"));
  }

  void columns_data() {
    QTest::addColumn<int>("width");
    QTest::addColumn<int>("columns");
    QTest::newRow("smallest window") << 944 << 2;
    QTest::newRow("1280") << 1032 << 4;
    QTest::newRow("just four") << 1316 << 4;
    QTest::newRow("over 320 each") << 1317 << 5;
    QTest::newRow("wide") << 2560 << 8;
  }
  void columns() {
    QFETCH(int, width);
    QTEST(cardColumns(width), "columns");
    QFETCH(int, columns);
    if (columns > 2) QVERIFY((width - (columns - 1) * 12) / columns <= 320);
  }

  void places() {
    // local cache redis newest recent alerts: cache and recent take what is left.
    using P = CardPlace;
    QCOMPARE(placeCards(6, 4, 4, 1), (QList<P>{P{0, 0, 1}, P{0, 1, 2}, P{0, 3, 1}, P{1, 0, 1}, P{1, 1, 2}, P{1, 3, 1}}));
    QCOMPARE(placeCards(6, 2, 4, 1), (QList<P>{P{0, 0, 1}, P{0, 1, 1}, P{1, 0, 1}, P{1, 1, 1}, P{2, 0, 1}, P{2, 1, 1}}));
    for (int count = 5; count < 36; ++count) {
      for (const int columns : {2, 4, 5, 6, 7, 8, 9, 10}) {  // those that cardColumns gives
        int cells = 0;
        for (const P& place : placeCards(count, columns, count - 2, count - 5)) {
          QVERIFY(place.column + place.span <= columns);
          cells += place.span;
        }
        QCOMPARE(cells % columns, 0);  // no hole
      }
    }
  }
};

QTEST_GUILESS_MAIN(TestOverviewWords)
#include "test_overview_words.moc"
