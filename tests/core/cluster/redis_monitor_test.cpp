// What is known of Redis, and how old it says it is: under load, paused, killed, and back; told by Redis itself and by
// an instance.
#include <QSignalSpy>
#include <QTest>

#include "cluster/remote_cluster.h"
#include "core/cluster/tokend.h"
#include "support/needs_processes.h"
#include "support/redis_load.h"

using namespace vx11::cluster;
using testing::Tokend;
using testing::tokendPrincipal;
using vx11::test::RedisLoad;
using vx11::test::RedisServer;

namespace {

constexpr int patienceMs = 20'000;

struct Phase {
  const char* name;
  Attention attention;
  int seconds;
  double mostRequests, mostInfos;  ///< a second; INFO by each of the instances, and by the console where it asks Redis
};

/// Three instances on a Redis of their own, and how often a console of that kind asks them, a second.
struct Polled {
  Polled(const QString& called, bool directly) : name(called), asksRedis(directly) {}

  [[nodiscard]] bool open() {
    Profile profile;
    profile.kind = ProfileKind::RemoteCluster;
    for (const char* id : {"a", "b", "c"}) {
      tokends.push_back(std::make_unique<Tokend>(QString::fromLatin1(id), redis.url()));
      if (!tokends.back()->start()) return false;
      profile.instances.append(tokends.back()->url());
    }
    if (asksRedis) profile.redis = QString::fromStdString(redis.url());
    cluster = openRemoteCluster(profile, vx11::Secret(tokendPrincipal), {});
    return true;
  }
  [[nodiscard]] bool isLive() const {
    const auto& all = cluster->instances();
    const auto live = [](const InstanceInfo& one) { return one.state == InstanceState::Live; };
    return all.size() == 3 && std::all_of(all.begin(), all.end(), live) && cluster->redis().up.value_or(false);
  }
  void begin() {
    requests.clear();
    for (const auto& tokend : tokends) requests.append(-tokend->requests());
    infos = -testing::infosOf(redis);
    since.start();
  }
  void end(const Phase& phase) {
    const double took = static_cast<double>(since.elapsed()) / 1000;
    // The questions for the counts are counted as well.
    for (int i = 0; i < 3; ++i)
      requests[i] = (requests[i] + tokends[static_cast<std::size_t>(i)]->requests() - 1) / took;
    infos = (infos + testing::infosOf(redis) - 1) / took;
    qInfo("%-10s %-14s requests/s: a %.2f, b %.2f, c %.2f; INFO/s on Redis: %.2f", phase.name, qPrintable(name),
          requests[0], requests[1], requests[2], infos);
  }
  /// An instance is asked for its figures, and one of them for Redis and for who else is there. Each instance asks
  /// Redis once a second while it is asked itself, and the console does where it has the URL.
  [[nodiscard]] bool asksFew(const Phase& phase) const {
    return std::all_of(requests.begin(), requests.end(), [&](double rate) { return rate <= phase.mostRequests; }) &&
           infos <= phase.mostInfos * (asksRedis ? 4 : 3);
  }

  QString name;
  bool asksRedis;
  RedisServer redis;
  std::vector<std::unique_ptr<Tokend>> tokends;
  std::unique_ptr<RemoteCluster> cluster;
  QElapsedTimer since;
  QList<double> requests;
  double infos = 0;
};

}  // namespace

class RedisMonitorTest : public QObject {
  Q_OBJECT
  std::unique_ptr<RedisServer> redis_;
  std::unique_ptr<Tokend> tokend_;
  std::unique_ptr<RemoteCluster> cluster_;

  static bool waitFor(const std::function<bool()>& condition) { return QTest::qWaitFor(condition, patienceMs); }
  [[nodiscard]] const RedisInfo& info() const { return cluster_->redis(); }
  [[nodiscard]] qint64 ageMs() const { return info().answeredAt < 0 ? -1 : cluster_->now() - info().answeredAt; }
  [[nodiscard]] bool isUp() const { return info().up.value_or(false) && ageMs() >= 0 && ageMs() < 3000; }
  [[nodiscard]] bool isDown() const { return info().up.has_value() && !*info().up; }
  [[nodiscard]] int marks(TimeMark::Kind kind) const {
    const auto all = cluster_->history().marks(0, std::numeric_limits<qint64>::max());
    return static_cast<int>(
        std::count_if(all.begin(), all.end(), [kind](const auto& one) { return one.kind == kind; }));
  }
  /// A line of the proof.
  void say(const char* phase) const {
    const RedisInfo& now = info();
    const QString up = !now.up ? QStringLiteral("unknown") : *now.up ? QStringLiteral("up") : QStringLiteral("down");
    qInfo("%-14s %s by %s, %lld ms old, %lld ops/s, %.2f MB, round trip %s, error \"%s\"", phase, qPrintable(up),
          qPrintable(now.sourceName), static_cast<long long>(ageMs()),
          static_cast<long long>(now.opsPerSec.value_or(-1)), static_cast<double>(now.usedMemory.value_or(0)) / 1e6,
          now.roundTripMs ? qPrintable(QStringLiteral("%1 ms").arg(*now.roundTripMs, 0, 'f', 2)) : "unknown",
          qPrintable(now.error));
  }
  /// What was known stays, and grows old.
  void verifyItAges(const char* phase) {
    QTest::qWait(500);  // what was under way has come
    const auto memory = info().usedMemory;
    const qint64 at = info().answeredAt;
    QTest::qWait(2000);
    say(phase);
    QVERIFY(isDown());
    QVERIFY(std::abs(info().answeredAt - at) <= 250);  // an age that an instance told, and the time its answer took
    QVERIFY(ageMs() >= 2000);
    QCOMPARE(info().usedMemory, memory);
    QVERIFY(memory.has_value() && !info().error.isEmpty() && !info().roundTripMs);
  }
  void open(bool directly) {
    Profile profile;
    profile.kind = ProfileKind::RemoteCluster;
    if (directly) profile.redis = QString::fromStdString(redis_->url());
    if (tokend_) profile.instances = {tokend_->url()};
    cluster_ = openRemoteCluster(profile, vx11::Secret(tokendPrincipal), {});
  }

 private Q_SLOTS:
  void init() {
    VX11_NEEDS_PROCESSES();
    redis_ = std::make_unique<RedisServer>();
    if (!*redis_) QSKIP(redis_->error().c_str());
  }
  void cleanup() {
    cluster_.reset();
    tokend_.reset();
    redis_.reset();
  }

  void loadedPausedKilledAndBack_data() {
    QTest::addColumn<bool>("directly");
    QTest::newRow("by Redis itself") << true;
    QTest::newRow("by an instance") << false;
  }
  void loadedPausedKilledAndBack() {
    QFETCH(bool, directly);
    if (!directly) {
      tokend_ = std::make_unique<Tokend>(QStringLiteral("a"), redis_->url());
      QVERIFY2(tokend_->start(), tokend_->said().constData());
    }
    open(directly);
    QVERIFY(waitFor([&] { return isUp(); }));
    say("idle");
    QCOMPARE(info().source, directly ? RedisInfo::Source::Direct : RedisInfo::Source::Instance);
    QCOMPARE(info().sourceName, directly ? QStringLiteral("redis") : QStringLiteral("a"));
    QCOMPARE(info().role, QStringLiteral("master"));
    QCOMPARE(info().roundTripMs.has_value(), directly);
    QVERIFY(!info().version.isEmpty());

    auto load = std::make_unique<RedisLoad>(redis_->port());
    QVERIFY(waitFor([&] { return isUp() && info().opsPerSec.value_or(0) > 500 && info().keys.value_or(0) > 1000; }));
    QVERIFY(info().hitRatio && *info().hitRatio > 0.5);
    say("under load");

    redis_->pause();
    QVERIFY(waitFor([&] { return isDown(); }));
    verifyItAges("paused");
    load.reset();
    redis_->resume();
    QVERIFY(waitFor([&] { return isUp(); }));
    say("resumed");

    redis_->kill();
    QVERIFY(waitFor([&] { return isDown(); }));
    verifyItAges("killed");
    QVERIFY(redis_->start_again());
    QVERIFY(waitFor([&] { return isUp(); }));
    say("back");
    QVERIFY(info().error.isEmpty() && info().uptimeSec.value_or(99) < 10);
    // When Redis' answers are late and the machine is busy, there may have been more.
    QVERIFY(marks(TimeMark::Kind::RedisGone) >= 2);
    QCOMPARE(marks(TimeMark::Kind::RedisBack), marks(TimeMark::Kind::RedisGone));
  }

  void whenRedisItselfCantBeReachedAnInstanceTells() {
    tokend_ = std::make_unique<Tokend>(QStringLiteral("a"), redis_->url());
    QVERIFY2(tokend_->start(), tokend_->said().constData());
    Profile profile;
    profile.kind = ProfileKind::RemoteCluster;
    profile.instances = {tokend_->url()};
    profile.redis = QStringLiteral("redis://127.0.0.1:%1").arg(vx11::test::free_port());
    cluster_ = openRemoteCluster(profile, vx11::Secret(tokendPrincipal), {});
    QVERIFY(waitFor([&] { return isUp(); }));
    QCOMPARE(info().source, RedisInfo::Source::Instance);
    QVERIFY(!info().error.isEmpty());  // and it says why
    say("by a second way");
  }

  void pollingFollowsAttention() {
    // Both at once: most of it is waiting.
    Polled direct(QStringLiteral("with Redis URL"), true);
    Polled told(QStringLiteral("without"), false);
    for (Polled* one : {&direct, &told}) QVERIFY(one->open());
    QVERIFY(waitFor([&] { return direct.isLive() && told.isLive(); }));
    for (const Phase& phase :
         {Phase{"in view", Attention::InView, 8, 2.4, 1.1}, Phase{"behind", Attention::Behind, 15, 0.6, 0.8},
          Phase{"minimised", Attention::Minimised, 30, 0.25, 0.4}}) {
      for (Polled* one : {&direct, &told}) one->cluster->setAttention(phase.attention);
      const auto few = [&] { return direct.asksFew(phase) && told.asksFew(phase); };
      // A connection that a busy machine cost greets anew, which counts as well: it may do so in two of three tries.
      for (int tries = 0; tries < 3 && (tries == 0 || !few()); ++tries) {
        QTest::qWait(1500);
        for (Polled* one : {&direct, &told}) one->begin();
        QTest::qWait(phase.seconds * 1000);
        for (Polled* one : {&direct, &told}) one->end(phase);
      }
      QVERIFY2(few(), phase.name);
      if (phase.attention == Attention::InView) QVERIFY(direct.requests[0] > 0.7 && told.requests[0] > 0.7);
    }
  }
};

QTEST_GUILESS_MAIN(RedisMonitorTest)
#include "redis_monitor_test.moc"
