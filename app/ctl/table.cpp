#include "ctl/table.h"

#include <algorithm>

namespace vx11::ctl {
namespace {

constexpr int gap = 2;

}  // namespace

QString printable(QString text) {
  std::replace_if(
      text.begin(), text.end(),
      [](QChar c) { return c.category() == QChar::Other_Control || c.category() == QChar::Other_Format; }, u'?');
  return text;
}

QString painted(const QString& text, Tone tone, bool coloured) {
  if (!coloured || tone == Tone::Plain || text.isEmpty()) return text;
  const char* code = "2";
  if (tone == Tone::Good) code = "32";
  if (tone == Tone::Doubtful) code = "33";
  if (tone == Tone::Bad) code = "31";
  return QStringLiteral("\x1b[%1m%2\x1b[0m").arg(QLatin1String(code), text);
}

void Table::add(QList<Cell> row) {
  Q_ASSERT(row.size() == columns_.size());
  for (Cell& cell : row) cell.text = printable(cell.text);
  rows_.append(std::move(row));
}

QStringList Table::lines(bool coloured) const {
  QList<QList<Cell>> all;
  QList<Cell> headings;
  for (const Column& column : columns_) headings.append({column.heading, Tone::Faint});
  all.append(headings);
  all.append(rows_);

  QList<qsizetype> widths(columns_.size(), 0);
  for (const auto& row : all)
    for (qsizetype i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].text.size());

  QStringList lines;
  for (const auto& row : all) {
    QString line;
    qsizetype owed = 0;  // blanks that are written only if something follows
    for (qsizetype i = 0; i < row.size(); ++i) {
      const qsizetype rest = widths[i] - row[i].text.size();
      const bool right = columns_[i].side == Side::Right;
      if (right) owed += rest;
      if (!row[i].text.isEmpty()) {
        line += QString(owed, u' ') + painted(row[i].text, row[i].tone, coloured);
        owed = 0;
      }
      owed += (right ? 0 : rest) + gap;
    }
    lines.append(line);
  }
  return lines;
}

}  // namespace vx11::ctl
