#include <QtTest>

#include "core/config/given.h"

using namespace vx11::config;
using vx11::config::testing::TestInputs;

class RedisTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void modeFollowsTheUrl();
  void addressSources_data();
  void addressSources();
  void hostErrors();
  void urlErrorsHideTheUrl();
  void credentials();
  void passwordFiles();
  void databasePrecedence_data();
  void databasePrecedence();
  void databaseWarnings();
  void environmentOfThePythonBackends();
  void clusterHasOneDatabase();
  void tlsFiles();
  void otherClientsOptions();
  void withoutEffect_data();
  void withoutEffect();
};

void RedisTest::modeFollowsTheUrl() {
  QCOMPARE((TestInputs{{"--redis-url=redis://h"}, {}, {}}).load()->settings.mode.c_str(), "hybrid");
  QCOMPARE((TestInputs{{"--redis-url=redis://h"}, {}, {}}).reported("mode"), "hybrid # default with a Redis");
  QCOMPARE((TestInputs{{}, {{"REDIS_HOST", "h"}}, {}}).load()->settings.mode.c_str(), "hybrid");
  const auto memory = TestInputs{{"--redis-url=redis://h", "--mode=memory"}, {}, {}}.load();
  QCOMPARE(memory->settings.mode.c_str(), "memory");
  QCOMPARE(memory->settings.redis_url.c_str(), "redis://h:6379");
  for (const char* mode : {"redis", "hybrid"}) {
    const TestInputs inputs{{std::string("--mode=") + mode}, {}, {}};
    QCOMPARE(inputs.load()->settings.redis_url.c_str(), "redis://localhost:6379/0");
    QCOMPARE(inputs.reported("redis-url"), QString("redis://localhost:6379/0 # default of mode ") + mode);
  }
}

void RedisTest::addressSources_data() {
  QTest::addColumn<int>("sources");  // how many of the following are present, the strongest last
  QTest::addColumn<QString>("url");
  QTest::addColumn<QString>("source");
  QTest::newRow("file") << 1 << "redis://file:6379"
                        << "file /f:1";
  QTest::newRow("host") << 2 << "redis://host:7"
                        << "variable REDIS_HOST, variable REDIS_PORT";
  QTest::newRow("shared variable") << 3 << "redis://shared:6379"
                                   << "variable REDIS_URL";
  QTest::newRow("own variable") << 4 << "redis://own:6379"
                                << "variable VX11_OPERATOR_REDIS_URL";
  QTest::newRow("flag") << 5 << "redis://flag:6379"
                        << "flag --redis-url";
}

void RedisTest::addressSources() {
  QFETCH(int, sources);
  TestInputs inputs{{"--config=/f"}, {}, {{"/f", {"redis-url = redis://file\n"}}}};
  if (sources >= 2) inputs.variables = {{"REDIS_HOST", "host"}, {"REDIS_PORT", "7"}};
  if (sources >= 3) inputs.variables.emplace_back("REDIS_URL", "redis://shared");
  if (sources >= 4) inputs.variables.emplace_back("VX11_OPERATOR_REDIS_URL", "redis://own");
  if (sources >= 5) inputs.flags.emplace_back("--redis-url=redis://flag");
  const auto loaded = inputs.load();
  QVERIFY(loaded.has_value());
  QTEST(QString::fromStdString(loaded->settings.redis_url), "url");
  QFETCH(QString, url);
  QFETCH(QString, source);
  QCOMPARE(inputs.reported("redis-url"), url + " # " + source);
}

void RedisTest::hostErrors() {
  TestInputs inputs{{}, {{"REDIS_HOST", "a b"}}, {}};
  QCOMPARE(inputs.error(), "variable REDIS_HOST: \"a b\" isn't allowed; it takes a host name or address");
  inputs.variables = {{"REDIS_HOST", "h"}, {"REDIS_PORT", "tcp://10.0.0.1:6379"}};
  QCOMPARE(inputs.error(),
           "variable REDIS_PORT: \"tcp://10.0.0.1:6379\" isn't allowed; it takes a whole number from 1 to 65535");
  inputs.variables = {{"REDIS_PORT", "tcp://10.0.0.1:6379"}};  // Kubernetes sets it for a service of that name
  QCOMPARE(inputs.error(), "");
  QVERIFY(inputs.load()->settings.redis_url.empty());
  inputs.variables = {{"REDIS_HOST", "::1"}};
  QCOMPARE(inputs.load()->settings.redis_url.c_str(), "redis://[::1]:6379");
}

void RedisTest::urlErrorsHideTheUrl() {
  const TestInputs inputs{{}, {{"REDIS_URL", "redis://:s3cret/x@h"}}, {}};
  QVERIFY(inputs.error().startsWith("variable REDIS_URL: the value isn't a Redis URL: "));
  QVERIFY(!inputs.error().contains("s3cret"));
}

void RedisTest::credentials() {
  TestInputs inputs{
      {"--redis-url=redis://app:s3cret@h/0"}, {{"REDIS_PASSWORD", "other"}}, {{"/p", {"from-file\r\nrest\n"}}}};
  auto settings = inputs.load()->settings;
  QCOMPARE(settings.redis_url.c_str(), "redis://h:6379/0");
  QCOMPARE(settings.redis_username.c_str(), "app");
  QVERIFY(settings.redis_password.equals("s3cret"));
  QCOMPARE(inputs.reported("redis-url"), "redis://app:***@h:6379/0 # flag --redis-url");
  QCOMPARE(inputs.reported("redis-username"), "app # flag --redis-url");

  inputs.flags.insert(inputs.flags.end(), {"--redis-password-file=/p", "--redis-username=other"});
  settings = inputs.load()->settings;
  QVERIFY(settings.redis_password.equals("from-file"));
  QCOMPARE(settings.redis_username.c_str(), "other");

  // REDIS_PASSWORD goes with REDIS_HOST; a URL says itself whether it has one.
  inputs = {{"--redis-url=redis://h"}, {{"REDIS_PASSWORD", "other"}}, {}};
  QVERIFY(inputs.load()->settings.redis_password.empty());
  inputs = {{}, {{"REDIS_HOST", "h"}, {"REDIS_PASSWORD", "other"}}, {}};
  QVERIFY(inputs.load()->settings.redis_password.equals("other"));
  QVERIFY(inputs.report().contains("variable REDIS_PASSWORD"));
}

void RedisTest::passwordFiles() {
  TestInputs inputs{{"--redis-url=redis+sentinel://h/m", "--sentinel-password-file=/p"}, {}, {}};
  QCOMPARE(inputs.error(), "flag --sentinel-password-file: can't read /p: No such file or directory");
  inputs.files["/p"].text = "\nsecond line\n";
  QCOMPARE(inputs.error(), "flag --sentinel-password-file: the first line of /p is empty");
  inputs.files["/p"] = {" with blanks ", 0604};
  QVERIFY(inputs.load()->settings.sentinel_password.equals(" with blanks "));
  QCOMPARE(inputs.warnings().size(), 1);
}

void RedisTest::databasePrecedence_data() {
  QTest::addColumn<int>("sources");
  QTest::addColumn<int>("database");
  QTest::addColumn<QString>("reported");
  QTest::newRow("nothing") << 0 << 0 << "0 # default";
  QTest::newRow("url") << 1 << 1 << "1 # flag --redis-url";
  QTest::newRow("file") << 2 << 2 << "2 # file /f:1";
  QTest::newRow("shared variable") << 3 << 3 << "3 # variable REDIS_DB";
  QTest::newRow("own variable") << 4 << 4 << "4 # variable VX11_OPERATOR_REDIS_DB";
  QTest::newRow("flag") << 5 << 5 << "5 # flag --redis-db";
}

void RedisTest::databasePrecedence() {
  QFETCH(int, sources);
  TestInputs inputs{
      {sources >= 1 ? "--redis-url=redis://h/1" : "--redis-url=redis://h"}, {}, {{"/f", {"redis-db = 2\n"}}}};
  if (sources >= 2) inputs.flags.emplace_back("--config=/f");
  if (sources >= 3) inputs.variables.emplace_back("REDIS_DB", "3");
  if (sources >= 4) inputs.variables.emplace_back("VX11_OPERATOR_REDIS_DB", "4");
  if (sources >= 5) inputs.flags.emplace_back("--redis-db=5");
  QTEST(static_cast<int>(inputs.load()->settings.redis_db), "database");
  QTEST(inputs.reported("redis-db"), "reported");
}

void RedisTest::databaseWarnings() {
  TestInputs inputs{{"--redis-url=redis://h/1"}, {{"REDIS_DB", "1"}}, {}};
  QCOMPARE(inputs.warnings(), QStringList());
  inputs.variables.front().second = "2";
  const QString overridden =
      "Redis database 2 (variable REDIS_DB) is used and not the URL's, 1 (flag --redis-url): Python backends read the "
      "URL only";
  QCOMPARE(inputs.warnings(), QStringList(overridden));
  inputs.variables.emplace_back("VX11_OPERATOR_REDIS_DB", "1");
  QCOMPARE(inputs.warnings(),
           QStringList("variables VX11_OPERATOR_REDIS_DB and REDIS_DB differ; the first counts here, "
                       "Python backends read the URL only"));
  inputs.flags.emplace_back("--redis-db=1");
  QCOMPARE(inputs.warnings(),
           QStringList("variables VX11_OPERATOR_REDIS_DB and REDIS_DB differ; flag --redis-db counts here, "
                       "Python backends read the URL only"));
  inputs.flags.back() = "--redis-db=3";
  QCOMPARE(inputs.warnings().size(), 2);
  QVERIFY(inputs.warnings().contains(
      "Redis database 3 (flag --redis-db) is used and not the URL's, 1 (flag --redis-url): Python backends read the "
      "URL only"));
  inputs = {{"--redis-url=redis://h"}, {{"VX11_OPERATOR_REDIS_DB", "2"}}, {}};  // a URL without one means 0
  QCOMPARE(inputs.warnings(),
           QStringList("Redis database 2 (variable VX11_OPERATOR_REDIS_DB) is used and not the URL's, 0 (flag "
                       "--redis-url): Python backends read the URL only"));
  inputs = {{}, {{"REDIS_URL", "redis://a"}, {"VX11_OPERATOR_REDIS_URL", "redis://b"}}, {}};
  QCOMPARE(inputs.warnings(),
           QStringList("variables VX11_OPERATOR_REDIS_URL and REDIS_URL differ; the first counts here, Python backends "
                       "read the second"));
  inputs = {{}, {{"REDIS_HOST", "h"}, {"REDIS_DB", "2"}}, {}};  // no URL that could be overridden
  QCOMPARE(inputs.warnings(), QStringList());
  QCOMPARE(inputs.load()->settings.redis_db, 2U);
}

void RedisTest::environmentOfThePythonBackends() {
  const auto inputs = [](const char* url) {
    return TestInputs{{"--listen=0.0.0.0:8011"},
                      {{"REDIS_URL", url},
                       {"REDIS_DB", "1"},
                       {"VX11_OPERATOR_REDIS_DB", "0"},
                       {"VX11_OPERATOR_SSE_POLL", "60"},
                       {"VX11_OPERATOR_PROXY_ENABLED", "0"},
                       {"VX11_OPERATOR_TOKEN", "vx11-test-token"}},
                      {}};
  };
  const TestInputs same = inputs("redis://h:6379/0"), another = inputs("redis://h:6379/1");
  QCOMPARE(same.error(), "");
  QCOMPARE(same.load()->settings.mode.c_str(), "hybrid");
  QCOMPARE(same.load()->settings.redis_db, 0U);
  QCOMPARE(same.warnings().size(), 3);
  QVERIFY(same.warnings().front().startsWith("variables VX11_OPERATOR_REDIS_DB and REDIS_DB differ"));
  QVERIFY(same.warnings().at(1).startsWith("a principal has fewer than 16 characters"));
  QVERIFY(same.warnings().at(2).startsWith("the test principal is in use"));
  QCOMPARE(another.load()->settings.redis_db, 0U);
  QCOMPARE(another.warnings().size(), 4);
  QVERIFY(
      another.warnings().front().startsWith("Redis database 0 (variable VX11_OPERATOR_REDIS_DB) is used and not "
                                            "the URL's, 1 (variable REDIS_URL)"));
}

void RedisTest::clusterHasOneDatabase() {
  TestInputs inputs{{"--redis-url=redis+cluster://a,b", "--redis-db=1"}, {}, {}};
  QCOMPARE(inputs.error(), "flag --redis-db: \"1\" isn't allowed; Redis Cluster has database 0 only");
  inputs.flags.back() = "--redis-db=0";
  QCOMPARE(inputs.error(), "");
  inputs = {{"--redis-url=redis+cluster://a,b"}, {{"REDIS_DB", "3"}}, {}};
  QCOMPARE(inputs.error(), "variable REDIS_DB: \"3\" isn't allowed; Redis Cluster has database 0 only");
}

void RedisTest::tlsFiles() {
  TestInputs inputs{{"--redis-url=rediss://h", "--redis-cert-file=/c"}, {}, {{"/c", {"c"}}, {"/k", {"k"}}}};
  QCOMPARE(inputs.error(), "--redis-cert-file and --redis-key-file go together: only one of them is set");
  inputs.flags.emplace_back("--redis-key-file=/k");
  QCOMPARE(inputs.error(), "");
  QCOMPARE(inputs.warnings(), QStringList());
  inputs.flags.front() = "--redis-url=redis://h";
  QCOMPARE(inputs.warnings().size(), 1);
  QVERIFY(inputs.warnings().front().contains("has no TLS"));
  inputs.flags.emplace_back("--redis-ca-file=/missing");
  QCOMPARE(inputs.error(), "flag --redis-ca-file: can't read /missing: No such file or directory");
}

void RedisTest::otherClientsOptions() {
  const TestInputs inputs{{"--redis-url=redis://h?ssl_cert_reqs=none"}, {}, {}};
  QCOMPARE(inputs.warnings(),
           QStringList("flag --redis-url: \"ssl_cert_reqs\" after '?' is another client's option and has no effect"));
}

void RedisTest::withoutEffect_data() {
  QTest::addColumn<QStringList>("flags");
  QTest::addColumn<QString>("warning");
  const QString sentinel = "--redis-url=redis+sentinel://h/m", user = "--sentinel-username=u",
                password = "--sentinel-password-file=/p";
  QTest::newRow("all together") << QStringList{sentinel, user, password, "--redis-wait=2"} << "";
  QTest::newRow("sentinels without users") << QStringList{sentinel, password} << "";
  QTest::newRow("one server with replicas") << QStringList{"--redis-url=redis://h", "--redis-wait=2"} << "";
  QTest::newRow("a cluster has no sentinels")
      << QStringList{"--redis-url=redis+cluster://h", password}
      << "flag --sentinel-password-file has no effect: the URL (flag --redis-url) isn't redis+sentinel://";
  QTest::newRow("nor has one server")
      << QStringList{"--redis-url=redis://h", user}
      << "flag --sentinel-username has no effect: the URL (flag --redis-url) isn't redis+sentinel://";
  QTest::newRow("no Redis") << QStringList{user} << "flag --sentinel-username has no effect: no Redis is configured";
  QTest::newRow("no Redis to wait for") << QStringList{"--redis-wait=1"}
                                        << "flag --redis-wait has no effect: no Redis is configured";
  QTest::newRow("a sentinels' user alone")
      << QStringList{sentinel, user} << "flag --sentinel-username has no effect without --sentinel-password-file";
  QTest::newRow("a user alone") << QStringList{"--redis-url=redis://u@h"}
                                << "the user \"u\" of Redis has no effect without a password";
  QTest::newRow("a user and a password") << QStringList{"--redis-url=redis://u:s3cret@h"} << "";
}

void RedisTest::withoutEffect() {
  QFETCH(QStringList, flags);
  TestInputs inputs{{}, {}, {{"/p", {"s3cret"}}}};
  for (const QString& flag : flags) inputs.flags.push_back(flag.toStdString());
  QCOMPARE(inputs.error(), "");
  QTEST(inputs.warnings().join("; "), "warning");
}

QTEST_GUILESS_MAIN(RedisTest)
#include "redis_test.moc"
