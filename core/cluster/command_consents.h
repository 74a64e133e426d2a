// Which of the commands that profiles name may be run on this machine: those that somebody here saw in full and
// confirmed. Kept as hashes of the argument vectors, so that one that was edited or imported is asked about again.
#pragma once

#include <QList>
#include <QString>
#include <QStringList>
#include <boost/system/result.hpp>

#include "cluster/types.h"

namespace vx11::cluster {

struct RollbackSpec;

/// Reads its file anew for every call; one that can't be read confirms nothing. Only its owner can read it.
class CommandConsents {
 public:
  explicit CommandConsents(QString path);
  /// Beside the profiles.
  [[nodiscard]] static QString pathBeside(const QString& profilesPath);

  /// Of these those that weren't confirmed, each once; an empty command is none.
  [[nodiscard]] QList<QStringList> unconfirmed(const QList<QStringList>& commands) const;
  /// An error, a sentence that names the file: they will be asked about again.
  [[nodiscard]] boost::system::result<void, QString> confirm(const QList<QStringList>& commands) const;

 private:
  [[nodiscard]] QStringList hashes() const;

  QString path_;
};

/// Those that it can come to run on these instances, as they are written, with "{id}" and the like.
[[nodiscard]] QList<QStringList> commandsOf(const RollbackSpec& spec, const QList<InstanceInfo>& instances);

}  // namespace vx11::cluster
