#include <QTest>
#include <string>
#include <string_view>
#include <vector>

#include "redis/client.h"
#include "redis/reply_reader.h"
#include "redis/request.h"

using namespace vx11::redis;
using namespace std::string_view_literals;
using Found = ReplyReader::Found;

namespace {

/// A reply as one line: "nil", "7", "'text'", "+status", "!error", "[a b]".
std::string shown(const Reply& reply) {
  switch (reply.type) {
    case Reply::Type::nil:
      return "nil";
    case Reply::Type::integer:
      return std::to_string(reply.integer);
    case Reply::Type::text:
      return "'" + std::string(reply.text) + "'";
    case Reply::Type::status:
      return "+" + std::string(reply.text);
    case Reply::Type::error:
      return "!" + std::string(reply.text);
    case Reply::Type::array:
      break;
  }
  std::string all = "[";
  for (const Reply& element : reply.elements()) all += (all.size() > 1 ? " " : "") + shown(element);
  return all + "]";
}

/// What is found in bytes that come in pieces of this size; "rubbish" at the end when it is.
std::string read(std::string_view bytes, std::size_t piece, ReplyReader::Limits limits = {}) {
  ReplyReader reader(limits);
  std::string all;
  while (!bytes.empty()) {
    reader.feed(bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
    Reply reply;
    Found found = reader.next(reply);
    for (; found == Found::reply; found = reader.next(reply)) {
      all += shown(reply) + ";";
      reader.release();
    }
    if (found == Found::rubbish) return all + (reader.error().empty() ? "rubbish without a word" : "rubbish");
  }
  return all;
}

}  // namespace

class CodecTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aRequestIsTheProtocolsBytes() {
    Request request{"GET", "key"};
    QCOMPARE(request.bytes(), std::string("*2\r\n$3\r\nGET\r\n$3\r\nkey\r\n"));
    request.add({"SET", "a\0\r\nb"sv, ""});
    QCOMPARE(request.commands(), std::size_t{2});
    QCOMPARE(request.bytes(),
             std::string("*2\r\n$3\r\nGET\r\n$3\r\nkey\r\n*3\r\n$3\r\nSET\r\n$5\r\na\0\r\nb\r\n$0\r\n\r\n"sv));
  }
  void aCommandMayHaveManyWords() {
    std::vector<std::string_view> words(1000, "ab");
    const Request request = Request().add(words);
    QCOMPARE(request.commands(), std::size_t{1});
    QCOMPARE(request.bytes().size(), std::size_t{7 + 1000 * 8});
  }

  void repliesAreRead_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("found");
    const auto row = [](const char* name, std::string_view bytes, const char* found) {
      QTest::newRow(name) << QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size())) << QByteArray(found);
    };
    row("status", "+OK\r\n", "+OK;");
    row("error", "-ERR no\r\n", "!ERR no;");
    row("integer", ":-7\r\n:9223372036854775807\r\n", "-7;9223372036854775807;");
    row("text", "$5\r\na\r\nb+\r\n", "'a\r\nb+';");
    row("empty text", "$0\r\n\r\n", "'';");
    row("nil", "$-1\r\n*-1\r\n", "nil;nil;");
    row("array", "*3\r\n$1\r\na\r\n:1\r\n$-1\r\n", "['a' 1 nil];");
    row("empty array", "*0\r\n+a\r\n", "[];+a;");
    row("deep", "*2\r\n*1\r\n*1\r\n*2\r\n+a\r\n-b\r\n*0\r\n", "[[[[+a !b]]] []];");
    row("stream", "*1\r\n*2\r\n$1\r\ns\r\n*1\r\n*2\r\n$3\r\n1-0\r\n*2\r\n$1\r\nk\r\n$1\r\nv\r\n",
        "[['s' [['1-0' ['k' 'v']]]]];");
    row("many", "+1\r\n*1\r\n:2\r\n$1\r\n3\r\n:4\r\n", "+1;[2];'3';4;");
    row("too deep", "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n", "rubbish");
    row("another protocol", "HTTP/1.1 400 Bad Request\r\n\r\n", "rubbish");
    row("after a reply", "+a\r\n?\r\n+b\r\n", "+a;rubbish");
    row("no number", "$x\r\n", "rubbish");
    row("too many", "*2000000\r\n", "rubbish");
    row("far too many", "*99999999999999\r\n", "rubbish");
    row("below nothing", "*-2\r\n", "rubbish");
  }
  void repliesAreRead() {
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, found);
    for (std::size_t piece = 1; piece <= static_cast<std::size_t>(bytes.size()); ++piece) {
      QCOMPARE(QByteArray::fromStdString(read({bytes.data(), static_cast<std::size_t>(bytes.size())}, piece)), found);
    }
  }

  void anAnswersSizeIsBounded() {
    const ReplyReader::Limits limits{10, 1000, 100};
    QCOMPARE(read("*2\r\n*4\r\n:1\r\n:1\r\n:1\r\n:1\r\n*4\r\n:1\r\n:1\r\n:1\r\n:1\r\n:5\r\n", 1000, limits),
             std::string("[[1 1 1 1] [1 1 1 1]];5;"));
    QCOMPARE(read("*2\r\n*4\r\n:1\r\n:1\r\n:1\r\n:1\r\n*5\r\n", 1000, limits), std::string("rubbish"));
    const std::string large(900, 'x');
    QCOMPARE(read("$900\r\n" + large + "\r\n:1\r\n", 64, limits), "'" + large + "';1;");
    QCOMPARE(read("$5000000000\r\n" + large + large, 64, limits), std::string("rubbish"));
    QCOMPARE(read("*2\r\n$900\r\n" + large + "\r\n$900\r\n" + large + "\r\n", 4000, limits), std::string("rubbish"));
    QCOMPARE(read("+" + large, 64, limits), std::string("rubbish"));
  }

  void repliesStayUntilTheyAreReleased() {
    ReplyReader reader;
    std::string bytes;
    constexpr int count = 3000;  // far beyond one block, and read in pieces that hiredis moves about
    for (int i = 0; i < count; ++i) bytes += "*1\r\n$4\r\n" + std::to_string(1000 + i) + "\r\n";
    std::vector<Reply> replies;
    for (std::size_t at = 0; at < bytes.size(); at += 777) {
      reader.feed(std::string(bytes.substr(at, 777)));  // a copy that is gone at once
      Reply reply;
      while (reader.next(reply) == Found::reply) replies.push_back(reply);
    }
    QCOMPARE(replies.size(), std::size_t{count});
    for (int i = 0; i < count; ++i) {
      QCOMPARE(replies[static_cast<std::size_t>(i)].elements()[0].text, std::string_view(std::to_string(1000 + i)));
    }
  }

  void anAnswersFaultIsTheServersFirst() {
    const auto fault = [](std::vector<std::string_view> errors) {
      std::vector<Reply> replies;
      for (const std::string_view text : errors) {
        replies.push_back({text.empty() ? Reply::Type::nil : Reply::Type::error, 0, text, nullptr, 0});
      }
      return answer_of(replies).fault;
    };
    QCOMPARE(fault({"", "WRONGTYPE Operation against a key", "ERR syntax error"}), Fault::none);
    QCOMPARE(fault({"", "ERR x", "LOADING Redis is loading", "READONLY You can't"}), Fault::loading);
    QCOMPARE(fault({"OOM command not allowed"}), Fault::out_of_memory);
    QCOMPARE(fault({"MASTERDOWN Link with MASTER is down"}), Fault::master_down);
    QCOMPARE(fault({"NOPERM this user has no permissions"}), Fault::no_permission);
    QCOMPARE(fault({"BUSYGROUP Consumer Group name already exists"}), Fault::none);
    QCOMPARE(fault({}), Fault::none);
  }
};

QTEST_GUILESS_MAIN(CodecTest)
#include "codec_test.moc"
