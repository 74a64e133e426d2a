#include "cluster/rollback_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

namespace vx11::cluster {
namespace {

constexpr qsizetype idLetters = 8;

struct Words {
  Q_DECLARE_TR_FUNCTIONS(RollbackFiles)
};

void toDisk(const QString& folder) {
  const int descriptor = ::open(QFile::encodeName(folder).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

QString cannotBeWritten(const QFileDevice& file) {
  return Words::tr("%1 can't be written: %2").arg(file.fileName(), file.errorString());
}

}  // namespace

RollbackFiles::RollbackFiles(const QString& file, const QString& operationId) {
  const QString real = QFileInfo(file).canonicalFilePath();
  file_ = real.isEmpty() ? QFileInfo(file).absoluteFilePath() : real;
  copy_ = file_ + QStringLiteral(".vx11-") + operationId.left(idLetters);
}

boost::system::result<QByteArray, QString> RollbackFiles::read(const QString& path) {
  QFile file(path);
  const auto failed = [](const QString& why) {
    return boost::system::result<QByteArray, QString>(boost::system::in_place_error, why);
  };
  // A pipe or a device would be waited for.
  if (QFileInfo info(path); info.exists() && !info.isFile()) return failed(Words::tr("%1 is no file").arg(path));
  if (!file.open(QIODevice::ReadOnly)) return failed(Words::tr("%1 can't be read: %2").arg(path, file.errorString()));
  QByteArray text = file.read(mostBytes + 1);
  if (file.error() != QFileDevice::NoError)
    return failed(Words::tr("%1 can't be read: %2").arg(path, file.errorString()));
  if (text.size() > mostBytes) return failed(Words::tr("%1 is larger than 4 MiB: it is no nginx file").arg(path));
  return text;
}

bool RollbackFiles::hasCopy() const { return QFileInfo(copy_).isFile(); }

RollbackFiles::Result RollbackFiles::write(const QByteArray& before, const QByteArray& after) const {
  const auto now = read(file_);
  if (now.has_error()) return now.error();
  if (*now == after) return {};
  // Without a copy nothing was written yet, and nothing can have been cut off.
  const bool cutOff = hasCopy() && (after.startsWith(*now) || before.startsWith(*now));
  if (*now != before && !cutOff) {
    return Words::tr("%1 was changed by somebody else since it was read: it is left as it is").arg(file_);
  }
  if (!hasCopy()) {
    if (auto done = makeCopy(before); done.has_error()) return done;
  }
  return overwrite(after);
}

RollbackFiles::Result RollbackFiles::putBack(const QByteArray& after) const {
  if (!hasCopy()) return {};
  const auto before = read(copy_);
  if (before.has_error()) return before.error();
  const auto now = read(file_);
  if (now.has_error()) return now.error();
  if (*now != *before) {
    if (!after.startsWith(*now) && !before->startsWith(*now)) {
      return Words::tr("%1 was changed by somebody else meanwhile: it is left as it is; %2 is how it was before")
          .arg(file_, copy_);
    }
    if (auto done = overwrite(*before); done.has_error()) return done;
  }
  removeCopy();
  return {};
}

bool RollbackFiles::hasUsefulCopy() const {
  if (!hasCopy()) return false;
  const auto now = read(file_), before = read(copy_);
  if (now.has_error() || before.has_error() || *now != *before) return true;
  removeCopy();
  return false;
}

void RollbackFiles::removeCopy() const {
  if (QFile::remove(copy_)) toDisk(QFileInfo(copy_).absolutePath());
}

/// Whole or not at all: that it is there says that it can be trusted.
RollbackFiles::Result RollbackFiles::makeCopy(const QByteArray& text) const {
  QSaveFile out(copy_);
  const bool done = out.open(QIODevice::WriteOnly) && out.setPermissions(QFile::permissions(file_)) &&
                    out.write(text) == text.size() && out.commit();
  if (!done) return cannotBeWritten(out);
  toDisk(QFileInfo(copy_).absolutePath());
  return {};
}

/// Truncated first: whatever cuts it off leaves the beginning of `text`.
RollbackFiles::Result RollbackFiles::overwrite(const QByteArray& text) const {
  QFile out(file_);
  const bool done =
      out.open(QIODevice::WriteOnly | QIODevice::ExistingOnly | QIODevice::Truncate | QIODevice::Unbuffered) &&
      out.write(text) == text.size() && ::fsync(out.handle()) == 0;
  if (!done) return cannotBeWritten(out);
  return {};
}

}  // namespace vx11::cluster
