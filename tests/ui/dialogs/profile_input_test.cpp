// What is typed becomes the profile it means, or a sentence at the field that names what is wrong with it.
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "dialogs/profile_input.h"

using namespace vx11;
using namespace vx11::ui;
using cluster::Environment;
using cluster::Profile;

Q_DECLARE_METATYPE(vx11::ui::ProfileInput)
Q_DECLARE_METATYPE(vx11::ui::ProfileField)

namespace {

ProfileInput good() {
  ProfileInput input;
  input.name = QStringLiteral(" eu-staging ");
  input.environment = Environment::Staging;
  input.instances = QStringLiteral("http://fra-1:8011\n\n  https://fra-2 \n");
  input.addressMap = QStringLiteral("http://backend2:8011 = http://127.0.0.1:18012\nhttp://b3:1 -> http://127.0.0.1:2");
  input.redis = QStringLiteral("rediss://reader@10.4.0.21:6379/2");
  input.balancer = QStringLiteral("https://tokens.example/base");
  input.reload = QStringLiteral("sudo nginx -s reload");
  input.restart = QStringLiteral("ssh {host} \"systemctl restart vx11-tokend@{id}\"");
  return input;
}

}  // namespace

class ProfileInputTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;

  [[nodiscard]] QString file(const QString& name, const QByteArray& text) const {
    QFile made(dir_.filePath(name));
    if (!made.open(QIODevice::WriteOnly) || made.write(text) != text.size()) qFatal("no file");
    return made.fileName();
  }

 private Q_SLOTS:
  void reads() {
    Profile base;
    base.id = QStringLiteral("7");
    base.instances = {QUrl(QStringLiteral("http://gone"))};
    ProfileInput input = good();
    input.group = QStringLiteral(" europe  west");
    input.colour = QStringLiteral("c2");
    input.readOnly = input.keepsSecrets = true;
    const ReadProfile read = readInput(input, base, {QStringLiteral("eu-prod")});
    QVERIFY2(read.problems.isEmpty(), qPrintable(read.problems.isEmpty() ? QString() : read.problems.first()));
    QCOMPARE(read.profile.name, QStringLiteral("eu-staging"));
    QCOMPARE(read.profile.kind, cluster::ProfileKind::RemoteCluster);
    QCOMPARE(read.profile.environment, Environment::Staging);
    QCOMPARE(read.profile.id, base.id);
    QCOMPARE(read.profile.group, QStringLiteral("europe west"));
    QCOMPARE(read.profile.colour, QStringLiteral("c2"));
    QVERIFY(read.profile.readOnly && read.profile.keepsSecrets);
    QCOMPARE(inputOf(read.profile).colour, input.colour);
    QCOMPARE(read.profile.instances,
             (QList<QUrl>{QUrl(QStringLiteral("http://fra-1:8011")), QUrl(QStringLiteral("https://fra-2"))}));
    QCOMPARE(read.profile.addressMap.value(QStringLiteral("http://backend2:8011")),
             QUrl(QStringLiteral("http://127.0.0.1:18012")));
    QCOMPARE(read.profile.addressMap.value(QStringLiteral("http://b3:1")), QUrl(QStringLiteral("http://127.0.0.1:2")));
    QCOMPARE(read.profile.redis, QStringLiteral("rediss://reader@10.4.0.21:6379/2"));
    QCOMPARE(read.profile.balancer, QUrl(QStringLiteral("https://tokens.example/base")));
    QCOMPARE(read.profile.reloadCommand, (QStringList{"sudo", "nginx", "-s", "reload"}));
    QCOMPARE(read.profile.restartCommand, (QStringList{"ssh", "{host}", "systemctl restart vx11-tokend@{id}"}));
    QVERIFY(read.warnings.isEmpty());
  }

  void readsBackWhatItShows() {
    const Profile profile = readInput(good(), {}, {}).profile;
    const Profile again = readInput(inputOf(profile), {}, {}).profile;
    QVERIFY(inputOf(again) == inputOf(profile));
    QCOMPARE(again.instances, profile.instances);
    QCOMPARE(again.addressMap, profile.addressMap);
    QCOMPARE(again.reloadCommand, profile.reloadCommand);
    QCOMPARE(again.restartCommand, profile.restartCommand);
  }

  void saysWhatIsWrong_data() {
    QTest::addColumn<ProfileField>("field");
    QTest::addColumn<ProfileInput>("input");
    QTest::addColumn<QString>("words");
    const auto with = [](QString ProfileInput::*part, const char* text) {
      ProfileInput input = good();
      input.*part = QString::fromUtf8(text);
      return input;
    };
    using P = ProfileInput;
    using F = ProfileField;
    QTest::newRow("no name") << F::Name << with(&P::name, "  ") << "needs a name";
    QTest::newRow("name taken") << F::Name << with(&P::name, "eu-prod") << "eu-prod";
    QTest::newRow("no instance") << F::Instances << with(&P::instances, "\n") << "At least one";
    QTest::newRow("no scheme") << F::Instances << with(&P::instances, "fra-1:8011") << "write http://fra-1:8011";
    QTest::newRow("scheme") << F::Instances << with(&P::instances, "http://a\nftp://b") << "ftp://b";
    QTest::newRow("no host") << F::Instances << with(&P::instances, "http://:8011") << "http://:8011";
    QTest::newRow("space") << F::Instances << with(&P::instances, "http://fra 1:8011") << "http://fra 1:8011";
    QTest::newRow("port") << F::Instances << with(&P::instances, "http://a:99999") << "http://a:99999";
    QTest::newRow("query") << F::Instances << with(&P::instances, "http://a?x=1") << "http://a?x=1";
    QTest::newRow("twice") << F::Instances << with(&P::instances, "http://a\nhttp://A:80/") << "twice";
    QTest::newRow("user") << F::Instances << with(&P::instances, "http://me:pw@a") << "its own field";
    QTest::newRow("map of one") << F::AddressMap << with(&P::addressMap, "http://a:1") << "http://a:1";
    QTest::newRow("map of three") << F::AddressMap << with(&P::addressMap, "http://a http://b http://c") << "two";
    QTest::newRow("map to no address") << F::AddressMap << with(&P::addressMap, "http://a = b:2") << "b:2";
    QTest::newRow("mapped twice") << F::AddressMap << with(&P::addressMap, "http://a = http://b\nhttp://a = http://c")
                                  << "http://a";
    QTest::newRow("redis scheme") << F::Redis << with(&P::redis, "10.0.0.1:6379") << "redis://";
    QTest::newRow("sentinel without a master") << F::Redis << with(&P::redis, "redis+sentinel://a,b") << "master";
    QTest::newRow("cluster's database") << F::Redis << with(&P::redis, "redis+cluster://a,b/3") << "database 0 only";
    QTest::newRow("several hosts' password") << F::Redis << with(&P::redis, "redis+sentinel://u:pw-1@a,b/m")
                                             << "no password";
    QTest::newRow("redis password") << F::Redis << with(&P::redis, "redis://:pw-1@a") << "no password";
    QTest::newRow("redis database") << F::Redis << with(&P::redis, "redis://a/zero") << "the database must be a number";
    QTest::newRow("redis host") << F::Redis << with(&P::redis, "redis:///0") << "host or port is missing";
    QTest::newRow("balancer") << F::Balancer << with(&P::balancer, "balancer:80") << "balancer:80";
    QTest::newRow("nginx file") << F::NginxFile << with(&P::nginxFile, "conf.d/a.conf") << "conf.d/a.conf";
    QTest::newRow("reload quote") << F::Reload << with(&P::reload, "sh -c \"nginx -s") << "\"nginx -s";
    QTest::newRow("restart quote") << F::Restart << with(&P::restart, "restart {id}\"") << "quotes come in pairs";
    QTest::newRow("ca file") << F::CaFile << with(&P::caFile, "/no/such.pem") << "/no/such.pem";
  }
  void saysWhatIsWrong() {
    QFETCH(ProfileField, field);
    QFETCH(ProfileInput, input);
    QFETCH(QString, words);
    const ProfileProblems problems = readInput(input, {}, {QStringLiteral("eu-prod")}).problems;
    QCOMPARE(problems.size(), 1);
    QVERIFY2(problems.value(field).contains(words), qPrintable(problems.first()));
    QVERIFY2(!problems.first().contains(QStringLiteral("pw")), qPrintable(problems.first()));
  }

  void warnsOfWhatMayBeMeant_data() {
    QTest::addColumn<ProfileField>("field");
    QTest::addColumn<ProfileInput>("input");
    QTest::addColumn<QString>("words");
    const auto with = [](QString ProfileInput::*part, const QString& text) {
      ProfileInput input = good();
      input.*part = text;
      return input;
    };
    using P = ProfileInput;
    using F = ProfileField;
    const QString marked =
        file("upstream.conf", "# vx11 begin\nupstream operator_backend {\n  server a:1;\n}\n# vx11 end\n");
    QTest::newRow("marked") << F::NginxFile << with(&P::nginxFile, marked) << QString();
    QTest::newRow("no such file") << F::NginxFile << with(&P::nginxFile, "/no/such.conf")
                                  << "/no/such.conf can't be read";
    QTest::newRow("a folder") << F::NginxFile << with(&P::nginxFile, dir_.path()) << "is no file";
    QTest::newRow("no marks") << F::NginxFile << with(&P::nginxFile, file("bare.conf", "events {}\n"))
                              << "\"# vx11 begin\"";
    QTest::newRow("a shell's quotes") << F::Reload << with(&P::reload, "sh -c 'nginx -s reload'") << "“'nginx”";
    QTest::newRow("no reload") << F::Reload << with(&P::reload, {}) << QString();
    QTest::newRow("no instance") << F::Restart << with(&P::restart, "systemctl restart vx11-tokend@{Id}") << "{id}";
    QTest::newRow("address") << F::Restart << with(&P::restart, "restart {url}") << QString();
    QTest::newRow("no restart") << F::Restart << with(&P::restart, " ") << QString();
  }
  void warnsOfWhatMayBeMeant() {
    QFETCH(ProfileField, field);
    QFETCH(ProfileInput, input);
    QFETCH(QString, words);
    const ReadProfile read = readInput(input, {}, {});
    QVERIFY2(read.problems.isEmpty(), qPrintable(read.problems.value(field)));
    QCOMPARE(read.warnings.size(), words.isEmpty() ? 0 : 1);
    QVERIFY2(read.warnings.value(field).contains(words), qPrintable(read.warnings.value(field)));
  }

  void keepsAnArgumentThatCantBeTyped() {
    Profile base;
    base.reloadCommand = {"run", "", "last"};
    ProfileInput input = inputOf(base);
    input.name = QStringLiteral("eu");
    QCOMPARE(readInput(input, base, {}).profile.reloadCommand, base.reloadCommand);
    input.reload = QStringLiteral("run");
    QCOMPARE(readInput(input, base, {}).profile.reloadCommand, QStringList{"run"});
  }

  void refusesTooMany() {
    ProfileInput input = good();
    input.instances.clear();
    for (int port = 1; port <= 33; ++port) input.instances += QStringLiteral("http://a:%1\n").arg(port);
    QVERIFY(readInput(input, {}, {}).problems.contains(ProfileField::Instances));
  }

  void principalFitsIntoAHeader() {
    QVERIFY(principalProblem("").isEmpty());
    QVERIFY(principalProblem("abc-DEF_123.~!").isEmpty());
    for (const char* bad : {"a b", "a\tb", "a\nb", "\xc3\xa4"}) QVERIFY2(!principalProblem(bad).isEmpty(), bad);
  }

  void saysWhereThePrincipalTravelsInClear() {
    Profile profile;
    profile.instances = {QUrl(QStringLiteral("http://127.0.0.1:1")), QUrl(QStringLiteral("https://fra-1")),
                         QUrl(QStringLiteral("http://localhost:2"))};
    QCOMPARE(sentInClearTo(profile), QString());
    profile.instances.append(QUrl(QStringLiteral("http://fra-2:8011")));
    profile.balancer = QUrl(QStringLiteral("http://lb"));
    QCOMPARE(sentInClearTo(profile), QStringLiteral("fra-2:8011, lb"));
  }
};

QTEST_GUILESS_MAIN(ProfileInputTest)
#include "profile_input_test.moc"
