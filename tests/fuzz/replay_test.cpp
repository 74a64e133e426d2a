// The fuzz targets for a moment, without a fuzzer: a few good inputs, and what chance makes of them.
#include <QTest>
#include <cstdint>
#include <string>
#include <vector>

#include "fuzz/targets.h"

using Target = std::string_view (*)(std::string_view);

class ReplayTest : public QObject {
  Q_OBJECT

  class Dice {
   public:
    std::size_t operator()(std::size_t sides) {
      state_ = state_ * 6364136223846793005U + 1442695040888963407U;
      return static_cast<std::size_t>((state_ >> 33U) % sides);
    }

   private:
    std::uint64_t state_ = 20260101;  // repeatable
  };

  static void change(std::string& bytes, Dice& dice) {
    static constexpr std::string_view pieces[] = {"\r\n", "\n",  ": ", "%",       "&token=", "chunked", "0",   "\r\n ", "=",
                                                  "\t",   "\xff", ",",  "HTTP/1.0", "#",      "?",       "-1", "9999999999", "\r\n*1\r\n", "$"};
    const std::size_t at = dice(bytes.size() + 1);
    switch (dice(4)) {
      case 0: if (at < bytes.size()) bytes[at] = static_cast<char>(dice(256)); break;
      case 1: bytes.erase(at, 1 + dice(8)); break;
      case 2: bytes.insert(at, pieces[dice(std::size(pieces))]); break;
      default: bytes.insert(at, bytes.substr(dice(bytes.size() + 1), dice(40))); break;
    }
  }

  static void run(Target target, const std::vector<std::string>& good, int rounds) {
    Dice dice;
    for (const std::string& bytes : good) QCOMPARE(target(bytes), std::string_view());
    for (int i = 0; i < rounds; ++i) {
      std::string bytes = good[dice(good.size())];
      if (dice(3) == 0) bytes += good[dice(good.size())];
      for (std::size_t n = 1 + dice(5); n > 0; --n) change(bytes, dice);
      const std::string_view wrong = target(bytes);
      QVERIFY2(wrong.empty(), (std::string(wrong) + ": " + QByteArray::fromStdString(bytes).toPercentEncoding().toStdString()).c_str());
    }
  }

 private Q_SLOTS:
  void requests() {
    run(vx11::fuzz::requests,
        {"GET /operator/api/events/stream?token=x%20y&follow=true HTTP/1.1\r\nHost: a\r\nX-Correlation-Id: b\r\n\r\n",
         "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabcdeGET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
         "POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;x=\"y\"\r\nabc\r\n0\r\nT: u\r\n\r\n",
         "HEAD http://h/p?token=1&token=2#f HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 1.2.3.4,\r\n b\r\n\r\n"},
        20'000);
  }
  void configFile() {
    run(vx11::fuzz::config_file,
        {"# comment\nlisten = 127.0.0.1:8011\nttl = 60\nmax-ttl = 300\n", "mode = memory\nmax-tokens = 1000\r\nthreads=2\n",
         "redis-url = redis+sentinel://u:p@h1:26379,[::1]:26379/mymaster/0\ncors-origin = https://a.example\n",
         "trusted-proxy = 10.0.0.0/8\ninstance-id = a-1\nheartbeat = 15\nallowed-host = localhost,[::1]\n"},
        5'000);
  }
  void token() {
    run(vx11::fuzz::token,
        {"3f9a0c11-7b2e-4d55-a0b1-9e8d7c6bc21e", "0123456789abcdef0123456789abcdef", "",
         "v1.k2." + std::string(46, 'A') + "." + std::string(22, 'b')},
        100'000);
  }
  void replies() {
    run(vx11::fuzz::replies,
        {"*3\r\n$1\r\na\r\n:1\r\n$-1\r\n+OK\r\n-ERR no\r\n", "$12\r\n0123456789\r\n\r\n*0\r\n*-1\r\n",
         "*1\r\n*2\r\n$1\r\ns\r\n*1\r\n*2\r\n$3\r\n1-0\r\n*2\r\n$1\r\nk\r\n$1\r\nv\r\n:-9223372036854775808\r\n",
         "$40\r\nused_memory:1\r\ndb0:keys=1,expires=1\r\nx\r\r\n*1\r\n*4\r\n:1\r\n:2\r\n:3\r\n*1\r\n$3\r\nGET\r\n"},
        20'000);
  }
  void lastEventId() {
    run(vx11::fuzz::last_event_id,
        {"0a1b2c3d.1700000000000-3.AAECAwQFBgcICQoLDA0ODxAREhMUFQ", "0a1b2c3d.12", "0a1b2c3d.12.", "a.1-2"}, 50'000);
  }
};

QTEST_GUILESS_MAIN(ReplayTest)
#include "replay_test.moc"
