#include <QtTest>

#include "config/redis_url.h"

using namespace vx11::config;

class RedisUrlTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void reads_data();
  void reads();
  void takesCredentialsOut();
  void refuses_data();
  void refuses();
  void neverRepeatsTheUrl();
  void readsItsOwnText();
};

void RedisUrlTest::reads_data() {
  QTest::addColumn<QString>("text");
  QTest::addColumn<QString>("canonical");
  QTest::addColumn<int>("topology");
  QTest::addColumn<bool>("tls");
  const auto row = [](const char* text, const char* canonical, RedisUrl::Topology topology, bool tls) {
    QTest::newRow(text) << QString(text) << QString(canonical) << static_cast<int>(topology) << tls;
  };
  using enum RedisUrl::Topology;
  row("redis://h", "redis://h:6379", single, false);
  row("redis://h/", "redis://h:6379", single, false);
  row("redis://h:7000/3", "redis://h:7000/3", single, false);
  row("rediss://[::1]/0", "rediss://[::1]:6379/0", single, true);
  row("redis://h?db=4", "redis://h:6379/4", single, false);
  row("redis://h/1?db=4", "redis://h:6379/4", single, false);
  row("redis+sentinel://a,b:1/mymaster", "redis+sentinel://a:26379,b:1/mymaster", sentinel, false);
  row("rediss+sentinel://a/m/5", "rediss+sentinel://a:26379/m/5", sentinel, true);
  row("redis+cluster://a,[::1]:7001", "redis+cluster://a:6379,[::1]:7001", cluster, false);
  row("rediss+cluster://a/0", "rediss+cluster://a:6379/0", cluster, true);
}

void RedisUrlTest::reads() {
  QFETCH(QString, text);
  const auto url = parse_redis_url(text.toStdString());
  QVERIFY2(url.has_value(), url ? "" : url.error().c_str());
  QTEST(QString::fromStdString(url->to_text()), "canonical");
  QTEST(static_cast<int>(url->topology), "topology");
  QTEST(url->tls, "tls");
}

void RedisUrlTest::takesCredentialsOut() {
  const auto url = parse_redis_url("redis://us%65r:p%40s%3As:x@h:1/2?ssl_cert_reqs=none&socket_timeout=5");
  QVERIFY(url.has_value());
  QCOMPARE(url->username.c_str(), "user");
  QVERIFY(url->password.equals("p@s:s:x"));
  QCOMPARE(url->to_text().c_str(), "redis://h:1/2");
  QCOMPARE(url->ignored, (std::vector<std::string>{"ssl_cert_reqs", "socket_timeout"}));

  const auto password_only = parse_redis_url("redis://:secret@h");
  QVERIFY(password_only->username.empty() && password_only->password.equals("secret"));
  const auto at_sign = parse_redis_url("redis://:se@cret@h");
  QVERIFY(at_sign->password.equals("se@cret"));
}

void RedisUrlTest::refuses_data() {
  QTest::addColumn<QString>("text");
  QTest::addColumn<QString>("why");
  const auto row = [](const char* text, const char* why) { QTest::newRow(text) << QString(text) << QString(why); };
  row("", "must begin with redis://");
  row("h:6379", "must begin with redis://");
  row("http://h", "must begin with redis://");
  row("REDIS://h", "must begin with redis://");
  row("unix:///tmp/r.sock", "must begin with redis://");
  row("redis://", "host or port");
  row("redis://:p@", "host or port");
  row("redis://h:0", "host or port");
  row("redis://h:70000", "host or port");
  row("redis://::1", "host or port");
  row("redis://h,", "host or port");
  row("redis://a,b", "one host only");
  row("redis://h/x", "the database");
  row("redis://h/65536", "the database");
  row("redis://h?db=", "the database");
  row("redis://h/0/1", "the database");
  row("redis://:a%zz@h", "two hex digits");
  row("redis://:a%4@h", "two hex digits");
  row("redis://:a/b@h", "percent-encoded");
  row("redis://:a#b@h", "percent-encoded");
  row("redis://h x", "blank");
  row("redis+sentinel://a", "master");
  row("redis+sentinel://a/", "master");
  row("redis+sentinel://a/m/x", "the database");
  row("redis+cluster://a/1", "database 0 only");
  row("redis://h?=1", "what follows");
}

void RedisUrlTest::refuses() {
  QFETCH(QString, text);
  QFETCH(QString, why);
  const auto url = parse_redis_url(text.toStdString());
  QVERIFY(url.has_error());
  QVERIFY2(QString::fromStdString(url.error()).contains(why), url.error().c_str());
}

void RedisUrlTest::neverRepeatsTheUrl() {
  for (const char* text : {"redis://:qq77/qq77@h", "redis://qq77", "redis://:qq77@h:qq77", "qq77", "redis://:qq%7@h",
                           "redis://h/qq77", "redis://h:1?qq77:=1", "redis://qq 77"}) {
    const auto url = parse_redis_url(text);
    if (url) continue;
    QVERIFY2(!QString::fromStdString(url.error()).contains("qq"), url.error().c_str());
  }
}

void RedisUrlTest::readsItsOwnText() {
  const auto url = parse_redis_url("rediss+sentinel://u:p@a:1,[::1]:2/m/3");
  const auto again = parse_redis_url(url->to_text());
  QVERIFY(again.has_value());
  QCOMPARE(again->to_text(), url->to_text());
  QCOMPARE(again->hosts.size(), std::size_t{2});
  QCOMPARE(again->master.c_str(), "m");
  QVERIFY(again->database == 3U);
}

QTEST_GUILESS_MAIN(RedisUrlTest)
#include "redis_url_test.moc"
