#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <limits>
#include <stdexcept>
#include <thread>

#include "observe/log.h"

using namespace vx11::observe;

class LogTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void writesTheGoldenLine();
  void masksTokens_data();
  void masksTokens();
  void masksInMessagesAndFields();
  void neverThrows();
  void keepsLinesWhole();
  void survivesAClosedReader();
  void losesLinesOfAStuckReader();
  void writesLongLines();

 private:
  vx11::ManualClock clock_;
};

namespace {

QByteArray all_of(int fd) {
  QByteArray text;
  char part[4096];
  for (ssize_t n = 0; (n = ::read(fd, part, sizeof part)) > 0;) text.append(part, n);
  return text;
}

struct Pipe {
  int ends[2] = {-1, -1};
  Pipe() {
    if (::pipe2(ends, O_CLOEXEC) != 0) qFatal("no pipe");
  }
  ~Pipe() { close_reader(), close_writer(); }
  void close_reader() { close(0); }
  void close_writer() { close(1); }
  void close(int end) {
    if (ends[end] >= 0) ::close(std::exchange(ends[end], -1));
  }
};

}  // namespace

void LogTest::writesTheGoldenLine() {
  std::string lines;
  const Log log(clock_, "a:8011", [&](std::string_view line) { lines += line; });
  log.write(Level::warning, "stream_refused", "no \"such\" token",
            {{"client", "10.0.0.1"},
             {"status", 403},
             {"seconds", 0.25},
             {"final", true},
             {"odd", std::numeric_limits<double>::infinity()}});
  const QString rest = QString::fromStdString(lines).mid(
      static_cast<int>(std::string_view(R"({"time":"2026-11-23T04:05:06.789Z)").size()));
  QVERIFY(QRegularExpression(R"re(^\{"time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")re")
              .match(QString::fromStdString(lines))
              .hasMatch());
  QCOMPARE(rest,
           QString(R"(","level":"warning","instance":"a:8011","event":"stream_refused","message":"no \"such\" token",)"
                   R"("client":"10.0.0.1","status":403,"seconds":0.25,"final":true,"odd":null})") +
               "\n");
}

void LogTest::masksTokens_data() {
  QTest::addColumn<QString>("text");
  QTest::addColumn<QString>("expected");
  const auto row = [](const char* text, const char* expected) {
    QTest::newRow(text) << QString(text) << QString(expected);
  };
  row("/s?token=abc", "/s?token=***");
  row("token=abc", "token=***");
  row("/s?a=1&token=abc&b=2", "/s?a=1&token=***&b=2");
  row("/s?a=1;token=abc&b=2", "/s?a=1;token=***&b=2");
  row("/s?token=abc#top", "/s?token=***#top");
  row("GET /s?token=abc HTTP/1.1", "GET /s?token=*** HTTP/1.1");
  row("\"/s?token=abc\" 'token=d'", "\"/s?token=***\" 'token=***'");
  row("/s?token=a&token=b", "/s?token=***&token=***");
  row("/s?token=", "/s?token=***");
  row("/s?%74oken=abc", "/s?%74oken=***");
  row("/s?%74%6F%6b%65%6E=abc&x", "/s?%74%6F%6b%65%6E=***&x");
  row("/s?TOKEN=abc", "/s?TOKEN=***");
  row("/s?next=/t%3Ftoken%3Dabc&x=1", "/s?next=/t%3Ftoken%3D***&x=1");
  row("/s?mytoken=abc", "/s?mytoken=abc");
  row("/s?tokens=abc", "/s?tokens=abc");
  row("/s?token", "/s?token");
  row("/s?x=%", "/s?x=%");
  row("/s?%7", "/s?%7");
  row("", "");
  row("token=a?b/c=d", "token=***");
}

void LogTest::masksTokens() {
  QFETCH(QString, text);
  QFETCH(QString, expected);
  QCOMPARE(QString::fromStdString(without_tokens(text.toStdString())), expected);
}

void LogTest::masksInMessagesAndFields() {
  std::string lines;
  const Log log(clock_, "i", [&](std::string_view line) { lines += line; });
  log.write(Level::info, "e", "asked for /s?token=s3cret-a", {{"url", "/s?x=1&token=s3cret-b"}});
  QVERIFY(QString::fromStdString(lines).contains("token=***"));
  QVERIFY(!QString::fromStdString(lines).contains("s3cret"));
}

void LogTest::neverThrows() {
  int calls = 0;
  const Log log(clock_, "i", [&](std::string_view) {
    ++calls;
    throw std::runtime_error("disk");
  });
  log.write(Level::error, "e", "m");
  QCOMPARE(calls, 1);
  const Log silent(clock_, "i", nullptr);
  silent.write(Level::error, "e", "m", {{"bytes", std::string_view("\xFF\0", 2)}});
}

void LogTest::keepsLinesWhole() {
  std::vector<std::string> lines;  // unguarded: the log itself must serialise its sink
  const Log log(clock_, "i", [&](std::string_view line) { lines.emplace_back(line); });
  std::vector<std::thread> running;
  for (int i = 0; i < 8; ++i) {
    running.emplace_back([&log, i] {
      for (int n = 0; n < 500; ++n) log.write(Level::info, "e", "m", {{"thread", i}, {"n", n}});
    });
  }
  for (auto& thread : running) thread.join();
  QCOMPARE(lines.size(), std::size_t{4000});
  for (const auto& line : lines) {
    QVERIFY(line.back() == '\n');
    QVERIFY(QJsonDocument::fromJson(QByteArray::fromStdString(line)).isObject());
  }
}

void LogTest::survivesAClosedReader() {
  Pipe pipe;
  pipe.close_reader();
  const Log log(clock_, "i", Log::to_descriptor(pipe.ends[1]));
  log.write(Level::info, "e", "nobody reads this");  // SIGPIPE would end the test

  int pair[2];
  QCOMPARE(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
  ::close(pair[0]);
  const Log to_socket(clock_, "i", Log::to_descriptor(pair[1]));
  to_socket.write(Level::info, "e", "nor this");
  ::close(pair[1]);

  sigset_t pending;
  sigpending(&pending);
  QCOMPARE(sigismember(&pending, SIGPIPE), 0);
}

void LogTest::losesLinesOfAStuckReader() {
  Pipe pipe;
  const Log log(clock_, "i", Log::to_descriptor(pipe.ends[1]));
  const std::string filling(3000, 'x');
  QElapsedTimer timer;
  timer.start();
  for (int i = 0; i < 200; ++i) log.write(Level::info, "e", filling);  // far more than a pipe holds
  QVERIFY2(timer.elapsed() < 5000, qPrintable(QString::number(timer.elapsed())));
  pipe.close_writer();
  const auto lines = all_of(pipe.ends[0]).split('\n');
  QVERIFY(lines.size() > 2 && lines.size() < 200);
  for (int i = 0; i + 1 < lines.size(); ++i) QVERIFY(QJsonDocument::fromJson(lines[i]).isObject());
}

void LogTest::writesLongLines() {
  Pipe pipe;
  const Log log(clock_, "i", Log::to_descriptor(pipe.ends[1]));
  log.write(Level::info, "e", std::string(20'000, 'y'));  // more than PIPE_BUF
  pipe.close_writer();
  const auto object = QJsonDocument::fromJson(all_of(pipe.ends[0])).object();
  QCOMPARE(object.value("message").toString().size(), 20'000);
}

QTEST_GUILESS_MAIN(LogTest)
#include "log_test.moc"
