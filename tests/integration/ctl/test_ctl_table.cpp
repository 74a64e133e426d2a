#include <QtTest>

#include "ctl/table.h"

using namespace vx11::ctl;

class TestCtlTable : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void alignsColumns() {
    Table table({{QStringLiteral("NAME")}, {QStringLiteral("N"), Table::Side::Right}, {QStringLiteral("WHAT")}});
    table.add({{QStringLiteral("a")}, {QStringLiteral("12")}, {QStringLiteral("x")}});
    table.add({{QStringLiteral("longer")}, {QStringLiteral("3")}, {QStringLiteral("…")}});
    QCOMPARE(table.lines(false), QStringList({QStringLiteral("NAME     N  WHAT"), QStringLiteral("a       12  x"),
                                              QStringLiteral("longer   3  …")}));
  }

  void leavesNoBlanksAtTheEnd() {
    Table table({{QStringLiteral("A")}, {QStringLiteral("B")}, {QStringLiteral("C"), Table::Side::Right}});
    QVERIFY(table.empty());
    table.add({{QStringLiteral("1")}, {}, {}});
    table.add({{}, {QStringLiteral("2")}, {QStringLiteral("3")}});
    QVERIFY(!table.empty());
    QCOMPARE(table.lines(false),
             QStringList({QStringLiteral("A  B  C"), QStringLiteral("1"), QStringLiteral("   2  3")}));
  }

  void coloursTakeNoRoom() {
    Table table({{QStringLiteral("A")}, {QStringLiteral("B")}});
    table.add({{QStringLiteral("up"), Tone::Good}, {QStringLiteral("x")}});
    const QStringList lines = table.lines(true);
    QVERIFY(lines[1].contains(QStringLiteral("\x1b[32mup\x1b[0m")));
    QString plain = lines[1];
    plain.remove(QRegularExpression(QStringLiteral("\x1b\\[[0-9]*m")));
    QCOMPARE(plain, QStringLiteral("up  x"));
    QVERIFY(!table.lines(false).join(u' ').contains(u'\x1b'));
  }

  void steersNoTerminal() {
    Table table({{QStringLiteral("A")}});
    table.add({{QStringLiteral("a\x1b[2J\r\n\u202e")}});
    QCOMPARE(table.lines(false)[1], QStringLiteral("a?[2J???"));
    QCOMPARE(painted(QStringLiteral("x"), Tone::Bad, false), QStringLiteral("x"));
    QCOMPARE(painted(QString(), Tone::Bad, true), QString());
  }
};

QTEST_GUILESS_MAIN(TestCtlTable)
#include "test_ctl_table.moc"
