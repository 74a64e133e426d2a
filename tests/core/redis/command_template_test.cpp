// A command from a template is the command that hiredis would have made.
#include <QTest>

#include "redis/request.h"

using namespace vx11::redis;

class CommandTemplateTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void makes_what_hiredis_makes();
  void knows_what_fits();
  void words_may_look_like_the_protocol();
};

void CommandTemplateTest::makes_what_hiredis_makes() {
  const CommandTemplate set({"SET", "key-0", "value", "PXAT", "1700000000000", "NX"}, {1, 2, 4});
  Request request;
  request.add(set, {"key-1", "VALUE", "1800000000000"}).add(set, {"key-2", "v\r\n$3", "1900000000000"});
  Request expected{"SET", "key-1", "VALUE", "PXAT", "1800000000000", "NX"};
  expected.add({"SET", "key-2", "v\r\n$3", "PXAT", "1900000000000", "NX"});
  QCOMPARE(request.bytes(), expected.bytes());
  QCOMPARE(request.commands(), expected.commands());
}

void CommandTemplateTest::knows_what_fits() {
  const CommandTemplate get({"GET", "key"}, {1});
  QVERIFY(get.fits({"abc"}));
  QVERIFY(!get.fits({"abcd"}));
  QVERIFY(!get.fits({"abc", "d"}));
  QVERIFY(!get.fits({}));
  QVERIFY(CommandTemplate().fits({}));
}

void CommandTemplateTest::words_may_look_like_the_protocol() {
  const CommandTemplate set({"SET", "$5\r\n", "", "x$"}, {2, 3});
  Request request;
  request.add(set, {"", "y\n"});
  QCOMPARE(request.bytes(), Request({"SET", "$5\r\n", "", "y\n"}).bytes());
}

QTEST_GUILESS_MAIN(CommandTemplateTest)
#include "command_template_test.moc"
