// The saved profiles, one JSON file that only its owner can read. No secret is ever written to it.
#pragma once

#include <QString>
#include <boost/system/result.hpp>

#include "cluster/profile.h"

namespace vx11::cluster {

/// Reads the file anew for every call, so that several consoles can share it; writes it whole or not at all. What it
/// doesn't understand, because a later version wrote it, stays. Errors are sentences that name the file.
class ProfileStore {
 public:
  explicit ProfileStore(QString path = defaultPath());

  /// In the order in which they were saved first. No file: no profiles.
  [[nodiscard]] boost::system::result<QList<Profile>, QString> load() const;
  /// Adds it, or replaces the one with its id; answers it as it was saved: without secrets, and with an id. A file that
  /// can't be read is left as it is.
  [[nodiscard]] boost::system::result<Profile, QString> save(const Profile& profile) const;
  /// Several at once: all of them, or none.
  [[nodiscard]] boost::system::result<QList<Profile>, QString> saveAll(const QList<Profile>& profiles) const;
  /// One that isn't there is removed already.
  [[nodiscard]] boost::system::result<void, QString> remove(const QString& id) const;

  [[nodiscard]] const QString& path() const { return path_; }
  [[nodiscard]] static QString defaultPath();

 private:
  QString path_;
};

}  // namespace vx11::cluster
