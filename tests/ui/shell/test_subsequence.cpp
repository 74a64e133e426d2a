#include <QTest>

#include "shell/subsequence.h"

using vx11::ui::subsequenceScore;

class TestSubsequence : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void fits_data() {
    QTest::addColumn<QString>("letters");
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("fits");
    QTest::newRow("nothing typed") << ""
                                   << "Tokens" << true;
    QTest::newRow("whole") << "tokens"
                           << "Tokens" << true;
    QTest::newRow("first letters") << "rb"
                                   << "Roll back…" << true;
    QTest::newRow("with a space") << "r b"
                                  << "Roll back…" << true;
    QTest::newRow("out of order") << "br"
                                  << "Roll back…" << false;
    QTest::newRow("too long") << "tokensx"
                              << "Tokens" << false;
    QTest::newRow("missing letter") << "z"
                                    << "Tokens" << false;
    QTest::newRow("into an empty text") << "a"
                                        << "" << false;
  }
  void fits() {
    QFETCH(QString, letters);
    QFETCH(QString, text);
    QFETCH(bool, fits);
    QCOMPARE(subsequenceScore(letters, text).has_value(), fits);
  }

  void betterFitsComeFirst() {
    QVERIFY(*subsequenceScore(QStringLiteral("to"), QStringLiteral("Tokens")) >
            *subsequenceScore(QStringLiteral("to"), QStringLiteral("Retry now, or later")));
    QVERIFY(*subsequenceScore(QStringLiteral("cp"), QStringLiteral("Copy principal")) >
            *subsequenceScore(QStringLiteral("cp"), QStringLiteral("Escape")));
    QVERIFY(*subsequenceScore(QStringLiteral("log"), QStringLiteral("Log")) >
            *subsequenceScore(QStringLiteral("log"), QStringLiteral("Log and alerts")));
  }
};

QTEST_GUILESS_MAIN(TestSubsequence)
#include "test_subsequence.moc"
