// What a reload can't change: every option but the few that it can, each by its own name.
#include <QTest>
#include <set>
#include <string>

#include "config/options.h"
#include "config/restart.h"
#include "given.h"

using namespace vx11::config;
using vx11::config::testing::TestInputs;

class RestartTest : public QObject {
  Q_OBJECT

  /// A second value for each option that takes effect; the first is `base`'s.
  static const std::map<std::string_view, const char*>& changes() {
    static const std::map<std::string_view, const char*> all{
        {"listen", "127.0.0.1:1"},
        {"advertise-url", "http://b"},
        {"metrics-listen", "127.0.0.1:2"},
        {"allowed-host", "b"},
        {"cors-origin", "http://b"},
        {"trusted-proxy", "10.0.0.0/8"},
        {"port-file", "/p"},
        {"principal-out", "/o"},
        {"allow-principal-query", "true"},
        {"mode", "memory"},
        {"ttl", "7"},
        {"max-ttl", "900"},
        {"local-fresh", "2"},
        {"max-tokens", "7"},
        {"signing-keys-file", "/f"},
        {"heartbeat", "7"},
        {"stream-max-age", "7"},
        {"redis-url", "redis://b"},
        {"redis-db", "7"},
        {"redis-prefix", "b:"},
        {"redis-username", "b"},
        {"redis-password-file", "/f"},
        {"redis-ca-file", "/f"},
        {"redis-cert-file", "/f"},
        {"redis-key-file", "/f"},
        {"redis-server-name", "b"},
        {"sentinel-username", "b"},
        {"sentinel-password-file", "/f"},
        {"redis-timeout-ms", "7"},
        {"redis-wait", "7"},
        {"instance-id", "b"},
        {"threads", "7"},
        {"audit-log", "/a"},
        {"access-log", "true"},
        {"stop-timeout", "7"},
    };
    return all;
  }

  static Settings read(std::vector<std::string> flags) {
    // The two of a certificate go together, so that each can be told apart here only beside the other.
    TestInputs inputs{{"--redis-url=redis://a"}, {}, {{"/f", {"secret"}}, {"/g", {"other"}}}};
    for (std::string& flag : flags) inputs.flags.push_back(std::move(flag));
    return inputs.load()->settings;
  }

 private Q_SLOTS:
  void everyOptionIsNamed_data() {
    QTest::addColumn<QString>("flag");
    QTest::addColumn<QString>("value");
    for (const auto& [flag, value] : changes()) {
      QTest::newRow(std::string(flag).c_str()) << QString::fromUtf8(flag.data(), qsizetype(flag.size())) << value;
    }
  }
  void everyOptionIsNamed() {
    QFETCH(QString, flag);
    QFETCH(QString, value);
    const std::string name = flag.toStdString(), text = value.toStdString();
    std::vector<std::string> before, after;
    if (name == "redis-cert-file" || name == "redis-key-file") {
      before = {"--redis-cert-file=/g", "--redis-key-file=/g"};
      after = before;
    }
    after.push_back("--" + name + "=" + text);
    const auto named = need_restart(read(before), read(after));
    QCOMPARE(named.size(), std::size_t(1));
    QCOMPARE(std::string(named.front()), name);
  }

  void thereIsNoOther() {
    const std::set<std::string_view> at_once{"principal-file", "rate-limit", "rate-window", "config"};
    for (const Option& option : options()) {
      QVERIFY2(changes().contains(option.flag) != at_once.contains(option.flag), std::string(option.flag).c_str());
    }
  }

  void whatCountsAtOnceIsNotNamed() {
    const Settings before = read({});
    const Settings after = read({"--rate-limit=7", "--rate-window=7", "--principal-file=/f"});
    QVERIFY(need_restart(before, after).empty());
  }
};

QTEST_GUILESS_MAIN(RestartTest)
#include "restart_test.moc"
