// A file that only its owner can read, written whole or not at all. Blocks for as long as the disk takes.
#pragma once

#include <QByteArray>
#include <QString>
#include <boost/system/result.hpp>

namespace vx11::cluster {

/// Makes its folder too. The error is a sentence that names the file.
[[nodiscard]] boost::system::result<void, QString> writePrivateFile(const QString& path, const QByteArray& text);

}  // namespace vx11::cluster
