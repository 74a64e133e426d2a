// The saved profiles: what comes back, what is never written, and what other versions wrote.
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include "cluster/profile_store.h"

using namespace vx11::cluster;

class ProfileStoreTest : public QObject {
  Q_OBJECT
  std::unique_ptr<QTemporaryDir> folder_;

  [[nodiscard]] QString path() const { return folder_->filePath("deep/profiles.json"); }
  [[nodiscard]] ProfileStore store() const { return ProfileStore(path()); }
  [[nodiscard]] QByteArray written() const {
    QFile file(path());
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
  }
  void write(const QByteArray& text) {
    QVERIFY(store().save({.name = "x"}).has_value());  // for the folder
    QFile file(path());
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    file.write(text);
  }
  [[nodiscard]] static Profile remote() {
    Profile profile;
    profile.name = "Staging";
    profile.kind = ProfileKind::RemoteCluster;
    profile.environment = Environment::Staging;
    profile.group = "Europe";
    profile.colour = "c3";
    profile.readOnly = true;
    profile.keepsSecrets = true;
    profile.instanceCount = 5;
    profile.mode = "redis";
    profile.instances = {QUrl("https://a.example:8011"), QUrl("https://b.example:8011/sub")};
    profile.discover = false;
    profile.addressMap.insert("http://backend2:8011", QUrl("http://127.0.0.1:18012"));
    profile.balancer = QUrl("https://lb.example");
    profile.redis = "rediss://ops@redis.example:6380/2";
    profile.sentinelUser = "watcher";
    profile.caFile = "/etc/ca.pem";
    profile.serverName = "vx11.example";
    profile.nginxFile = "/etc/nginx/conf.d/operator.conf";
    profile.reloadCommand = {"nginx", "-s", "reload"};
    profile.restartCommand = {"docker", "compose", "up", "-d", "{id}"};
    return profile;
  }

 private Q_SLOTS:
  void init() { folder_ = std::make_unique<QTemporaryDir>(); }

  void allOfItComesBack() {
    QVERIFY(store().load()->isEmpty());
    const Profile saved = *store().save(remote());
    QVERIFY(!saved.id.isEmpty());
    const QList<Profile> all = *store().load();
    QCOMPARE(all.size(), 1);
    const Profile &back = all[0], was = remote();
    QCOMPARE(back.id, saved.id);
    QCOMPARE(back.name, was.name);
    QCOMPARE(back.kind, was.kind);
    QCOMPARE(back.environment, was.environment);
    QCOMPARE(back.group, was.group);
    QCOMPARE(back.colour, was.colour);
    QCOMPARE(back.readOnly, was.readOnly);
    QCOMPARE(back.keepsSecrets, was.keepsSecrets);
    QCOMPARE(back.instanceCount, was.instanceCount);
    QCOMPARE(back.mode, was.mode);
    QCOMPARE(back.instances, was.instances);
    QCOMPARE(back.discover, was.discover);
    QCOMPARE(back.addressMap, was.addressMap);
    QCOMPARE(back.balancer, was.balancer);
    QCOMPARE(back.redis, was.redis);
    QCOMPARE(back.sentinelUser, was.sentinelUser);
    QCOMPARE(back.caFile, was.caFile);
    QCOMPARE(back.serverName, was.serverName);
    QCOMPARE(back.nginxFile, was.nginxFile);
    QCOMPARE(back.reloadCommand, was.reloadCommand);
    QCOMPARE(back.restartCommand, was.restartCommand);
  }

  void onlyItsOwnerReadsIt() {
    QVERIFY(store().save(remote()).has_value());
    const auto others = QFileDevice::ReadGroup | QFileDevice::WriteGroup | QFileDevice::ReadOther |
                        QFileDevice::WriteOther | QFileDevice::ExeOther;
    QVERIFY((QFileInfo(path()).permissions() & others) == 0);
  }

  void noSecretIsWritten() {
    Profile profile = remote();
    profile.instances = {QUrl("http://user:hush-1@a:1/?token=hush-2#hush-3")};
    profile.addressMap = {{"http://user:hush-4@b:1/?x=hush-5", QUrl("http://hush-6:hush-7@c:1")}};
    profile.balancer = QUrl("https://hush-8@lb/?k=hush-9");
    profile.redis = "redis://ops:hush-10@r:1/?password=hush-11&db=3";
    const Profile saved = *store().save(profile);
    QVERIFY(!written().contains("hush"));
    QVERIFY(!saved.redis.contains("hush") && !saved.balancer.toString().contains("hush"));
    QCOMPARE((*store().load())[0].redis, QString("redis://ops@r:1/?db=3"));
    // Nor believed when somebody else wrote it.
    QByteArray text = written();
    text.replace("redis://ops@", "redis://ops:hush@");
    write(text);
    QVERIFY(!(*store().load())[0].redis.contains("hush"));
  }

  void inOrderReplacedAndRemoved() {
    const Profile a = *store().save({.name = "a"}), b = *store().save({.name = "b"});
    Profile changed = a;
    changed.name = "a2";
    QVERIFY(store().save(changed).has_value());
    const QList<Profile> all = *store().load();
    QCOMPARE(all.size(), 2);
    QCOMPARE(all[0].name + all[1].name, QString("a2b"));
    QVERIFY(store().remove(a.id).has_value());
    QVERIFY(store().remove(a.id).has_value());  // gone already
    QCOMPARE(store().load()->size(), 1);
    QCOMPARE((*store().load())[0].id, b.id);
  }

  void severalAreSavedTogetherOrNotAtAll() {
    Profile known = *store().save({.name = "a"});
    known.name = "a2";
    const auto saved = store().saveAll({known, {.name = "b"}, {.name = "c"}});
    QVERIFY(saved.has_value());
    QCOMPARE(saved->size(), 3);
    QVERIFY(saved->at(1).id != saved->at(2).id && !saved->at(1).id.isEmpty());
    QStringList names;
    for (const Profile& profile : *store().load()) names << profile.name;
    QCOMPARE(names, (QStringList{"a2", "b", "c"}));
    write("no JSON");
    QVERIFY(store().saveAll({{.name = "d"}, {.name = "e"}}).has_error());
    QCOMPARE(written(), QByteArray("no JSON"));
  }

  void aCommandThatIsNoListOfWordsIsNone() {
    write(R"({"version":1,"profiles":[{"id":"1","kind":"remote_cluster","reload_command":"rm -rf /",)"
          R"("restart_command":["docker",{"x":1},"up"]}]})");
    const QList<Profile> all = *store().load();
    QCOMPARE(all[0].reloadCommand, QStringList());
    QCOMPARE(all[0].restartCommand, QStringList());
  }

  void whatALaterVersionWroteStays() {
    write(R"({"version":2,"theme":"x","profiles":[{"id":"1","kind":"remote_cluster","name":"r","colour":"red"},)"
          R"({"id":"2","kind":"space_station","name":"s"}]})");
    const QList<Profile> all = *store().load();
    QCOMPARE(all.size(), 1);
    QCOMPARE(all[0].environment, Environment::Production);  // not said: it may be
    Profile changed = all[0];
    changed.name = "r2";
    QVERIFY(store().save(changed).has_value());
    const QJsonObject root = QJsonDocument::fromJson(written()).object();
    QCOMPARE(root["theme"].toString(), QString("x"));
    QCOMPARE(root["profiles"].toArray().size(), 2);
    QCOMPARE(root["profiles"][0]["colour"].toString(), QString("red"));
    QCOMPARE(root["profiles"][0]["name"].toString(), QString("r2"));
    QCOMPARE(root["profiles"][1]["kind"].toString(), QString("space_station"));
  }

  void aFileThatCantBeReadIsLeftAsItIs_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("no JSON") << QByteArray("{ \"profiles\": [");
    QTest::newRow("no profiles") << QByteArray("{}");
    QTest::newRow("empty") << QByteArray();
  }
  void aFileThatCantBeReadIsLeftAsItIs() {
    QFETCH(QByteArray, text);
    write(text);
    QVERIFY(store().load().has_error());
    QVERIFY(store().load().error().contains(path()));
    QVERIFY(store().save(remote()).has_error());
    QVERIFY(store().remove("1").has_error());
    QCOMPARE(written(), text);
  }

  void aFolderThatCantBeWritten() {
    QFile file(folder_->filePath("deep"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    const auto saved = store().save(remote());
    QVERIFY(saved.has_error() && saved.error().contains(path()));
  }
};

QTEST_GUILESS_MAIN(ProfileStoreTest)
#include "profile_store_test.moc"
