// Profiles on their way to another machine and from one. Neither secrets nor commands travel, in either direction,
// whatever a file holds; what is left out is said. Looks whether a CA file is here, and else at nothing.
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>
#include <QStringList>
#include <boost/system/result.hpp>

#include "cluster/profile.h"

namespace vx11::cluster {

namespace profile_transfer {

inline constexpr qint64 mostBytes = 4 * 1024 * 1024;
inline constexpr qsizetype mostProfiles = 200, mostInstances = 32, longestText = 200;

/// As `read` takes it.
[[nodiscard]] QByteArray written(const QList<Profile>& profiles);
/// A sentence for each profile of which something is left out.
[[nodiscard]] QStringList leftOut(const QList<Profile>& profiles);

struct Imported {
  QList<Profile> profiles;  ///< remote clusters, without ids: they are new
  QStringList leftOut;      ///< sentences
};
/// `names` are taken: who comes with one of them is called "eu 2". An error is a sentence about the file, without its
/// name.
[[nodiscard]] boost::system::result<Imported, QString> read(const QByteArray& text, const QStringList& names);

}  // namespace profile_transfer

/// `name`, or with the first number that makes it none of `taken`.
[[nodiscard]] QString freeName(const QString& name, const QStringList& taken);
/// The same under a name of its own, not saved yet. Its commands stay, its secrets don't.
[[nodiscard]] Profile cloneOf(const Profile& profile, const QStringList& taken);

}  // namespace vx11::cluster
