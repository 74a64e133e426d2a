// How the follower keeps its place through every change of the events' stream.
#include <QTest>

#include "follower_fixture.h"

using namespace std::chrono_literals;
using namespace vx11;
using namespace vx11::test;

class FollowerEpochTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aMarkerReadLiveIsANewEpoch() {
    Fixture f;
    f.follow();
    f.redis.answer({events({published("6-0", "x"), marker("9-0", "e2e2e2e2"), published("9-1", "y")})});
    QCOMPARE(f.listener.news(), (Lines{"6-0 n=x"}));
    QCOMPARE(f.asked(), std::string("EVAL"));
    const std::string other(64, 'b');
    f.redis.answer({joined("e2e2e2e2", "9-0", "5-0", "9-1", other)});
    QCOMPARE(f.listener.news(), (Lines{"joined e2e2e2e2 at [9-0]"}));
    QCOMPARE(f.listener.resume, other);
    f.redis.answer({events({published("9-1", "y")})});
    QCOMPARE(f.listener.news(), (Lines{"9-1 n=y"}));
  }

  void aMarkerThatIsNoneChangesNothing() {
    Fixture f;
    f.follow();
    f.redis.answer({events({marker("9-0", "junk"), published("9-1", "y")})});
    f.redis.answer({joined("e1e1e1e1", "5-0", "5-0", "9-1")});
    QCOMPARE(f.asked(), f.loop("0-0", "9-0"));
    f.redis.answer({events({published("9-1", "y")})});
    QCOMPARE(f.listener.news(), (Lines{"9-1 n=y"}));
  }

  void theCheckFindsAnotherStream_data() {
    QTest::addColumn<QString>("last_id");
    QTest::addColumn<QString>("epoch");
    QTest::newRow("missing") << ""
                             << "e1e1e1e1";
    QTest::newRow("below the cursor") << "4-0"
                                      << "e1e1e1e1";
    QTest::newRow("other epoch") << "9-0"
                                 << "e2e2e2e2";
    QTest::newRow("no epoch") << "5-0"
                              << "";
  }
  void theCheckFindsAnotherStream() {
    QFETCH(QString, last_id);
    QFETCH(QString, epoch);
    Fixture f;
    f.follow();
    f.clock.advance(1s);
    f.redis.answer({Value::nil()});
    f.redis.answer({nothing, last_id.isEmpty() ? nothing : last(last_id.toStdString()),
                    epoch.isEmpty() ? Value::nil() : Value(epoch.toStdString()), Value::nil()});
    QCOMPARE(f.asked(), std::string("EVAL"));
    const Lines words = f.last_words();
    QCOMPARE((Lines{words.begin() + 7, words.end()}), (Lines{"e1e1e1e1", "5", "0"}));
    f.redis.answer({joined("e3e3e3e3", "4-1", "4-1", "4-2")});
    QCOMPARE(f.listener.news(), (Lines{"joined e3e3e3e3 at [4-1]"}));
    QVERIFY(f.asked().ends_with("STREAMS " + feed_key + " " + events_key + " 0-0 4-1"));
  }

  void goesOnAfterAReconnect() {
    Fixture f;
    f.follow();
    f.redis.answer({events({published("6-0", "x")})});
    f.redis.go_down();
    f.follower.disconnected();
    QVERIFY(!f.follower.following());
    QVERIFY(!f.follower.last_problem().empty());
    f.follower.tick();
    QVERIFY(f.redis.asked.empty());
    f.redis.up = true;
    f.follower.connected();
    f.redis.answer({joined("e1e1e1e1", "5-0", "5-0", "8-0")});
    f.redis.answer({Value::nil()});
    QCOMPARE(f.asked(), f.loop("0-0", "6-0"));
    f.redis.answer({events({published("7-0", "y"), published("8-0", "z")})});
    QCOMPARE(f.listener.news(), (Lines{"6-0 n=x", "7-0 n=y", "8-0 n=z"}));
  }

  void whatBelongsToTheOldEpochComesBeforeTheNewOne() {
    Fixture f;
    f.follow();
    f.reconnect();
    f.redis.answer({joined("e2e2e2e2", "7-0", "5-0", "8-0")});
    f.redis.answer({Value::nil()});
    QCOMPARE(f.asked(), f.loop("0-0", "5-0"));
    f.redis.answer({events({published("6-0", "x"), marker("7-0", "e2e2e2e2"), published("8-0", "y")})});
    f.redis.answer({joined("e2e2e2e2", "7-0", "5-0", "8-0")});
    f.redis.answer({events({published("8-0", "y")})});
    QCOMPARE(f.listener.news(), (Lines{"6-0 n=x", "joined e2e2e2e2 at [7-0]", "8-0 n=y"}));
  }

  void saysThatEntriesWereTrimmedBeforeItReadThem() {
    Fixture f;
    f.follow();
    f.reconnect();
    f.redis.answer({joined("e1e1e1e1", "5-0", "8-0", "9-0")});
    QCOMPARE(f.listener.news(), (Lines{"joined e1e1e1e1 at []"}));
    f.redis.answer({Value::nil()});
    QCOMPARE(f.asked(), f.loop("0-0", "0-0"));
  }

  void tellsOfAnotherKey() {
    Fixture f;
    f.follow();
    f.reconnect();
    f.redis.answer({joined("e1e1e1e1", "5-0", "5-0", "5-0", std::string(64, 'c'))});
    QCOMPARE(f.listener.news(), (Lines{"joined e1e1e1e1 at [5-0]"}));
    QCOMPARE(f.listener.resume, std::string(64, 'c'));
  }
};

QTEST_GUILESS_MAIN(FollowerEpochTest)
#include "follower_epoch_test.moc"
