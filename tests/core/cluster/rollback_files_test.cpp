// The nginx file: written in place and put back byte for byte, however it was interrupted, and never over what somebody
// else wrote.
#include <sys/stat.h>
#include <unistd.h>

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include "cluster/rollback_files.h"

using namespace vx11::cluster;

namespace {

const QByteArray before = QByteArray("events {}\r\nhttp {\n\tupstream x { server a:1; }\n}\n\xff\n", 51);
const QByteArray after = "events {}\r\nhttp {\n\tupstream x { ip_hash; server a:1; }\n}\nmore of it\n";
const QString id = QStringLiteral("0f9a2c1e-1111-4222-8333-444455556666");

QByteArray contentOf(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("unreadable");
}

}  // namespace

class RollbackFilesTest : public QObject {
  Q_OBJECT
  std::unique_ptr<QTemporaryDir> folder_;

  [[nodiscard]] QString path(const QString& name = QStringLiteral("nginx.conf")) const {
    return folder_->filePath(name);
  }
  void put(const QByteArray& text, const QString& name = QStringLiteral("nginx.conf")) const {
    QFile file(path(name));
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    QCOMPARE(file.write(text), text.size());
  }
  [[nodiscard]] RollbackFiles files() const { return {path(), id}; }

 private Q_SLOTS:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    put(before);
  }

  void thereAndBack() {
    QVERIFY(files().write(before, after).has_value());
    QCOMPARE(contentOf(path()), after);
    QCOMPARE(files().copy(), path() + QStringLiteral(".vx11-0f9a2c1e"));
    QCOMPARE(contentOf(files().copy()), before);
    QVERIFY(files().putBack(after).has_value());
    QCOMPARE(contentOf(path()), before);
    QCOMPARE(QDir(folder_->path()).entryList(QDir::Files), QStringList{QStringLiteral("nginx.conf")});
  }

  void inPlace() {
    QVERIFY(::chmod(QFile::encodeName(path()).constData(), 0640) == 0);
    struct stat first {}, second {}, copy {};
    QVERIFY(::stat(QFile::encodeName(path()).constData(), &first) == 0);
    QVERIFY(files().write(before, after).has_value());
    QVERIFY(::stat(QFile::encodeName(path()).constData(), &second) == 0);
    QVERIFY(::stat(QFile::encodeName(files().copy()).constData(), &copy) == 0);
    QCOMPARE(second.st_ino, first.st_ino);
    QCOMPARE(second.st_mode, first.st_mode);
    QCOMPARE(copy.st_mode, first.st_mode);
  }

  void throughALink() {
    QVERIFY(QDir(folder_->path()).mkdir(QStringLiteral("enabled")));
    const QString link = path(QStringLiteral("enabled/operator"));
    QVERIFY(QFile::link(path(), link));
    const RollbackFiles linked(link, id);
    QVERIFY(linked.write(before, after).has_value());
    QCOMPARE(contentOf(path()), after);
    QVERIFY(QFileInfo(link).isSymLink());
    QCOMPARE(linked.copy(), files().copy());  // not where nginx would include it
    QVERIFY(linked.putBack(after).has_value());
    QCOMPARE(contentOf(path()), before);
  }

  void writtenTwiceItIsTheSame() {
    QVERIFY(files().write(before, after).has_value());
    QVERIFY(files().write(before, after).has_value());
    QCOMPARE(contentOf(path()), after);
    QCOMPARE(contentOf(files().copy()), before);
    QVERIFY(files().putBack(after).has_value());
    QVERIFY(files().putBack(after).has_value());  // there is no copy any more
    QCOMPARE(contentOf(path()), before);
  }

  void whatIsAsItShallBeStays() {
    QVERIFY(files().write(before, before).has_value());
    QVERIFY(!files().hasCopy());
    QVERIFY(files().putBack(before).has_value());
    QCOMPARE(contentOf(path()), before);
  }

  void aWriteThatWasCutOff_data() {
    QTest::addColumn<QByteArray>("torn");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("a byte") << after.first(1);
    QTest::newRow("half of the new") << after.first(40);
    QTest::newRow("but for a byte") << after.chopped(1);
    QTest::newRow("half of the old, put back") << before.first(30);
  }
  void aWriteThatWasCutOff() {
    QFETCH(QByteArray, torn);
    QVERIFY(files().write(before, after).has_value());
    put(torn);
    QVERIFY(files().write(before, after).has_value());
    QCOMPARE(contentOf(path()), after);
    QCOMPARE(contentOf(files().copy()), before);
    put(torn);
    QVERIFY(files().putBack(after).has_value());
    QCOMPARE(contentOf(path()), before);
  }
  void cutOffBeforeItsFirstByte() {
    put(before, QFileInfo(files().copy()).fileName());  // the copy is made, and then nothing
    QVERIFY(files().write(before, after).has_value());
    QCOMPARE(contentOf(path()), after);
  }

  void anothersIsLeftAsItIs_data() {
    QTest::addColumn<QByteArray>("another");
    QTest::newRow("a line more") << after + "# mine\n";
    QTest::newRow("something else") << QByteArray("x");
    QTest::newRow("a byte changed") << before.chopped(2) + "y\n";
  }
  void anothersIsLeftAsItIs() {
    QFETCH(QByteArray, another);
    put(another);
    const auto written = files().write(before, after);
    QVERIFY(written.has_error() && written.error().contains(path()));
    QCOMPARE(contentOf(path()), another);
    QVERIFY(!files().hasCopy());
    put(before);
    QVERIFY(files().write(before, after).has_value());
    put(another);
    const auto back = files().putBack(after);
    QVERIFY(back.has_error() && back.error().contains(files().copy()));
    QCOMPARE(contentOf(path()), another);
    QCOMPARE(contentOf(files().copy()), before);
  }
  void anEmptyOneIsAnothersBeforeAnythingWasWritten() {
    put({});
    QVERIFY(files().write(before, after).has_error());
    QVERIFY(!files().hasCopy());
  }

  void whatCantBeRead() {
    const auto missing = RollbackFiles::read(path(QStringLiteral("none")));
    QVERIFY(missing.has_error() && missing.error().contains(QStringLiteral("none")));
    QVERIFY(RollbackFiles(path(QStringLiteral("none")), id).write(before, after).has_error());
    QVERIFY(!QFileInfo::exists(path(QStringLiteral("none"))));
    QVERIFY(RollbackFiles::read(folder_->path()).has_error());
    const QString pipe = path(QStringLiteral("pipe"));
    QVERIFY(::mkfifo(QFile::encodeName(pipe).constData(), 0600) == 0);
    QVERIFY(RollbackFiles::read(pipe).has_error());  // and doesn't wait
    put(QByteArray(RollbackFiles::mostBytes + 1, 'x'));
    QVERIFY(RollbackFiles::read(path()).has_error());
  }

  void withoutRoomForTheCopyNothingIsWritten() {
    QVERIFY(QDir(folder_->path()).mkpath(QFileInfo(files().copy()).fileName() + QStringLiteral("/in the way")));
    QVERIFY(files().write(before, after).has_error());
    QCOMPARE(contentOf(path()), before);
  }
};

QTEST_GUILESS_MAIN(RollbackFilesTest)
#include "rollback_files_test.moc"
