#include <QtTest>

#include "config/near_name.h"
#include "config/values.h"

using namespace vx11::config;

class ValuesTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void endpoints_data();
  void endpoints();
  void checks_data();
  void checks();
  void switches();
  void lists();
  void nearNames();
};

void ValuesTest::endpoints_data() {
  QTest::addColumn<QString>("text");
  QTest::addColumn<QString>("expected");  // as written back; empty: refused
  const auto row = [](const char* text, const char* expected) {
    QTest::newRow(text) << QString(text) << QString(expected);
  };
  row("127.0.0.1:8011", "127.0.0.1:8011");
  row("localhost:0", "localhost:0");
  row("[::1]:8011", "[::1]:8011");
  row("[fe80::1%eth0]:80", "[fe80::1%eth0]:80");
  row(":8011", "0.0.0.0:8011");
  row("*:8011", "0.0.0.0:8011");
  row("8011", "127.0.0.1:8011");
  row("node-1.example.org:65535", "node-1.example.org:65535");
  for (const char* bad : {"", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:80a", "::1:8011",
                          "[::1]", "[::1]8011", "[::1", "[127.0.0.1]:80", "[]:80", "127.0.0.256:80", "host name:80",
                          "-host:80", "a:b:80", "http://host:80", "65536", "99999999999999999999"}) {
    row(bad, "");
  }
}

void ValuesTest::endpoints() {
  QFETCH(QString, text);
  QFETCH(QString, expected);
  const auto endpoint = parse_endpoint(text.toStdString());
  QCOMPARE(endpoint ? QString::fromStdString(to_text(*endpoint)) : QString(), expected);
}

void ValuesTest::checks_data() {
  QTest::addColumn<int>("which");
  QTest::addColumn<QString>("text");
  QTest::addColumn<bool>("expected");
  const auto rows = [](int which, const char* name, std::initializer_list<const char*> good,
                       std::initializer_list<const char*> bad) {
    for (const char* text : good) QTest::addRow("%s: %s", name, text) << which << QString(text) << true;
    for (const char* text : bad) QTest::addRow("%s, not: %s", name, text) << which << QString(text) << false;
  };
  rows(0, "network", {"10.0.0.0/8", "10.1.2.3", "0.0.0.0/0", "fd00::/8", "::1", "::/128"},
       {"", "10.0.0.0/33", "fd00::/129", "10.0.0/8", "10.0.0.0/", "10.0.0.0/-1", "host/8", "fe80::1%eth0/64"});
  rows(1, "origin",
       {"*", "https://app.example.org", "http://localhost:3000", "http://[::1]:80", "chrome-extension://abc"},
       {"", "app.example.org", "https://app.example.org/", "https://App.example.org", "null", "https://",
        "https://a:x"});
  rows(2, "base url", {"http://a", "https://a.example:8443/base", "http://[::1]:80"},
       {"", "a:80", "ftp://a", "http://", "http://u:p@a", "http://a?x", "http://a#x", "http://a b", "http://a:99999"});
  rows(3, "instance id", {"a", "node-1.eu_west", "0123456789012345678901234567890123456789012345678901234567890123"},
       {"", "a b", "a:8011", "é", "01234567890123456789012345678901234567890123456789012345678901234"});
  rows(4, "prefix", {"vx11:", "a/b-c_d.e:"}, {"", "{x}", "a*", "a b", "[a]"});
  rows(5, "host header", {"localhost", "localhost:8011", "[::1]", "[::1]:80", "10.0.0.1"},
       {"", "a b", "::1", "a:x", "a/"});
  rows(6, "loopback", {"127.0.0.1", "127.9.8.7", "::1", "localhost", "::ffff:127.0.0.1"},
       {"0.0.0.0", "::", "10.0.0.1", "example.org", "127.0.0.1.example.org", "", "::ffff:10.0.0.1"});
  rows(7, "wildcard", {"0.0.0.0", "::"}, {"127.0.0.1", "::1", "host", ""});
}

void ValuesTest::checks() {
  QFETCH(int, which);
  QFETCH(QString, text);
  QFETCH(bool, expected);
  using Check = bool (*)(std::string_view);
  constexpr Check all[] = {is_network,      is_origin,      is_base_url, is_instance_id,
                           is_redis_prefix, is_host_header, is_loopback, is_wildcard};
  QCOMPARE(all[which](text.toStdString()), expected);
}

void ValuesTest::switches() {
  for (const char* text : {"true", "TRUE", "yes", "On", "1"}) QCOMPARE(parse_switch(text), std::optional(true));
  for (const char* text : {"false", "No", "off", "0"}) QCOMPARE(parse_switch(text), std::optional(false));
  for (const char* text : {"", "2", "tru", "truee", " true"}) QVERIFY(!parse_switch(text));
}

void ValuesTest::lists() {
  const auto parts = split_list(" a,, b ,\tc,");
  QCOMPARE(parts.size(), std::size_t{3});
  QCOMPARE(std::string(parts[1]).c_str(), "b");
  QVERIFY(split_list(" , ").empty());
}

void ValuesTest::nearNames() {
  QCOMPARE(distance("ttl", "ttl"), std::size_t{0});
  QCOMPARE(distance("", "abc"), std::size_t{3});
  QCOMPARE(distance("kitten", "sitting"), std::size_t{3});
  QCOMPARE(distance("tlt", "ttl"), std::size_t{1});  // a swap
  constexpr std::string_view known[] = {"ttl", "max-ttl", "listen"};
  QCOMPARE(nearest("listne", known), std::string_view("listen"));
  QCOMPARE(nearest("maxttl", known), std::string_view("max-ttl"));
  QCOMPARE(nearest("tlt", known), std::string_view("ttl"));
  QCOMPARE(nearest("completely-different", known), std::string_view());
  constexpr std::string_view flags[] = {"--mode", "--ttl"};
  QCOMPARE(nearest("--mdoe", flags), std::string_view("--mode"));
  QCOMPARE(nearest("--nope", flags), std::string_view());  // the dashes are no letters that fit
}

QTEST_GUILESS_MAIN(ValuesTest)
#include "values_test.moc"
