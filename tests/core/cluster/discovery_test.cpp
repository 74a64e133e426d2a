// What an advertised address means from here, and whether the principal may go there.
#include <QTest>

#include "cluster/discovery.h"

using namespace vx11::cluster;

class DiscoveryTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void oneSpelling_data() {
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("origin");
    QTest::newRow("port of http") << "http://a"
                                  << "http://a:80";
    QTest::newRow("port of https") << "https://a/"
                                   << "https://a:443";
    QTest::newRow("all that is too much") << "http://u:p@A:8011/?x=1#y"
                                          << "http://a:8011";
    QTest::newRow("behind a path") << "http://a:1/sub/"
                                   << "http://a:1/sub";
    QTest::newRow("IPv6") << "http://[::1]:8011"
                          << "http://[::1]:8011";
  }
  void oneSpelling() {
    QFETCH(QString, url);
    QFETCH(QString, origin);
    QCOMPARE(originOf(QUrl(url)).toString(), origin);
  }

  void trust_data() {
    QTest::addColumn<QString>("given");
    QTest::addColumn<QString>("advertised");
    QTest::addColumn<bool>("trusted");
    const auto row = [](const char* name, const char* given, const char* advertised, bool trusted) {
      QTest::newRow(name) << QString::fromLatin1(given) << QString::fromLatin1(advertised) << trusted;
    };
    row("given itself", "http://a:8011", "http://a:8011/", true);
    row("same host, another port", "http://a:8011", "http://a:8012", true);
    row("same host, other case", "http://a:8011", "http://A:8012", true);
    row("another host", "http://a:8011", "http://b:8011", false);
    row("a longer name", "http://a.example:1", "http://a.example.evil:1", false);
    row("a subdomain", "http://example:1", "http://a.example:1", false);
    row("as user name", "http://a:1", "http://a:1@b:1", false);
    row("both loopback", "http://127.0.0.1:1", "http://[::1]:2", true);
    row("loopback by name", "http://localhost:1", "http://127.0.0.2:2", true);
    row("loopback told by a remote one", "http://a:1", "http://127.0.0.1:1", false);
    row("the remote one told by loopback", "http://127.0.0.1:1", "http://a:1", false);
    row("unspecified is not loopback", "http://127.0.0.1:1", "http://0.0.0.0:1", false);
    row("a name like loopback", "http://127.0.0.1:1", "http://127.0.0.1.evil:1", false);
    row("weaker scheme", "https://a:1", "http://a:1", false);
    row("stronger scheme", "http://a:1", "https://a:1", true);
  }
  void trust() {
    QFETCH(QString, given);
    QFETCH(QString, advertised);
    Profile profile;
    profile.instances = {QUrl(given)};
    QTEST(reachOf(profile, QUrl(advertised)).trusted, "trusted");
  }

  void theAddressMap() {
    Profile profile;
    profile.instances = {QUrl("http://127.0.0.1:1")};
    profile.addressMap.insert("http://backend2:8011", QUrl("http://127.0.0.1:18012/"));
    const Reach mapped = reachOf(profile, QUrl("http://BACKEND2:8011/"));
    QCOMPARE(mapped.url, QUrl("http://127.0.0.1:18012"));
    QVERIFY(mapped.trusted);
    const Reach other = reachOf(profile, QUrl("http://backend2:8012"));
    QCOMPARE(other.url, QUrl("http://backend2:8012"));
    QVERIFY(!other.trusted);
  }
};

QTEST_GUILESS_MAIN(DiscoveryTest)
#include "discovery_test.moc"
