// The local cluster with real processes: vx11-tokend and redis-server, each stopped, started, paused and killed.
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QRegularExpression>
#include <QTcpServer>
#include <QTest>
#include <algorithm>
#include <csignal>
#include <limits>

#include "cluster/child_process.h"
#include "cluster/direct_redis.h"
#include "cluster/local_cluster.h"
#include "support/redis_server.h"

using namespace vx11::cluster;
using State = NodeInfo::State;

namespace {

constexpr int patienceMs = 20'000;  // on a busy machine; everything here takes well under a second

QString tokend() { return QString::fromLocal8Bit(qgetenv("VX11_BIN")) + QStringLiteral("/vx11-tokend"); }

LocalClusterOptions optionsOf(int instances) {
  LocalClusterOptions options;
  options.instances = instances;
  options.firstPort = 0;
  options.tokendProgram = tokend();
  return options;
}

bool isAlive(qint64 pid) { return ::kill(static_cast<pid_t>(pid), 0) == 0; }

QByteArray fileOf(qint64 pid, const char* name) {
  QFile file(QStringLiteral("/proc/%1/%2").arg(pid).arg(QLatin1String(name)));
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

}  // namespace

class LocalClusterTest : public QObject {
  Q_OBJECT
  std::unique_ptr<Cluster> cluster_;
  QStringList failures_;

  void open(const LocalClusterOptions& options) {
    cluster_ = openLocalCluster(options);
    connect(cluster_.get(), &Cluster::startFailed, this, [this](const QString& why) { failures_ += why; });
  }
  [[nodiscard]] Supervisor& supervisor() { return *cluster_->supervisor(); }
  [[nodiscard]] const NodeInfo& node(int number) { return supervisor().nodes()[number]; }
  [[nodiscard]] const InstanceInfo& instance(int slot) { return cluster_->instances()[slot]; }
  static bool waitFor(const std::function<bool()>& condition) { return QTest::qWaitFor(condition, patienceMs); }
  bool reach(int number, State state) {
    return waitFor([&] { return node(number).state == state; });
  }
  bool reachInstance(int slot, InstanceState state) {
    return waitFor([&] { return instance(slot).state == state; });
  }
  bool allLive() {
    return waitFor([&] {
             const auto& all = cluster_->instances();
             return !failures_.isEmpty() || std::all_of(all.begin(), all.end(), [](const InstanceInfo& info) {
               return info.state == InstanceState::Live;
             });
           }) &&
           failures_.isEmpty();
  }
  qsizetype marks(TimeMark::Kind kind, const QString& of) {
    const auto marks = cluster_->history().marks(0, std::numeric_limits<qint64>::max());
    return std::count_if(marks.begin(), marks.end(),
                         [&](const TimeMark& mark) { return mark.kind == kind && mark.instance == of; });
  }
  bool hasMark(TimeMark::Kind kind, const QString& of) { return marks(kind, of) > 0; }
  bool hasEntry(const QString& event, const QString& source) {
    const auto& entries = cluster_->journal().entries();
    return std::any_of(entries.begin(), entries.end(),
                       [&](const LogEntry& entry) { return entry.event == event && entry.source == source; });
  }
  IssueOutcome issue(int slot) {
    IssueSpec spec;
    spec.slot = slot;
    std::optional<IssueOutcome> outcome;
    connect(cluster_->issue(spec), &IssueJob::finished, this, [&](const IssueOutcome& came) { outcome = came; });
    return waitFor([&] { return outcome.has_value(); }) ? *outcome : IssueOutcome{};
  }
  QList<CheckAnswer> check(const vx11::TokenText& token) {
    std::optional<QList<CheckAnswer>> answers;
    connect(cluster_->check(token, -1), &CheckJob::finished, this, [&](const auto& came) { answers = came; });
    return waitFor([&] { return answers.has_value(); }) ? *answers : QList<CheckAnswer>{};
  }
  [[nodiscard]] QList<qint64> pids() {
    QList<qint64> all;
    for (const NodeInfo& info : supervisor().nodes()) all.append(info.pid);
    return all;
  }

 private Q_SLOTS:
  void init() {
    qunsetenv("VX11_OPERATOR_TOKEN");
    failures_.clear();
  }
  void cleanup() { cluster_.reset(); }

  void threeThatShareTheirTokensAndEndWithUs() {
    open(optionsOf(3));
    QCOMPARE(cluster_->instances().size(), 3);
    QCOMPARE(instance(1).id, QStringLiteral("b"));
    QCOMPARE(instance(1).state, InstanceState::Starting);
    QCOMPARE(cluster_->profile().kind, ProfileKind::LocalCluster);
    QVERIFY2(allLive(), qPrintable(failures_.join(u' ')));
    QCOMPARE(supervisor().nodes().size(), 4);
    QVERIFY(node(3).kind == NodeInfo::Kind::Redis && node(3).slot == -1);
    for (int i = 0; i < 4; ++i) QCOMPARE(node(i).state, State::Running);
    for (int i = 0; i < 3; ++i) {
      QCOMPARE(instance(i).id, QString(QChar(u'a' + i)));
      QCOMPARE(instance(i).mode, QStringLiteral("hybrid"));
    }
    QVERIFY(QTest::qWaitFor([this] { return cluster_->isSettled(); }, 5'000));
    QCOMPARE(cluster_->whyNotDiscovered(), QString());  // each finds all of the others
    const IssueOutcome issued = issue(0);
    QCOMPARE(issued.issued, 1);
    const auto token = cluster_->tokens().value(issued.ids[0]);
    QVERIFY(token);
    const auto answers = check(*token);
    QCOMPARE(answers.size(), 3);
    for (const CheckAnswer& answer : answers) QCOMPARE(answer.verdict, CheckAnswer::Verdict::Accepted);

    const auto running = pids();
    QElapsedTimer timer;
    timer.start();
    cluster_.reset();
    QVERIFY2(timer.elapsed() < 3000, qPrintable(QString::number(timer.elapsed())));
    for (const qint64 pid : running) QVERIFY(!isAlive(pid));
  }

  void noSecretIsAmongTheArguments() {
    qputenv("VX11_OPERATOR_TOKEN", "given-principal-0123456789,second-principal");
    qputenv("REDIS_URL", "redis://nobody.invalid:1");
    open(optionsOf(2));
    QVERIFY2(allLive(), qPrintable(failures_.join(u' ')));
    qunsetenv("REDIS_URL");
    QCOMPARE(cluster_->localPrincipal().reveal(), "given-principal-0123456789");
    QVERIFY(!fileOf(node(0).pid, "environ").contains("nobody.invalid"));
    const QByteArray environment = fileOf(node(0).pid, "environ");
    const qsizetype at = environment.indexOf("REDIS_PASSWORD=") + 15;
    const QByteArray password = environment.mid(at, environment.indexOf('\0', at) - at);
    QCOMPARE(password.size(), 32);
    for (const qint64 pid : pids()) {
      const QByteArray arguments = fileOf(pid, "cmdline");
      QVERIFY(!arguments.isEmpty());
      QVERIFY(!arguments.contains("principal-"));
      QVERIFY(!arguments.contains(password));
    }
    const QByteArray other = fileOf(node(2).pid, "environ");
    QVERIFY(!other.contains("principal") && !other.contains("REDIS_"));
    for (const LogEntry& entry : cluster_->journal().entries())
      for (const QVariant& field : entry.fields) QVERIFY(!field.toString().contains(QString::fromLatin1(password)));
  }

  void oneIsStoppedAndStartedAgain() {
    open(optionsOf(2));
    QVERIFY2(allLive(), qPrintable(failures_.join(u' ')));
    const QUrl url = instance(1).url;
    const qint64 pid = node(1).pid;
    supervisor().stop(1);
    QCOMPARE(node(1).state, State::Stopping);
    QVERIFY(reach(1, State::Stopped));
    QCOMPARE(node(1).pid, 0);
    QVERIFY(!isAlive(pid));
    QCOMPARE(instance(1).state, InstanceState::Stopped);
    QCOMPARE(instance(0).state, InstanceState::Live);
    QVERIFY(hasMark(TimeMark::Kind::InstanceGone, QStringLiteral("b")));
    QVERIFY(hasEntry(QStringLiteral("process_stopped"), QStringLiteral("b")));
    QCOMPARE(issue(1).failure.kind, Failure::Kind::NoInstance);
    // What the others know is revoked all the same.
    QCOMPARE(issue(0).issued, 1);
    std::optional<RevokeOutcome> revoked;
    RevokeSpec all;
    all.all = true;
    connect(cluster_->revoke(all), &RevokeJob::finished, this,
            [&](const RevokeOutcome& outcome) { revoked = outcome; });
    QVERIFY(waitFor([&] { return revoked.has_value(); }));
    QVERIFY(!revoked->failure);
    QCOMPARE(revoked->revoked, 1);

    supervisor().start(1);
    QCOMPARE(node(1).state, State::Starting);
    QVERIFY(reachInstance(1, InstanceState::Live));
    QCOMPARE(instance(1).url, url);
    QCOMPARE(instance(1).id, QStringLiteral("b"));
    QVERIFY(node(1).pid != 0 && node(1).pid != pid);
    QVERIFY(hasMark(TimeMark::Kind::InstanceBack, QStringLiteral("b")));
    QCOMPARE(issue(1).issued, 1);
  }

  void readOnlyTouchesNoProcess() {
    open(optionsOf(2));
    QVERIFY2(allLive(), qPrintable(failures_.join(u' ')));
    cluster_->setCanChange(false);
    supervisor().pause(0);
    supervisor().stop(0);
    supervisor().kill(0);
    QCOMPARE(node(0).state, State::Running);
    cluster_->setCanChange(true);
    supervisor().kill(0);
    QVERIFY(reach(0, State::Stopped));
    cluster_->setCanChange(false);
    supervisor().start(0);
    QCOMPARE(node(0).state, State::Stopped);
    cluster_->setCanChange(true);
    supervisor().start(0);
    QVERIFY(reachInstance(0, InstanceState::Live));
  }

  void oneIsPausedResumedAndStoppedWhilePaused() {
    open(optionsOf(2));
    QVERIFY2(allLive(), qPrintable(failures_.join(u' ')));
    supervisor().pause(0);
    QCOMPARE(node(0).state, State::Paused);
    QCOMPARE(instance(0).state, InstanceState::Paused);
    QVERIFY(waitFor([&] { return fileOf(node(0).pid, "stat").contains(") T "); }));
    QCOMPARE(issue(1).issued, 1);
    supervisor().resume(0);
    QVERIFY(reachInstance(0, InstanceState::Live));
    QCOMPARE(node(0).state, State::Running);
    QVERIFY(hasMark(TimeMark::Kind::InstanceGone, QStringLiteral("a")));
    QVERIFY(hasMark(TimeMark::Kind::InstanceBack, QStringLiteral("a")));
    supervisor().pause(0);
    supervisor().stop(0);
    QVERIFY(reach(0, State::Stopped));
    QVERIFY(node(0).reason.isEmpty());  // it drained: nobody had to kill it
  }

  void oneIsKilledHereAndOneFromElsewhere() {
    open(optionsOf(2));
    QVERIFY2(allLive(), qPrintable(failures_.join(u' ')));
    supervisor().pause(0);
    supervisor().kill(0);
    QVERIFY(reach(0, State::Stopped));
    QVERIFY(!node(0).reason.isEmpty());
    QCOMPARE(instance(0).state, InstanceState::Stopped);
    QVERIFY(!hasMark(TimeMark::Kind::Drain, QStringLiteral("a")));

    ::kill(static_cast<pid_t>(node(1).pid), SIGKILL);
    QVERIFY(reach(1, State::Failed));
    QVERIFY(node(1).reason.contains(QStringLiteral("9 (Killed)")));
    QVERIFY(reachInstance(1, InstanceState::Unreachable));
    QVERIFY(hasEntry(QStringLiteral("process_failed"), QStringLiteral("b")));
    supervisor().start(0);
    supervisor().start(1);
    QVERIFY(allLive());
  }

  void redisIsPausedKilledAndStartedAgain() {
    open(optionsOf(2));
    QVERIFY2(allLive(), qPrintable(failures_.join(u' ')));
    QVERIFY(waitFor([&] { return cluster_->redis().up == true; }));
    const QString redis = cluster_->redis().address;
    QVERIFY(!hasMark(TimeMark::Kind::RedisGone, redis));
    supervisor().pause(2);
    QCOMPARE(node(2).state, State::Paused);
    QVERIFY(waitFor([&] { return hasMark(TimeMark::Kind::RedisGone, redis); }));
    QCOMPARE(cluster_->redis().up, false);
    supervisor().resume(2);
    QVERIFY(waitFor([&] { return hasMark(TimeMark::Kind::RedisBack, redis); }));

    supervisor().kill(2);
    QVERIFY(reach(2, State::Stopped));
    QVERIFY(waitFor([&] { return cluster_->redis().up == false; }));
    QVERIFY2(!cluster_->redis().error.contains(redis), qPrintable(cluster_->redis().error));
    supervisor().start(2);
    QVERIFY(reach(2, State::Running));
    // With the port and the password it had: the instances find it by themselves, and tokens cross again.
    QVERIFY(waitFor([&] {
      const IssueOutcome issued = issue(0);
      const auto token = issued.ids.isEmpty() ? std::nullopt : cluster_->tokens().value(issued.ids[0]);
      if (!token) return false;
      const auto answers = check(*token);
      return std::all_of(answers.begin(), answers.end(),
                         [](const CheckAnswer& answer) { return answer.verdict == CheckAnswer::Verdict::Accepted; });
    }));
    supervisor().stop(2);
    QVERIFY(reach(2, State::Stopped));
    QVERIFY(node(2).reason.isEmpty());
  }

  void threeServersWithSentinelsReplaceTheMaster() {
    auto options = optionsOf(2);
    options.redisServers = 3;
    open(options);
    QVERIFY2(allLive(), qPrintable(failures_.join(u' ')));
    QCOMPARE(supervisor().nodes().size(), 2 + 3 + 3);
    for (int i = 2; i < 8; ++i) {
      QCOMPARE(node(i).kind, i < 5 ? NodeInfo::Kind::Redis : NodeInfo::Kind::Sentinel);
      QCOMPARE(node(i).state, State::Running);
      QVERIFY(node(i).address.startsWith(QStringLiteral("127.0.0.1:")));
    }
    QCOMPARE(node(2).name + node(7).name, QStringLiteral("redis-1sentinel-3"));
    const auto servers = [this]() -> const RedisServers& { return cluster_->redis().servers; };
    const auto replicas = [&] {
      return std::count_if(servers().nodes.begin(), servers().nodes.end(), [](const RedisNode& one) {
        return one.isReplica() && one.state == QStringLiteral("online") && one.linkUp == true;
      });
    };
    const auto agree = [&](const QString& master) {
      const auto& all = servers().sentinels;
      return all.size() == 3 && std::all_of(all.begin(), all.end(),
                                            [&](const RedisSentinel& one) { return one.up && one.master == master; });
    };
    QVERIFY(waitFor([&] { return replicas() == 2 && agree(node(2).address); }));
    QVERIFY(servers().topology == RedisServers::Topology::Sentinel);
    QCOMPARE(cluster_->redis().address, node(2).address);

    // Asked directly, too: with what the instances are told.
    const QByteArray environment = fileOf(node(0).pid, "environ");
    const auto variable = [&](const QByteArray& name) {
      const qsizetype at = environment.indexOf(name + '=') + name.size() + 1;
      return environment.mid(at, environment.indexOf('\0', at) - at);
    };
    const QString url = QString::fromUtf8(variable("VX11_OPERATOR_REDIS_URL"));
    const QString passwordFile = QString::fromUtf8(variable("VX11_OPERATOR_SENTINEL_PASSWORD_FILE"));
    const auto others = QFileDevice::ReadGroup | QFileDevice::ReadOther;
    QVERIFY((QFileInfo(passwordFile).permissions() & others) == 0);
    for (const qint64 pid : pids())
      QVERIFY(!fileOf(pid, "cmdline").contains(url.section(u':', 2, 2).section(u'@', 0, 0).toUtf8()));
    vx11::SystemClock clock;
    vx11::SystemRandom random;
    qputenv("VX11_OPERATOR_SENTINEL_PASSWORD_FILE", passwordFile.toUtf8());
    const auto direct = DirectRedis::open({url, {}, {}}, clock, random);
    qunsetenv("VX11_OPERATOR_SENTINEL_PASSWORD_FILE");
    QVERIFY(direct.has_value());
    RedisInfo told;
    connect(direct->get(), &DirectRedis::answered, this, [&](const RedisInfo& info) { told = info; });
    const auto directly = [&](const std::function<bool()>& wanted) {
      return waitFor([&] {
        (*direct)->ask();
        return wanted();
      });
    };
    QVERIFY(directly([&] { return told.servers.nodes.size() == 3 && told.servers.sentinels.size() == 3; }));
    QCOMPARE(told.address, node(2).address);
    QCOMPARE(told.servers.masterName, servers().masterName);

    const QString before = node(2).address;
    supervisor().kill(2);
    QVERIFY(reach(2, State::Stopped));
    QVERIFY(waitFor([&] { return hasMark(TimeMark::Kind::Failover, {}); }));
    QVERIFY(waitFor([&] { return cluster_->redis().up == true && cluster_->redis().address != before; }));
    QCOMPARE(servers().failovers, 1);
    QVERIFY2(servers().lastFailover.startsWith(before + QStringLiteral(" to ")), qPrintable(servers().lastFailover));
    QVERIFY(directly([&] { return told.address == cluster_->redis().address && told.servers.failovers == 1; }));
    // It comes back as a replica of whoever is the master now.
    supervisor().start(2);
    QVERIFY(reach(2, State::Running));
    QVERIFY(waitFor([&] { return replicas() == 2 && cluster_->redis().address != before; }));
    QVERIFY(waitFor([&] { return issue(0).issued == 1; }));
    QCOMPARE(marks(TimeMark::Kind::Failover, {}), 1);
  }

  void theFolderOfOneThatWasKilledGoesWithTheNext() {
    ChildProcess dead;
    ChildProcess::Launch launch;
    launch.program = "/bin/true";
    bool over = false;
    connect(&dead, &ChildProcess::ended, this, [&] { over = true; });
    QVERIFY(!dead.start(launch));
    const auto folderOf = [](qint64 pid) {
      return QDir::temp().filePath(QStringLiteral("vx11-cluster-%1-abcdef").arg(pid));
    };
    const QString left = folderOf(dead.pid()), living = folderOf(1), file = left + QStringLiteral("/a.port");
    QVERIFY(waitFor([&] { return over; }));
    QVERIFY(QDir().mkpath(left) && QDir().mkpath(living));
    QVERIFY(QFile(file).open(QIODevice::WriteOnly));
    open(optionsOf(1));
    QVERIFY(!QFileInfo::exists(left) && QFileInfo::exists(living));
    QVERIFY(QDir(living).removeRecursively());
  }

  void takesTheNextPortThatIsFree() {
    QTcpServer other;
    const quint16 first = vx11::test::free_port();
    QVERIFY(other.listen(QHostAddress::LocalHost, first));
    auto options = optionsOf(2);
    options.firstPort = first;
    options.mode = QStringLiteral("memory");
    open(options);
    QCOMPARE(supervisor().nodes().size(), 2);  // memory mode has no Redis
    QVERIFY2(allLive(), qPrintable(failures_.join(u' ')));
    for (int i : {0, 1}) QVERIFY(instance(i).url.port() > first && instance(i).url.port() <= first + 20);
    QVERIFY(instance(0).url != instance(1).url);
    QCOMPARE(instance(0).mode, QStringLiteral("memory"));
    QCOMPARE(instance(0).redisConfigured, false);
  }

  void aRedisThatIsThere() {
    vx11::test::RedisServer redis({"--requirepass", "the-password"});
    QVERIFY2(redis, redis.error().c_str());
    auto options = optionsOf(2);
    options.redisUrl = vx11::Secret(redis.url() + "/3");
    open(options);
    QVERIFY2(allLive(), qPrintable(failures_.join(u' ')));
    QCOMPARE(supervisor().nodes().size(), 2);
    QVERIFY(!cluster_->profile().redis.contains(QStringLiteral("the-password")));
    QCOMPARE(issue(0).issued, 1);
    QVERIFY(waitFor([&] { return redis.command({"INFO", "keyspace"}).find("db3:") != std::string::npos; }));
    QVERIFY(!fileOf(node(0).pid, "cmdline").contains("the-password"));
  }

  void withoutARedisProgramTheEnvironmentsIsTaken() {
    vx11::test::RedisServer redis({"--requirepass", "the-password"});
    QVERIFY2(redis, redis.error().c_str());
    auto options = optionsOf(1);
    QVERIFY(orWithGivenRedis(options).redisUrl.empty());
    options.redisProgram = QStringLiteral("/nowhere/redis-server");
    for (const std::string prefix : {"mine:", "vx11-console:"}) {  // that of the environment, or one of its own
      qputenv("VX11_OPERATOR_REDIS_URL", QByteArray::fromStdString(redis.url()));
      if (prefix == "mine:") qputenv("VX11_OPERATOR_REDIS_PREFIX", "mine:");
      open(orWithGivenRedis(options));
      const bool issued = allLive() && issue(0).issued == 1;
      for (const char* name : {"VX11_OPERATOR_REDIS_URL", "VX11_OPERATOR_REDIS_PREFIX"}) qunsetenv(name);
      QVERIFY2(issued && supervisor().nodes().size() == 1, qPrintable(failures_.join(u' ')));
      QVERIFY(waitFor([&] { return redis.command({"KEYS", prefix + "*"}).find(prefix) != std::string::npos; }));
    }
    QVERIFY(whyNoLocalCluster(options)->contains(QStringLiteral("VX11_OPERATOR_REDIS_URL")));
  }

  void saysWhatIsMissing() {
    auto options = optionsOf(2);
    options.redisProgram = QStringLiteral("/nowhere/redis-server");
    QVERIFY(whyNoLocalCluster(options)->contains(QStringLiteral("Debian package redis-server")));
    open(options);
    QVERIFY(waitFor([&] { return !failures_.isEmpty(); }));
    QCOMPARE(failures_[0], *whyNoLocalCluster(options));
    QCOMPARE(instance(0).state, InstanceState::Stopped);
    QCOMPARE(node(0).state, State::Stopped);
    supervisor().start(0);  // without Redis it would ask a stranger's
    QCOMPARE(node(0).state, State::Failed);
    cluster_->retryNow();
    QVERIFY(waitFor([&] { return failures_.size() == 2; }));

    options = optionsOf(1);
    options.tokendProgram = QStringLiteral("/nowhere/vx11-tokend");
    QVERIFY(whyNoLocalCluster(options)->contains(QStringLiteral("vx11-tokend")));
    QVERIFY(!whyNoLocalCluster(optionsOf(1)));
  }

  void aRedisThatCantStartSaysWhy() {
    QTemporaryDir folder;
    const QString program = folder.filePath(QStringLiteral("redis-server"));
    QFile script(program);
    QVERIFY(script.open(QIODevice::WriteOnly));
    script.write("#!/bin/sh\necho 'no room on this disk' >&2\nexit 1\n");
    script.setPermissions(QFile::ReadOwner | QFile::ExeOwner);
    script.close();
    auto options = optionsOf(2);
    options.redisProgram = program;
    open(options);
    QVERIFY(waitFor([&] { return !failures_.isEmpty(); }));
    QVERIFY2(failures_[0].contains(QStringLiteral("no room on this disk")), qPrintable(failures_[0]));
    QCOMPARE(node(2).state, State::Failed);
    QCOMPARE(instance(1).state, InstanceState::Stopped);
  }

  void goesWhileItStarts() {
    for (int i = 0; i < 8; ++i) {
      open(optionsOf(2));
      QTest::qWait(i * 8);
      const auto running = pids();
      cluster_.reset();
      for (const qint64 pid : running) QVERIFY(pid == 0 || !isAlive(pid));
    }
  }

  void killedItLeavesNothingBehind() {
    ChildProcess helper;
    QByteArray said;
    connect(&helper, &ChildProcess::wrote, this, [&](const auto& lines) { said = lines.first(); });
    ChildProcess::Launch launch;
    launch.program = VX11_CLUSTER_HELPER;
    for (char** variable = environ; *variable != nullptr; ++variable) launch.environment.emplace_back(*variable);
    QVERIFY(!helper.start(launch));
    QVERIFY(waitFor([&] { return !said.isEmpty(); }));
    QList<qint64> running;
    for (const QByteArray& pid : said.trimmed().split(' ')) running.append(pid.toLongLong());
    QVERIFY2(running.size() == 4, said.constData());
    for (const qint64 pid : running) QVERIFY(pid > 0 && isAlive(pid));
    helper.send(SIGKILL);
    QVERIFY(waitFor([&] {
      return std::none_of(running.begin(), running.end(), [](qint64 pid) {
        return isAlive(pid) && !fileOf(pid, "stat").contains(") Z ");  // nobody may be there to reap it
      });
    }));
  }
};

QTEST_GUILESS_MAIN(LocalClusterTest)
#include "local_cluster_test.moc"
