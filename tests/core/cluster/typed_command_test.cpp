// A command that is shown comes back as it was, and a quote that nothing closes is shown.
#include <QTest>

#include "cluster/typed_command.h"

namespace typed = vx11::cluster::typed;

class TypedCommandTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void comesBackAsItWas_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("nothing") << QStringList{};
    QTest::newRow("plain") << QStringList{"nginx", "-s", "reload"};
    QTest::newRow("space") << QStringList{"sh", "-c", "a b"};
    QTest::newRow("tab, no-break space") << QStringList{"echo", "a\tb", QStringLiteral("a\u00a0b")};
    QTest::newRow("quote") << QStringList{"echo", "a\"b"};
    QTest::newRow("quote and space") << QStringList{"echo", "a\"b c"};
    QTest::newRow("quotes at the ends") << QStringList{"\"a b\"", "\"a\"", "\"\"", "\" \"", "c"};
    QTest::newRow("other quotes") << QStringList{"echo", "'a b'", "a\\ b"};
  }
  void comesBackAsItWas() {
    QFETCH(QStringList, arguments);
    const QString line = typed::lineOf(arguments);
    QCOMPARE(typed::argumentsOf(line), arguments);
    QCOMPARE(typed::problemOf(line), QString());
  }

  void showsTheQuoteThatIsOpen_data() {
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("shown");
    QTest::newRow("none") << "sh -c \"a b\" c" << QString();
    QTest::newRow("a quote itself") << "echo \"\"\"" << QString();
    QTest::newRow("nothing in it") << "echo \"\"" << QString();
    QTest::newRow("first") << "sh -c \"a b" << "“\"a b”";
    QTest::newRow("third") << "sh \"a\" \"b" << "“\"b”";
    QTest::newRow("last") << "sh a\"" << "“\"”";
    QTest::newRow("a quote itself and one") << "sh \"\"\"\"a b" << "“\"a b”";
    QTest::newRow("long") << "sh \"one two three four five six" << "“\"one two three four five…”";
  }
  void showsTheQuoteThatIsOpen() {
    QFETCH(QString, line);
    QFETCH(QString, shown);
    const QString problem = typed::problemOf(line);
    if (shown.isEmpty()) QCOMPARE(problem, QString());
    QVERIFY2(problem.contains(shown), qPrintable(problem));
  }

  void warnsOfQuotesOfAShell() {
    QVERIFY(typed::warningOf(QStringLiteral("sh -c 'a b'")).contains(QStringLiteral("“'a”")));
    QCOMPARE(typed::warningOf(QStringLiteral("echo it's \"it's so\"")), QString());
  }
};

QTEST_GUILESS_MAIN(TypedCommandTest)
#include "typed_command_test.moc"
