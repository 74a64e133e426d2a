// The JSON under a token's key, which Python backends share.
#include <QTest>

#include "store/token_value.h"

using namespace vx11;
using namespace std::chrono_literals;

class TokenValueTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void writes_what_the_contract_says();
  void reads_what_it_wrote_data();
  void reads_what_it_wrote();
  void reads_others_data();
  void reads_others();
};

void TokenValueTest::writes_what_the_contract_says() {
  const store::TokenValueWriter writer("node-1");
  const WallTime at(1'700'000'000'000'007us);
  QCOMPARE(writer.write(at, 60s, false),
           std::string(R"({"created_at":1700000000.000007,"ttl_sec":60,"issued_by":"node-1"})"));
  QCOMPARE(writer.write(at, 5s, true),
           std::string(R"({"created_at":1700000000.000007,"ttl_sec":5,"issued_by":"node-1","single_use":true})"));
}

void TokenValueTest::reads_what_it_wrote_data() {
  QTest::addColumn<QByteArray>("issuer");
  QTest::addColumn<bool>("single_use");
  QTest::newRow("usual") << QByteArray("10.0.0.1:8011") << false;
  QTest::newRow("single use") << QByteArray("10.0.0.1:8011") << true;
  QTest::newRow("a name that JSON escapes") << QByteArray(R"(a"b\)") << true;
  QTest::newRow("a name in other letters") << QByteArray("n\xC3\xB6rdlich") << false;
  QTest::newRow("no name") << QByteArray() << false;
}

void TokenValueTest::reads_what_it_wrote() {
  QFETCH(const QByteArray, issuer);
  QFETCH(const bool, single_use);
  const WallTime at(1'700'000'000'003'456us);
  const auto value = store::read_token_value(store::TokenValueWriter(issuer.toStdString()).write(at, 60s, single_use));
  QVERIFY(value.created_at && std::chrono::abs(*value.created_at - at) < 2us);
  QVERIFY(value.ttl == 60s);
  QTEST(value.single_use, "single_use");
  QCOMPARE(*value.issued_by, issuer.toStdString());
}

void TokenValueTest::reads_others_data() {
  QTest::addColumn<QByteArray>("text");
  QTest::addColumn<bool>("has_time");
  QTest::addColumn<int>("ttl");
  QTest::addColumn<bool>("has_issuer");
  QTest::newRow("python") << QByteArray(R"({"created_at": 1700000000.5, "ttl_sec": 60})") << true << 60 << false;
  QTest::newRow("whole numbers") << QByteArray(R"({"created_at":1700000000,"ttl_sec":60.0})") << true << 60 << false;
  QTest::newRow("unknown members") << QByteArray(R"({"x":[{}],"ttl_sec":1})") << false << 1 << false;
  QTest::newRow("nonsense in members") << QByteArray(R"({"created_at":"now","ttl_sec":-1,"issued_by":7})") << false << 0
                                       << false;
  QTest::newRow("times no clock says") << QByteArray(R"({"created_at":1e300,"ttl_sec":1e300})") << false << 0 << false;
  // Nearly as this service writes it.
  QTest::newRow("a finer fraction") << QByteArray(R"({"created_at":1.0000000,"ttl_sec":60,"issued_by":"a"})") << true
                                    << 60 << true;
  QTest::newRow("a coarser fraction") << QByteArray(R"({"created_at":1.5,"ttl_sec":60,"issued_by":"a"})") << true << 60
                                      << true;
  QTest::newRow("no life") << QByteArray(R"({"created_at":1.000000,"ttl_sec":0,"issued_by":"a"})") << true << 0 << true;
  QTest::newRow("too long a life") << QByteArray(R"({"created_at":1.000000,"ttl_sec":86400001,"issued_by":"a"})")
                                   << true << 0 << true;
  QTest::newRow("too late") << QByteArray(R"({"created_at":9999999999.000000,"ttl_sec":1,"issued_by":"a"})") << false
                            << 1 << true;
  QTest::newRow("more members") << QByteArray(R"({"created_at":1.000000,"ttl_sec":1,"issued_by":"a","x":true})") << true
                                << 1 << true;
  QTest::newRow("more than it") << QByteArray(R"({"created_at":1.000000,"ttl_sec":1,"issued_by":"a"}})") << false << 0
                                << false;
  QTest::newRow("less than it") << QByteArray(R"({"created_at":1.000000,"ttl_sec":1,"issued_by":"a)") << false << 0
                                << false;
  QTest::newRow("a control character") << QByteArray("{\"created_at\":1.000000,\"ttl_sec\":1,\"issued_by\":\"\n\"}")
                                       << false << 0 << false;
  QTest::newRow("not an object") << QByteArray("1") << false << 0 << false;
  QTest::newRow("not JSON") << QByteArray("\xff{") << false << 0 << false;
  QTest::newRow("empty") << QByteArray() << false << 0 << false;
}

void TokenValueTest::reads_others() {
  QFETCH(const QByteArray, text);
  const auto value = store::read_token_value({text.constData(), static_cast<std::size_t>(text.size())});
  QTEST(value.created_at.has_value(), "has_time");
  QTEST(static_cast<int>(value.ttl.count()), "ttl");
  QTEST(value.issued_by.has_value(), "has_issuer");
  QVERIFY(!value.single_use);
}

QTEST_GUILESS_MAIN(TokenValueTest)
#include "token_value_test.moc"
