#include "models/log_model.h"

#include <QCoreApplication>
#include <algorithm>

#include "widgets/format.h"

namespace vx11::ui {

using cluster::LogEntry;
using cluster::Severity;

LogModel::LogModel(Sentence sentence, int capacity, QObject* parent)
    : QAbstractTableModel(parent), sentence_(std::move(sentence)), capacity_(std::max(capacity, 1)) {}

void LogModel::append(const QList<LogEntry>& entries) {
  const qsizetype skipped = std::max<qsizetype>(0, entries.size() - capacity_);
  dropOldest(std::min<qint64>(total(), total() + entries.size() - skipped - capacity_));

  std::deque<Line> fresh;
  std::deque<qint64> passing;
  const qint64 firstFresh = firstNumber_ + total();
  for (qsizetype i = skipped; i < entries.size(); ++i) {
    const LogEntry& entry = entries.at(i);
    Line made{entry, sentence_(entry), {}};
    made.searched =
        QStringList{made.message, entry.source, entry.event, entry.correlationId}.join(u'\n').toCaseFolded();
    if (passes(made)) passing.push_back(firstFresh + static_cast<qint64>(fresh.size()));
    fresh.push_back(std::move(made));
    noteSource(entry.source);
  }
  const auto take = [&] {
    lines_.insert(lines_.end(), std::make_move_iterator(fresh.begin()), std::make_move_iterator(fresh.end()));
    shown_.insert(shown_.end(), passing.begin(), passing.end());
  };
  if (passing.empty()) return take();
  const int first = rowCount();
  beginInsertRows({}, first, first + static_cast<int>(passing.size()) - 1);
  take();
  endInsertRows();
}

void LogModel::dropOldest(qint64 count) {
  if (count <= 0) return;
  const auto drop = [&](std::ptrdiff_t rows) {
    shown_.erase(shown_.begin(), shown_.begin() + rows);
    lines_.erase(lines_.begin(), lines_.begin() + static_cast<std::ptrdiff_t>(count));
    firstNumber_ += count;
  };
  const auto kept = std::lower_bound(shown_.begin(), shown_.end(), firstNumber_ + count);
  const std::ptrdiff_t rows = kept - shown_.begin();
  if (rows == 0) return drop(0);
  beginRemoveRows({}, 0, static_cast<int>(rows) - 1);
  drop(rows);
  endRemoveRows();
}

void LogModel::noteSource(const QString& source) {
  const auto place = std::lower_bound(sources_.begin(), sources_.end(), source);
  if (place != sources_.end() && *place == source) return;
  sources_.insert(place, source);
  Q_EMIT sourcesChanged();
}

void LogModel::setFilter(const LogFilter& filter) {
  if (filter == filter_) return;
  // A reset rather than thousands of ranges: the view keeps its place by the lines' numbers.
  beginResetModel();
  filter_ = filter;
  foldedText_ = filter.text.trimmed().toCaseFolded();
  shown_.clear();
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    if (passes(lines_[i])) shown_.push_back(firstNumber_ + static_cast<qint64>(i));
  }
  endResetModel();
}

bool LogModel::passes(const Line& line) const {
  return line.entry.severity >= filter_.least && (filter_.source.isEmpty() || line.entry.source == filter_.source) &&
         (foldedText_.isEmpty() || line.searched.contains(foldedText_));
}

const LogModel::Line& LogModel::line(int row) const {
  return lines_.at(static_cast<std::size_t>(shown_.at(static_cast<std::size_t>(row)) - firstNumber_));
}

qint64 LogModel::number(int row) const {
  return row >= 0 && row < rowCount() ? shown_[static_cast<std::size_t>(row)] : -1;
}

int LogModel::rowOf(qint64 number) const {
  const auto found = std::lower_bound(shown_.begin(), shown_.end(), number);
  return found != shown_.end() && *found == number ? static_cast<int>(found - shown_.begin()) : -1;
}

int LogModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(shown_.size());
}
int LogModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : columns; }

QVariant LogModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const Line& shown = line(index.row());
  if (role == Qt::ToolTipRole && index.column() == Time) return format::iso(shown.entry.time);
  if (role != Qt::DisplayRole && role != Qt::ToolTipRole && role != Qt::AccessibleTextRole) return {};
  switch (index.column()) {
    case Time:
      return format::clockTimeMs(shown.entry.time);
    case Mark:
      return severityWord(shown.entry.severity);
    case Source:
      return shown.entry.source;
    case Message:
      return shown.message;
    case Correlation:
      return shown.entry.correlationId;
    default:
      return {};
  }
}

QVariant LogModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole) return QVariant::fromValue(Qt::AlignLeft | Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  switch (section) {
    case Time:
      return tr("Time");
    case Source:
      return tr("Source");
    case Message:
      return tr("Message");
    case Correlation:
      return tr("Correlation id");
    default:
      return QString();
  }
}

QString severityWord(Severity severity) {
  switch (severity) {
    case Severity::Debug:
      return LogModel::tr("Detail");
    case Severity::Info:
      return LogModel::tr("Information");
    case Severity::Warning:
      return LogModel::tr("Warning");
    case Severity::Error:
      break;
  }
  return LogModel::tr("Error");
}

}  // namespace vx11::ui
