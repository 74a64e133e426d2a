// The operator's commands as real programs: their arguments, their words, their end, and that none outlives its time.
#include <signal.h>

#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "cluster/command_run.h"

using namespace vx11::cluster;
using namespace std::chrono_literals;

class CommandRunTest : public QObject {
  Q_OBJECT
  QStringList said_;
  std::optional<CommandRun::End> end_;
  std::unique_ptr<CommandRun> run_;

  [[nodiscard]] std::optional<QString> start(const QStringList& command, std::chrono::milliseconds longest = 20s) {
    said_.clear();
    end_.reset();
    run_ = std::make_unique<CommandRun>();
    connect(run_.get(), &CommandRun::said, this, [this](const QStringList& lines) { said_ << lines; });
    connect(run_.get(), &CommandRun::ended, this, [this](const CommandRun::End& end) { end_ = end; });
    return run_->start(command, longest);
  }
  [[nodiscard]] static QStringList shell(const QString& script) {
    return {QStringLiteral("sh"), QStringLiteral("-c"), script};
  }
  [[nodiscard]] static pid_t numberIn(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed().toInt() : 0;
  }
  [[nodiscard]] static bool lives(pid_t process) {
    QFile stat(QStringLiteral("/proc/%1/stat").arg(process));
    if (!stat.open(QIODevice::ReadOnly)) return false;
    const QByteArray line = stat.readAll();
    const char state = line[line.lastIndexOf(')') + 2];
    return state != 'Z' && state != 'X';
  }

 private Q_SLOTS:
  void cleanup() { run_.reset(); }

  void itsArgumentsStayWhatTheyAre() {
    QVERIFY(!start({QStringLiteral("printf"), QStringLiteral("%s\\n"), QStringLiteral("a  b"), QStringLiteral("$HOME"),
                    QStringLiteral("`id`;'\"*")}));
    QTRY_VERIFY(end_);
    QCOMPARE(end_->exitCode, 0);
    QCOMPARE(said_, QStringList({QStringLiteral("a  b"), QStringLiteral("$HOME"), QStringLiteral("`id`;'\"*")}));
    QCOMPARE(end_->lastLines, said_);
    QVERIFY(end_->problem.isEmpty());
  }

  void itHasOurEnvironmentAndNoInput() {
    qputenv("VX11_COMMAND_TEST", "it's here");
    QVERIFY(!start(shell(QStringLiteral("echo $VX11_COMMAND_TEST; cat; echo done"))));
    QTRY_VERIFY(end_);
    QCOMPARE(said_, QStringList({QStringLiteral("it's here"), QStringLiteral("done")}));
  }

  void itsExitCodeAndItsLastWords() {
    QVERIFY(!start(shell(QStringLiteral("seq 1 30; echo broken >&2; exit 3"))));
    QTRY_VERIFY(end_);
    QCOMPARE(end_->exitCode, 3);
    QVERIFY(!end_->timedOut && end_->problem.isEmpty());
    QCOMPARE(end_->lastLines.size(), CommandRun::mostLastLines);
    QCOMPARE(end_->lastLines.last(), QStringLiteral("broken"));
    QCOMPARE(said_.size(), 31);
  }

  void killedByASignal() {
    QVERIFY(!start(shell(QStringLiteral("kill -TERM $$"))));
    QTRY_VERIFY(end_);
    QCOMPARE(end_->exitCode, -1);
    QVERIFY(!end_->problem.isEmpty() && !end_->timedOut);
  }

  void theEventLoopRunsOnMeanwhile() {
    QElapsedTimer since;
    since.start();
    QVERIFY(!start({QStringLiteral("sleep"), QStringLiteral("1")}));
    QVERIFY(since.elapsed() < 500);
    int beats = 0;
    QTimer beat;
    connect(&beat, &QTimer::timeout, this, [&] { ++beats; });
    beat.start(20);
    QTRY_VERIFY(end_);
    QVERIFY(beats > 10);
  }

  void atItsTimeOutItEndsWithAllThatItStarted() {
    QTemporaryDir folder;
    const QString number = folder.filePath(QStringLiteral("pid"));
    // Deaf to the polite signals, as is its child.
    QVERIFY(!start(shell(QStringLiteral("trap '' TERM INT HUP; sleep 60 & echo $! > '%1'; wait; sleep 60").arg(number)),
                   700ms));
    pid_t grandchild = 0;
    QTRY_VERIFY((grandchild = numberIn(number)) > 0);
    QVERIFY(lives(grandchild));
    QTRY_VERIFY(end_);
    QVERIFY(end_->timedOut);
    QCOMPARE(end_->exitCode, -1);
    QVERIFY(!end_->problem.isEmpty());
    QTRY_VERIFY(!lives(grandchild));
  }

  void whatItLeavesBehindOutlivesIt() {
    QTemporaryDir folder;
    const QString number = folder.filePath(QStringLiteral("pid"));
    QVERIFY(!start(shell(QStringLiteral("sleep 60 & echo $! > '%1'; echo started").arg(number))));
    QTRY_VERIFY(end_);  // though the other still has our pipe
    QCOMPARE(end_->exitCode, 0);
    const pid_t service = numberIn(number);
    run_.reset();
    QVERIFY(lives(service));
    ::kill(service, SIGKILL);
  }

  void deletedItIsKilled() {
    QTemporaryDir folder;
    const QString number = folder.filePath(QStringLiteral("pid"));
    QVERIFY(!start(shell(QStringLiteral("sleep 60 & echo $! > '%1'; wait").arg(number))));
    pid_t grandchild = 0;
    QTRY_VERIFY((grandchild = numberIn(number)) > 0);
    run_.reset();
    QTRY_VERIFY(!lives(grandchild));
    QVERIFY(!end_);
  }

  void aFloodIsBounded() {
    QVERIFY(!start(shell(QStringLiteral("yes | head -n 200000"))));
    QTRY_VERIFY(end_);
    QCOMPARE(end_->exitCode, 0);
    QVERIFY(said_.size() < 5000);
  }

  void whatCantBeStarted() {
    QVERIFY(start({}).has_value());
    QVERIFY(start({QString()}).has_value());
    const auto problem = start({QStringLiteral("vx11-no-such-program"), QStringLiteral("-s")});
    QVERIFY(problem && problem->contains(QStringLiteral("vx11-no-such-program")));
    QTest::qWait(20);
    QVERIFY(!end_);
  }

  void theInstanceInItsPlaces_data() {
    QTest::addColumn<QString>("word");
    QTest::addColumn<QString>("expected");
    QTest::newRow("plain") << "up"
                           << "up";
    QTest::newRow("id") << "vx11@{id}.service"
                        << "vx11@a {url}.service";
    QTest::newRow("all") << "{host}:{port} {url}"
                         << "h.example:8011 http://h.example:8011/sub";
    QTest::newRow("twice") << "{port}{port}"
                           << "80118011";
    QTest::newRow("others stay") << "{} {name} {id"
                                 << "{} {name} {id";
  }
  void theInstanceInItsPlaces() {
    QFETCH(QString, word);
    QFETCH(QString, expected);
    // A value that looks like a place stays what it is.
    const QStringList filled = CommandRun::filledIn({QStringLiteral("x"), word}, QStringLiteral("a {url}"),
                                                    QUrl(QStringLiteral("http://h.example:8011/sub")));
    QCOMPARE(filled, QStringList({QStringLiteral("x"), expected}));
  }
  void thePortThatGoesWithoutSaying() {
    QCOMPARE(CommandRun::filledIn({QStringLiteral("{port}")}, {}, QUrl(QStringLiteral("https://h"))),
             QStringList{QStringLiteral("443")});
  }
};

QTEST_GUILESS_MAIN(CommandRunTest)
#include "command_run_test.moc"
