#include <QtTest>

#include "core/config/given.h"

using namespace vx11::config;
using vx11::config::testing::TestInputs;
using namespace std::chrono_literals;

namespace {
const std::string good_principal = "a-principal-of-some-length";
}

class LoaderTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void startsWithNothing();
  void actions_data();
  void actions();
  void argumentErrors_data();
  void argumentErrors();
  void lastFlagCountsAndListsAddUp();
  void fileErrors_data();
  void fileErrors();
  void fileForms();
  void configPathFromTheVariable();
  void unknownVariables();
  void livesGoTogether();
  void sharedVariables();
  void principalsAreAUnion();
  void principalErrors();
  void publicAddressNeedsAPrincipal();
  void publicAddressWarnings();
  void anyOriginOnlyOnLoopback();
  void signedNeedsKeys();
  void metricsNeedAnotherAddress();
  void readableSecretsAreWarnedAbout();
  void auditLogMustBeWritable();
  void readsTheProcess();
};

void LoaderTest::startsWithNothing() {
  const auto loaded = TestInputs{}.load();
  QVERIFY(loaded.has_value());
  QCOMPARE(loaded->action, Action::serve);
  QCOMPARE(loaded->settings.mode.c_str(), "memory");
  QVERIFY(loaded->settings.principals.empty());
  QVERIFY(loaded->settings.redis_url.empty());
  QVERIFY(loaded->settings.warnings.empty());
}

void LoaderTest::actions_data() {
  QTest::addColumn<QStringList>("flags");
  QTest::addColumn<int>("expected");
  const auto row = [](QStringList flags, Action action) {
    QTest::newRow(qPrintable(flags.join(' '))) << flags << static_cast<int>(action);
  };
  row({"serve"}, Action::serve);
  row({"serve", "--check-config"}, Action::check_config);
  row({"--print-config"}, Action::print_config);
  row({"--print-config", "--check-config"}, Action::print_config);
  row({"--help"}, Action::help);
  row({"-h"}, Action::help);
  row({"--no-such-flag", "--help"}, Action::help);
  row({"--ttl", "0", "--version"}, Action::version);
}

void LoaderTest::actions() {
  QFETCH(QStringList, flags);
  TestInputs inputs;
  for (const auto& flag : flags) inputs.flags.push_back(flag.toStdString());
  const auto loaded = inputs.load();
  QVERIFY2(loaded.has_value(), loaded ? "" : loaded.error().c_str());
  QTEST(static_cast<int>(loaded->action), "expected");
}

void LoaderTest::argumentErrors_data() {
  QTest::addColumn<QStringList>("flags");
  QTest::addColumn<QString>("expected");
  const auto row = [](QStringList flags, const char* expected) {
    QTest::newRow(qPrintable(flags.join(' '))) << flags << QString(expected);
  };
  row({"--tll", "3"}, "flag --tll isn't known; did you mean --ttl?");
  row({"--listne=a:1"}, "flag --listne isn't known; did you mean --listen?");
  row({"--prinT-config"}, "flag --prinT-config isn't known; did you mean --print-config?");
  row({"--frobnicate-everything=s3cret"}, "flag --frobnicate-everything isn't known; --help lists them all");
  row({"-t"}, "flag -t isn't known; --help lists them all");
  row({"--"}, "flag -- isn't known; --help lists them all");
  row({"--help=yes"}, "flag --help takes no value");
  row({"server"}, "argument \"server\" isn't known: the only word allowed is serve, at the beginning");
  row({"--ttl=5", "serve"}, "argument \"serve\" isn't known: the only word allowed is serve, at the beginning");
  row({"redis://:pw@h"}, "an argument that is no flag isn't known: the only word allowed is serve, at the beginning");
  row({"--listen", "--ttl=3"},
      "flag --listen needs a value; it takes an address and a port, such as 127.0.0.1:8011, [::1]:8011 or :8011");
  row({"--ttl"}, "flag --ttl needs a value; it takes a whole number from 1 to 86400 (seconds)");
  row({"--ttl", "-5"}, "flag --ttl: \"-5\" isn't allowed; it takes a whole number from 1 to 86400 (seconds)");
  row({"--access-log", "false"}, "argument \"false\" isn't known: the only word allowed is serve, at the beginning");
  row({"--access-log=maybe"}, "flag --access-log: \"maybe\" isn't allowed; it takes true or false");
  row({"--allowed-host=,"},
      "flag --allowed-host: \",\" isn't allowed; it takes a host name or address, with or without a port");
}

void LoaderTest::argumentErrors() {
  QFETCH(QStringList, flags);
  TestInputs inputs;
  for (const auto& flag : flags) inputs.flags.push_back(flag.toStdString());
  QTEST(inputs.error(), "expected");
}

void LoaderTest::lastFlagCountsAndListsAddUp() {
  const TestInputs inputs{{"--ttl=1", "--ttl", "2", "--allowed-host=a,b", "--allowed-host", "c", "--allowed-host=a"},
                          {{"VX11_OPERATOR_ALLOWED_HOST", "from-variable"}},
                          {}};
  const auto loaded = inputs.load();
  QVERIFY(loaded.has_value());
  QCOMPARE(loaded->settings.ttl, 2s);
  QCOMPARE(loaded->settings.allowed_hosts, (std::vector<std::string>{"a", "b", "c"}));
}

void LoaderTest::fileErrors_data() {
  QTest::addColumn<QString>("text");
  QTest::addColumn<QString>("expected");
  const auto row = [](const char* name, const char* text, const char* expected) {
    QTest::newRow(name) << QString(text) << QString(expected);
  };
  row("unknown key", "\nheartbeet = 3\n", "/f:2: key \"heartbeet\" isn't known; did you mean heartbeat?");
  row("far from all", "frobnicate = 3\n", "/f:1: key \"frobnicate\" isn't known");
  row("a file in a file", "config = /g\n", "/f:1: key \"config\" isn't known");
  row("an action", "help = true\n", "/f:1: key \"help\" isn't known");
  row("no equals", "ttl 5\n", "/f:1: a line is key = value, or a comment after #");
  row("section", "[redis]\n", "/f:1: a line is key = value, or a comment after #");
  row("quotes", "audit-log = \"/var/log/a\"\n", "/f:1: key \"audit-log\": a value stands without quotes");
  row("single quotes", "\nmode='redis' # x\n", "/f:2: key \"mode\": a value stands without quotes");
  row("twice", "ttl = 5\n# x\nttl = 6\n", "/f:3: key \"ttl\" was given before, in file /f:1");
  row("empty", "ttl =\n",
      "file /f:1: key \"ttl\": an empty value isn't allowed; it takes a whole number from 1 to 86400 (seconds)");
  row("out of range", "# c\r\n\r\nttl = 0\r\n",
      "file /f:3: key \"ttl\": \"0\" isn't allowed; it takes a whole number from 1 to 86400 (seconds)");
}

void LoaderTest::fileErrors() {
  QFETCH(QString, text);
  const TestInputs inputs{{"--config", "/f"}, {}, {{"/f", {text.toStdString()}}}};
  QTEST(inputs.error(), "expected");
}

void LoaderTest::fileForms() {
  const TestInputs inputs{{"--config=/f"},
                          {},
                          {{"/f",
                            {"  max_ttl=120 # two minutes\r\n\tttl\t=\t7\t# x\n"
                             "allowed-host = a\nallowed-host = b, c\n"
                             "audit-log = /var/log/a#b.jsonl\naccess-log = yes"}}}};
  const auto loaded = inputs.load();
  QVERIFY2(loaded.has_value(), loaded ? "" : loaded.error().c_str());
  QCOMPARE(loaded->settings.max_ttl, 120s);
  QCOMPARE(loaded->settings.ttl, 7s);
  QCOMPARE(loaded->settings.allowed_hosts, (std::vector<std::string>{"a", "b", "c"}));
  QCOMPARE(loaded->settings.audit_log.c_str(), "/var/log/a#b.jsonl");
  QVERIFY(loaded->settings.access_log);
}

void LoaderTest::configPathFromTheVariable() {
  TestInputs inputs{{}, {{"VX11_OPERATOR_CONFIG", "/f"}}, {}};
  QCOMPARE(inputs.error(), "variable VX11_OPERATOR_CONFIG: can't read /f: No such file or directory");
  inputs.files["/f"].text = "ttl = 9\n";
  QCOMPARE(inputs.load()->settings.ttl, 9s);
  inputs.flags = {"--config", "/g"};
  QCOMPARE(inputs.error(), "flag --config: can't read /g: No such file or directory");
  inputs.flags = {"--config="};
  QCOMPARE(inputs.error(), "flag --config: an empty value isn't allowed; it takes the path of a file");
}

void LoaderTest::unknownVariables() {
  const TestInputs inputs{{},
                          {{"VX11_OPERATOR_SSE_HEARTBEET", "3"},
                           {"VX11_OPERATOR_ZZZZZZZZZZZZZZ", "s3cret"},
                           {"VX11_OPERATOR_EMPTY", ""},
                           {"VX11_OPERATOR_FOO", "1"},
                           {"VX11_OPERATOR_SSE_POLL", "1"},
                           {"VX11_OPERATOR_PROXY_ENABLED", "1"},
                           {"VX11_OPERATOR_CONTROL_ENABLED", "1"},
                           {"VX11_GATEWAY_URL", "x"},
                           {"VX11_OPERATOR", "x"},
                           {"PATH", "x"}},
                          {}};
  QCOMPARE(inputs.warnings(),
           QStringList({"variable VX11_OPERATOR_FOO is not known and has no effect",
                        "variable VX11_OPERATOR_SSE_HEARTBEET is not known and has no effect; did you mean "
                        "VX11_OPERATOR_SSE_HEARTBEAT?",
                        "variable VX11_OPERATOR_ZZZZZZZZZZZZZZ is not known and has no effect"}));
}

void LoaderTest::livesGoTogether() {
  TestInputs inputs{{"--ttl", "400"}, {}, {}};
  QCOMPARE(inputs.load()->settings.max_ttl, 400s);
  QCOMPARE(inputs.reported("max-ttl"), "400 # follows ttl, flag --ttl");
  inputs.variables = {{"VX11_OPERATOR_MAX_TTL", "300"}};
  QCOMPARE(inputs.error(), "--ttl 400 (flag --ttl) must not be over --max-ttl 300 (variable VX11_OPERATOR_MAX_TTL)");
  inputs.flags = {};
  inputs.variables = {{"VX11_OPERATOR_MAX_TTL", "30"}};
  QCOMPARE(inputs.error(), "--ttl 60 (default) must not be over --max-ttl 30 (variable VX11_OPERATOR_MAX_TTL)");
}

void LoaderTest::sharedVariables() {
  TestInputs inputs{{}, {{"EPHEMERAL_TOKEN_TTL_SEC", "45"}, {"INSTANCE_ID", "shared"}}, {}};
  QCOMPARE(inputs.load()->settings.ttl, 45s);
  QCOMPARE(inputs.load()->settings.instance_id.c_str(), "shared");
  QCOMPARE(inputs.reported("ttl"), "45 # variable EPHEMERAL_TOKEN_TTL_SEC");
  inputs.variables.emplace_back("VX11_OPERATOR_TTL", "45");
  QCOMPARE(inputs.error(), "");
  inputs.variables.back().second = "46";
  QCOMPARE(inputs.error(),
           "variables VX11_OPERATOR_TTL and EPHEMERAL_TOKEN_TTL_SEC differ (\"46\" and \"45\"); set one, or both to "
           "the same");
  inputs.variables.back() = {"VX11_OPERATOR_INSTANCE_ID", "own"};
  QCOMPARE(inputs.load()->settings.instance_id.c_str(), "own");
  QCOMPARE(inputs.warnings(),
           QStringList("variables VX11_OPERATOR_INSTANCE_ID and INSTANCE_ID differ; the first counts here"));
  inputs.variables = {{"INSTANCE_ID", "not:allowed"}};
  QCOMPARE(inputs.error(),
           "variable INSTANCE_ID: \"not:allowed\" isn't allowed; it takes 1 to 64 of A-Z a-z 0-9 . _ -");
}

void LoaderTest::principalsAreAUnion() {
  const TestInputs inputs{{"--principal-file", "/p"},
                          {{"VX11_OPERATOR_TOKEN", "one, two,,"},
                           {"VX11_GATEWAY_TOKEN", "two,three"},
                           {"VX11_TENTACULO_LINK_TOKEN", "four"}},
                          {{"/p", {"# comment\n five ,six\r\n\n  # another\none\nse#ven\n"}}}};
  const auto loaded = inputs.load();
  QVERIFY2(loaded.has_value(), loaded ? "" : loaded.error().c_str());
  QStringList all;
  for (const auto& secret : loaded->settings.principals)
    all.append(QString::fromUtf8(secret.reveal().data(), static_cast<int>(secret.size())));
  QCOMPARE(all, QStringList({"one", "two", "three", "four", "five", "six", "se#ven"}));
}

void LoaderTest::principalErrors() {
  TestInputs inputs{{"--principal-file", "/p"}, {}, {}};
  QCOMPARE(inputs.error(), "flag --principal-file: can't read /p: No such file or directory");
  inputs.files["/p"].text = "# nothing but a comment\n\n";
  QCOMPARE(inputs.error(), "flag --principal-file: /p holds no principal");
  inputs.files["/p"].text = "s3cret\x01\n";
  QCOMPARE(
      inputs.error(),
      "file /p: a principal isn't allowed; it takes up to 1024 characters that a header can carry (visible ASCII)");
  inputs = {{}, {{"VX11_OPERATOR_TOKEN", "s3cr\xC3\xA9t"}}, {}};
  QVERIFY(inputs.error().startsWith("variable VX11_OPERATOR_TOKEN: a principal isn't allowed"));
  QVERIFY(!inputs.error().contains("s3cr"));
  inputs.variables = {{"VX11_OPERATOR_TOKEN", std::string(1025, 'x')}};
  QVERIFY(inputs.error().startsWith("variable VX11_OPERATOR_TOKEN: a principal isn't allowed"));
}

void LoaderTest::publicAddressNeedsAPrincipal() {
  for (const char* loopback : {"127.0.0.1:1", "127.1.2.3:1", "[::1]:1", "localhost:1", "1"})
    QCOMPARE((TestInputs{{"--listen", loopback}, {}, {}}).error(), "");
  for (const char* open : {"0.0.0.0:1", ":1", "[::]:1", "10.0.0.1:1", "example.org:1"}) {
    TestInputs inputs{{"--listen", open}, {}, {}};
    QVERIFY2(inputs.error().startsWith("no principal is configured, and --listen "), qPrintable(inputs.error()));
    QVERIFY(inputs.error().contains("VX11_OPERATOR_TOKEN") && inputs.error().contains("--principal-file"));
    inputs.variables = {{"VX11_GATEWAY_TOKEN", good_principal}};
    QCOMPARE(inputs.error(), "");
    QCOMPARE(inputs.warnings(), QStringList());
  }
}

void LoaderTest::publicAddressWarnings() {
  TestInputs inputs{{"--listen=:1"}, {{"VX11_OPERATOR_TOKEN", "vx11-test-token," + good_principal}}, {}};
  QCOMPARE(
      inputs.warnings(),
      QStringList({"a principal has fewer than 16 characters, and --listen 0.0.0.0:1 (flag --listen) isn't loopback",
                   "the test principal is in use, and --listen 0.0.0.0:1 (flag --listen) isn't loopback"}));
  inputs.flags = {};
  QCOMPARE(inputs.warnings(), QStringList());
  inputs.flags = {"--allow-principal-query"};
  QCOMPARE(inputs.warnings().size(), 1);
  QVERIFY(inputs.warnings().front().contains("--allow-principal-query"));
}

void LoaderTest::anyOriginOnlyOnLoopback() {
  TestInputs inputs{{"--cors-origin=*"}, {{"VX11_OPERATOR_TOKEN", good_principal}}, {}};
  QCOMPARE(inputs.error(), "");
  inputs.flags.emplace_back("--listen=:1");
  QCOMPARE(inputs.error(),
           "flag --cors-origin: \"*\" isn't allowed, since --listen 0.0.0.0:1 (flag --listen) isn't loopback; name the "
           "origins");
  inputs.flags.front() = "--cors-origin=https://a.example";
  QCOMPARE(inputs.error(), "");
}

void LoaderTest::signedNeedsKeys() {
  TestInputs inputs{{"--mode=signed"}, {}, {}};
  QCOMPARE(inputs.error(), "flag --mode: mode signed needs --signing-keys-file (VX11_OPERATOR_SIGNING_KEYS_FILE)");
  inputs.flags.emplace_back("--signing-keys-file=/k");
  QCOMPARE(inputs.error(), "flag --signing-keys-file: can't read /k: No such file or directory");
  inputs.files["/k"].text = "a:AAAA\n";
  QCOMPARE(inputs.error(), "");
  QVERIFY(inputs.load()->settings.redis_url.empty());
  inputs.flags.front() = "--mode=memory";  // keys alone change nothing
  QCOMPARE(inputs.load()->settings.mode.c_str(), "memory");
}

void LoaderTest::metricsNeedAnotherAddress() {
  QVERIFY((TestInputs{{"--metrics-listen=127.0.0.1:8011"}, {}, {}})
              .error()
              .startsWith("flag --metrics-listen: \"127.0.0.1:8011\""));
  QCOMPARE((TestInputs{{"--metrics-listen=127.0.0.1:0", "--listen=127.0.0.1:0"}, {}, {}}).error(), "");
}

void LoaderTest::readableSecretsAreWarnedAbout() {
  TestInputs inputs{{"--principal-file=/p", "--signing-keys-file=/k"}, {}, {{"/p", {"x", 0644}}, {"/k", {"x", 0640}}}};
  QCOMPARE(inputs.warnings(),
           QStringList("/p (flag --principal-file) can be read by every user of this machine; chmod 600 is enough"));
  inputs.files["/p"].mode = 0640;
  QCOMPARE(inputs.warnings(), QStringList());
}

void LoaderTest::auditLogMustBeWritable() {
  TestInputs inputs{{"--audit-log=/var/log/a"}, {}, {}};
  QCOMPARE(inputs.error(), "");
  inputs.unwritable["/var/log/a"] = "Permission denied";
  QCOMPARE(inputs.error(), "flag --audit-log: can't write /var/log/a: Permission denied");
  inputs.flags.clear();
  QCOMPARE(inputs.error(), "");
}

void LoaderTest::readsTheProcess() {
  QTemporaryDir dir;
  const auto path = dir.filePath("f");
  QFile file(path);
  QVERIFY(file.open(QIODevice::WriteOnly));
  file.write("ttl = 11\n");
  file.close();
  file.setPermissions(QFile::ReadOwner);
  qputenv("VX11_OPERATOR_HEARTBEAT_TEST", "x=y");

  QByteArray name("vx11-tokend");
  QByteArray flag = "--config=" + path.toLocal8Bit();
  char* argv[] = {name.data(), flag.data(), nullptr};
  const auto inputs = Inputs::of_process(2, argv);
  QCOMPARE(inputs.arguments, std::vector<std::string>{flag.toStdString()});
  QVERIFY(std::count(inputs.environment.begin(), inputs.environment.end(),
                     std::pair<std::string, std::string>("VX11_OPERATOR_HEARTBEAT_TEST", "x=y")) == 1);
  const auto text = inputs.read_file(path.toStdString());
  QVERIFY(text.has_value());
  QCOMPARE(text->c_str(), "ttl = 11\n");
  QCOMPARE(inputs.file_mode(path.toStdString()), std::optional<unsigned>(0400));
  QCOMPARE(inputs.read_file(dir.path().toStdString()).error().c_str(), "Is a directory");
  QCOMPARE(inputs.read_file(dir.filePath("none").toStdString()).error().c_str(), "No such file or directory");
  QVERIFY(!inputs.file_mode(dir.filePath("none").toStdString()));
  const std::string folder = dir.path().toStdString();
  QCOMPARE(inputs.why_not_writable(folder).value_or(""), std::string("Is a directory"));
  QCOMPARE(inputs.why_not_writable(folder + "/none/a").value_or(""), std::string("No such file or directory"));
  QVERIFY(!inputs.why_not_writable(folder + "/a"));
  QVERIFY(!QFile::exists(dir.filePath("a")));
}

QTEST_GUILESS_MAIN(LoaderTest)
#include "loader_test.moc"
