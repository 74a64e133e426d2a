// The operations that were begun on this machine and not ended: one JSON file each, readable by its owner alone,
// written whole or not at all. An operation is one process' at a time.
#pragma once

#include <QDateTime>
#include <QJsonObject>
#include <QList>
#include <QString>
#include <QUrl>
#include <boost/system/result.hpp>

namespace vx11::cluster {

/// What is known of one. `state` is the runner's own.
struct SavedRollback {
  QString id;             ///< of the operation
  QString profile = {};   ///< the id of the profile it was begun with; empty: with none that is saved
  QList<QUrl> instances;  ///< the cluster's, as they were reached
  QJsonObject state = {};
  QDateTime begun = {}, saved = {};  ///< set by `save`; `begun` stays
  qint64 processId = 0;              ///< who works on it; 0: nobody
  bool running = false;              ///< that process still lives
};

/// Errors are sentences that name the file. Nothing is cached: several processes share the folder.
class RollbackStore {
 public:
  explicit RollbackStore(QString folder = defaultFolder());
  /// `vx11/rollbacks` in $XDG_STATE_HOME, else in ~/.local/state.
  [[nodiscard]] static QString defaultFolder();

  /// The last begun first; files that hold none are passed over.
  [[nodiscard]] QList<SavedRollback> all() const;
  [[nodiscard]] boost::system::result<SavedRollback, QString> load(const QString& id) const;

  /// Writes it as this process', and through to the disk. Another's that lives is an error.
  [[nodiscard]] boost::system::result<void, QString> save(const SavedRollback& rollback) const;
  /// Takes over one that nobody works on. Of several processes that try at the same time one succeeds.
  [[nodiscard]] boost::system::result<SavedRollback, QString> claim(const QString& id) const;
  /// Nobody works on it any more; it stays to be claimed. Nothing where it is another's, or gone.
  void letGo(const QString& id) const;
  void remove(const QString& id) const;

  [[nodiscard]] QString pathOf(const QString& id) const;

 private:
  QString folder_;
};

/// Both are the same cluster: the profile, or an instance in common. Localhost has one name.
[[nodiscard]] bool isSameCluster(const SavedRollback& rollback, const QString& profile, const QList<QUrl>& instances);

}  // namespace vx11::cluster
