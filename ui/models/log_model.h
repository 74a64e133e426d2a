// The lines of the journal as a table, filtered by itself: newest last, never more than the capacity, removed only at
// the old end and added only at the new one, so that a view can stay where it is.
#pragma once

#include <QAbstractTableModel>
#include <deque>
#include <functional>

#include "cluster/types.h"

namespace vx11::ui {

struct LogFilter {
  QString text;  ///< in message, source, event or correlation id; any case
  cluster::Severity least = cluster::Severity::Debug;
  QString source;  ///< empty: all
  friend bool operator==(const LogFilter&, const LogFilter&) = default;
};

class LogModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { Time, Mark, Source, Message, Correlation, columns };
  /// Makes the sentence of an entry; called once for each.
  using Sentence = std::function<QString(const cluster::LogEntry&)>;

  explicit LogModel(Sentence sentence, int capacity = 10'000, QObject* parent = nullptr);

  /// In their order of time; the oldest fall out.
  void append(const QList<cluster::LogEntry>& entries);
  void setFilter(const LogFilter& filter);
  [[nodiscard]] const LogFilter& filter() const { return filter_; }

  [[nodiscard]] qsizetype total() const { return static_cast<qsizetype>(lines_.size()); }  ///< hidden ones included
  [[nodiscard]] const QStringList& sources() const { return sources_; }                    ///< sorted
  /// `row` must exist.
  [[nodiscard]] const cluster::LogEntry& entry(int row) const { return line(row).entry; }
  [[nodiscard]] const QString& message(int row) const { return line(row).message; }
  /// A line keeps its number while it is held; -1 for a row or number that isn't shown.
  [[nodiscard]] qint64 number(int row) const;
  [[nodiscard]] int rowOf(qint64 number) const;

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 Q_SIGNALS:
  void sourcesChanged();

 private:
  struct Line {
    cluster::LogEntry entry;
    QString message;
    QString searched;  ///< folded, so that typing in the filter stays quick
  };
  [[nodiscard]] const Line& line(int row) const;
  [[nodiscard]] bool passes(const Line& line) const;
  void dropOldest(qint64 count);
  void noteSource(const QString& source);

  Sentence sentence_;
  qint64 capacity_;
  LogFilter filter_;
  QString foldedText_;
  std::deque<Line> lines_;
  qint64 firstNumber_ = 0;    ///< of lines_.front()
  std::deque<qint64> shown_;  ///< numbers of the lines that pass, ascending
  QStringList sources_;
};

/// "Information", "Warning" …
[[nodiscard]] QString severityWord(cluster::Severity severity);

}  // namespace vx11::ui
