// vx11-tokend as a program: what it prints, what it refuses, how it ends. No display, no Qt in it, no token in its log.
#include <QFile>
#include <QJsonDocument>
#include <QProcess>
#include <QProcessEnvironment>
#include <QTemporaryDir>
#include <QTest>
#include <csignal>

#include "support/needs_processes.h"
#include "support/raw_client.h"

using namespace vx11::test;

namespace {
const char* const principal = "principal-for-tests-0123456789";
}

class TestTokend : public QObject {
  Q_OBJECT

  struct Result {
    int code = -1;
    QByteArray out, err;
  };

  static void prepare(QProcess& process, const QStringList& arguments,
                      const QList<QPair<QString, QString>>& variables = {}) {
    QProcessEnvironment environment;
    environment.insert("PATH", qEnvironmentVariable("PATH"));
    for (const auto& [name, value] : variables) environment.insert(name, value);
    process.setProcessEnvironment(environment);
    process.setProgram(QStringLiteral(VX11_BIN_DIR "/vx11-tokend"));
    process.setArguments(arguments);
  }
  static Result run(const QStringList& arguments, const QList<QPair<QString, QString>>& variables = {}) {
    QProcess process;
    prepare(process, arguments, variables);
    process.start();
    if (!process.waitForFinished(10000)) {
      process.kill();
      process.waitForFinished();
      return {};
    }
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
  }
  static quint16 portIn(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed().toUShort() : 0;
  }

 private Q_SLOTS:
  void initTestCase() { VX11_NEEDS_PROCESSES(); }

  void wrongUseIsNamed_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("says");
    const auto row = [](const char* name, QStringList arguments, const char* says) {
      QTest::newRow(name) << arguments << QByteArray(says);
    };
    row("unknown flag", {"--lisen", "1"}, "--lisen");
    row("nearest flag", {"--lisen", "1"}, "--listen");
    row("range", {"--ttl", "0"}, "--ttl");
    row("not a number", {"--ttl", "soon"}, "soon");
    row("no value", {"--ttl"}, "--ttl");
    row("bad address", {"--listen", "300.1.1.1:x"}, "300.1.1.1:x");
    row("public without a principal", {"--listen", "0.0.0.0:0"}, "VX11_OPERATOR_TOKEN");
    row("missing file", {"--config", "/no/such/file"}, "/no/such/file");
    row("mode", {"--mode", "paper"}, "paper");
    row("stray word", {"server"}, "server");
    row("no terminal for the principal", {"--listen", "127.0.0.1:0"}, "--principal-out");
  }
  void wrongUseIsNamed() {
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, says);
    const Result result = run(arguments);
    QCOMPARE(result.code, 2);
    QVERIFY2(result.err.startsWith("vx11-tokend: ") && result.err.contains(says), result.err.constData());
    QCOMPARE(result.err.count('\n'), 1);
    QVERIFY(result.out.isEmpty());
  }

  void helpVersionAndConfiguration() {
    const Result help = run({"--help"});
    QCOMPARE(help.code, 0);
    QVERIFY(help.out.contains("--listen") && help.out.contains("--redis-url"));
    QVERIFY(run({"--version"}).out.startsWith("vx11-tokend 1."));
    const Result check = run({"--check-config", "--ttl", "30"});
    QCOMPARE(check.code, 0);
    QCOMPARE(run({"--check-config", "--ttl", "999999"}).code, 2);
    const Result print = run({"--print-config", "--ttl", "30"}, {{"VX11_OPERATOR_TOKEN", principal}});
    QCOMPARE(print.code, 0);
    QVERIFY(print.out.contains(QByteArray("ttl                     = 30")));
    QVERIFY(!print.out.contains(principal));
  }

  void aTakenPortExits1AndNamesIt() {
    QTemporaryDir folder;
    QProcess first;
    prepare(first, {"--listen", "127.0.0.1:0", "--port-file", folder.filePath("port")}, {{"VX11_OPERATOR_TOKEN", principal}});
    first.start();
    QTRY_VERIFY(portIn(folder.filePath("port")) != 0);
    const QString address = QStringLiteral("127.0.0.1:%1").arg(portIn(folder.filePath("port")));
    const Result second = run({"--listen", address}, {{"VX11_OPERATOR_TOKEN", principal}});
    QCOMPARE(second.code, 1);
    QVERIFY(second.err.contains((address + " is in use").toUtf8()));
    first.kill();
    first.waitForFinished();
  }

  void servesAndEndsOnASignal_data() {
    QTest::addColumn<int>("signal");
    QTest::newRow("SIGTERM") << SIGTERM;
    QTest::newRow("SIGINT") << SIGINT;
  }
  void servesAndEndsOnASignal() {
    QFETCH(int, signal);
    QTemporaryDir folder;
    QProcess process;
    prepare(process, {"serve", "--listen=127.0.0.1:0", "--port-file", folder.filePath("port"), "--access-log"},
            {{"VX11_OPERATOR_TOKEN", principal}, {"VX11_OPERATOR_SSE_POLL", "60"}});
    process.start();
    QTRY_VERIFY(portIn(folder.filePath("port")) != 0);
    const quint16 port = portIn(folder.filePath("port"));
    RawClient client(port);
    const Answer issued = client.ask(request_text("POST", "/operator/api/events/sse-token",
                                                  std::string("X-VX11-Token: ") + principal + "\r\n"));
    QCOMPARE(issued.status, 200);
    const std::string token = issued.body.substr(issued.body.find("\"sse_token\":\"") + 13, 36);
    RawClient stream(port);
    stream.send(request_text("GET", "/operator/api/events/stream?token=" + token));
    QVERIFY(stream.read_until("event: snapshot"));
    client.close();
    ::kill(pid_t(process.processId()), signal);
    QVERIFY(stream.read_to_end().find("event: drain") != std::string::npos);
    QVERIFY(process.waitForFinished(10000));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 0);
    const QByteArray log = process.readAllStandardError();
    QVERIFY(!log.contains(token.c_str()));
    QVERIFY(!log.contains(principal));
    for (const QByteArray& line : log.split('\n')) {
      if (!line.isEmpty()) QVERIFY2(QJsonDocument::fromJson(line).isObject(), line.constData());
    }
  }

  void aSecondSignalEndsItNow() {
    QTemporaryDir folder;
    QProcess process;
    prepare(process, {"--listen", "127.0.0.1:0", "--port-file", folder.filePath("port"), "--stop-timeout", "60"},
            {{"VX11_OPERATOR_TOKEN", principal}});
    process.start();
    QTRY_VERIFY(portIn(folder.filePath("port")) != 0);
    RawClient busy(portIn(folder.filePath("port")));
    busy.send("POST /operator/api/events/sse-token HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nab");
    ::kill(pid_t(process.processId()), SIGTERM);
    QTest::qWait(600);  // past the grace: only the busy connection keeps it
    QCOMPARE(process.state(), QProcess::Running);
    ::kill(pid_t(process.processId()), SIGTERM);
    QVERIFY(process.waitForFinished(2000));
    QCOMPARE(process.exitCode(), 0);
  }

  void theOneRunPrincipalGoesToItsFileOnly() {
    QTemporaryDir folder;
    const QString path = folder.filePath("principal");
    {
      QFile old(path);  // an old file that others could read must not keep its mode
      QVERIFY(old.open(QIODevice::WriteOnly));
      old.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ReadOther);
    }
    QProcess process;
    prepare(process, {"--listen", "127.0.0.1:0", "--port-file", folder.filePath("port"), "--principal-out", path});
    process.start();
    QTRY_VERIFY(portIn(folder.filePath("port")) != 0);
    QFile file(path);
    QTRY_VERIFY(file.exists() && file.size() == 33);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray made = file.readAll().trimmed();
    QCOMPARE(file.permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    RawClient client(portIn(folder.filePath("port")));
    QCOMPARE(client.ask(request_text("GET", "/operator/internal/instance-id", "X-VX11-Token: " + made.toStdString() + "\r\n")).status, 200);
    process.terminate();
    QVERIFY(process.waitForFinished(10000));
    QVERIFY(!process.readAllStandardError().contains(made));
  }

  void aReaderOfItsLogThatGoesAwayDoesNotEndIt() {
    QTemporaryDir folder;
    QProcess process;
    prepare(process, {"--listen", "127.0.0.1:0", "--port-file", folder.filePath("port"), "--access-log"},
            {{"VX11_OPERATOR_TOKEN", principal}});
    process.start();
    QTRY_VERIFY(portIn(folder.filePath("port")) != 0);
    process.closeReadChannel(QProcess::StandardError);
    RawClient client(portIn(folder.filePath("port")));
    for (int i = 0; i < 100; ++i) QCOMPARE(client.ask(request_text("GET", "/health")).status, 200);
    process.kill();
    process.waitForFinished();
  }
};

QTEST_GUILESS_MAIN(TestTokend)
#include "test_tokend.moc"
