// The JSON under a token's key, which Python backends share.
#include <QTest>

#include "store/token_value.h"

using namespace vx11;
using namespace std::chrono_literals;

class TokenValueTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void writes_what_the_contract_says();
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

void TokenValueTest::reads_what_it_wrote() {
  const WallTime at(1'700'000'000'123'456us);
  const auto value = store::read_token_value(store::TokenValueWriter(R"(a"b\)").write(at, 60s, true));
  QVERIFY(value.created_at && std::chrono::abs(*value.created_at - at) < 2us);
  QVERIFY(value.ttl == 60s && value.single_use);
  QCOMPARE(*value.issued_by, std::string(R"(a"b\)"));
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
