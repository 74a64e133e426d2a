// Profiles that travel between machines: what of them arrives, what never does, and that it is said.
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "cluster/profile_transfer.h"

using namespace vx11::cluster;

// The slashes of an address in a raw string are escaped, as JSON allows: moc takes them for a comment.
class ProfileTransferTest : public QObject {
  Q_OBJECT
  [[nodiscard]] static Profile remote(const QString& name) {
    Profile profile;
    profile.id = "id-of-this-machine";
    profile.name = name;
    profile.kind = ProfileKind::RemoteCluster;
    profile.environment = Environment::Production;
    profile.group = "Europe";
    profile.colour = "c5";
    profile.readOnly = true;
    profile.keepsSecrets = true;
    profile.instances = {QUrl("https://a.example:8011"), QUrl("https://b.example:8011/sub")};
    profile.discover = false;
    profile.addressMap.insert("http://backend2:8011", QUrl("http://127.0.0.1:18012"));
    profile.balancer = QUrl("https://lb.example");
    profile.redis = "rediss://ops@redis.example:6380/2";
    profile.caFile = VX11_SOURCE_DIR "/LICENSE";
    profile.serverName = "vx11.example";
    profile.sentinelUser = "watcher";
    profile.nginxFile = "/etc/nginx/conf.d/operator.conf";
    profile.reloadCommand = {"nginx", "-s", "reload"};
    profile.restartCommand = {"docker", "restart", "{id}"};
    return profile;
  }
  [[nodiscard]] static QByteArray fileOf(const QByteArray& profile) {
    return "{\"format\":\"vx11-profiles\",\"version\":1,\"profiles\":[" + profile + "]}";
  }
  [[nodiscard]] static profile_transfer::Imported imported(const QByteArray& profile, const QStringList& names = {}) {
    const auto read = profile_transfer::read(fileOf(profile), names);
    return read.has_value() ? *read : profile_transfer::Imported{{}, {read.error()}};
  }

 private Q_SLOTS:
  void theRestOfItArrives() {
    const Profile was = remote("eu-prod");
    const auto read = profile_transfer::read(profile_transfer::written({was}), {});
    QVERIFY(read.has_value());
    QCOMPARE(read->profiles.size(), 1);
    QCOMPARE(read->leftOut, QStringList());
    const Profile& back = read->profiles[0];
    QCOMPARE(back.name, was.name);
    QCOMPARE(back.kind, was.kind);
    QCOMPARE(back.environment, was.environment);
    QCOMPARE(back.group, was.group);
    QCOMPARE(back.colour, was.colour);
    QCOMPARE(back.readOnly, was.readOnly);
    QCOMPARE(back.instances, was.instances);
    QCOMPARE(back.discover, was.discover);
    QCOMPARE(back.addressMap, was.addressMap);
    QCOMPARE(back.balancer, was.balancer);
    QCOMPARE(back.redis, was.redis);
    QCOMPARE(back.caFile, was.caFile);
    QCOMPARE(back.serverName, was.serverName);
    QCOMPARE(back.sentinelUser, was.sentinelUser);
    QVERIFY(back.id.isEmpty());   // a new one is made here
    QVERIFY(!back.keepsSecrets);  // this keychain has none of it
    QVERIFY(back.nginxFile.isEmpty() && back.reloadCommand.isEmpty() && back.restartCommand.isEmpty());
  }

  void noSecretAndNoCommandIsExported() {
    Profile profile = remote("eu");
    profile.instances = {QUrl("http://user:hush-1@a:1/?token=hush-2#hush-3")};
    profile.addressMap = {{"http://user:hush-4@b:1", QUrl("http://u:hush-5@c:1")}};
    profile.balancer = QUrl("https://u:hush-6@lb/?k=hush-7");
    profile.redis = "redis://ops:hush-8@r:1/?password=hush-9";
    profile.reloadCommand = {"reload", "hush-10"};
    profile.restartCommand = {"restart", "hush-11"};
    profile.nginxFile = "/hush-12";
    const QByteArray text = profile_transfer::written({profile, remote("us")});
    QVERIFY2(!text.contains("hush"), text.constData());
    QVERIFY(!text.contains("command") && !text.contains("nginx") && !text.contains("id-of-this-machine"));
    QCOMPARE(QJsonDocument::fromJson(text)["profiles"].toArray().size(), 2);
    QCOMPARE(profile_transfer::leftOut({profile}).size(), 1);
    QVERIFY(profile_transfer::leftOut({profile})[0].startsWith("eu: its nginx file and commands stay"));
    profile.nginxFile.clear();
    profile.reloadCommand.clear();
    profile.restartCommand.clear();
    QCOMPARE(profile_transfer::leftOut({profile}), QStringList());
  }

  void whatAFileHoldsBesidesIsLeftOutAndSaid() {
    const auto read =
        imported(R"({"id":"x","kind":"remote_cluster","environment":"test","name":"eu","keeps_secrets":true,)"
                 R"("instances":["http:\/\/u:hush@a:1"],"redis":"redis:\/\/o:hush@r:1","nginx_file":"/etc/x",)"
                 R"("reload_command":["rm","-rf","/"],"ca_file":"/no/such/ca.pem","principal":"hush"})");
    QCOMPARE(read.profiles.size(), 1);
    const Profile& profile = read.profiles[0];
    QVERIFY(profile.reloadCommand.isEmpty() && profile.nginxFile.isEmpty() && !profile.keepsSecrets);
    QCOMPARE(profile.instances, QList<QUrl>{QUrl("http://a:1")});
    QCOMPARE(profile.redis, QString("redis://o@r:1"));
    const QString said = read.leftOut.join('\n');
    QCOMPARE(read.leftOut.size(), 3);
    QVERIFY(said.contains("eu: its nginx file and commands were left out"));
    QVERIFY(said.contains("a password in an address was left out"));
    QVERIFY(said.contains("/no/such/ca.pem isn't on this machine"));
    QVERIFY(!said.contains("hush"));
  }

  void whoCantBeImportedIsSaid_data() {
    QTest::addColumn<QByteArray>("profile");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("another kind") << QByteArray(R"({"kind":"local_server","name":"l"})")
                                  << "l: it is no remote cluster";
    QTest::newRow("a later version's") << QByteArray(R"({"kind":"space_station","name":"s"})")
                                       << "s: it is no remote cluster";
    QTest::newRow("no profile") << QByteArray("7") << "A profile without a name: it is no remote cluster";
    QTest::newRow("no instance") << QByteArray(R"({"kind":"remote_cluster","name":"e","instances":["file:\/\/\/etc"]})")
                                 << "e: it names no instance";
  }
  void whoCantBeImportedIsSaid() {
    QFETCH(QByteArray, profile);
    QFETCH(QString, sentence);
    const auto read = imported(profile);
    QVERIFY(read.profiles.isEmpty());
    QVERIFY2(read.leftOut.join('\n').contains(sentence), qPrintable(read.leftOut.join('\n')));
  }

  void onlyAddressesThatCanBeUsed() {
    const auto read =
        imported(R"({"kind":"remote_cluster","name":"eu","instances":["http:\/\/a:1","ftp:\/\/b:1","http:\/\/"],)"
                 R"("balancer":"javascript:x","redis":"http:\/\/r:1","address_map":{"http:\/\/x:1":"file:\/\/\/y"}})");
    const Profile& profile = read.profiles.value(0);
    QCOMPARE(profile.instances, QList<QUrl>{QUrl("http://a:1")});
    QVERIFY(profile.balancer.isEmpty() && profile.redis.isEmpty() && profile.addressMap.isEmpty());
    QCOMPARE(profile.environment, Environment::Production);  // not said: it may be
    QVERIFY(read.leftOut.join('\n').contains("an address that can't be used"));
  }

  void namesThatAreTakenGetANumber() {
    const QByteArray eu = R"({"kind":"remote_cluster","name":" eu\n","instances":["http:\/\/a:1"]})";
    const auto read = imported(eu + ',' + eu, {"eu", "eu 2"});
    QCOMPARE(read.profiles.size(), 2);
    QCOMPARE(read.profiles[0].name, QString("eu 3"));
    QCOMPARE(read.profiles[1].name, QString("eu 4"));
    QVERIFY(read.leftOut.first().contains("it is called eu 3"));
  }

  void anotherFileIsRefused_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("no JSON") << QByteArray("hello");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("something else") << QByteArray(R"({"profiles":[]})");
    QTest::newRow("no list") << QByteArray(R"({"format":"vx11-profiles","profiles":{}})");
    QTest::newRow("too many") << fileOf(QByteArray("{},").repeated(200) + "{}");
    QTest::newRow("too large") << QByteArray(5 * 1024 * 1024, ' ');
  }
  void anotherFileIsRefused() {
    QFETCH(QByteArray, text);
    const auto read = profile_transfer::read(text, {});
    QVERIFY(read.has_error() && read.error().startsWith("It "));
  }

  void aCloneIsAnother() {
    const Profile clone = cloneOf(remote("eu"), {"eu", "eu copy"});
    QCOMPARE(clone.name, QString("eu copy 2"));
    QVERIFY(clone.id.isEmpty());
    QCOMPARE(clone.instances, remote("eu").instances);
    QCOMPARE(clone.reloadCommand, remote("eu").reloadCommand);
  }
};

QTEST_GUILESS_MAIN(ProfileTransferTest)
#include "profile_transfer_test.moc"
