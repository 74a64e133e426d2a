#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

#include <limits>
#include <random>

#include "observe/json_text.h"

using namespace vx11::observe;
using namespace std::chrono_literals;

namespace {
QByteArray escaped(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return QByteArray::fromStdString(out);
}
template <typename Number>
QByteArray number(Number value) {
  std::string out;
  append_json_number(out, value);
  return QByteArray::fromStdString(out);
}
}  // namespace

class JsonTextTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void escapes_data();
  void escapes();
  void staysJsonForAnyBytes();
  void writesNumbers();
  void writesTimes();
};

void JsonTextTest::escapes_data() {
  QTest::addColumn<QByteArray>("text");
  QTest::addColumn<QByteArray>("expected");
  QTest::newRow("empty") << QByteArray("") << QByteArray(R"("")");
  QTest::newRow("plain") << QByteArray("abc") << QByteArray(R"("abc")");
  QTest::newRow("quote and backslash") << QByteArray(R"(a"b\c)") << QByteArray(R"("a\"b\\c")");
  QTest::newRow("line ends") << QByteArray("a\nb\rc\td") << QByteArray(R"("a\nb\rc\td")");
  QTest::newRow("control") << QByteArray("\x01\x1f\x7f") << QByteArray("\"\\u0001\\u001f\x7f\"");
  QTest::newRow("zero") << QByteArray("a\0b", 3) << QByteArray("\"a\\u0000b\"");
  QTest::newRow("utf-8 stays") << QByteArray("é € 😀") << QByteArray("\"é € 😀\"");
  QTest::newRow("stray continuation") << QByteArray("a\x80z") << QByteArray("\"a\xEF\xBF\xBDz\"");
  QTest::newRow("cut off at the end") << QByteArray("\xE2\x82") << QByteArray("\"\xEF\xBF\xBD\"");
  QTest::newRow("cut off by a letter") << QByteArray("\xE2\x82z") << QByteArray("\"\xEF\xBF\xBDz\"");
  QTest::newRow("overlong slash") << QByteArray("\xC0\xAF") << QByteArray("\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
  QTest::newRow("surrogate") << QByteArray("\xED\xA0\x80") << QByteArray("\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
  QTest::newRow("over U+10FFFF") << QByteArray("\xF4\x90\x80\x80")
                                 << QByteArray("\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
  QTest::newRow("largest") << QByteArray("\xF4\x8F\xBF\xBF") << QByteArray("\"\xF4\x8F\xBF\xBF\"");
}

void JsonTextTest::escapes() {
  QFETCH(QByteArray, text);
  QFETCH(QByteArray, expected);
  QCOMPARE(escaped(text.toStdString()), expected);
}

void JsonTextTest::staysJsonForAnyBytes() {
  std::mt19937 random(7);
  std::uniform_int_distribution<int> byte(0, 255);
  for (int round = 0; round < 2000; ++round) {
    std::string text(static_cast<std::size_t>(round % 40), '\0');
    for (char& c : text) c = static_cast<char>(byte(random));
    QJsonParseError error;
    const auto document = QJsonDocument::fromJson("{\"v\":" + escaped(text) + "}", &error);
    QCOMPARE(error.error, QJsonParseError::NoError);
    // Qt writes one U+FFFD a byte, we one a sequence; otherwise both must have read the same text.
    const QRegularExpression broken("\uFFFD+");
    const auto expected = QString::fromUtf8(text.data(), static_cast<int>(text.size())).replace(broken, "\uFFFD");
    QCOMPARE(document.object().value("v").toString().replace(broken, "\uFFFD"), expected);
  }
}

void JsonTextTest::writesNumbers() {
  QCOMPARE(number(0.1), QByteArray("0.1"));
  QCOMPARE(number(std::int64_t{-5}), QByteArray("-5"));
  QCOMPARE(number(std::numeric_limits<std::uint64_t>::max()), QByteArray("18446744073709551615"));
  QCOMPARE(number(std::numeric_limits<double>::quiet_NaN()), QByteArray("null"));
  QCOMPARE(number(-std::numeric_limits<double>::infinity()), QByteArray("null"));
}

void JsonTextTest::writesTimes() {
  const vx11::WallTime epoch{};
  QCOMPARE(rfc3339(epoch).c_str(), "1970-01-01T00:00:00.000Z");
  QCOMPARE(rfc3339(epoch + 1795406706789ms).c_str(), "2026-11-23T04:05:06.789Z");
  QCOMPARE(rfc3339(epoch + 951782400s).c_str(), "2000-02-29T00:00:00.000Z");
  QCOMPARE(rfc3339(epoch - 1ms).c_str(), "1969-12-31T23:59:59.999Z");
}

QTEST_GUILESS_MAIN(JsonTextTest)
#include "json_text_test.moc"
