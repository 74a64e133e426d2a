// Writes rows of the token table to a file: masked values only, in slices, so that 100,000 rows hold nothing up.
#pragma once

#include <QObject>
#include <QSaveFile>
#include <QTimer>
#include <vector>

#include "cluster/types.h"

namespace vx11::ui {

class TokenTableModel;

/// Writes the rows shown at the moment it starts. The file appears whole or not at all. Deletes itself when done.
class TokenCsv : public QObject {
  Q_OBJECT
 public:
  TokenCsv(const TokenTableModel& model, const QString& path, QObject* parent);
  void start();
  /// One row of the file, without a line end; the first row are the names of the columns.
  [[nodiscard]] static QString headerLine();
  [[nodiscard]] static QString line(const TokenTableModel& model, const cluster::TokenRow& row);

 Q_SIGNALS:
  void progressed(int done, int total);
  void finished(int rows, const QString& error);  ///< empty: written

 private:
  void writeSome();
  void end(const QString& error);
  const TokenTableModel& model_;
  QSaveFile file_;
  QTimer turn_;
  std::vector<cluster::TokenRow> rows_;
  std::size_t next_ = 0;
};

}  // namespace vx11::ui
