// Real children, of /bin/sh: what they say, how they end, and that none outlives us.
#include <sys/resource.h>

#include <QElapsedTimer>
#include <QFile>
#include <QSignalSpy>
#include <QTest>
#include <csignal>

#include "cluster/child_process.h"

using namespace vx11::cluster;

namespace {

ChildProcess::Launch shell(const char* script) {
  ChildProcess::Launch launch;
  launch.program = "/bin/sh";
  launch.arguments = {"-c", script};
  launch.environment = {"PATH=/usr/bin:/bin"};
  return launch;
}
/// As /proc has it: R, S, T (stopped), Z …; nothing: no such process.
char stateOf(qint64 pid) {
  QFile file(QStringLiteral("/proc/%1/stat").arg(pid));
  if (!file.open(QIODevice::ReadOnly)) return 0;
  const QByteArray stat = file.readAll();
  return stat.at(stat.lastIndexOf(')') + 2);
}

}  // namespace

class ChildProcessTest : public QObject {
  Q_OBJECT
  std::unique_ptr<ChildProcess> child_;
  QList<QByteArray> lines_;
  QList<ChildProcess::End> ends_;
  qint64 dropped_ = 0;

  void start(const ChildProcess::Launch& launch) {
    const auto problem = child_->start(launch);
    QVERIFY2(!problem, qPrintable(problem.value_or(QString())));
  }
  bool ended(int times = 1) {
    return QTest::qWaitFor([&] { return ends_.size() >= times; }, 10'000);
  }

 private Q_SLOTS:
  void init() {
    lines_.clear();
    ends_.clear();
    dropped_ = 0;
    child_ = std::make_unique<ChildProcess>();
    connect(child_.get(), &ChildProcess::wrote, this, [this](const auto& lines) { lines_ += lines; });
    connect(child_.get(), &ChildProcess::droppedLines, this, [this](qint64 count) { dropped_ += count; });
    connect(child_.get(), &ChildProcess::ended, this, [this](const auto& end) { ends_.append(end); });
  }
  void cleanup() { child_.reset(); }

  void saysWhatItSaysAndHowItEnded() {
    start(shell("echo one; echo two >&2; printf rest; exit 3"));
    QVERIFY(child_->pid() > 0);
    QVERIFY(ended());
    QCOMPARE(lines_, (QList<QByteArray>{"one", "two", "rest"}));
    QCOMPARE(ends_[0].exitCode, 3);
    QCOMPARE(ends_[0].signal, 0);
    QCOMPARE(child_->pid(), 0);
    QVERIFY(ends_[0].text().contains(QStringLiteral("3")));
  }

  void gets() {
    auto launch = shell("read line; echo \"$line $SECRET $0\"; if read line; then echo more; fi");
    launch.environment.emplace_back("SECRET=hidden");
    launch.input = "config\n";
    launch.name = "by-another-name";
    launch.arguments = {"-c", "read line; echo \"$line $SECRET $HOME\"; if read line; then echo more; fi"};
    start(launch);
    QVERIFY(ended());
    QCOMPARE(lines_, QList<QByteArray>{"config hidden "});  // and nothing of our own environment
  }

  void hasNothingOfOurs() {
    QFile open(QStringLiteral("/dev/null"));
    QVERIFY(open.open(QIODevice::ReadOnly));
    const int leaky = ::dup(open.handle());  // without O_CLOEXEC
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
    auto launch = shell("");
    launch.arguments = {"-c", "ls /proc/self/fd | wc -l; grep -E '^(SigBlk|SigIgn)' /proc/self/status"};
    start(launch);
    ::pthread_sigmask(SIG_UNBLOCK, &blocked, nullptr);
    ::close(leaky);
    QVERIFY(ended());
    QCOMPARE(lines_.size(), 3);
    QCOMPARE(lines_[0].trimmed(), QByteArray("4"));  // the three, and ls' own of the folder
    QCOMPARE(lines_[1], QByteArray("SigBlk:\t0000000000000000"));
    QCOMPARE(lines_[2], QByteArray("SigIgn:\t0000000000000000"));
  }

  void hasTheLimitThisProcessWasStartedWith() {
    rlimit begun{};
    QCOMPARE(::getrlimit(RLIMIT_NOFILE, &begun), 0);
    rlimit other = begun;  // as a server in this process changes it
    other.rlim_cur = begun.rlim_cur == begun.rlim_max ? begun.rlim_cur - 1 : begun.rlim_max;
    QCOMPARE(::setrlimit(RLIMIT_NOFILE, &other), 0);
    start(shell("ulimit -S -n; ulimit -H -n"));
    QCOMPARE(::setrlimit(RLIMIT_NOFILE, &begun), 0);
    QVERIFY(ended());
    const auto words = [](rlim_t limit) {
      return limit == RLIM_INFINITY ? QByteArray("unlimited") : QByteArray::number(static_cast<qulonglong>(limit));
    };
    QCOMPARE(lines_, (QList<QByteArray>{words(begun.rlim_cur), words(begun.rlim_max)}));
  }

  void aProgramThatIsNot() {
    ChildProcess::Launch launch;
    launch.program = "/nowhere/program";
    start(launch);
    QVERIFY(ended());
    QCOMPARE(ends_[0].exitCode, 127);
    QCOMPARE(lines_, QList<QByteArray>{"/nowhere/program can't be run: No such file or directory"});
  }

  void signalsReachIt() {
    start(shell("trap 'echo asked; exit 5' TERM; echo ready; while :; do sleep 0.01; done"));
    QTRY_COMPARE(lines_, QList<QByteArray>{"ready"});
    child_->send(SIGTERM);
    QVERIFY(ended());
    QCOMPARE(lines_.last(), QByteArray("asked"));
    QCOMPARE(ends_[0].exitCode, 5);
  }

  void stoppedAndContinuedAndKilled() {
    start(shell("exec sleep 1000"));
    const auto pid = child_->pid();
    child_->send(SIGSTOP);
    QTRY_COMPARE(stateOf(pid), 'T');
    child_->send(SIGCONT);
    QTRY_COMPARE(stateOf(pid), 'S');
    QVERIFY(ends_.isEmpty());  // neither is an end
    child_->send(SIGSTOP);
    QTRY_COMPARE(stateOf(pid), 'T');
    child_->send(SIGKILL);
    QVERIFY(ended());
    QCOMPARE(ends_[0].signal, SIGKILL);
    QVERIFY(ends_[0].text().contains(QStringLiteral("9 (Killed)")));
    QCOMPARE(stateOf(pid), 0);  // reaped
  }

  void startsAgainAndAgain() {
    for (int i = 1; i <= 20; ++i) {
      start(shell("echo here"));
      QVERIFY(ended(i));
      QCOMPARE(lines_.size(), i);
    }
  }

  void endsWithItsOwnerEvenStopped() {
    start(shell("trap '' TERM INT HUP; echo ready; while :; do sleep 0.01; done"));
    QTRY_COMPARE(lines_.size(), 1);
    const auto pid = child_->pid();
    child_->send(SIGSTOP);
    QTRY_COMPARE(stateOf(pid), 'T');
    QElapsedTimer timer;
    timer.start();
    child_.reset();
    QVERIFY(timer.elapsed() < 1000);
    QCOMPARE(stateOf(pid), 0);
  }

  void endsWhileItIsWaitedFor() {
    start(shell("trap 'exit 0' TERM; echo ready; while :; do sleep 0.01; done"));
    QTRY_COMPARE(lines_.size(), 1);
    QVERIFY(!child_->waitForEnd(std::chrono::milliseconds(20)));
    child_->send(SIGTERM);
    QVERIFY(child_->waitForEnd(std::chrono::seconds(10)));
    QVERIFY(child_->waitForEnd(std::chrono::seconds(10)));  // at once: there is none
    QTest::qWait(20);
    QVERIFY(ends_.isEmpty());
  }

  void aFloodCostsItsLines() {
    start(shell("yes | head -n 20000; echo last"));
    QVERIFY(ended());
    QVERIFY2(lines_.size() <= ChildProcessLines::mostLines * 10, qPrintable(QString::number(lines_.size())));
    QCOMPARE(lines_.size() + dropped_, 20'001);
    QVERIFY(dropped_ > 0);
  }

  void linesAreBoundAndWhole() {
    ChildProcessLines lines;
    QVERIFY(lines.add("he").isEmpty());
    QCOMPARE(lines.add("llo\n\nwor"), (QList<QByteArray>{"hello", ""}));
    QCOMPARE(lines.rest(), QByteArray("wor"));
    QVERIFY(lines.rest().isEmpty());

    const QByteArray longOne(3 * ChildProcessLines::longestLine, 'x');
    QCOMPARE(lines.add(longOne + "\nnext\n").size(), 2);
    QCOMPARE(lines.add(longOne).size(), 0);
    const auto cut = lines.add("yyy\nz\n");
    QCOMPARE(cut[0].size(), ChildProcessLines::longestLine);
    QCOMPARE(cut[1], QByteArray("z"));

    QCOMPARE(lines.nextInterval(), 0);
    const QByteArray many = QByteArray("a\n").repeated(ChildProcessLines::mostLines + 7);
    QCOMPARE(lines.add(many).size(), ChildProcessLines::mostLines);
    QVERIFY(lines.add("b\n").isEmpty());
    QCOMPARE(lines.nextInterval(), 8);
    QCOMPARE(lines.add("c\n"), QList<QByteArray>{"c"});
  }
};

QTEST_GUILESS_MAIN(ChildProcessTest)
#include "child_process_test.moc"
