#include <QRegularExpression>
#include <QtTest>

#include "config/options.h"
#include "core/config/given.h"

using namespace vx11::config;
using vx11::config::testing::TestInputs;

namespace {
QString text(std::string_view value) { return QString::fromUtf8(value.data(), static_cast<int>(value.size())); }
}  // namespace

class TextsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void helpNamesEverything();
  void helpFitsIntoItsColumns();
  void reportShowsEverySetting();
  void reportIsAFileThatLoads();
  void reportHoldsNoSecret();
};

void TextsTest::helpNamesEverything() {
  const QString help = text(help_text());
  for (const auto& option : options()) {
    QVERIFY2(
        help.contains(QRegularExpression("^  --" + text(option.flag) + "\\b", QRegularExpression::MultilineOption)),
        option.flag.data());
    const QString usual = "VX11_OPERATOR_" + text(option.flag).toUpper().replace('-', '_');
    if (text(option.variable) != usual) QVERIFY2(help.contains(text(option.variable)), option.variable.data());
    if (!option.inherited.empty()) QVERIFY2(help.contains(text(option.inherited)), option.inherited.data());
  }
  for (const auto& action : action_flags()) QVERIFY(help.contains("\n  --" + text(action.flag)));
  for (const auto& variable : plain_variables()) QVERIFY(help.contains(text(variable.name)));
  QVERIFY(help.contains("\nExit code 0: "));
  QVERIFY(help.contains("1 to 86400 seconds"));
  QVERIFY(help.simplified().contains("(default: 127.0.0.1:8011)"));
}

void TextsTest::helpFitsIntoItsColumns() {
  const QRegularExpression row("^(  \\S.*?\\S)  +(\\S)");
  for (const auto& line : text(help_text()).split('\n')) {
    QVERIFY2(line.size() <= 100, qPrintable(line));
    QCOMPARE(line.trimmed().isEmpty(), line.isEmpty());
    QVERIFY2(!line.endsWith(' '), qPrintable(line));
    if (const auto match = row.match(line); match.hasMatch()) QCOMPARE(match.capturedStart(2), 36);
  }
}

void TextsTest::reportShowsEverySetting() {
  const TestInputs inputs;
  for (const auto& option : options()) {
    const auto line = inputs.reported(text(option.flag));
    QVERIFY2(line.endsWith("# default"), option.flag.data());
    if (!option.fallback.empty() && option.flag != "mode")
      QVERIFY2(line.startsWith(text(option.fallback)), qPrintable(line));
  }
  QCOMPARE(inputs.reported("mode"), "memory # default");
  QCOMPARE((TestInputs{{"--allowed-host=a", "--allowed-host=b,c"}, {}, {}}).reported("allowed-host"),
           "a, b,c # flag --allowed-host");
}

void TextsTest::reportIsAFileThatLoads() {
  TestInputs inputs{{"--listen=127.0.0.1:9", "--ttl=7", "--redis-url=rediss://h:1/2", "--audit-log=/a", "--access-log",
                     "--allowed-host=a", "--allowed-host=b", "--instance-id=x"},
                    {{"VX11_OPERATOR_SSE_HEARTBEAT", "3"}},
                    {}};
  const auto first = inputs.report();
  const TestInputs again{{"--config=/f"}, {}, {{"/f", {first.toStdString()}}}};
  QCOMPARE(again.error(), "");
  const auto values = [](const TestInputs& from) {
    QStringList all;
    for (const auto& option : options()) {
      if (option.in_file) all.append(from.reported(text(option.flag)).section('#', 0, 0).trimmed());
    }
    return all;
  };
  QCOMPARE(values(again), values(inputs));
}

void TextsTest::reportHoldsNoSecret() {
  const TestInputs inputs{
      {"--redis-url=redis://app:qq1@h", "--principal-file=/p", "--sentinel-password-file=/s", "--signing-keys-file=/k"},
      {{"VX11_OPERATOR_TOKEN", "qq2"},
       {"VX11_GATEWAY_TOKEN", "qq3"},
       {"REDIS_PASSWORD", "qq4"},
       {"REDIS_URL", "redis://:qq8@h"}},
      {{"/p", {"qq5\n"}}, {"/s", {"qq6\n"}}, {"/k", {"a:qq7\n"}}}};
  const auto loaded = inputs.load();
  QVERIFY2(loaded.has_value(), loaded ? "" : loaded.error().c_str());
  QVERIFY2(!inputs.report().contains("qq"), qPrintable(inputs.report()));
  QVERIFY(!inputs.warnings().join('\n').contains("qq"));
  QVERIFY(inputs.report().contains("variable VX11_GATEWAY_TOKEN"));
  QVERIFY(inputs.report().contains("file /p"));
  QVERIFY(inputs.report().contains("***"));
}

QTEST_GUILESS_MAIN(TextsTest)
#include "texts_test.moc"
