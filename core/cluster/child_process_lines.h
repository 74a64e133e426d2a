// Bytes of a pipe into lines, bounded in length and in number: a program that floods its log costs its lines, not us.
#pragma once

#include <QByteArray>
#include <QList>

namespace vx11::cluster {

class ChildProcessLines {
 public:
  static constexpr qsizetype longestLine = 16 * 1024;  ///< the rest of a longer one is dropped
  static constexpr int mostLines = 500;                ///< between two calls of `nextInterval`

  /// The lines that ended with these bytes, without their ends, and without those over the bound.
  [[nodiscard]] QList<QByteArray> add(QByteArrayView bytes);
  /// What came after the last line's end, as a line of its own; empty when nothing did.
  [[nodiscard]] QByteArray rest();
  /// Begins to count anew; how many were dropped in the interval that ends.
  [[nodiscard]] qint64 nextInterval();

 private:
  QByteArray partial_;
  int taken_ = 0;
  qint64 dropped_ = 0;
};

}  // namespace vx11::cluster
