// Listing: what lives during the whole walk comes at least once, whatever comes and goes meanwhile.
#include <QtTest>
#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "core/store/table_fixture.h"
#include "store/table_cursor.h"

using namespace vx11;
using namespace vx11::store;
using namespace std::chrono_literals;
using State = Sight::State;

namespace {

/// Walks to the end and counts how often each token came; `between` runs after every page.
template <class Between>
std::map<PublicId, int> walk(TableFixture& f, std::size_t limit, const std::string& match, Between between) {
  std::map<PublicId, int> seen;
  ListRequest request{"", limit, match};
  for (int pages = 0; pages < 100'000; ++pages) {
    const ListPage page = f.list(request);
    if (!page.cursor_ok || page.tokens.size() > limit) return {};
    for (const TokenRecord& record : page.tokens) ++seen[record.id];
    if (!page.cursor) return seen;
    request.cursor = *page.cursor;
    between();
  }
  return {};
}

std::map<PublicId, int> walk(TableFixture& f, std::size_t limit, const std::string& match = {}) {
  return walk(f, limit, match, [] {});
}

}  // namespace

class TableWalkTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void tells_what_may_be_told();
  void a_walk_without_changes_shows_each_once_data();
  void a_walk_without_changes_shows_each_once();
  void an_empty_table_has_one_empty_page();
  void what_lives_throughout_comes();
  void the_dead_and_the_revoked_do_not_come();
  void matches_id_and_issuer();
  void a_call_is_bounded();
  void foreign_cursors_are_refused_data();
  void foreign_cursors_are_refused();
  void a_cursor_tells_no_token();
};

void TableWalkTest::tells_what_may_be_told() {
  TableFixture f;
  const KnownToken issued = f.issue(300s, true);
  f.clock.advance(10s);
  const ListPage page = f.list();
  QVERIFY(page.cursor_ok);
  QVERIFY(!page.cursor);
  QCOMPARE(page.tokens.size(), std::size_t{1});
  const TokenRecord& record = page.tokens.front();
  QCOMPARE(record.masked, masked(issued.key.text().reveal()));
  QVERIFY(record.id == issued.id);
  QVERIFY(record.created_at == issued.created_at);
  QVERIFY(record.ttl == 300s);
  QVERIFY(record.expires_in == 290s);
  QCOMPARE(record.issued_by.value(), std::string("backend-1:8011"));
  QVERIFY(record.cached_here);
  QVERIFY(record.single_use);
}

void TableWalkTest::a_walk_without_changes_shows_each_once_data() {
  QTest::addColumn<quint64>("limit");
  for (const quint64 limit : {1ULL, 2ULL, 7ULL, 100ULL, 1000ULL}) {
    QTest::addRow("%llu", static_cast<unsigned long long>(limit)) << limit;
  }
}

void TableWalkTest::a_walk_without_changes_shows_each_once() {
  QFETCH(quint64, limit);
  TableFixture f;
  std::map<PublicId, int> expected;
  for (const KnownToken& one : f.issue_many(1500)) expected[one.id] = 1;
  QVERIFY(walk(f, limit) == expected);
}

void TableWalkTest::an_empty_table_has_one_empty_page() {
  TableFixture f;
  const ListPage page = f.list();
  QVERIFY(page.cursor_ok);
  QVERIFY(page.tokens.empty());
  QVERIFY(!page.cursor);
}

void TableWalkTest::what_lives_throughout_comes() {
  TableFixture f;
  const auto stable = f.issue_many(3000, 3600s);
  auto passing = f.issue_many(3000, 60s);
  std::mt19937 dice(5);
  const auto seen = walk(f, 13, "", [&] {
    // Maps grow, shrink and lose entries between any two pages.
    for (int i = 0; i < 40; ++i) passing.push_back(f.issue(1s));
    for (int i = 0; i < 20; ++i) f.table.revoke(passing[dice() % passing.size()].id);
    f.clock.advance(150ms);
    f.table.tick(nullptr);
  });
  for (const KnownToken& one : stable) QCOMPARE(seen.count(one.id), std::size_t{1});
}

void TableWalkTest::the_dead_and_the_revoked_do_not_come() {
  TableFixture f;
  const auto dead = f.issue_many(100, 1s);
  const auto revoked = f.issue_many(100);
  const auto live = f.issue_many(100);
  for (const KnownToken& one : revoked) f.table.revoke(one.id);
  f.clock.advance(1s);  // and no tick
  std::map<PublicId, int> expected;
  for (const KnownToken& one : live) expected[one.id] = 1;
  QVERIFY(walk(f, 10) == expected);
}

void TableWalkTest::matches_id_and_issuer() {
  TableFixture f;
  const auto issued = f.issue_many(2000);
  for (const std::string& part : {std::string("a7"), std::string("07"), issued[3].id.text(), std::string("f00"),
                                  issued[9].id.text().substr(20), std::string("A7"), std::string("xyz")}) {
    std::set<PublicId> expected;
    for (const KnownToken& one : issued) {
      if (one.id.text().find(part) != std::string::npos) expected.insert(one.id);
    }
    std::set<PublicId> seen;
    for (const auto& [id, count] : walk(f, 50, part)) seen.insert(id);
    QVERIFY(seen == expected);
  }
  for (const char* part : {"backend-1", ":8011", "backend-1:8011"}) QCOMPARE(walk(f, 50, part).size(), issued.size());
  QCOMPARE(walk(f, 50, "Backend").size(), std::size_t{0});
  QCOMPARE(walk(f, 50, "backend-2").size(), std::size_t{0});
}

void TableWalkTest::a_call_is_bounded() {
  TableFixture f;
  f.issue_many(100'000);
  ListRequest request{"", 1000, "no such id"};
  int pages = 0;
  for (;; ++pages) {
    const ListPage page = f.list(request);
    QVERIFY(page.tokens.empty());
    if (!page.cursor) break;
    request.cursor = *page.cursor;
  }
  QVERIFY(pages >= 4);  // 100,000 entries are never looked at in one call
  QCOMPARE(f.list({"", 0, ""}).tokens.size(), std::size_t{1});
  QCOMPARE(f.list({"", 1'000'000, ""}).tokens.size(), std::size_t{1000});
}

void TableWalkTest::foreign_cursors_are_refused_data() {
  QTest::addColumn<QByteArray>("cursor");
  const QByteArray zero(32, '0');
  QTest::newRow("0") << QByteArray("0");
  QTest::newRow("a number") << QByteArray("17");
  QTest::newRow("no tag") << "000000" + zero;
  QTest::newRow("shard too great") << "6dffff" + zero;
  QTest::newRow("short") << "6d0000" + zero.chopped(1);
  QTest::newRow("long") << "6d0000" + zero + "0";
  QTest::newRow("shard not hex") << "6d00g0" + zero;
  QTest::newRow("shard with a sign") << "6d-001" + zero;
  QTest::newRow("id not hex") << "6d0000" + zero.chopped(1) + "x";
  QTest::newRow("spaces") << QByteArray(38, ' ');
}

void TableWalkTest::foreign_cursors_are_refused() {
  QFETCH(QByteArray, cursor);
  TableFixture f;
  f.issue();
  const ListPage page = f.list({cursor.toStdString(), 100, ""});
  QVERIFY(!page.cursor_ok);
  QVERIFY(page.tokens.empty());
  QVERIFY(!page.cursor);
}

void TableWalkTest::a_cursor_tells_no_token() {
  TableFixture f;
  const auto issued = f.issue_many(200);
  ListRequest request{"", 1, ""};
  for (auto page = f.list(request); page.cursor; page = f.list(request)) {
    request.cursor = *page.cursor;
    for (const KnownToken& one : issued) {
      std::string digits(one.key.text().reveal());
      std::erase(digits, '-');
      QVERIFY(request.cursor.find(digits.substr(0, 8)) == std::string::npos);
    }
    QCOMPARE(TableCursor::parse(request.cursor, 64)->text(), request.cursor);
  }
}

QTEST_GUILESS_MAIN(TableWalkTest)
#include "table_walk_test.moc"
