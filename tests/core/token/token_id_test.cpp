// The names of a token: which texts are one, and what may be shown of it.
#include <QtTest>
#include <algorithm>
#include <set>
#include <string>

#include "token/token_id.h"

using namespace vx11;

namespace {

const std::string kUuid = "3f9a0c11-7b2e-4d55-a0b1-9e8d7c6bc21e";
const std::string kSigned = "v1.k2." + std::string(46, 'A') + "." + std::string(18, 'B') + "8fQx";

/// Random bytes that are all the same: shows which bits a UUID forces.
class ConstantRandom final : public Random {
 public:
  explicit ConstantRandom(std::byte value) : value_(value) {}
  void fill(std::span<std::byte> out) noexcept override { std::fill(out.begin(), out.end(), value_); }

 private:
  std::byte value_;
};

std::string text_of(const Uuid& id) { return std::string(id.text().reveal()); }

}  // namespace

class TokenIdTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void canonical_texts_parse_and_come_back();
  void refuses_data();
  void refuses();
  void refuses_every_other_character_everywhere();
  void generates_version_4();
  void generates_no_token_twice();
  void hash_uses_bits_that_differ();
  void public_id_is_the_start_of_sha256();
  void public_id_texts();
  void masks_data();
  void masks();
};

void TokenIdTest::canonical_texts_parse_and_come_back() {
  const auto id = Uuid::parse(kUuid);
  QVERIFY(id.has_value());
  QCOMPARE(id->bytes[0], std::uint8_t{0x3f});
  QCOMPARE(id->bytes[6], std::uint8_t{0x4d});
  QCOMPARE(id->bytes[15], std::uint8_t{0x1e});
  QCOMPARE(text_of(*id), kUuid);
  SystemRandom random;
  for (int i = 0; i < 10'000; ++i) {
    const Uuid made = Uuid::generate(random);
    QVERIFY(Uuid::parse(text_of(made)) == made);
  }
  for (const char variant : {'8', '9', 'a', 'b'}) {
    std::string text = kUuid;
    text[19] = variant;
    QVERIFY(Uuid::parse(text).has_value());
  }
}

void TokenIdTest::refuses_data() {
  QTest::addColumn<QByteArray>("text");
  const QByteArray good = QByteArray::fromStdString(kUuid);
  QTest::newRow("empty") << QByteArray();
  QTest::newRow("upper case") << good.toUpper();
  QTest::newRow("short") << good.chopped(1);
  QTest::newRow("long") << good + "0";
  QTest::newRow("braces") << "{" + good + "}";
  QTest::newRow("urn") << "urn:uuid:" + good;
  QTest::newRow("no dashes") << QByteArray(good).replace("-", "");
  QTest::newRow("no dashes, 36 digits") << QByteArray(36, '4');
  QTest::newRow("all dashes") << QByteArray(36, '-');
  QTest::newRow("version 1") << QByteArray(good).replace(14, 1, "1");
  QTest::newRow("version 7") << QByteArray(good).replace(14, 1, "7");
  QTest::newRow("variant 0") << QByteArray(good).replace(19, 1, "7");
  QTest::newRow("variant 2") << QByteArray(good).replace(19, 1, "c");
  QTest::newRow("nil") << QByteArray("00000000-0000-0000-0000-000000000000");
  QTest::newRow("space before") << " " + good.chopped(1);
  QTest::newRow("NUL inside") << QByteArray(good).replace(5, 1, QByteArray(1, '\0'));
  QTest::newRow("signed") << QByteArray::fromStdString(kSigned);
}

void TokenIdTest::refuses() {
  QFETCH(QByteArray, text);
  QVERIFY(!Uuid::parse(text.toStdString()).has_value());
}

void TokenIdTest::refuses_every_other_character_everywhere() {
  const std::string hex = "0123456789abcdef";
  for (std::size_t at = 0; at < kUuid.size(); ++at) {
    const bool dash = kUuid[at] == '-';
    for (int c = 0; c < 256; ++c) {
      std::string text = kUuid;
      text[at] = static_cast<char>(c);
      bool allowed = dash ? c == '-' : hex.find(text[at]) != std::string::npos;
      if (at == 14) allowed = c == '4';
      if (at == 19) allowed = c == '8' || c == '9' || c == 'a' || c == 'b';
      QCOMPARE(Uuid::parse(text).has_value(), allowed);
    }
  }
}

void TokenIdTest::generates_version_4() {
  ConstantRandom zeros(std::byte{0});
  QCOMPARE(text_of(Uuid::generate(zeros)), std::string("00000000-0000-4000-8000-000000000000"));
  ConstantRandom ones(std::byte{0xFF});
  QCOMPARE(text_of(Uuid::generate(ones)), std::string("ffffffff-ffff-4fff-bfff-ffffffffffff"));
}

void TokenIdTest::generates_no_token_twice() {
  SystemRandom random;
  std::set<Uuid> seen;
  std::array<std::uint8_t, 16> either{};
  std::array<std::uint8_t, 16> both;
  both.fill(0xFF);
  for (int i = 0; i < 20'000; ++i) {
    const Uuid id = Uuid::generate(random);
    QVERIFY(seen.insert(id).second);
    for (std::size_t b = 0; b < either.size(); ++b) {
      either[b] |= id.bytes[b];
      both[b] &= id.bytes[b];
    }
  }
  // Every bit but the six fixed ones was seen as 0 and as 1.
  for (std::size_t b = 0; b < either.size(); ++b) {
    const int fixed_ones = b == 6 ? 0x40 : b == 8 ? 0x80 : 0;
    const int free_bits = b == 6 ? 0x0F : b == 8 ? 0x3F : 0xFF;
    QCOMPARE(int{both[b]}, fixed_ones);
    QCOMPARE(int{either[b]}, fixed_ones | free_bits);
  }
}

void TokenIdTest::hash_uses_bits_that_differ() {
  SeededRandom random(1);
  std::size_t either = 0;
  std::size_t both = ~std::size_t{0};
  for (int i = 0; i < 1000; ++i) {
    const std::size_t hash = UuidHash{}(Uuid::generate(random));
    either |= hash;
    both &= hash;
  }
  QCOMPARE(either, ~std::size_t{0});
  QCOMPARE(both, std::size_t{0});
}

void TokenIdTest::public_id_is_the_start_of_sha256() {
  // FIPS 180-2, appendix B, and the empty text; several times, because the context is used again.
  for (int i = 0; i < 3; ++i) {
    QCOMPARE(PublicId::of("abc").text(), std::string("ba7816bf8f01cfea414140de5dae2223"));
    QCOMPARE(PublicId::of("").text(), std::string("e3b0c44298fc1c149afbf4c8996fb924"));
    QCOMPARE(PublicId::of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq").text(),
             std::string("248d6a61d20638b8e5c026930c3e6039"));
  }
}

void TokenIdTest::public_id_texts() {
  const std::string text = "ba7816bf8f01cfea414140de5dae2223";
  const auto id = PublicId::parse(text);
  QVERIFY(id.has_value());
  QVERIFY(*id == PublicId::of("abc"));
  QCOMPARE(id->text(), text);
  QVERIFY(!PublicId::parse(text.substr(1)));
  QVERIFY(!PublicId::parse(text + "0"));
  QVERIFY(!PublicId::parse("BA7816BF8F01CFEA414140DE5DAE2223"));
  QVERIFY(!PublicId::parse("ga7816bf8f01cfea414140de5dae2223"));
  QVERIFY(!PublicId::parse(""));
}

void TokenIdTest::masks_data() {
  QTest::addColumn<QByteArray>("text");
  QTest::addColumn<QByteArray>("mask");
  QTest::addColumn<bool>("token");
  const QByteArray signed_text = QByteArray::fromStdString(kSigned);
  QTest::newRow("uuid") << QByteArray::fromStdString(kUuid) << QByteArray("3f9a…c21e") << true;
  QTest::newRow("signed") << signed_text << QByteArray("v1.k2…8fQx") << true;
  QTest::newRow("signed, kid of 8") << QByteArray(signed_text).replace("k2", "abcd_-19")
                                    << QByteArray("v1.abcd_-19…8fQx") << true;
  QTest::newRow("signed, kid of 1") << QByteArray(signed_text).replace("k2", "k") << QByteArray("v1.k…8fQx") << true;
  QTest::newRow("kid of 9") << QByteArray(signed_text).replace("k2", "abcdefghi") << QByteArray("***") << false;
  QTest::newRow("no kid") << QByteArray(signed_text).replace("k2", "") << QByteArray("***") << false;
  QTest::newRow("dot in kid") << QByteArray(signed_text).replace("k2", "k.2") << QByteArray("***") << false;
  QTest::newRow("padding") << QByteArray(signed_text).replace("8fQx", "8fQ=") << QByteArray("***") << false;
  QTest::newRow("v2") << QByteArray(signed_text).replace("v1", "v2") << QByteArray("***") << false;
  QTest::newRow("payload short") << QByteArray(signed_text).remove(10, 1) << QByteArray("***") << false;
  QTest::newRow("empty") << QByteArray() << QByteArray("***") << false;
  QTest::newRow("short") << QByteArray("abc") << QByteArray("***") << false;
  QTest::newRow("a principal") << QByteArray("correct-horse-battery-staple-0123456") << QByteArray("***") << false;
}

void TokenIdTest::masks() {
  QFETCH(QByteArray, text);
  QFETCH(QByteArray, mask);
  QFETCH(bool, token);
  QCOMPARE(QByteArray::fromStdString(masked(text.toStdString())), mask);
  QCOMPARE(looks_like_token(text.toStdString()), token);
}

QTEST_GUILESS_MAIN(TokenIdTest)
#include "token_id_test.moc"
