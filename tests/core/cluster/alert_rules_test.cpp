// The alert rules by themselves: what each reads from samples, what is unknown and what isn't used, and how an alert
// goes from pending to firing to cleared. Times are the test's.
#include <QFile>
#include <QRegularExpression>
#include <QtTest>

#include "cluster/alert_rules.h"

namespace vx11::cluster {
namespace {

using Stage = AlertProgress::Stage;
using Verdict = AlertReading::Verdict;
using Change = std::function<void(AlertSample&)>;

/// An instance and a Redis that are well, and tell everything.
AlertSample calm(qint64 at) {
  InstanceSample a;
  a.id = QStringLiteral("a");
  a.up = true;
  a.issued = a.refused = a.tokenStreams = a.principalStreams = a.liveTokens = 0;
  a.ttlSec = 60;
  a.measures = true;
  return {.at = at, .instances = {a}, .redis = {true, 0, 100, 1000}};
}

AlertReading readingOf(AlertKind kind, const QList<AlertReading>& readings) {
  for (const AlertReading& reading : readings) {
    if (reading.kind == kind) return reading;
  }
  return {};
}

void addRules() {
  QTest::addColumn<int>("rule");
  for (std::size_t i = 0; i < alertRules().size(); ++i) QTest::newRow(alertRules()[i].key) << static_cast<int>(i);
}

AlertReading of(Verdict verdict) { return {AlertKind::Refusals, 0, verdict, std::nullopt, 10}; }

}  // namespace

class AlertRulesTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void reading_data();
  void reading();
  void oneThatFellBeganAnew();
  void aRateNeedsTime();
  void offIsNotUsed();
  void liveTokensByRateAndTtl();
  void progress_data();
  void progress();
  void sleepingCountsForLittle();
  void keysAreTheirOwn();
  void shippedRulesAreTheSame_data();
  void shippedRulesAreTheSame();
};

void AlertRulesTest::reading_data() {
  QTest::addColumn<AlertKind>("kind");
  QTest::addColumn<Change>("change");  // of the second sample, a minute after the first
  QTest::addColumn<Verdict>("verdict");
  const auto row = [](const char* name, AlertKind kind, Verdict verdict, Change change) {
    QTest::newRow(name) << kind << change << verdict;
  };
  using K = AlertKind;
  using V = Verdict;
  row("up", K::InstanceDown, V::Clear, [](auto&) {});
  row("down", K::InstanceDown, V::Over, [](auto& s) { s.instances[0].up = false; });
  row("starting", K::InstanceDown, V::Unknown, [](auto& s) { s.instances[0].up.reset(); });
  row("Redis reached", K::RedisDown, V::Clear, [](auto&) {});
  row("Redis not reached by one", K::RedisDown, V::Over, [](auto& s) { s.redis.away = 1; });
  row("nobody tells of Redis", K::RedisDown, V::Unknown, [](auto& s) { s.redis.away.reset(); });
  row("no Redis", K::RedisDown, V::NotUsed, [](auto& s) { s.redis = {}; });
  row("memory low", K::RedisMemory, V::Clear, [](auto& s) { s.redis.usedMemory = 720; });
  row("memory within the last tenth", K::RedisMemory, V::Between, [](auto& s) { s.redis.usedMemory = 721; });
  row("memory at the mark", K::RedisMemory, V::Between, [](auto& s) { s.redis.usedMemory = 800; });
  row("memory over the mark", K::RedisMemory, V::Over, [](auto& s) { s.redis.usedMemory = 801; });
  row("memory without a limit", K::RedisMemory, V::NotUsed, [](auto& s) { s.redis.maxMemory = 0; });
  row("limit unknown", K::RedisMemory, V::Unknown, [](auto& s) { s.redis.maxMemory.reset(); });
  row("memory unknown", K::RedisMemory, V::Unknown, [](auto& s) { s.redis.usedMemory.reset(); });
  row("nothing issued", K::IssueRate, V::Clear, [](auto&) {});
  row("issued 100/s", K::IssueRate, V::Between, [](auto& s) { s.instances[0].issued = 6000; });
  row("issued over 100/s", K::IssueRate, V::Over, [](auto& s) { s.instances[0].issued = 6001; });
  row("issued unknown", K::IssueRate, V::Unknown, [](auto& s) { s.instances[0].issued.reset(); });
  row("refused 9/s", K::Refusals, V::Clear, [](auto& s) { s.instances[0].refused = 540; });
  row("refused over 10/s", K::Refusals, V::Over, [](auto& s) { s.instances[0].refused = 601; });
  row("refused unknown", K::Refusals, V::Unknown, [](auto& s) { s.instances[0].refused.reset(); });
  row("live as planned", K::LiveTokens, V::Clear, [](auto& s) { s.instances[0].liveTokens = 6000; });
  row("live over 1.5 times the plan", K::LiveTokens, V::Over, [](auto& s) { s.instances[0].liveTokens = 9001; });
  row("live, TTL unknown", K::LiveTokens, V::Unknown, [](auto& s) {
    s.instances[0].liveTokens = 9001;
    s.instances[0].ttlSec.reset();
  });
  row("no stream", K::PrincipalStreams, V::NotUsed, [](auto&) {});
  row("few principals", K::PrincipalStreams, V::Clear, [](auto& s) {
    s.instances[0].tokenStreams = 91;
    s.instances[0].principalStreams = 9;
  });
  row("more than a tenth principals", K::PrincipalStreams, V::Over, [](auto& s) {
    s.instances[0].tokenStreams = 89;
    s.instances[0].principalStreams = 11;
  });
  row("streams unknown", K::PrincipalStreams, V::Unknown, [](auto& s) { s.instances[0].tokenStreams.reset(); });
  const auto latency = [&](const char* name, K kind, double objective, std::optional<double> InstanceSample::*p95) {
    const QByteArray word(name);
    row(word + " quick", kind, V::Clear, [=](auto& s) { s.instances[0].*p95 = objective * 0.9; });
    row(word + " at the objective", kind, V::Between, [=](auto& s) { s.instances[0].*p95 = objective; });
    row(word + " slow", kind, V::Over, [=](auto& s) { s.instances[0].*p95 = objective * 1.01; });
    row(word + " not needed", kind, V::NotUsed, [](auto&) {});
    row(word + " unknown", kind, V::Unknown, [](auto& s) { s.instances[0].measures = false; });
  };
  latency("issue", K::IssueLatency, 50, &InstanceSample::issueP95);
  latency("local check", K::LocalCheckLatency, 1, &InstanceSample::localCheckP95);
  latency("Redis check", K::RedisCheckLatency, 10, &InstanceSample::redisCheckP95);
  latency("stream", K::StreamLatency, 500, &InstanceSample::streamP95);
}

void AlertRulesTest::reading() {
  QFETCH(AlertKind, kind);
  QFETCH(Change, change);
  AlertWindow samples;
  samples.add(calm(0));
  AlertSample second = calm(60'000);
  change(second);
  samples.add(second);
  QTEST(readingOf(kind, judge(samples, {})).verdict, "verdict");
}

void AlertRulesTest::oneThatFellBeganAnew() {
  AlertWindow samples;
  for (const auto& [at, total] : {std::pair<qint64, qint64>{0, 5000}, {30'000, 5900}, {60'000, 600}}) {
    AlertSample sample = calm(at);
    sample.instances[0].issued = total;
    samples.add(sample);
  }
  const auto increase = samples.increase(0, &InstanceSample::issued, 60'000);
  QVERIFY(increase);
  QCOMPARE(increase->by, 900.0 + 600.0);
  QCOMPARE(increase->overMs, 60'000);
  QVERIFY(!samples.increase(1, &InstanceSample::issued, 60'000));
}

void AlertRulesTest::aRateNeedsTime() {
  AlertWindow samples;
  for (const qint64 at : {0, 5'000, 10'000}) {
    AlertSample sample = calm(at);
    sample.instances[0].issued = at;  // 1,000/s
    samples.add(sample);
    QCOMPARE(readingOf(AlertKind::IssueRate, judge(samples, {})).verdict, at < 10'000 ? Verdict::Unknown : Verdict::Over);
  }
}

void AlertRulesTest::offIsNotUsed() {
  AlertThresholds thresholds;
  QVERIFY(thresholds.set(AlertKind::InstanceDown, {0, 30, false}));
  AlertSample sample = calm(0);
  sample.instances[0].up = false;
  AlertWindow samples;
  samples.add(sample);
  QCOMPARE(readingOf(AlertKind::InstanceDown, judge(samples, thresholds)).verdict, Verdict::NotUsed);
}

void AlertRulesTest::liveTokensByRateAndTtl() {
  AlertThresholds thresholds;
  QVERIFY(thresholds.set(AlertKind::IssueRate, {10, 60, true}));
  AlertSample sample = calm(0);
  sample.instances[0].ttlSec = 30;
  sample.instances[0].liveTokens = 451;
  AlertWindow samples;
  samples.add(sample);
  const AlertReading reading = readingOf(AlertKind::LiveTokens, judge(samples, thresholds));
  QCOMPARE(reading.threshold, 450.0);
  QCOMPARE(reading.verdict, Verdict::Over);
}

// A letter a reading, ten seconds apart: over, clear, between, unknown, not used. What it is after each, with 30 s to
// wait and 30 s to clear: quiet, pending, firing.
void AlertRulesTest::progress_data() {
  QTest::addColumn<QString>("readings");
  QTest::addColumn<QString>("stages");
  const auto row = [](const char* name, const char* readings, const char* stages) {
    QTest::newRow(name) << QString::fromLatin1(readings) << QString::fromLatin1(stages);
  };
  row("fires when it lasted", "ccooooo", "qqpppff");
  row("one under begins anew", "oobooooo", "ppqpppff");
  row("clears when that lasted", "oooocccc", "pppffffq");
  row("between doesn't clear", "oooobbbbbbb", "pppffffffff");
  row("between interrupts clearing", "ooooccbcccc", "pppfffffffq");
  row("over interrupts clearing", "oooocococccc", "pppffffffffq");
  row("unknown doesn't count towards firing", "ouuuuuuoooo", "ppppppppppf");
  row("unknown doesn't fire", "ouuuuuuuuuuu", "pppppppppppp");
  row("unknown doesn't clear", "oooouuuuuuu", "pppffffffff");
  row("unknown doesn't count towards clearing", "ooooccuuuucccc", "pppfffffffffqq");
  row("not used clears at once", "oooon", "pppfq");
  row("not used isn't pending", "on", "pq");
  row("unknown alone is quiet", "uuuu", "qqqq");
}

void AlertRulesTest::progress() {
  QFETCH(QString, readings);
  AlertProgress progress;
  QString stages;
  qint64 at = 0;
  for (const QChar letter : std::as_const(readings)) {
    const Verdict verdict = letter == u'o'   ? Verdict::Over
                            : letter == u'c' ? Verdict::Clear
                            : letter == u'b' ? Verdict::Between
                            : letter == u'n' ? Verdict::NotUsed
                                             : Verdict::Unknown;
    progress = advance(progress, of(verdict), at += 10'000, 30);
    stages += progress.stage == Stage::Quiet ? u'q' : progress.stage == Stage::Pending ? u'p' : u'f';
  }
  QTEST(stages, "stages");
}

void AlertRulesTest::sleepingCountsForLittle() {
  AlertProgress progress = advance({}, of(Verdict::Over), 0, 60);
  progress = advance(progress, of(Verdict::Over), 3'600'000, 60);  // the lid was closed for an hour
  QCOMPARE(progress.stage, Stage::Pending);
  QCOMPARE(progress.overMs, AlertProgress::longestGapMs);
}

void AlertRulesTest::keysAreTheirOwn() {
  QSet<QString> keys, names;
  for (const AlertRule& rule : alertRules()) {
    QCOMPARE(&alertRule(rule.kind), &rule);  // in the order of the kinds
    keys.insert(QString::fromLatin1(rule.key));
    names.insert(alertName(rule.kind));
  }
  QCOMPARE(keys.size(), alertKindCount);
  QCOMPARE(names.size(), alertKindCount);
}

void AlertRulesTest::shippedRulesAreTheSame_data() { addRules(); }

// A figure that is changed here and not there would give two truths.
void AlertRulesTest::shippedRulesAreTheSame() {
  QFETCH(int, rule);
  const AlertRule& ours = alertRules()[static_cast<std::size_t>(rule)];
  QFile file(QStringLiteral(VX11_SOURCE_DIR "/packaging/prometheus/vx11-alerts.yml"));
  QVERIFY(file.open(QIODevice::ReadOnly));
  const QString name = QStringLiteral("- alert: %1\n").arg(QLatin1String(ours.prometheus));
  const QString block = QString::fromUtf8(file.readAll()).section(name, 1).section(QStringLiteral("- alert: "), 0, 0);
  QVERIFY(!block.isEmpty());
  const auto found = [&](const char* pattern) {
    return QRegularExpression(QString::fromLatin1(pattern)).match(block).captured(1);
  };
  const int unit = found("\\bfor: \\d+([sm])") == QStringLiteral("m") ? 60 : 1;
  QCOMPARE(found("\\bfor: (\\d+)").toInt() * unit, ours.forSec);
  QCOMPARE(found("keep_firing_for: (\\d+)s").toInt() * 1000, AlertProgress::clearAfterMs);
  QCOMPARE(found("severity: (\\w+)"), ours.severity == AlertSeverity::Critical ? "critical" : "warning");
  QCOMPARE(found("runbook: (\\w+)\\.md"), QString::fromLatin1(ours.key));
  if (ours.unit == AlertUnit::None) {
    QVERIFY(block.contains(QStringLiteral(" == 0\n")));
  } else if (ours.unit == AlertUnit::Factor) {
    QCOMPARE(found("> ([0-9.]+ \\* [0-9.]+ \\* 60)\n"), QStringLiteral("%1 * %2 * 60").arg(ours.threshold).arg(
                                                               alertRule(AlertKind::IssueRate).threshold));
  } else {
    const double inBaseUnits = ours.unit == AlertUnit::Milliseconds ? ours.threshold / 1000 : ours.threshold;
    QCOMPARE(found("> ([0-9.]+)\n").toDouble(), inBaseUnits);
  }
}

}  // namespace vx11::cluster

QTEST_GUILESS_MAIN(vx11::cluster::AlertRulesTest)
#include "alert_rules_test.moc"
