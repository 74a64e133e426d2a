// What three real instances over a real Redis told while everything that has a rule went wrong once and came right
// again (tests/integration/alerts/record.py): each rule fires once and clears once.
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>
#include <map>

#include "cluster/alert_rules.h"

namespace vx11::cluster {
namespace {

using Stage = AlertProgress::Stage;

template <typename T>
std::optional<T> value(const QJsonObject& object, const char* name) {
  const QJsonValue found = object.value(QLatin1String(name));
  if (found.isUndefined()) return std::nullopt;
  if constexpr (std::is_same_v<T, bool>) return found.toBool();
  else return static_cast<T>(found.toDouble());
}

InstanceSample instanceOf(const QJsonObject& told) {
  InstanceSample sample;
  sample.slot = told.value(u"slot").toInt();
  sample.id = told.value(u"id").toString();
  sample.up = value<bool>(told, "up");
  sample.issued = value<qint64>(told, "issued");
  sample.liveTokens = value<qint64>(told, "live");
  sample.refused = value<qint64>(told, "refused");
  sample.tokenStreams = value<qint64>(told, "token_streams");
  sample.principalStreams = value<qint64>(told, "principal_streams");
  sample.ttlSec = value<int>(told, "ttl_sec");
  const QJsonObject p95 = told.value(u"p95").toObject();
  sample.measures = told.contains(u"p95");
  sample.issueP95 = value<double>(p95, "issue");
  sample.localCheckP95 = value<double>(p95, "check_local");
  sample.redisCheckP95 = value<double>(p95, "check_redis");
  sample.streamP95 = value<double>(p95, "stream_open");
  return sample;
}

AlertSample sampleOf(const QJsonObject& told) {
  AlertSample sample;
  sample.at = static_cast<qint64>(told.value(u"at").toDouble());
  for (const QJsonValue& instance : told.value(u"instances").toArray()) {
    sample.instances.append(instanceOf(instance.toObject()));
  }
  const QJsonObject redis = told.value(u"redis").toObject();
  sample.redis = {true, value<int>(redis, "away"), value<qint64>(redis, "used_memory"),
                  value<qint64>(redis, "max_memory")};
  return sample;
}

QList<AlertSample> recorded() {
  QFile file(QStringLiteral(VX11_SOURCE_DIR "/tests/core/cluster/data/alerts.jsonl"));
  QList<AlertSample> samples;
  if (!file.open(QIODevice::ReadOnly)) return samples;
  while (!file.atEnd()) samples.append(sampleOf(QJsonDocument::fromJson(file.readLine()).object()));
  return samples;
}

struct Turns {
  int fired = 0, cleared = 0;
  qint64 firedAt = -1;  ///< s
};

std::map<AlertKind, Turns> watch(const QList<AlertSample>& samples, const AlertThresholds& thresholds) {
  AlertWindow window;
  std::map<std::pair<AlertKind, int>, AlertProgress> progress;
  std::map<AlertKind, Turns> turns;
  for (const AlertSample& sample : samples) {
    window.add(sample);
    for (const AlertReading& reading : judge(window, thresholds)) {
      AlertProgress& one = progress[{reading.kind, reading.slot}];
      const Stage before = one.stage;
      one = advance(one, reading, sample.at, thresholds.of(reading.kind).forSec);
      Turns& counted = turns[reading.kind];
      if (before != Stage::Firing && one.stage == Stage::Firing) {
        ++counted.fired;
        counted.firedAt = sample.at / 1000;
      }
      if (before == Stage::Firing && one.stage != Stage::Firing) ++counted.cleared;
    }
  }
  return turns;
}

/// A local check takes some microseconds; what would take longer than its objective of 1 ms is no machine for tests.
AlertThresholds thresholds() {
  AlertThresholds values;
  Q_ASSERT(values.of(AlertKind::LocalCheckLatency).value == 1);
  static_cast<void>(values.set(AlertKind::LocalCheckLatency, {0.001, 300, true}));
  return values;
}

}  // namespace

class AlertRecordingTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() { QVERIFY(recorded().size() > 100); }
  void everyRuleFiresAndClearsOnce_data();
  void everyRuleFiresAndClearsOnce();
  void withoutALimitNoMemoryAlert();
  void calmFiresNothing();
};

void AlertRecordingTest::everyRuleFiresAndClearsOnce_data() {
  QTest::addColumn<int>("rule");
  for (std::size_t i = 0; i < alertRules().size(); ++i) QTest::newRow(alertRules()[i].key) << static_cast<int>(i);
}

void AlertRecordingTest::everyRuleFiresAndClearsOnce() {
  QFETCH(int, rule);
  const AlertKind kind = alertRules()[static_cast<std::size_t>(rule)].kind;
  const Turns turns = watch(recorded(), thresholds())[kind];
  qInfo("%s: fired %d, at %lld s, cleared %d", alertRule(kind).key, turns.fired, static_cast<long long>(turns.firedAt),
        turns.cleared);
  QCOMPARE(turns.fired, 1);
  QCOMPARE(turns.cleared, 1);
}

void AlertRecordingTest::withoutALimitNoMemoryAlert() {
  QList<AlertSample> samples = recorded();
  for (AlertSample& sample : samples) {
    if (sample.redis.maxMemory) sample.redis.maxMemory = 0;
  }
  auto turns = watch(samples, thresholds());
  QCOMPARE(turns[AlertKind::RedisMemory].fired, 0);
  QCOMPARE(turns[AlertKind::RedisDown].fired, 1);  // and the others as before
}

void AlertRecordingTest::calmFiresNothing() {
  const QList<AlertSample> samples = recorded().mid(0, 6);  // the half minute before anything went wrong
  for (const auto& [kind, turns] : watch(samples, {})) QVERIFY2(turns.fired == 0, alertRule(kind).key);
}

}  // namespace vx11::cluster

QTEST_GUILESS_MAIN(vx11::cluster::AlertRecordingTest)
#include "alert_recording_test.moc"
