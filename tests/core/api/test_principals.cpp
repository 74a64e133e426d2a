// Principals that are replaced while others look.
#include <QTest>
#include <atomic>
#include <thread>

#include "api/principals.h"
#include "api/resume.h"

using namespace vx11;
using namespace vx11::api;

namespace {

std::vector<Secret> secrets(std::initializer_list<const char*> texts) {
  std::vector<Secret> all;
  for (const char* text : texts) all.emplace_back(text);
  return all;
}

}  // namespace

class TestPrincipals : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void replacedOnesDontCountAndStayReadable() {
    Principals principals(secrets({"first-principal", "second-principal"}));
    const Principal* first = principals.find("first-principal");
    QVERIFY(first != nullptr);
    const std::string fingerprint = first->fingerprint;
    QCOMPARE(fingerprint.size(), std::size_t(8));
    const auto change = principals.replace(secrets({"second-principal", "third-principal"}));
    QCOMPARE(change.all, std::size_t(2));
    QCOMPARE(change.added, std::size_t(1));
    QCOMPARE(change.removed.size(), std::size_t(1));
    QVERIFY(change.removed.front() == PublicId::of("first-principal"));
    QVERIFY(principals.find("first-principal") == nullptr);
    QVERIFY(principals.find("second-principal") != nullptr);
    QVERIFY(principals.find("third-principal") != nullptr);
    QCOMPARE(first->fingerprint, fingerprint);  // a call that was let in goes on
  }

  void theSameAgainIsNoChange() {
    Principals principals(secrets({"first-principal"}));
    const Principal* before = principals.find("first-principal");
    const auto change = principals.replace(secrets({"first-principal"}));
    QCOMPARE(change.all, std::size_t(1));
    QVERIFY(change.added == 0 && change.removed.empty());
    QVERIFY(principals.find("first-principal") == before);
  }

  void findAndReplaceAtOnce() {
    Principals principals(secrets({"always", "sometimes"}));
    std::atomic<bool> stop = false;
    std::atomic<int> lost = 0, found = 0;
    std::vector<std::jthread> readers;
    for (int i = 0; i < 2; ++i) {
      readers.emplace_back([&] {
        while (!stop) {
          const Principal* one = principals.find("always");
          (one != nullptr && one->fingerprint.size() == 8 ? found : lost).fetch_add(1);
        }
      });
    }
    while (found < 10) std::this_thread::yield();
    for (int i = 0; i < 200; ++i) {
      static_cast<void>(principals.replace(i % 2 == 0 ? secrets({"always"}) : secrets({"always", "sometimes"})));
    }
    stop = true;
    readers.clear();
    QCOMPARE(lost.load(), 0);
  }

  void aStreamsTagTellsWhoOpenedIt() {
    const Principals principals(secrets({"first-principal"}));
    const auto tag = principals.find("first-principal")->tag();
    QVERIFY(Principal::of(tag) == PublicId::of("first-principal"));
    QVERIFY(!StreamOrigin::of(tag));
    const StreamOrigin token{PublicId::of("a token"), WallTime(std::chrono::milliseconds(1'800'000'000'000))};
    QVERIFY(!Principal::of(token.tag()));
    QVERIFY(StreamOrigin::of(token.tag()).has_value());
    QVERIFY(!Principal::of({}));
  }
};

QTEST_GUILESS_MAIN(TestPrincipals)
#include "test_principals.moc"
