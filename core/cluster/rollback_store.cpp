#include "cluster/rollback_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QLockFile>
#include <QSaveFile>
#include <QStandardPaths>
#include <algorithm>

#include "cluster/discovery.h"
#include "cluster/http_caller.h"
#include "cluster/json_fields.h"

namespace vx11::cluster {
namespace {

constexpr qint64 mostBytes = 16 * 1024 * 1024;
constexpr int lockPatienceMs = 6000, staleLockMs = 5000;  // held for as long as a small file is written
constexpr QFileDevice::Permissions ownerOnly = QFileDevice::ReadOwner | QFileDevice::WriteOwner;
const auto ending = QStringLiteral(".json");

struct Words {
  Q_DECLARE_TR_FUNCTIONS(RollbackStore)
};

/// A number alone is given to another process in time, after a restart of the machine even soon.
struct Process {
  qint64 id = 0;
  QString started;  ///< since the machine's start, in the kernel's ticks; empty: there is no such process
  QString boot;

  [[nodiscard]] static Process of(qint64 id) {
    const auto firstLine = [](const QString& path) {
      QFile file(path);
      return file.open(QIODevice::ReadOnly) ? QString::fromLatin1(file.readLine(4096)).trimmed() : QString();
    };
    // The second field is the program's name, which may hold blanks and brackets.
    const QString stat = firstLine(QStringLiteral("/proc/%1/stat").arg(id));
    return {id, stat.mid(stat.lastIndexOf(u')') + 2).section(u' ', 19, 19),
            firstLine(QStringLiteral("/proc/sys/kernel/random/boot_id"))};
  }
  [[nodiscard]] static Process own() { return of(QCoreApplication::applicationPid()); }
  [[nodiscard]] static Process read(const QJsonObject& object) {
    return {json::count(object, u"id").value_or(0), object.value(u"started").toString(),
            object.value(u"boot").toString()};
  }
  [[nodiscard]] QJsonObject written() const {
    return {{QStringLiteral("id"), id}, {QStringLiteral("started"), started}, {QStringLiteral("boot"), boot}};
  }
  [[nodiscard]] bool lives() const { return id > 0 && !started.isEmpty() && *this == of(id); }
  friend bool operator==(const Process&, const Process&) = default;
};

struct File {
  SavedRollback rollback;
  Process process;
};

QJsonObject written(const File& file) {
  const SavedRollback& rollback = file.rollback;
  QJsonArray instances;
  for (const QUrl& url : rollback.instances) instances.append(url.toString(QUrl::FullyEncoded | QUrl::RemoveUserInfo));
  return {{QStringLiteral("version"), 1},
          {QStringLiteral("id"), rollback.id},
          {QStringLiteral("profile"), rollback.profile},
          {QStringLiteral("instances"), instances},
          {QStringLiteral("begun"), rollback.begun.toUTC().toString(Qt::ISODateWithMs)},
          {QStringLiteral("saved"), rollback.saved.toUTC().toString(Qt::ISODateWithMs)},
          {QStringLiteral("process"), file.process.written()},
          {QStringLiteral("state"), rollback.state}};
}

/// It becomes a file's name, and may come from a command line.
bool isId(const QString& text) {
  return !text.isEmpty() && std::all_of(text.begin(), text.end(), [](QChar letter) {
    return letter.unicode() < 128 && (letter.isLetterOrNumber() || letter == u'-');
  });
}

QString isNoId(const QString& text) { return Words::tr("%1 is no operation's id").arg(text); }

boost::system::result<File, QString> readFile(const QString& path) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) return Words::tr("%1 can't be read: %2").arg(path, file.errorString());
  const auto root = json::object(file.read(mostBytes));
  File read;
  if (root && root->value(u"version").toInt() == 1) read.rollback.id = root->value(u"id").toString();
  if (read.rollback.id.isEmpty()) return Words::tr("%1 holds no operation that can be read").arg(path);
  read.process = Process::read(json::child(*root, u"process"));
  SavedRollback& rollback = read.rollback;
  rollback.profile = root->value(u"profile").toString();
  const QJsonArray instances = root->value(u"instances").toArray();
  for (const QJsonValue& url : instances) rollback.instances.append(QUrl(url.toString()));
  rollback.begun = QDateTime::fromString(root->value(u"begun").toString(), Qt::ISODateWithMs);
  rollback.saved = QDateTime::fromString(root->value(u"saved").toString(), Qt::ISODateWithMs);
  rollback.state = json::child(*root, u"state");
  rollback.processId = read.process.id;
  rollback.running = read.process.lives();
  return read;
}

void toDisk(const QString& folder) {
  const int descriptor = ::open(QFile::encodeName(folder).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

/// QSaveFile flushes to the disk before it takes the old one's place; that place is the folder's.
boost::system::result<void, QString> writeFile(const QString& folder, const QString& path, const File& file) {
  QSaveFile out(path);
  const bool done = out.open(QIODevice::WriteOnly) && out.setPermissions(ownerOnly) &&
                    out.write(QJsonDocument(written(file)).toJson()) >= 0 && out.commit();
  if (!done) return Words::tr("%1 can't be written: %2").arg(path, out.errorString());
  toDisk(folder);
  return {};
}

/// Held between looking whose it is and making it ours.
class FolderLock {
 public:
  explicit FolderLock(const QString& folder) : lock_(folder + QStringLiteral("/lock")) {
    if (!QDir(folder).exists()) {
      QDir().mkpath(folder);
      QFile::setPermissions(folder, ownerOnly | QFileDevice::ExeOwner);
    }
    lock_.setStaleLockTime(staleLockMs);
    held_ = lock_.tryLock(lockPatienceMs);
  }
  [[nodiscard]] bool held() const { return held_; }

 private:
  QLockFile lock_;
  bool held_ = false;
};

QString cannotLock(const QString& folder) { return Words::tr("%1 can't be locked").arg(folder); }

QString isAnothers(const QString& path, qint64 process) {
  return Words::tr("%1 belongs to process %2, which still works on it").arg(path).arg(process);
}

}  // namespace

RollbackStore::RollbackStore(QString folder) : folder_(std::move(folder)) {}

QString RollbackStore::defaultFolder() {
  QString state = qEnvironmentVariable("XDG_STATE_HOME");
  // A relative one is no one, by the specification of these folders.
  if (!QDir::isAbsolutePath(state)) state = QDir::homePath() + QStringLiteral("/.local/state");
  return state + QStringLiteral("/vx11/rollbacks");
}

QString RollbackStore::pathOf(const QString& id) const { return folder_ + u'/' + id + ending; }

QList<SavedRollback> RollbackStore::all() const {
  QList<SavedRollback> all;
  const auto names = QDir(folder_).entryList({u'*' + ending}, QDir::Files);
  for (const QString& name : names) {
    auto file = readFile(folder_ + u'/' + name);
    if (file.has_value() && file->rollback.id + ending == name) all.append(std::move(file->rollback));
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.begun > b.begun; });
  return all;
}

boost::system::result<SavedRollback, QString> RollbackStore::load(const QString& id) const {
  if (!isId(id)) return {boost::system::in_place_error, isNoId(id)};
  auto file = readFile(pathOf(id));
  if (file.has_error()) return {boost::system::in_place_error, file.error()};
  return file->rollback;
}

boost::system::result<void, QString> RollbackStore::save(const SavedRollback& rollback) const {
  if (!isId(rollback.id)) return isNoId(rollback.id);
  const QString path = pathOf(rollback.id);
  const FolderLock lock(folder_);
  if (!lock.held()) return cannotLock(folder_);
  File mine{rollback, Process::own()};
  mine.rollback.saved = mine.rollback.begun = QDateTime::currentDateTimeUtc();
  if (const auto before = readFile(path); before.has_value()) {
    if (before->rollback.running && before->process != mine.process) return isAnothers(path, before->process.id);
    mine.rollback.begun = before->rollback.begun;
  }
  return writeFile(folder_, path, mine);
}

boost::system::result<SavedRollback, QString> RollbackStore::claim(const QString& id) const {
  using Claimed = boost::system::result<SavedRollback, QString>;
  const auto failed = [](const QString& why) { return Claimed(boost::system::in_place_error, why); };
  if (!isId(id)) return failed(isNoId(id));
  const FolderLock lock(folder_);
  if (!lock.held()) return failed(cannotLock(folder_));
  auto file = readFile(pathOf(id));
  if (file.has_error()) return failed(file.error());
  if (file->rollback.running) return failed(isAnothers(pathOf(id), file->process.id));
  file->process = Process::own();
  if (const auto done = writeFile(folder_, pathOf(id), *file); done.has_error()) return failed(done.error());
  return file->rollback;
}

void RollbackStore::letGo(const QString& id) const {
  const FolderLock lock(folder_);
  auto file = readFile(pathOf(id));
  if (!lock.held() || file.has_error() || file->process != Process::own()) return;
  file->process = {};
  static_cast<void>(writeFile(folder_, pathOf(id), *file));  // it is let go with our process at the latest
}

void RollbackStore::remove(const QString& id) const {
  if (isId(id) && QFile::remove(pathOf(id))) toDisk(folder_);
}

bool isSameCluster(const SavedRollback& rollback, const QString& profile, const QList<QUrl>& instances) {
  if (!profile.isEmpty() && rollback.profile == profile) return true;
  const auto place = [](const QUrl& url) {
    QUrl origin = originOf(url);
    if (isLoopback(origin)) origin.setHost(QStringLiteral("127.0.0.1"));
    return origin;
  };
  return std::any_of(instances.begin(), instances.end(), [&](const QUrl& mine) {
    return std::any_of(rollback.instances.begin(), rollback.instances.end(),
                       [&](const QUrl& its) { return place(its) == place(mine); });
  });
}

}  // namespace vx11::cluster
