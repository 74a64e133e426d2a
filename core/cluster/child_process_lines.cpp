#include "cluster/child_process_lines.h"

#include <algorithm>
#include <utility>

namespace vx11::cluster {

QList<QByteArray> ChildProcessLines::add(QByteArrayView bytes) {
  QList<QByteArray> lines;
  while (!bytes.isEmpty()) {
    const qsizetype end = bytes.indexOf('\n');
    const QByteArrayView piece = end < 0 ? bytes : bytes.first(end);
    partial_.append(piece.first(std::min(piece.size(), longestLine - partial_.size())));
    if (end < 0) break;
    bytes = bytes.sliced(end + 1);
    if (taken_ == mostLines) {
      ++dropped_;
      partial_.clear();
    } else {
      ++taken_;
      lines.append(std::exchange(partial_, {}));
    }
  }
  return lines;
}

QByteArray ChildProcessLines::rest() { return std::exchange(partial_, {}); }

qint64 ChildProcessLines::nextInterval() {
  taken_ = 0;
  return std::exchange(dropped_, 0);
}

}  // namespace vx11::cluster
