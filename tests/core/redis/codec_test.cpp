#include <QTest>

#include "redis/request.h"

using namespace vx11::redis;

class CodecTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aRequestIsTheProtocolsBytes() {
    using namespace std::string_view_literals;
    Request request{"GET", "key"};
    QCOMPARE(request.bytes(), std::string("*2\r\n$3\r\nGET\r\n$3\r\nkey\r\n"));
    request.add({"SET", "a\0\r\nb"sv, ""});
    QCOMPARE(request.commands(), std::size_t{2});
    QCOMPARE(request.bytes(), std::string("*2\r\n$3\r\nGET\r\n$3\r\nkey\r\n*3\r\n$3\r\nSET\r\n$5\r\na\0\r\nb\r\n$0\r\n\r\n"sv));
  }
  void aCommandMayHaveManyWords() {
    std::vector<std::string_view> words(1000, "ab");
    const Request request = Request().add(words);
    QCOMPARE(request.commands(), std::size_t{1});
    QCOMPARE(request.bytes().size(), std::size_t{7 + 1000 * 8});
  }
};

QTEST_GUILESS_MAIN(CodecTest)
#include "codec_test.moc"
