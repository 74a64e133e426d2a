// What is read of an nginx file and written into it. That nginx takes it is shown by tests/integration.
#include <QTest>

#include "cluster/nginx_file.h"

using vx11::cluster::NginxFile;

namespace {

const QByteArray head = "# ours\r\nevents { worker_connections 64; }\nhttp {\n  map $a $b { default \"}\"; '#' \"{\"; }\n";
const QByteArray upstreamBlock =
    "  # vx11 begin (written by the console)\n"
    "  upstream operator_backend {\n"
    "      server 10.0.0.1:8011 max_fails=3  weight=2; # first\n"
    "      server 10.0.0.2:8011;\n"
    "  }\n"
    "  # vx11 end\n";
const QByteArray serverHead = "  server {\n\tlisten 80;\n    location / { return 200 ${x}; }\n";
const QByteArray locations = "    # vx11 begin\n    # vx11 end\n";
const QByteArray tail = "  }\n}\n\n# no line end here";

QByteArray whole() { return head + upstreamBlock + serverHead + locations + tail; }

}  // namespace

class NginxFileTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void readsWhatIsMarked() {
    const auto file = NginxFile::read(whole());
    QVERIFY2(file.has_value(), qPrintable(file.has_error() ? file.error() : QString()));
    QCOMPARE(file->servers(), QStringList({QStringLiteral("10.0.0.1:8011"), QStringLiteral("10.0.0.2:8011")}));
    QVERIFY(!file->sticky());
    QVERIFY(file->hasLocations());
  }

  void writesItAndNothingElse() {
    const auto file = NginxFile::read(whole());
    const QByteArray written = file->with({QStringLiteral("10.0.0.1:8011"), QStringLiteral("10.0.0.3:8011")}, true);
    QVERIFY(written.startsWith(head + "  # vx11 begin (written by the console)\n  upstream operator_backend {\n"
                                      "      ip_hash;\n      server 10.0.0.1:8011 max_fails=3 weight=2;\n"
                                      "      server 10.0.0.3:8011;\n  }\n  # vx11 end\n" + serverHead +
                               "    # vx11 begin\n    location = /operator/api/events/sse-token {\n"));
    QVERIFY(written.contains("    location = /operator/api/events/stream {\n        proxy_pass http://operator_backend;\n"));
    QCOMPARE(written.count("        proxy_set_header Host $host;\n"), 2);
    QVERIFY(written.endsWith("    }\n    # vx11 end\n" + tail));
    const auto again = NginxFile::read(written);
    QVERIFY(again.has_value());
    QVERIFY(again->sticky());
    QCOMPARE(again->with({QStringLiteral("10.0.0.1:8011"), QStringLiteral("10.0.0.3:8011")}, true), written);
    QVERIFY(!NginxFile::read(again->with(again->servers(), false))->sticky());
  }

  void theUpstreamAloneIsEnough() {
    const auto file = NginxFile::read("# vx11 begin\n# vx11 end");
    QVERIFY(file.has_value());
    QVERIFY(!file->hasLocations());
    QCOMPARE(file->servers(), QStringList());
    QCOMPARE(file->with({QStringLiteral("a:1")}, false),
             QByteArray("# vx11 begin\nupstream operator_backend {\n    server a:1;\n}\n# vx11 end"));
  }

  void saysWhatIsWrong_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("words");
    const auto row = [](const char* name, const QByteArray& text, const char* words) {
      QTest::newRow(name) << text << QString::fromLatin1(words);
    };
    row("no marks", head + serverHead + tail, "No place is marked for the upstream");
    row("nothing", "", "No place is marked for the upstream");
    row("the locations alone", head + serverHead + locations + tail, "No place is marked for the upstream");
    row("two upstreams", "# vx11 begin\n# vx11 end\n# vx11 begin\n# vx11 end\n", "2 places are marked");
    row("not closed", "\n# vx11 begin\n", "in line 2 has no \"# vx11 end\"");
    row("not opened", "\n\n# vx11 end\n", "in line 3 has no \"# vx11 begin\" before it");
    row("opened twice", "# vx11 begin\n# vx11 begin\n# vx11 end\n", "line 2 stands inside something else");
    row("behind a directive", "user a; # vx11 begin\n# vx11 end\n", "line 1 stands inside something else");
    row("in a directive", "user\n# vx11 begin\n# vx11 end\n a;", "line 2 stands inside something else");
    row("across a block", "# vx11 begin\nhttp {\n# vx11 end\n}", "line 3 stands inside something else");
    row("in a location", "server {\nlocation / {\n# vx11 begin\n# vx11 end\n}}", "line 3 stands in \"location\"");
    row("another upstream", "# vx11 begin\nupstream other { server a; }\n# vx11 end\n", "line 2 is \"other\"");
    row("a brace too many", "# vx11 begin\n}\n# vx11 end\n", "line 2 closes nothing");
    row("a brace too few", "http {\n# vx11 begin\n# vx11 end\n", "\"http\" is not closed");
  }
  void saysWhatIsWrong() {
    QFETCH(QByteArray, text);
    QFETCH(QString, words);
    const auto file = NginxFile::read(text);
    QVERIFY(file.has_error());
    QVERIFY2(file.error().contains(words), qPrintable(file.error()));
  }

  void wordsThatOnlyLookLikeTheMark() {
    const auto file = NginxFile::read("# vx11 beginning\nset $a \"# vx11 begin\";\n# vx11 begin\n# vx11 end\n");
    QVERIFY(file.has_value());
  }

  void anyCutOfAFileIsReadOrRefused() {
    const QByteArray text = whole();
    for (qsizetype n = 0; n <= text.size(); ++n) {
      const auto file = NginxFile::read(text.first(n));
      if (file.has_value()) QCOMPARE(file->with(file->servers(), file->sticky()).first(head.size()), head);
    }
  }
};

QTEST_GUILESS_MAIN(NginxFileTest)
#include "nginx_file_test.moc"
