#include <QtTest>

#include "ctl/arguments.h"

using namespace vx11::ctl;

namespace {

const QList<OptionSpec> common{{QStringLiteral("--json"), {}, {}},
                               {QStringLiteral("--instance"), QStringLiteral("URL"), {}, true},
                               {QStringLiteral("--help"), {}, {}}};
const QList<CommandShape> commands{
    {QStringLiteral("status"), {}, {}, 0, 0, {}},
    {QStringLiteral("issue"), {}, {}, 0, 0, {{QStringLiteral("--count"), QStringLiteral("N"), {}}}},
    {QStringLiteral("go"),
     {},
     {},
     0,
     0,
     {{QStringLiteral("--on"), QStringLiteral("[ID]"), {}}, {QStringLiteral("--yes"), {}, {}}}},
    {QStringLiteral("publish"), QStringLiteral("EVENT DATA"), {}, 2, 2, {}}};

CommandLine read(const QString& line) {
  return readCommandLine(line.split(u' ', Qt::SkipEmptyParts), common, commands);
}

}  // namespace

class TestCtlArguments : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void commonOptionsStandAnywhere() {
    for (const QString& text : {QStringLiteral("--json --instance a --instance=b issue --count 3"),
                                QStringLiteral("issue --count=3 --instance a --json --instance b")}) {
      const CommandLine line = read(text);
      QCOMPARE(line.error, QString());
      QCOMPARE(line.command, QStringLiteral("issue"));
      QVERIFY(line.arguments.has(QStringLiteral("--json")));
      QVERIFY(!line.arguments.has(QStringLiteral("--help")));
      QCOMPARE(line.arguments.values(QStringLiteral("--instance")),
               QStringList({QStringLiteral("a"), QStringLiteral("b")}));
      QCOMPARE(line.arguments.value(QStringLiteral("--count")), QStringLiteral("3"));
      QVERIFY(line.arguments.words().isEmpty());
    }
  }

  void helpIsAWordToo() {
    const CommandLine alone = read(QStringLiteral("help"));
    QCOMPARE(alone.error + alone.command, QString());
    QVERIFY(alone.arguments.has(QStringLiteral("--help")));
    const CommandLine ofOne = read(QStringLiteral("help publish"));
    QCOMPARE(ofOne.error, QString());
    QCOMPARE(ofOne.command, QStringLiteral("publish"));
    QVERIFY(ofOne.arguments.has(QStringLiteral("--help")));
    const CommandLine data = read(QStringLiteral("publish help me"));
    QCOMPARE(data.arguments.words(), QStringList({QStringLiteral("help"), QStringLiteral("me")}));
    QVERIFY(!data.arguments.has(QStringLiteral("--help")));
  }

  void wordsThatLookLikeOptions() {
    const CommandLine number = read(QStringLiteral("publish job.done -5"));
    QCOMPARE(number.error, QString());
    QCOMPARE(number.arguments.words(), QStringList({QStringLiteral("job.done"), QStringLiteral("-5")}));
    const CommandLine dashes = read(QStringLiteral("publish -- --json --"));
    QCOMPARE(dashes.error, QString());
    QCOMPARE(dashes.arguments.words(), QStringList({QStringLiteral("--json"), QStringLiteral("--")}));
    QVERIFY(!dashes.arguments.has(QStringLiteral("--json")));
  }

  void aValueThatMayBeMissing_data() {
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("value");
    QTest::newRow("at the end") << "go --on"
                                << "";
    QTest::newRow("before an option") << "go --on --yes"
                                      << "";
    QTest::newRow("given") << "go --on 7d9f --yes"
                           << "7d9f";
    QTest::newRow("given behind =") << "go --on=7d9f"
                                    << "7d9f";
  }
  void aValueThatMayBeMissing() {
    QFETCH(QString, line);
    QFETCH(QString, value);
    const CommandLine found = read(line);
    QCOMPARE(found.error, QString());
    QVERIFY(found.arguments.has(QStringLiteral("--on")));
    QCOMPARE(found.arguments.value(QStringLiteral("--on")), value);
  }

  void errors_data() {
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("error");
    QTest::newRow("command") << "isue"
                             << "there is no command \"isue\"; did you mean issue?";
    QTest::newRow("far command") << "teleport"
                                 << "there is no command \"teleport\"";
    QTest::newRow("option") << "issue --cont 3"
                            << "issue has no option --cont; did you mean --count?";
    QTest::newRow("option of another") << "status --count 3"
                                       << "status has no option --count";
    QTest::newRow("option too early") << "--count 3 issue"
                                      << "--count belongs behind a command that has it";
    QTest::newRow("common option") << "--jsno"
                                   << "there is no option --jsno; did you mean --json?";
    QTest::newRow("no value") << "issue --count"
                              << "--count takes a value: --count N";
    QTest::newRow("empty value") << "issue --count="
                                 << "--count takes a value: --count N";
    QTest::newRow("value of a switch") << "issue --json=1"
                                       << "--json takes no value";
    QTest::newRow("twice") << "--json --json issue"
                           << "--json is given twice";
    QTest::newRow("surplus word") << "status now"
                                  << "status takes no further word, such as \"now\"";
    QTest::newRow("missing word") << "publish one"
                                  << "publish takes EVENT DATA";
    QTest::newRow("third word") << "publish a b c"
                                << "publish takes EVENT DATA and no further word";
    QTest::newRow("help misses no word") << "publish --help"
                                         << "";
    QTest::newRow("-h") << "-h"
                        << "";
    QTest::newRow("nothing") << ""
                             << "";
  }
  void errors() {
    QFETCH(QString, line);
    QTEST(read(line).error, "error");
  }

  void numbers_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("number");
    QTest::newRow("low") << "1" << 1;
    QTest::newRow("high") << "100" << 100;
    QTest::newRow("too low") << "0" << -1;
    QTest::newRow("too high") << "101" << -1;
    QTest::newRow("negative") << "-1" << -1;
    QTest::newRow("unit") << "5s" << -1;
    QTest::newRow("overflow") << "99999999999" << -1;
  }
  void numbers() {
    QFETCH(QString, text);
    QFETCH(int, number);
    const CommandLine line = read(QStringLiteral("issue --count=") + text);
    QCOMPARE(line.error, QString());
    QString error;
    QCOMPARE(line.arguments.number(QStringLiteral("--count"), 1, 100, error).value_or(-1), number);
    QCOMPARE(error.isEmpty(), number > 0);
    if (!error.isEmpty()) QVERIFY2(error.contains(u'"' + text + u'"'), qPrintable(error));
  }
  void firstErrorStays() {
    QString error = QStringLiteral("first");
    QVERIFY(!read(QStringLiteral("issue --count=x")).arguments.number(QStringLiteral("--count"), 1, 9, error));
    QCOMPARE(error, QStringLiteral("first"));
    error.clear();
    QVERIFY(!read(QStringLiteral("issue")).arguments.number(QStringLiteral("--count"), 1, 9, error));
    QCOMPARE(error, QString());
  }
};

QTEST_GUILESS_MAIN(TestCtlArguments)
#include "test_ctl_arguments.moc"
