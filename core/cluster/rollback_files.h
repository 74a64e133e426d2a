// The nginx file that an operation writes. Before the first change the whole of it is copied beside it; it is written
// in place, so that owner, rights, links and bind mounts stay; and what is in it that nobody here wrote is never lost.
#pragma once

#include <QByteArray>
#include <QString>
#include <boost/system/result.hpp>

namespace vx11::cluster {

/// Blocks for as long as the disk takes. Errors are sentences that name the file.
class RollbackFiles {
 public:
  using Result = boost::system::result<void, QString>;
  static constexpr qint64 mostBytes = 4 * 1024 * 1024;

  /// `file` may be a link: what it leads to is written, and copied beside that.
  RollbackFiles(const QString& file, const QString& operationId);

  [[nodiscard]] static boost::system::result<QByteArray, QString> read(const QString& file);
  [[nodiscard]] const QString& file() const { return file_; }
  [[nodiscard]] const QString& copy() const { return copy_; }
  [[nodiscard]] bool hasCopy() const;

  /// Takes it from `before` to `after`, through to the disk. It may hold `after` already, or the beginning of one of
  /// them, which is a write that was cut off; an error when it holds anything else, and then it is left as it is.
  [[nodiscard]] Result write(const QByteArray& before, const QByteArray& after) const;
  /// The bytes of the copy, where the file holds `after` or a write that was cut off; then the copy goes. Nothing where
  /// there is no copy: it was never written.
  [[nodiscard]] Result putBack(const QByteArray& after) const;
  /// One that says the same as the file goes, and is none any more.
  [[nodiscard]] bool hasUsefulCopy() const;

 private:
  [[nodiscard]] Result makeCopy(const QByteArray& text) const;
  [[nodiscard]] Result overwrite(const QByteArray& text) const;
  void removeCopy() const;

  QString file_, copy_;
};

}  // namespace vx11::cluster
