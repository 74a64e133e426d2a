#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <thread>

#include "observe/audit.h"

using namespace vx11::observe;
using namespace std::chrono_literals;

class AuditTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init();
  void writesWhatHappened();
  void leavesEmptyTextsOut();
  void rotatesAndKeepsFour();
  void goesOnAfterARestart();
  void followsAMovedFile();
  void foldsFailedPrincipals();
  void boundsTheAddressesHeld();
  void writesTheRestAtTheEnd();
  void saysWhyItCannotOpen();
  void withoutAFileTheLogGetsTheRest();
  void reportsAFullDiskOnceAndRecovers();
  void isThreadSafe();

 private:
  std::unique_ptr<Audit> open(std::uint64_t max_bytes = 1'000'000) {
    auto audit = Audit::open({path_.toStdString(), max_bytes}, clock_, "a:8011", log_);
    return audit ? std::move(*audit) : nullptr;
  }
  static QList<QJsonObject> objects(const QByteArray& text) {
    QList<QJsonObject> all;
    for (const auto& line : text.split('\n')) {
      if (!line.isEmpty()) all.append(QJsonDocument::fromJson(line).object());
    }
    return all;
  }
  static QByteArray contents(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
  }
  QList<QJsonObject> written() const { return objects(contents(path_)); }
  QList<QJsonObject> logged() const { return objects(QByteArray::fromStdString(log_text_)); }
  static AuditEntry failure(std::string_view client, std::string_view correlation = "c") {
    return {AuditAction::failed_principal, correlation, "", client, "", "invalid_token", 0};
  }

  std::unique_ptr<QTemporaryDir> dir_;
  QString path_;
  vx11::ManualClock clock_;
  std::string log_text_;
  Log log_{clock_, "a:8011", [this](std::string_view line) { log_text_ += line; }};
};

void AuditTest::init() {
  dir_ = std::make_unique<QTemporaryDir>();
  path_ = dir_->filePath("audit.jsonl");
  log_text_.clear();
}

void AuditTest::writesWhatHappened() {
  auto audit = open();
  audit->record({AuditAction::revoke, "corr", "fp01", "10.0.0.1", "abcd", "all, asked by /x?token=s3cret", 12});
  const auto lines = written();
  QCOMPARE(lines.size(), 1);
  const auto& line = lines.front();
  QCOMPARE(line.value("action").toString(), "revoke");
  QCOMPARE(line.value("instance").toString(), "a:8011");
  QCOMPARE(line.value("correlation_id").toString(), "corr");
  QCOMPARE(line.value("principal").toString(), "fp01");
  QCOMPARE(line.value("client").toString(), "10.0.0.1");
  QCOMPARE(line.value("token_id").toString(), "abcd");
  QCOMPARE(line.value("detail").toString(), "all, asked by /x?token=***");
  QCOMPARE(line.value("count").toInt(), 12);
  QVERIFY(QRegularExpression(R"(^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$)")
              .match(line.value("time").toString())
              .hasMatch());
  struct stat about {};
  QCOMPARE(::stat(path_.toStdString().c_str(), &about), 0);
  QCOMPARE(about.st_mode & 0777U, 0600U);
}

void AuditTest::leavesEmptyTextsOut() {
  auto audit = open();
  audit->record({AuditAction::drain, "", "", "", "", "", 0});
  QCOMPARE(written().front().keys(), QStringList({"action", "instance", "time"}));
}

void AuditTest::rotatesAndKeepsFour() {
  auto audit = open(400);
  for (int i = 0; i < 60; ++i) {
    const auto detail = std::to_string(i);
    audit->record({AuditAction::issue, "", "", "", "", detail, 0});
  }
  QVERIFY(!QFile::exists(path_ + ".5"));
  int next = 59;  // newest first: the lines go on without a gap from file to file
  for (const char* suffix : {"", ".1", ".2", ".3", ".4"}) {
    const auto text = contents(path_ + suffix);
    QVERIFY2(!text.isEmpty() && text.size() <= 400, suffix);
    auto lines = objects(text);
    while (!lines.isEmpty()) QCOMPARE(lines.takeLast().value("detail").toString(), QString::number(next--));
  }
  QVERIFY(log_text_.empty());
}

void AuditTest::goesOnAfterARestart() {
  open()->record({AuditAction::issue, "", "", "", "", "one", 0});
  open()->record({AuditAction::issue, "", "", "", "", "two", 0});
  QCOMPARE(written().size(), 2);
  open(10)->record({AuditAction::issue, "", "", "", "", "three", 0});  // the size found counts
  QCOMPARE(written().size(), 1);
  QCOMPARE(objects(contents(path_ + ".1")).size(), 2);
}

void AuditTest::followsAMovedFile() {
  auto audit = open();
  audit->record({AuditAction::issue, "", "", "", "", "one", 0});
  QVERIFY(QFile::rename(path_, path_ + ".old"));
  audit->flush();
  audit->record({AuditAction::issue, "", "", "", "", "two", 0});
  QCOMPARE(written().size(), 1);
  QCOMPARE(written().front().value("detail").toString(), "two");
}

void AuditTest::foldsFailedPrincipals() {
  auto audit = open();
  for (int i = 0; i < 50; ++i) audit->record(failure("10.0.0.1", i == 0 ? "first" : "later"));
  audit->record(failure("10.0.0.2"));
  audit->flush();
  QVERIFY(written().isEmpty());
  clock_.advance(999ms);
  audit->record(failure("10.0.0.1"));
  audit->flush();
  QVERIFY(written().isEmpty());
  clock_.advance(1ms);
  audit->flush();
  auto lines = written();
  QCOMPARE(lines.size(), 2);
  QCOMPARE(lines[0].value("client").toString(), "10.0.0.1");
  QCOMPARE(lines[0].value("count").toInt(), 51);
  QCOMPARE(lines[0].value("correlation_id").toString(), "first");
  QCOMPARE(lines[1].value("client").toString(), "10.0.0.2");
  QCOMPARE(lines[1].value("count").toInt(), 1);

  // The next second is a line of its own, and needs no flush when another entry comes after it.
  audit->record(failure("10.0.0.1"));
  clock_.advance(1s);
  audit->record(failure("10.0.0.3"));
  lines = written();
  QCOMPARE(lines.size(), 3);
  QCOMPARE(lines[2].value("client").toString(), "10.0.0.1");
  QCOMPARE(lines[2].value("count").toInt(), 1);
}

void AuditTest::boundsTheAddressesHeld() {
  auto audit = open(100'000'000);
  for (int i = 0; i < 5000; ++i) audit->record(failure("fd00::" + std::to_string(i)));
  QCOMPARE(written().size(), 4096);
  audit.reset();
  QCOMPARE(written().size(), 5000);
}

void AuditTest::writesTheRestAtTheEnd() {
  open()->record(failure("10.0.0.1"));
  QCOMPARE(written().size(), 1);
}

void AuditTest::saysWhyItCannotOpen() {
  const auto bad = dir_->filePath("missing/audit.jsonl").toStdString();
  const auto audit = Audit::open({bad}, clock_, "i", log_);
  QVERIFY(audit.has_error());
  QCOMPARE(QString::fromStdString(audit.error()), QString::fromStdString(bad) + ": No such file or directory");
}

void AuditTest::withoutAFileTheLogGetsTheRest() {
  path_.clear();
  auto audit = open();
  audit->record({AuditAction::issue, "c", "p", "a", "t", "", 1});
  audit->record(failure("10.0.0.1"));
  audit->flush();
  QVERIFY(log_text_.empty());
  audit->record({AuditAction::revoke, "c", "p", "a", "t", "", 3});
  audit->record({AuditAction::mode_change, "c", "", "", "", "memory to hybrid", 0});
  audit->record({AuditAction::drain, "", "", "", "", "", 0});
  audit->record({AuditAction::operation_step, "c", "", "", "", "lock: done", 0});
  const auto lines = logged();
  QCOMPARE(lines.size(), 4);
  QCOMPARE(lines[0].value("event").toString(), "audit");
  QCOMPARE(lines[0].value("action").toString(), "revoke");
  QCOMPARE(lines[0].value("count").toInt(), 3);
  QCOMPARE(lines[1].value("detail").toString(), "memory to hybrid");
  QVERIFY(!lines[1].contains("client"));
  QCOMPARE(lines[2].value("action").toString(), "drain");
  QCOMPARE(lines[3].value("action").toString(), "operation_step");
  QCOMPARE(lines[3].value("detail").toString(), "lock: done");
}

void AuditTest::reportsAFullDiskOnceAndRecovers() {
  auto audit = open(100'000'000);
  audit->record({AuditAction::issue, "", "", "", "", "before", 0});
  const auto before = contents(path_);

  // A file size limit fails writes as a full disk does, in the middle of a line too.
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit old{};
  QCOMPARE(getrlimit(RLIMIT_FSIZE, &old), 0);
  const rlimit small{static_cast<rlim_t>(before.size()) + 30, old.rlim_max};
  QCOMPARE(setrlimit(RLIMIT_FSIZE, &small), 0);
  for (int i = 0; i < 3; ++i) audit->record({AuditAction::issue, "", "", "", "", "lost", 0});
  QCOMPARE(setrlimit(RLIMIT_FSIZE, &old), 0);
  QCOMPARE(contents(path_), before);
  QCOMPARE(logged().size(), 1);
  QCOMPARE(logged().front().value("event").toString(), "audit_failed");
  QVERIFY(logged().front().value("reason").toString().startsWith(path_));

  audit->record({AuditAction::issue, "", "", "", "", "after", 0});
  QCOMPARE(written().size(), 2);
  QCOMPARE(written().last().value("detail").toString(), "after");
  QCOMPARE(logged().size(), 2);
  QCOMPARE(logged().last().value("event").toString(), "audit_recovered");
  QCOMPARE(logged().last().value("lost_lines").toInt(), 3);
}

void AuditTest::isThreadSafe() {
  auto audit = open(20'000);  // with rotation in between
  std::vector<std::thread> running;
  for (int i = 0; i < 6; ++i) {
    running.emplace_back([&audit, i] {
      for (int n = 0; n < 100; ++n) {
        audit->record({AuditAction::issue, "c", "p", "a", "t", "", 0});
        audit->record(failure("10.0.0." + std::to_string(i)));
        audit->flush();
      }
    });
  }
  for (auto& thread : running) thread.join();
  audit.reset();
  int issues = 0;
  int failures = 0;
  for (const char* suffix : {"", ".1", ".2", ".3", ".4"}) {
    for (const auto& line : objects(contents(path_ + suffix))) {
      QVERIFY(!line.isEmpty());
      if (line.value("action").toString() == "issue") ++issues;
      if (line.value("action").toString() == "failed_principal") failures += line.value("count").toInt();
    }
  }
  QCOMPARE(issues, 600);
  QCOMPARE(failures, 600);
}

QTEST_GUILESS_MAIN(AuditTest)
#include "audit_test.moc"
