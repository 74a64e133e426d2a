// Rows under headings, aligned with blanks. What comes from outside can't steer the terminal: control characters are
// shown as "?".
#pragma once

#include <QList>
#include <QString>
#include <QStringList>

namespace vx11::ctl {

enum class Tone { Plain, Good, Doubtful, Bad, Faint };

struct Cell {
  QString text;
  Tone tone = Tone::Plain;
};

class Table {
 public:
  enum class Side { Left, Right };
  struct Column {
    QString heading;
    Side side = Side::Left;
  };

  explicit Table(QList<Column> columns) : columns_(std::move(columns)) {}
  /// As many cells as there are columns.
  void add(QList<Cell> row);
  [[nodiscard]] bool empty() const { return rows_.isEmpty(); }
  /// Lines without their ends, headings first. `coloured`: with the terminal's codes for the tones.
  [[nodiscard]] QStringList lines(bool coloured) const;

 private:
  QList<Column> columns_;
  QList<QList<Cell>> rows_;
};

/// Without control characters, for a terminal.
[[nodiscard]] QString printable(QString text);
[[nodiscard]] QString painted(const QString& text, Tone tone, bool coloured);

}  // namespace vx11::ctl
