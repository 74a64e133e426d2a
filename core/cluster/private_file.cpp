#include "cluster/private_file.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QSaveFile>

namespace vx11::cluster {
namespace {

constexpr QFileDevice::Permissions ownerOnly = QFileDevice::ReadOwner | QFileDevice::WriteOwner;

struct Words {
  Q_DECLARE_TR_FUNCTIONS(PrivateFile)
};

}  // namespace

boost::system::result<void, QString> writePrivateFile(const QString& path, const QByteArray& text) {
  QDir().mkpath(QFileInfo(path).absolutePath());
  QSaveFile file(path);
  // Before a byte is in it.
  const bool done = file.open(QIODevice::WriteOnly) && file.setPermissions(ownerOnly) && file.write(text) >= 0 &&
                    file.commit();
  if (!done) return Words::tr("%1 can't be written: %2").arg(path, file.errorString());
  return {};
}

}  // namespace vx11::cluster
