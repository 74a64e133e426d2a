#include <QtTest>

#include <chrono>

#include "config/options.h"
#include "core/config/given.h"

using namespace vx11::config;
using vx11::config::testing::TestInputs;
using namespace std::chrono_literals;

namespace {

/// What one option did to the settings, as a text; the same for every way it was given.
using Read = std::string (*)(const Settings& settings);

struct Row {
  const char* flag;
  const char* variable;
  const char* by_default;
  const char* value;  ///< one that is allowed
  const char* other;  ///< another one
  const char* bad;    ///< one that is not; nullptr: everything but the empty text is
  Read read;
  const char* expected = nullptr;  ///< what `value` reads as, if not as itself
  const char* other_expected = nullptr;
};

std::string joined(const std::vector<std::string>& list) {
  std::string all;
  for (const auto& one : list) all += (all.empty() ? "" : ",") + one;
  return all;
}

template <typename Duration>
std::string number(Duration duration) {
  return std::to_string(duration.count());
}

std::string text(const Endpoint& endpoint) { return endpoint.host + ':' + std::to_string(endpoint.port); }

const std::string long_name(65, 'a');

// NOLINTBEGIN: a table
const Row rows[] = {
    {"listen", "VX11_OPERATOR_LISTEN", "127.0.0.1:8011", "127.0.0.2:1", "localhost:2", "127.0.0.1",
     [](const Settings& s) { return text(s.listen); }},
    {"advertise-url", "VX11_OPERATOR_ADVERTISE_URL", "", "http://a:1", "https://b", "ftp://a",
     [](const Settings& s) { return s.advertise_url; }},
    {"metrics-listen", "VX11_OPERATOR_METRICS_LISTEN", "", "0.0.0.0:9", "127.0.0.1:10", "0.0.0.0:99999",
     [](const Settings& s) { return s.metrics_listen ? text(*s.metrics_listen) : std::string(); }},
    {"allowed-host", "VX11_OPERATOR_ALLOWED_HOST", "", "a,b:80", "c", "a b",
     [](const Settings& s) { return joined(s.allowed_hosts); }},
    {"cors-origin", "VX11_OPERATOR_CORS_ORIGIN", "", "https://a,*", "http://b:1", "https://a/",
     [](const Settings& s) { return joined(s.cors_origins); }},
    {"trusted-proxy", "VX11_OPERATOR_TRUSTED_PROXY", "", "10.0.0.0/8,::1", "192.168.0.1", "10.0.0.0/40",
     [](const Settings& s) { return joined(s.trusted_proxies); }},
    {"port-file", "VX11_OPERATOR_PORT_FILE", "", "/a", "/b", nullptr, [](const Settings& s) { return s.port_file; }},
    {"principal-file", "VX11_OPERATOR_PRINCIPAL_FILE", "", "/secret", "/secret2", "/missing",
     [](const Settings& s) { return s.principal_file; }},
    {"principal-out", "VX11_OPERATOR_PRINCIPAL_OUT", "", "/a", "/b", nullptr,
     [](const Settings& s) { return s.principal_out; }},
    {"allow-principal-query", "VX11_OPERATOR_ALLOW_PRINCIPAL_QUERY", "false", "true", "false", "maybe",
     [](const Settings& s) { return std::string(s.allow_principal_query ? "true" : "false"); }},
    {"mode", "VX11_OPERATOR_MODE", "memory", "hybrid", "redis", "Memory", [](const Settings& s) { return s.mode; }},
    {"ttl", "VX11_OPERATOR_TTL", "60", "1", "300", "86401", [](const Settings& s) { return number(s.ttl); }},
    {"max-ttl", "VX11_OPERATOR_MAX_TTL", "300", "86400", "60", "0",
     [](const Settings& s) { return number(s.max_ttl); }},
    {"local-fresh", "VX11_OPERATOR_LOCAL_FRESH", "5", "0", "4", "6",
     [](const Settings& s) { return number(s.local_fresh); }},
    {"max-tokens", "VX11_OPERATOR_MAX_TOKENS", "1000000", "1", "100000000", "100000001",
     [](const Settings& s) { return std::to_string(s.max_tokens); }},
    {"signing-keys-file", "VX11_OPERATOR_SIGNING_KEYS_FILE", "", "/secret", "/secret2", "/missing",
     [](const Settings& s) { return s.signing_keys_file; }},
    {"heartbeat", "VX11_OPERATOR_SSE_HEARTBEAT", "15", "1", "3600", "0",
     [](const Settings& s) { return number(s.heartbeat); }},
    {"stream-max-age", "VX11_OPERATOR_STREAM_MAX_AGE", "", "60", "0", "1.5",
     [](const Settings& s) { return s.stream_max_age ? number(*s.stream_max_age) : std::string(); }, nullptr, ""},
    {"rate-limit", "VX11_OPERATOR_RATE_LIMIT", "0", "10", "20", "-1",
     [](const Settings& s) { return std::to_string(s.rate_limit); }},
    {"rate-window", "VX11_OPERATOR_RATE_WINDOW_SEC", "60", "1", "86400", "0",
     [](const Settings& s) { return number(s.rate_window); }},
    {"redis-url", "VX11_OPERATOR_REDIS_URL", "", "redis://a:1/2", "rediss://b:2/3", "a:1",
     [](const Settings& s) { return s.redis_url; }},
    {"redis-db", "VX11_OPERATOR_REDIS_DB", "0", "3", "4", "65536",
     [](const Settings& s) { return std::to_string(s.redis_db); }},
    {"redis-prefix", "VX11_OPERATOR_REDIS_PREFIX", "vx11:", "a:", "b:", "{a}",
     [](const Settings& s) { return s.redis_prefix; }},
    {"redis-username", "VX11_OPERATOR_REDIS_USERNAME", "", "u", "v", "u v",
     [](const Settings& s) { return s.redis_username; }},
    {"redis-password-file", "VX11_OPERATOR_REDIS_PASSWORD_FILE", "", "/secret", "/secret2", "/missing",
     [](const Settings& s) { return std::string(s.redis_password.reveal()); }, "the-first-secret", "the-second-secret"},
    {"redis-ca-file", "VX11_OPERATOR_REDIS_CA_FILE", "", "/secret", "/secret2", "/missing",
     [](const Settings& s) { return s.redis_ca_file; }},
    {"redis-cert-file", "VX11_OPERATOR_REDIS_CERT_FILE", "", "/secret", "/secret2", "/missing",
     [](const Settings& s) { return s.redis_cert_file; }},
    {"redis-key-file", "VX11_OPERATOR_REDIS_KEY_FILE", "", "/secret", "/secret2", "/missing",
     [](const Settings& s) { return s.redis_key_file; }},
    {"redis-server-name", "VX11_OPERATOR_REDIS_SERVER_NAME", "", "a.example", "b", "a b",
     [](const Settings& s) { return s.redis_server_name; }},
    {"sentinel-username", "VX11_OPERATOR_SENTINEL_USERNAME", "", "u", "v", "u v",
     [](const Settings& s) { return s.sentinel_username; }},
    {"sentinel-password-file", "VX11_OPERATOR_SENTINEL_PASSWORD_FILE", "", "/secret", "/secret2", "/missing",
     [](const Settings& s) { return std::string(s.sentinel_password.reveal()); }, "the-first-secret",
     "the-second-secret"},
    {"redis-timeout-ms", "VX11_OPERATOR_REDIS_TIMEOUT_MS", "150", "1", "60000", "0",
     [](const Settings& s) { return number(s.redis_timeout); }},
    {"redis-wait", "VX11_OPERATOR_REDIS_WAIT", "0", "5", "6", "x",
     [](const Settings& s) { return std::to_string(s.redis_wait); }},
    {"instance-id", "VX11_OPERATOR_INSTANCE_ID", "", "node-1", "node.2", "node:3",
     [](const Settings& s) { return s.instance_id; }},
    {"threads", "VX11_OPERATOR_THREADS", "0", "2", "256", "257",
     [](const Settings& s) { return std::to_string(s.threads); }},
    {"audit-log", "VX11_OPERATOR_AUDIT_LOG", "", "/a", "/b", nullptr, [](const Settings& s) { return s.audit_log; }},
    {"access-log", "VX11_OPERATOR_ACCESS_LOG", "false", "true", "false", "2",
     [](const Settings& s) { return std::string(s.access_log ? "true" : "false"); }},
    {"stop-timeout", "VX11_OPERATOR_STOP_TIMEOUT", "10", "0", "3600", "3601",
     [](const Settings& s) { return number(s.stop_timeout); }},
};
// NOLINTEND

/// Files and companions that a value needs to be allowed at all.
TestInputs base_for(const Row& row) {
  TestInputs inputs;
  inputs.files = {{"/secret", {"the-first-secret\n"}}, {"/secret2", {"the-second-secret\n"}}};
  const std::string_view flag = row.flag;
  if (flag == "redis-cert-file") inputs.flags = {"--redis-key-file", "/secret"};
  if (flag == "redis-key-file") inputs.flags = {"--redis-cert-file", "/secret"};
  return inputs;
}

std::string file_line(const Row& row, const char* value) { return std::string(row.flag) + " = " + value + "\n"; }

}  // namespace

class OptionsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void tableIsComplete();
  void works_data();
  void works();
  void refuses_data() { works_data(); }
  void refuses();
  void numbersKeepTheirBounds_data();
  void numbersKeepTheirBounds();
  void fallbacksAreTheDefaults();
  void namesAreTheContracts();

 private:
  static const Row& row() { return rows[QTest::currentDataTag() == nullptr ? 0 : find(QTest::currentDataTag())]; }
  static std::size_t find(const char* flag) {
    for (std::size_t i = 0; i < std::size(rows); ++i) {
      if (std::string_view(rows[i].flag) == flag) return i;
    }
    return 0;
  }
};

void OptionsTest::tableIsComplete() {
  QStringList tested;
  for (const auto& one : rows) tested.append(one.flag);
  tested.append("config");  // has tests of its own
  QStringList known;
  for (const auto& option : options())
    known.append(QString::fromUtf8(option.flag.data(), static_cast<int>(option.flag.size())));
  QCOMPARE(tested, known);
}

void OptionsTest::works_data() {
  QTest::addColumn<int>("unused");
  for (const auto& one : rows) QTest::newRow(one.flag) << 0;
}

void OptionsTest::works() {
  const Row& option = row();
  const auto expect = [&](const TestInputs& inputs, const char* expected, const QString& source) {
    const auto loaded = inputs.load();
    QVERIFY2(loaded.has_value(), loaded ? "" : loaded.error().c_str());
    QCOMPARE(option.read(loaded->settings).c_str(), expected);
    const auto reported = inputs.reported(option.flag);
    QVERIFY2(reported.endsWith("# " + source), qPrintable(reported + " for " + source));
  };
  const char* const value = option.expected != nullptr ? option.expected : option.value;
  const char* const other = option.other_expected != nullptr ? option.other_expected : option.other;
  const std::string flag = std::string("--") + option.flag;
  const QString variable = QString("variable ") + option.variable;

  const auto base = base_for(option);
  if (base.flags.empty()) expect(base, option.by_default, "default");

  auto inputs = base;
  inputs.flags.insert(inputs.flags.end(), {"--config", "/f"});
  inputs.files["/f"].text = "# a comment\n\n" + file_line(option, option.other);
  expect(inputs, other, "file /f:3");

  inputs.variables.emplace_back(option.variable, "");  // unset
  expect(inputs, other, "file /f:3");
  inputs.variables.back().second = option.value;
  expect(inputs, value, variable);

  inputs.flags.push_back(flag + "=" + option.other);
  expect(inputs, other, "flag " + QString::fromStdString(flag));

  if (option.flag != std::string_view("access-log") && option.flag != std::string_view("allow-principal-query")) {
    auto separate = base;
    separate.flags.insert(separate.flags.end(), {flag, option.value});
    expect(separate, value, "flag " + QString::fromStdString(flag));
  } else {
    auto bare = base;
    bare.flags.push_back(flag);
    expect(bare, "true", "flag " + QString::fromStdString(flag));
  }
}

void OptionsTest::refuses() {
  const Row& option = row();
  const std::string flag = std::string("--") + option.flag;
  const auto mentions = [](const TestInputs& inputs, const QStringList& parts) {
    const auto error = inputs.error();
    QVERIFY(!error.isEmpty());
    for (const auto& part : parts) QVERIFY2(error.contains(part), qPrintable(error + " lacks " + part));
  };
  auto empty = base_for(option);
  empty.flags.push_back(flag + "=");
  mentions(empty, {"flag " + QString::fromStdString(flag), "empty"});
  auto missing = base_for(option);
  if (!std::holds_alternative<Switch>(find_option(option.flag)->rule)) {
    missing.flags.push_back(flag);
    mentions(missing, {"flag " + QString::fromStdString(flag), "needs a value"});
  }
  if (option.bad == nullptr) return;

  const bool url = std::string_view(option.flag) == "redis-url";
  const QString shown = url ? QString("isn't a Redis URL") : QString(option.bad);
  auto by_flag = base_for(option);
  by_flag.flags.push_back(flag + "=" + option.bad);
  mentions(by_flag, {"flag " + QString::fromStdString(flag), shown});
  auto by_variable = base_for(option);
  by_variable.variables.emplace_back(option.variable, option.bad);
  mentions(by_variable, {QString("variable ") + option.variable, shown});
  auto by_file = base_for(option);
  by_file.flags.insert(by_file.flags.end(), {"--config", "/f"});
  by_file.files["/f"].text = "\n" + file_line(option, option.bad);
  mentions(by_file, {"file /f:2", shown});
}

void OptionsTest::numbersKeepTheirBounds_data() {
  QTest::addColumn<QString>("flag");
  for (const auto& option : options()) {
    const QString flag = QString::fromUtf8(option.flag.data(), static_cast<int>(option.flag.size()));
    if (std::holds_alternative<Number>(option.rule)) QTest::newRow(qPrintable(flag)) << flag;
  }
}

void OptionsTest::numbersKeepTheirBounds() {
  QFETCH(QString, flag);
  const Option& option = *find_option(flag.toStdString());
  const auto& rule = std::get<Number>(option.rule);
  Settings settings;
  QVERIFY(apply(option, std::to_string(rule.least), settings));
  QVERIFY(apply(option, std::to_string(rule.most), settings));
  QVERIFY(!apply(option, std::to_string(rule.most + 1), settings));
  if (rule.least > 0) QVERIFY(!apply(option, std::to_string(rule.least - 1), settings));
  for (const char* bad : {"", "-1", "+1", " 1", "1 ", "0x1", "1e1", "1s", "18446744073709551616"})
    QVERIFY2(!apply(option, bad, settings), bad);
  TestInputs inputs{{"--" + flag.toStdString(), std::to_string(rule.most + 1)}, {}, {}};
  QVERIFY2(inputs.error().contains(QString("from %1 to %2").arg(rule.least).arg(rule.most)),
           qPrintable(inputs.error()));
}

void OptionsTest::fallbacksAreTheDefaults() {
  for (const auto& one : rows) {
    const Option& option = *find_option(one.flag);
    Settings changed;
    if (!std::holds_alternative<Number>(option.rule) && !std::holds_alternative<Switch>(option.rule)) continue;
    if (option.flag == "redis-db") continue;  // its default is a rule
    QVERIFY2(apply(option, option.fallback, changed), one.flag);
    QCOMPARE(one.read(changed), one.read(Settings{}));
  }
}

void OptionsTest::namesAreTheContracts() {
  for (const auto& one : rows) {
    QCOMPARE(std::string(find_option(one.flag)->variable).c_str(), one.variable);
  }
  std::map<std::string, OptionNames> names;
  for (auto& one : describe_options()) names.emplace(one.flag, one);
  QCOMPARE(names.size(), options().size() + 4);
  QCOMPARE(names.at("--ttl").variables, (std::vector<std::string>{"VX11_OPERATOR_TTL", "EPHEMERAL_TOKEN_TTL_SEC"}));
  QCOMPARE(names.at("--instance-id").variables, (std::vector<std::string>{"VX11_OPERATOR_INSTANCE_ID", "INSTANCE_ID"}));
  QCOMPARE(names.at("--redis-url").variables, (std::vector<std::string>{"VX11_OPERATOR_REDIS_URL", "REDIS_URL"}));
  QCOMPARE(names.at("--redis-db").variables, (std::vector<std::string>{"VX11_OPERATOR_REDIS_DB", "REDIS_DB"}));
  QCOMPARE(names.at("--max-ttl").key.c_str(), "max-ttl");
  QVERIFY(names.at("--config").key.empty() && names.at("--help").variables.empty());
}

QTEST_GUILESS_MAIN(OptionsTest)
#include "options_test.moc"
