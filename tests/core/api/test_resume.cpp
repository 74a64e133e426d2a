// Credentials for taking a stream up again: whom they are for, how long, and by which key.
#include <QTest>
#include <array>
#include <vector>

#include "api/base64url.h"
#include "api/json_slice.h"
#include "api/resume.h"

using namespace vx11;
using namespace vx11::api;
using namespace std::chrono_literals;

class TestResume : public QObject {
  Q_OBJECT

  static StreamOrigin origin() {
    return {PublicId::of("3f9a0c11-7b2e-4d55-a0b1-9e8d7c6bc21e"), WallTime(1'700'000'000'123ms)};
  }
  static constexpr WallTime now() { return WallTime(1'700'000'005'400ms); }

 private Q_SLOTS:
  void aTagSaysWhatTheStreamWasOpenedWith() {
    const auto again = StreamOrigin::of(origin().tag());
    QVERIFY(again);
    QCOMPARE(again->token, origin().token);
    QCOMPARE(again->vouched_at, origin().vouched_at);
    QVERIFY2(!StreamOrigin::of({}), "a principal's stream");
  }

  void itIsGoodForItsTokenAndAWhile() {
    SeededRandom random(1);
    const ResumeKeys keys(random);
    const std::string credential = keys.make(origin(), now(), false);
    QCOMPARE(credential.size(), ResumeKeys::text_size);
    // An event may carry one that is as old as `renewal`, and has to be good for `life` after it.
    const auto at_least = ResumeKeys::life + ResumeKeys::renewal;
    for (const auto later : {0ms, 30'000ms, std::chrono::milliseconds(at_least)}) {
      const auto found = keys.check(origin().token, credential, now() + later);
      QVERIFY2(found, std::to_string(later.count()).c_str());
      QCOMPARE(*found, origin().vouched_at);
    }
    QVERIFY(!keys.check(origin().token, credential, now() + at_least + 1s));
    QVERIFY(!keys.check(PublicId::of("another"), credential, now()));
    QVERIFY(!keys.check(PublicId{}, credential, now()));
  }

  void alteredAnywhereItIsNothing() {
    SeededRandom random(1);
    const ResumeKeys keys(random);
    const std::string good = keys.make(origin(), now(), false);
    QVERIFY(keys.check(origin().token, good, now()));
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (std::size_t i = 0; i < good.size(); ++i) {
      for (const char c : alphabet) {
        std::string bad = good;
        bad[i] = c;
        if (c != good[i]) QVERIFY2(!keys.check(origin().token, bad, now()), bad.c_str());
      }
      for (const char c : {'=', '+', '/', '.', ' ', '\0', '\xff'}) {
        std::string bad = good;
        bad[i] = c;
        QVERIFY(!keys.check(origin().token, bad, now()));
      }
    }
    for (const std::string& bad : {std::string(), good.substr(1), good + 'A', good + "==", good + good}) {
      QVERIFY2(!keys.check(origin().token, bad, now()), bad.c_str());
    }
  }

  void theSharedKeyIsForAllInstances() {
    SeededRandom random(1);
    ResumeKeys here(random), there(random);
    const auto good = [](const ResumeKeys& keys, const std::string& credential) {
      return keys.check(origin().token, credential, now()).has_value();
    };
    const std::string own = here.make(origin(), now(), true);
    QVERIFY(good(here, own));
    QVERIFY(!good(there, own));
    here.share(Secret("a key of the cluster"));
    const std::string common = here.make(origin(), now(), true);
    const std::string still_own = here.make(origin(), now(), false);
    QVERIFY(common != own);
    QCOMPARE(still_own, own);
    QVERIFY(good(here, common) && good(here, own));
    QVERIFY2(!good(there, common), "it hasn't heard of the key");
    there.share(Secret("a key of the cluster"));
    QVERIFY(good(there, common) && !good(there, own));
    there.share(Secret("another key"));
    there.share(Secret("another key"));
    QVERIFY2(good(there, common), "not every instance has heard of the new one");
    there.share(Secret("a third key"));
    QVERIFY(!good(there, common));
  }

  void base64urlHasOneSpelling() {
    const auto text_of = [](std::string_view bytes) {
      return base64url_text({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
    };
    // RFC 4648, 10, without padding.
    const std::pair<std::string_view, std::string_view> pairs[] = {
        {"", ""}, {"f", "Zg"}, {"fo", "Zm8"}, {"foo", "Zm9v"}, {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"\xff\xfe", "__4"}};
    for (const auto& [bytes, text] : pairs) {
      QCOMPARE(text_of(bytes), std::string(text));
      std::vector<std::uint8_t> read(bytes.size());
      QVERIFY(read_base64url(text, read));
      QCOMPARE(std::string(read.begin(), read.end()), std::string(bytes));
    }
    std::array<std::uint8_t, 1> one{};
    for (const char* bad : {"Zh", "Zv", "Z", "Zg=", "Zg==", "Z+", "", "ZgA"}) QVERIFY2(!read_base64url(bad, one), bad);
  }

  void aMembersOwnSpelling_data() {
    QTest::addColumn<QByteArray>("object");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char* object, const char* text) {
      QTest::newRow(object) << QByteArray(object) << QByteArray(text);
    };
    row(R"({"data":1.10})", "1.10");
    row("{ \"event\" : \"a,\\\"b\" , \"data\" : 12345678901234567890123 } ", "12345678901234567890123");
    row("{\"data\":{\"data\":[1,{\"x\":\"}\"}]},\"event\":\"e\"}", "{\"data\":[1,{\"x\":\"}\"}]}");
    row("{\"x\":[{\"data\":1}],\"data\":\"\\\\\\\"]\"}", "\"\\\\\\\"]\"");
    row(R"({"data": [ ] })", "[ ]");
    row(R"({"data":true,"data":null})", "null");
    row(R"({"x":"data","datax":1})", "");
    row(R"({"d\u0061ta":1})", "");
    row("{}", "");
    row(" { } ", "");
  }
  void aMembersOwnSpelling() {
    QFETCH(QByteArray, object);
    QFETCH(QByteArray, text);
    const std::string given = object.toStdString();
    QCOMPARE(std::string(member_text(given, "data")), text.toStdString());
  }
};

QTEST_GUILESS_MAIN(TestResume)
#include "test_resume.moc"
